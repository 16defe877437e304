/**
 * What the user told a run to leave out, as data: one edge, or all of them until told otherwise.
 *
 * It is remembered from run to run, so that a restart does not fire what was to be left out.
 *
 * @module
 */

import { dateOf } from "./date.ts";
import type { Edge } from "./occurrence.ts";
import { DAY_MS } from "./time.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** What is to be left out. */
export interface Controls {
  /** Edges that the user named, in the order in which they were named. */
  readonly skips: readonly EdgeSkip[];
  /** At most one for each session, and one for all. */
  readonly pauses: readonly SessionPause[];
}

/** An edge that is left out when it comes due. */
export interface EdgeSkip {
  readonly edge: string;
  readonly sinceAt: EpochMs;
}

/** A stretch without an end in which edges are left out. */
export interface SessionPause {
  /** `null` for every session. */
  readonly session: string | null;
  readonly sinceAt: EpochMs;
}

/** Why an edge is left out. */
export type LeftOutBy =
  | { readonly reason: "user"; readonly sinceAt: EpochMs }
  | { readonly reason: "paused"; readonly sinceAt: EpochMs };

/** A skip that was never due is forgotten so long after its trade date. */
const SKIP_KEPT_MS: DurationMs = 31 * DAY_MS;

/** Nothing is left out. */
export function emptyControls(): Controls {
  return { skips: [], pauses: [] };
}

/** Why an edge is to be left out; `null` where it is to run. */
export function leftOutBy(
  { skips, pauses }: Controls,
  { key, session, dueAt }: Pick<Edge, "key" | "session" | "dueAt">,
): LeftOutBy | null {
  const skip = skips.find(({ edge }) => edge === key);
  if (skip !== undefined) return { reason: "user", sinceAt: skip.sinceAt };
  const pause = pauseOf(pauses, session);
  // What was due before the pause began is owed all the same.
  return pause === null || dueAt < pause.sinceAt
    ? null
    : { reason: "paused", sinceAt: pause.sinceAt };
}

/** The pause that a session is in, its own before that of all; `null` for none. */
export function pauseOf(
  pauses: readonly SessionPause[],
  session: string,
): SessionPause | null {
  return pauses.find((pause) => pause.session === session) ??
    pauses.find((pause) => pause.session === null) ?? null;
}

/** What of an earlier run's is still to be left out. @units `fromAt`: EpochMs */
export function keptControls(controls: Controls, fromAt: EpochMs): Controls {
  const oldest = dateOf(Math.floor((fromAt - SKIP_KEPT_MS) / DAY_MS));
  const skips = controls.skips.filter(({ edge }) =>
    (edge.split("/")[1] ?? "") >= oldest
  );
  return { ...controls, skips };
}
