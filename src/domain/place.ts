/**
 * Places a session on the time line: which trade dates it has, and what each of them gives.
 *
 * A trade date is the date on which the window opens, as the zone of its `start` counts days: the
 * start's own zone where it names one, else the session's. Times are placed one trade date at a
 * time, so the answer for a date never depends on what was asked before.
 *
 * @module
 */

import { dayExists, localDay } from "./civil.ts";
import { dateOf, DAY_MAX, dayOf } from "./date.ts";
import type { EpochDay } from "./date.ts";
import type { Session } from "./definition.ts";
import { placeEdges } from "./edge.ts";
import {
  emptyWindowMessage,
  lengthHazards,
  missingDateMessage,
} from "./hazard.ts";
import type { Occurrence, Placement } from "./occurrence.ts";
import { isTradeDay, nextTradeDay, scheduleOf } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";
import type { EpochMs } from "./time.ts";
import { placeWindow } from "./window.ts";
import type { PlacedTime } from "./window.ts";

/**
 * What a session does on one trade date; `null` where its filters leave the date out.
 *
 * @throws {RangeError} if `date` is not a date
 * @throws {CarillonError} "support/not-yet" for calendars, market times and month or closure rules
 */
export function placeOn(session: Session, date: string): Placement | null {
  const schedule = scheduleOf(session);
  const day = dayOf(date);
  return isTradeDay(schedule, day) ? placeDay(schedule, day) : null;
}

/**
 * What a session does in a stretch of time, by opening.
 *
 * An occurrence belongs to it that is open at any instant of the stretch; a skip, if it would have
 * opened within.
 *
 * @shape  at most one per trade date
 * @units  `fromAt`, `toAt`: EpochMs; half-open, `toAt` is outside
 * @throws {CarillonError} "support/not-yet" as `placeOn()`
 */
export function placementsBetween(
  session: Session,
  fromAt: EpochMs,
  toAt: EpochMs,
): readonly Placement[] {
  if (toAt <= fromAt) return [];
  const schedule = scheduleOf(session);
  // When the clock goes back over midnight, a later instant has the earlier date.
  const untilDay = localDay(toAt - 1, schedule.start.timezone) + 1;
  const found: Placement[] = [];
  for (const placement of placements(schedule, fromAt, untilDay)) {
    if (overlaps(placement, fromAt, toAt)) found.push(placement);
  }
  return found;
}

/**
 * The occurrence that is open at an instant; `null` where none is.
 *
 * Of several (a daily start with a weekly end) the one that opened first.
 */
export function occurrenceAt(
  session: Session,
  at: EpochMs,
): Occurrence | null {
  const found = firstOccurrenceEndingAfter(session, at);
  return found !== null && found.opensAt <= at ? found : null;
}

/** The first occurrence that opens after an instant; `null` where none is in reach. */
export function nextOccurrence(
  session: Session,
  afterAt: EpochMs,
): Occurrence | null {
  return firstOccurrence(
    session,
    afterAt,
    (occurrence) => occurrence.opensAt > afterAt,
  );
}

/** The occurrence that is open at an instant, else the next one; `null` where none is in reach. */
export function firstOccurrenceEndingAfter(
  session: Session,
  at: EpochMs,
): Occurrence | null {
  return firstOccurrence(
    session,
    at,
    (occurrence) => occurrence.closesAt > at,
  );
}

function firstOccurrence(
  session: Session,
  at: EpochMs,
  matches: (occurrence: Occurrence) => boolean,
): Occurrence | null {
  for (const placement of placements(scheduleOf(session), at, DAY_MAX)) {
    if (placement.kind === "skip" || !matches(placement.occurrence)) continue;
    return placement.occurrence;
  }
  return null;
}

/**
 * How long before an instant a trade date can lie whose window reaches it: two days for one that
 * crosses midnight, nine for one that ends on a weekday, and one more for a gap of a day.
 */
const REACH_DAYS = { clock: 3, weekday: 10 } as const;

/** Every placement from a little before `fromAt` on, in the order of trade dates. */
function* placements(
  schedule: Schedule,
  fromAt: EpochMs,
  untilDay: EpochDay,
): Generator<Placement> {
  const { start, end } = schedule;
  const reach = end.weekday === null ? REACH_DAYS.clock : REACH_DAYS.weekday;
  const firstDay = localDay(fromAt, start.timezone) - reach;
  let day = nextTradeDay(schedule, firstDay, untilDay);
  while (day !== null) {
    yield placeDay(schedule, day);
    day = nextTradeDay(schedule, day + 1, untilDay);
  }
}

function overlaps(
  placement: Placement,
  fromAt: EpochMs,
  toAt: EpochMs,
): boolean {
  if (placement.kind === "skip") {
    return fromAt <= placement.skip.at && placement.skip.at < toAt;
  }
  const { opensAt, closesAt } = placement.occurrence;
  return opensAt < toAt && closesAt > fromAt;
}

function placeDay(schedule: Schedule, day: EpochDay): Placement {
  const window = placeWindow(schedule, day);
  const { start, end } = window;
  if (end.at <= start.at) {
    return skip(schedule, day, start.at, emptyWindowMessage(window));
  }
  if (belongsToNextDate(schedule, day, start)) {
    return skip(schedule, day, start.at, missingDateMessage(start));
  }
  const { name } = schedule.session;
  const tradeDate = dateOf(day);
  const { edges, hazards } = placeEdges(schedule, day, window);
  return {
    kind: "occurrence",
    occurrence: {
      key: `${name}/${tradeDate}`,
      session: name,
      tradeDate,
      opensAt: start.at,
      closesAt: end.at,
      edges,
      hazards: schedule.session.window === null
        ? hazards
        : [...hazards, ...lengthHazards(window)],
    },
  };
}

// Shifted by a gap of a whole day, a window falls on the window of the next date.
function belongsToNextDate(
  schedule: Schedule,
  day: EpochDay,
  start: PlacedTime,
): boolean {
  return start.dst === "gap" && schedule.session.dst.gap === "shift" &&
    !dayExists(day, start.time.timezone);
}

function skip(
  schedule: Schedule,
  day: EpochDay,
  at: EpochMs,
  message: string,
): Placement {
  const { name } = schedule.session;
  const tradeDate = dateOf(day);
  return {
    kind: "skip",
    skip: {
      key: `${name}/${tradeDate}`,
      session: name,
      tradeDate,
      at,
      reason: "empty_window",
      message,
    },
  };
}
