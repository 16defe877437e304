/**
 * When a session's strategies are called: at its opening, and from then on at the full minutes,
 * hours or whatever the interval is, by the clock on the session's wall.
 *
 * @module
 */

import { yearOf } from "./date.ts";
import { isCloseAction } from "./definition.ts";
import type { Session } from "./definition.ts";
import { invariant } from "./error.ts";
import type { Edge, Occurrence } from "./occurrence.ts";
import { openWindowsOf } from "./open_window.ts";
import { nextOccurrence, placementsBetween } from "./place.ts";
import { DAY_MS } from "./time.ts";
import type { DurationMs, EpochMs } from "./time.ts";
import { offsetSpans } from "./zone.ts";

/** An instant at which a strategy is to be called. */
export interface GridCall {
  readonly at: EpochMs;
  /** The occurrence that is open then. */
  readonly occurrence: Occurrence;
}

/** How many occurrences without a single call are passed over before there counts as none. */
const EMPTY_MAX = 64;

/**
 * The next call of a strategy after an instant; `null` where none is in reach.
 *
 * | instant | called |
 * | --- | --- |
 * | the session opens, also after a pause | yes |
 * | the wall shows a multiple of `everyMs` since midnight | yes |
 * | a closing edge is due and its own instant has not come | no |
 * | the session pauses, or closes at this instant | no |
 *
 * An interval that does not divide a day is counted from the opening instead. Hours that the clock
 * skips have no calls. Those that it shows twice have theirs twice, unless the clock is put back by
 * less than the interval.
 *
 * @units `everyMs`: milliseconds; `afterAt`: EpochMs
 */
export function nextCall(
  session: Session,
  everyMs: DurationMs,
  afterAt: EpochMs,
): GridCall | null {
  const begun = placementsBetween(session, afterAt, afterAt + 1)
    .flatMap((each) => each.kind === "occurrence" ? [each.occurrence] : []);
  const grid = { everyMs, timezone: session.timezone };
  const now = earliest(begun.map((each) => callWithin(each, grid, afterAt)));
  let next = nextOccurrence(session, afterAt);
  for (let tried = 0; next !== null && tried < EMPTY_MAX; tried++) {
    if (now !== null && now.at <= next.opensAt) return now;
    const call = callWithin(next, grid, afterAt);
    if (call !== null) return earliest([now, call]);
    next = nextOccurrence(session, next.opensAt);
  }
  return now;
}

/** What the calls of an occurrence keep to. */
interface Grid {
  readonly everyMs: DurationMs;
  readonly timezone: string;
}

function earliest(calls: readonly (GridCall | null)[]): GridCall | null {
  return calls.reduce(
    (first, each) =>
      each !== null && (first === null || each.at < first.at) ? each : first,
    null,
  );
}

function callWithin(
  occurrence: Occurrence,
  grid: Grid,
  afterAt: EpochMs,
): GridCall | null {
  for (const { opensAt, closesAt } of openWindowsOf(occurrence)) {
    if (closesAt <= afterAt) continue;
    const step = (at: EpochMs) => stepOn(at, grid, opensAt);
    let at = opensAt > afterAt ? opensAt : step(afterAt);
    // Every round leaps over one closing edge.
    for (;;) {
      if (at >= closesAt) break;
      const due = dueClose(occurrence, at);
      if (due === null) return { at, occurrence };
      at = step(due.at - 1);
    }
  }
  return null;
}

/** The edge that closes, has come due at an instant, and is still to come. */
export function dueClose({ edges }: Occurrence, at: EpochMs): Edge | null {
  return edges.find((each) =>
    each.dueAt <= at && at < each.at && each.actions.some(isCloseAction)
  ) ?? null;
}

function stepOn(at: EpochMs, grid: Grid, opensAt: EpochMs): EpochMs {
  const { everyMs, timezone } = grid;
  return DAY_MS % everyMs === 0
    ? nextOnWall(at, everyMs, timezone)
    : opensAt + (Math.floor((at - opensAt) / everyMs) + 1) * everyMs;
}

/**
 * The first instant after another at which a zone's clock shows a multiple of an interval since
 * midnight.
 *
 * @units `at`: EpochMs; `everyMs`: milliseconds, a divisor of a day
 * @throws {RangeError} if there is no such zone
 */
export function nextOnWall(
  at: EpochMs,
  everyMs: DurationMs,
  zone: string,
): EpochMs {
  if (zone === "UTC") return stepAfter(at, everyMs);
  const spans = offsetSpans(zone, yearOf(Math.floor(at / DAY_MS)));
  const from = spans.findLastIndex((span) => span.fromAt <= at);
  // Where an offset ends before the next step, the next one goes on from the clock's new time.
  for (let index = Math.max(from, 0); index < spans.length; index++) {
    const { fromAt, offsetMs } = spans[index] ?? { fromAt: 0, offsetMs: 0 };
    const untilAt = spans[index + 1]?.fromAt ?? Infinity;
    const before = spans[index - 1]?.offsetMs ?? offsetMs;
    const backMs = Math.max(before - offsetMs, 0);
    // What the clock shows a second time was called at already.
    const freshAt = backMs < everyMs ? fromAt + backMs : fromAt;
    const sinceAt = Math.max(at, freshAt - 1);
    const next = stepAfter(sinceAt + offsetMs, everyMs) - offsetMs;
    if (next < untilAt) return next;
  }
  invariant(false, `"${zone}" has a last offset`);
}

function stepAfter(wallMs: number, everyMs: DurationMs): number {
  return (Math.floor(wallMs / everyMs) + 1) * everyMs;
}
