/**
 * What many sessions do together: what is open, and which edges come next.
 *
 * @module
 */

import type { Session } from "./definition.ts";
import { compareEdges } from "./edge.ts";
import type { Edge, Occurrence } from "./occurrence.ts";
import { isOpenAt, nextOccurrence, placementsBetween } from "./place.ts";
import { DAY_MS } from "./time.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** Every occurrence that is open at an instant, in the order of the sessions. */
export function openAt(
  sessions: readonly Session[],
  at: EpochMs,
): readonly Occurrence[] {
  return sessions.flatMap((session) => occurrences(session, at, at + 1))
    .filter((occurrence) => isOpenAt(occurrence, at));
}

/**
 * The edges of all sessions that come due in a stretch of time.
 *
 * @shape  by `(dueAt, rank, order written)`: at one instant closes run before opens
 * @units  `fromAt`, `toAt`: EpochMs; half-open, `toAt` is outside
 */
export function edgesBetween(
  sessions: readonly Session[],
  fromAt: EpochMs,
  toAt: EpochMs,
): readonly Edge[] {
  // Sorting is stable, so edges that tie stay in the order written.
  return sessions
    .flatMap((session) => sessionEdges(session, fromAt, toAt))
    .sort(compareEdges);
}

function sessionEdges(
  session: Session,
  fromAt: EpochMs,
  toAt: EpochMs,
): readonly Edge[] {
  // An end at `fromAt` belongs to a window that is no longer open then; an edge with a lead comes
  // due before its instant.
  return occurrences(session, fromAt - 1, toAt + session.leadMs)
    .flatMap((occurrence) => occurrence.edges)
    .filter(({ dueAt }) => fromAt <= dueAt && dueAt < toAt);
}

function occurrences(
  session: Session,
  fromAt: EpochMs,
  toAt: EpochMs,
): readonly Occurrence[] {
  return placementsBetween(session, fromAt, toAt).flatMap((placement) =>
    placement.kind === "occurrence" ? [placement.occurrence] : []
  );
}

/**
 * The longest stretch that is searched at once.
 *
 * @units milliseconds
 */
const STRETCH_MS_MAX: DurationMs = 512 * DAY_MS;

/**
 * How many stretches are searched before the answer is that no more edges come: enough for two
 * dozen sessions years apart, and an end for sessions that have no edges at all.
 */
const STRETCHES_MAX = 64;

/**
 * The next edges of all sessions after an instant, at most `count`.
 *
 * @shape  by `(dueAt, rank, order written)`
 * @units  `afterAt`: EpochMs, itself left out; `count`: edges
 */
export function nextEdges(
  sessions: readonly Session[],
  afterAt: EpochMs,
  count: number,
): readonly Edge[] {
  const found: Edge[] = [];
  let fromAt = afterAt + 1;
  let stretchMs = DAY_MS;
  for (let tried = 0; found.length < count && tried < STRETCHES_MAX; tried++) {
    const edges = edgesBetween(sessions, fromAt, fromAt + stretchMs);
    found.push(...edges);
    fromAt += stretchMs;
    stretchMs = Math.min(2 * stretchMs, STRETCH_MS_MAX);
    if (edges.length > 0) continue;
    const nextAt = nextDueAt(sessions, fromAt);
    if (nextAt === null) break;
    fromAt = Math.max(fromAt, nextAt);
  }
  return found.slice(0, count);
}

/** No edge comes due from `fromAt` until then; `null` where none comes due any more. */
function nextDueAt(
  sessions: readonly Session[],
  fromAt: EpochMs,
): EpochMs | null {
  let leastAt: EpochMs | null = null;
  for (const session of sessions) {
    const next = nextOccurrence(session, fromAt);
    // Of one that is open already, the edges may still lie ahead.
    if (occurrences(session, fromAt - 1, fromAt + 1).length > 0) return fromAt;
    if (next === null) continue;
    const dueAt = next.opensAt - session.leadMs;
    if (leastAt === null || dueAt < leastAt) leastAt = dueAt;
  }
  return leastAt;
}
