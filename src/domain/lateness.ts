/**
 * What is still worth doing when an edge comes late, after a machine slept or a clock was moved.
 *
 * A close of everything is worth it until its session opens again: the exposure is still there.
 * Winners and losers were to be judged at a certain time, and an opening action was meant for the
 * opening: minutes later both would be somebody else's decision.
 *
 * @module
 */

import type { Action, Session } from "./definition.ts";
import type { Edge } from "./occurrence.ts";
import { EDGE_RANK } from "./occurrence.ts";
import { nextOccurrence, placeOn } from "./place.ts";
import { MINUTE_MS } from "./time.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** How late winners and losers may still be judged. @units milliseconds */
export const JUDGE_LATE_MS_MAX: DurationMs = 5 * MINUTE_MS;

/** An edge's actions, parted into those that still make sense and those that come too late. */
export interface LateActions {
  readonly inTime: readonly Action[];
  readonly tooLate: readonly Action[];
}

/** Parts an edge's actions by how late it is. @units `at`: EpochMs */
export function partByLateness(
  session: Session,
  edge: Edge,
  at: EpochMs,
): LateActions {
  const tooLate = edge.actions.filter((action) =>
    isOver({ session, edge, action, at, judged: false })
  );
  const inTime = edge.actions.filter((action) => !tooLate.includes(action));
  return { inTime, tooLate };
}

/** One action of an edge, at an instant. */
export interface LateAction {
  readonly session: Session;
  readonly edge: Edge;
  readonly action: Action;
  /** @units EpochMs */
  readonly at: EpochMs;
  /** Whether its winners or losers were chosen in time, and only remain to be closed. */
  readonly judged: boolean;
}

/** Whether an action of an edge comes too late to make sense. */
export function isOver(
  { session, edge, action, at, judged }: LateAction,
): boolean {
  const lateMs = at - edge.dueAt;
  const judges = action === "close_win" || action === "close_loss";
  if (judges && !judged && lateMs > JUDGE_LATE_MS_MAX) return true;
  const limit = edge.rank === EDGE_RANK.start
    ? session.catchUp.startMs
    : session.catchUp.endMs;
  return limit === null ? hasReopened(session, edge, at) : lateMs > limit;
}

/** Whether the session has opened again since the edge: after a pause, or in an occurrence after. */
function hasReopened(session: Session, edge: Edge, at: EpochMs): boolean {
  const placement = placeOn(session, edge.tradeDate);
  if (placement?.kind !== "occurrence") return false;
  const { opensAt, closesAt, edges } = placement.occurrence;
  const hasResumed = edges.some((each) =>
    each.rank === EDGE_RANK.start && edge.at < each.at && each.at <= at
  );
  if (hasResumed) return true;
  // Before its window's end, and for a while after, nothing can have opened anew.
  if (at <= closesAt) return false;
  const next = nextOccurrence(session, opensAt);
  return next !== null && next.opensAt <= at;
}
