/**
 * Notes a request in a journal that nobody writes, for the next run to find.
 *
 * @module
 */

import { SystemRandom } from "../../adapters/clock/random.ts";
import type { Session } from "../../domain/definition.ts";
import { edgesBetween } from "../../domain/next.ts";
import { DAY_MS } from "../../domain/time.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { ControlNotice } from "../../runtime/control_wish.ts";
import { Runtime } from "../../runtime/runtime.ts";
import { openJournal } from "../journal_place.ts";
import { answerRequest } from "./answer_request.ts";
import type { ControlAnswer, ControlQuestion } from "./control_request.ts";
import { findEdge } from "./find_edge.ts";

/**
 * Claims the journal, writes one event and lets go.
 *
 * @throws {CarillonError} a `journal/...` code, "journal/in-use" where somebody claimed it first
 */
export async function noteInJournal(
  { file, journal: path, request, clock }: ControlQuestion,
): Promise<ControlAnswer> {
  const now = clock.now();
  const { definition, name } = file;
  using journal = openJournal({ kind: "disk", path }, {
    doing: `carillon ${request.command} ${name}`,
    since: now,
  });
  const runtime = Runtime.unopened({
    definition,
    runId: new SystemRandom().id(),
    dryRun: false,
    brokers: new Map(),
    hooks: { run: () => Promise.reject(new Error("nothing runs here")) },
    clock,
    journal,
  });
  try {
    const { sessions } = definition;
    const answer = await answerRequest({ runtime, sessions, now }, request);
    if (answer.kind === "refused") return answer;
    return { kind: "noted", notice: withEdges(answer.notice, sessions, now) };
  } finally {
    runtime.abandon();
  }
}

/** Nothing is armed while nothing runs; what will not run is read off the file. */
function withEdges(
  notice: ControlNotice,
  sessions: readonly Session[],
  now: EpochMs,
): ControlNotice {
  if (notice.type === "run.resumed") return notice;
  if (notice.type === "run.paused") {
    const paused = sessions.filter(({ name }) =>
      notice.session === null || notice.session === name
    );
    const willNotRun = edgesBetween(paused, now, now + DAY_MS)
      .filter(({ actions }) => actions.length > 0)
      .map(({ key, dueAt, actions }) => ({ edge: key, dueAt, actions }));
    return { ...notice, willNotRun };
  }
  if (notice.wish === "run") return notice;
  const { dueAt, actions } = findEdge(sessions, notice.edge, now);
  return { ...notice, dueAt, actions };
}
