/**
 * Decides on a request to leave something out: refuses what makes no sense, has the rest noted.
 *
 * @module
 */

import { nearestWord } from "../../../dsl/mod.ts";
import type { Session } from "../../domain/definition.ts";
import { CarillonError } from "../../domain/error.ts";
import { pauseOf } from "../../domain/left_out.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { ControlNotice } from "../../runtime/control_wish.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { ControlAnswer, ControlRequest } from "./control_request.ts";
import { findEdge } from "./find_edge.ts";

/** Who is asked. */
export interface Asked {
  readonly runtime: Pick<Runtime, "state" | "control">;
  /** The sessions that are carried out, or will be. */
  readonly sessions: readonly Session[];
  /** @units EpochMs */
  readonly now: EpochMs;
}

/** Has a request noted; whatever stands against it is in the answer. */
export async function answerRequest(
  asked: Asked,
  request: ControlRequest,
): Promise<ControlAnswer> {
  try {
    return { kind: "noted", notice: await note(asked, request) };
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    return { kind: "refused", code: error.code, message: error.message };
  }
}

function note(
  asked: Asked,
  request: ControlRequest,
): Promise<ControlNotice> {
  const { runtime } = asked;
  if (request.command === "skip") {
    const { edge, wish } = request;
    if (wish === "skip") findEdge(asked.sessions, edge, asked.now);
    else requireSkipped(asked, edge);
    return runtime.control({ type: "edge.skip_requested", edge, wish });
  }
  const { command, session } = request;
  if (session !== null) requireSession(asked, session);
  if (command === "pause") {
    return runtime.control({ type: "pause.requested", session });
  }
  requirePaused(asked, session);
  return runtime.control({ type: "resume.requested", session });
}

function requireSkipped({ runtime }: Asked, edge: string): void {
  const skipped = runtime.state.controls.skips.map((skip) => skip.edge);
  if (skipped.includes(edge)) return;
  const has = skipped.length === 0
    ? "no edge is skipped"
    : `skipped are ${quoted(skipped)}`;
  throw new CarillonError(
    "edge/unknown",
    `Cannot undo the skip of "${edge}": it is not skipped; ${has}`,
  );
}

function requireSession({ sessions }: Asked, session: string): void {
  const names = sessions.map(({ name }) => name);
  if (names.includes(session)) return;
  const meant = nearestWord(session, names);
  const advice = meant === null
    ? `it has ${quoted(names)}`
    : `did you mean "${meant}"?`;
  throw new CarillonError(
    "session/unknown",
    `There is no session "${session}" in the file; ${advice}`,
  );
}

function requirePaused({ runtime }: Asked, session: string | null): void {
  const { pauses } = runtime.state.controls;
  const isPaused = session === null
    ? pauses.length > 0
    : pauses.some((pause) => pause.session === session);
  if (isPaused) return;
  const isInAll = session !== null && pauseOf(pauses, session) !== null;
  throw new CarillonError(
    "control/not-paused",
    isInAll
      ? `Cannot resume "${session}" alone: every session is paused; resume without naming one ends that`
      : `Cannot resume: ${session === null ? "nothing" : `"${session}"`} is${
        session === null ? "" : " not"
      } paused`,
  );
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(", ");
}
