/**
 * Places a session on the time line: which trade dates it has, and what each of them gives.
 *
 * Without a calendar a trade date is the date on which the window opens, as the zone of its `start`
 * counts days: the start's own zone where it names one, else the session's. With one it is the
 * calendar's own date, which may begin on the evening before. Times are placed one trade date at a
 * time, so the answer for a date never depends on what was asked before.
 *
 * @module
 */

import { dayExists, localDay } from "./civil.ts";
import { dateOf, DAY_MAX, dayOf } from "./date.ts";
import type { EpochDay } from "./date.ts";
import type { Session } from "./definition.ts";
import { placeEdges } from "./edge.ts";
import { placeEntryStops } from "./entry_stop.ts";
import {
  emptyWindowMessage,
  lengthHazards,
  missingDateMessage,
} from "./hazard.ts";
import { invariant } from "./error.ts";
import type { WindowPair } from "./market_moment.ts";
import { placeMarketWindow } from "./market_window.ts";
import type { Hazard, Occurrence, Placement, Skip } from "./occurrence.ts";
import { pauseAt } from "./pause.ts";
import {
  DATES_TRIED_MAX,
  isTradeDay,
  isWeekly,
  nextTradeDay,
  scheduleOf,
} from "./schedule.ts";
import type { Schedule } from "./schedule.ts";
import type { EpochMs } from "./time.ts";
import { placeWindow } from "./window.ts";
import type { PlacedTime } from "./window.ts";

/**
 * What a session does on one trade date; `null` where its filters leave the date out.
 *
 * @throws {RangeError} if `date` is not a date
 * @throws {CarillonError} "calendar/unknown" if a calendar is not built in
 */
export function placeOn(session: Session, date: string): Placement | null {
  const schedule = scheduleOf(session);
  const day = dayOf(date);
  return isTradeDay(schedule, day) ? placeDay(schedule, day) : null;
}

/**
 * What a session does in a stretch of time, by opening.
 *
 * An occurrence belongs to it that has begun and not ended at any instant of the stretch, a pause
 * counted in; a skip, if it would have opened within.
 *
 * @shape  at most one per trade date
 * @units  `fromAt`, `toAt`: EpochMs; half-open, `toAt` is outside
 * @throws {CarillonError} "calendar/unknown" as `placeOn()`
 */
export function placementsBetween(
  session: Session,
  fromAt: EpochMs,
  toAt: EpochMs,
): readonly Placement[] {
  if (toAt <= fromAt) return [];
  const schedule = scheduleOf(session);
  // When the clock goes back over midnight, a later instant has the earlier date.
  const untilDay = localDay(toAt - 1, schedule.timezone) + 1 +
    aheadDays(schedule);
  const found: Placement[] = [];
  for (const placement of placements(schedule, fromAt, untilDay)) {
    if (overlaps(placement, fromAt, toAt)) found.push(placement);
  }
  return found;
}

/**
 * The occurrence that is open at an instant; `null` where none is, as in a pause.
 *
 * Of several (a daily start with a weekly end) the one that opened first.
 */
export function occurrenceAt(
  session: Session,
  at: EpochMs,
): Occurrence | null {
  const found = firstOccurrenceEndingAfter(session, at);
  // Whatever else has begun keeps to the same market, and pauses with it.
  return found !== null && isOpenAt(found, at) ? found : null;
}

/** Whether an occurrence is open at an instant: it has begun, has not ended, and does not pause. */
export function isOpenAt(
  { opensAt, closesAt, pauses }: Occurrence,
  at: EpochMs,
): boolean {
  return opensAt <= at && at < closesAt && pauseAt(pauses, at) === null;
}

/**
 * The first occurrence that opens after an instant, the end of a pause not counted; `null` where none
 * is in reach.
 */
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

/** The occurrence that has begun at an instant, else the next one; `null` where none is in reach. */
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
  let tried = 0;
  for (const placement of placements(scheduleOf(session), at, DAY_MAX)) {
    // A session that is skipped on every date has no next one.
    if (++tried > DATES_TRIED_MAX) return null;
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

/**
 * How long before its trade date a window can open: two days where a market's date begins on the
 * evening before in a zone far away, and a weekend more for one of several days.
 */
const AHEAD_DAYS = { plain: 0, market: 2, week: 4 } as const;

function aheadDays(schedule: Schedule): number {
  if (schedule.dated === null) return AHEAD_DAYS.plain;
  return isWeekly(schedule) ? AHEAD_DAYS.week : AHEAD_DAYS.market;
}

/** Every placement from a little before `fromAt` on, in the order of trade dates. */
function* placements(
  schedule: Schedule,
  fromAt: EpochMs,
  untilDay: EpochDay,
): Generator<Placement> {
  const { end, timezone } = schedule;
  const isLong = end.kind === "clock" && end.weekday !== null;
  const reach = isLong ? REACH_DAYS.weekday : REACH_DAYS.clock;
  const firstDay = localDay(fromAt, timezone) - reach;
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
  const { dated } = schedule;
  if (dated === null) return placePlainDay(schedule, day);
  const placed = placeMarketWindow(schedule, dated, day);
  if (placed.kind === "skip") {
    const { at, reason, message } = placed;
    return skip(schedule, day, { at, reason, message });
  }
  return occurrence(schedule, day, placed);
}

function placePlainDay(schedule: Schedule, day: EpochDay): Placement {
  const { start: from, end: to, session } = schedule;
  invariant(
    from.kind === "clock" && to.kind === "clock",
    `"${session.name}" has times of the clock`,
  );
  const window = placeWindow(from, to, day, session.dst);
  const { start, end } = window;
  const empty = { at: start.at, reason: "empty_window" } as const;
  if (end.at <= start.at) {
    return skip(schedule, day, {
      ...empty,
      message: emptyWindowMessage(window),
    });
  }
  if (belongsToNextDate(schedule, day, start)) {
    return skip(schedule, day, {
      ...empty,
      message: missingDateMessage(start),
    });
  }
  return occurrence(schedule, day, {
    asked: window,
    window,
    pauses: [],
    hazards: [],
  });
}

function occurrence(
  schedule: Schedule,
  day: EpochDay,
  placed: WindowPair & { readonly hazards: readonly Hazard[] },
): Placement {
  const { session } = schedule;
  const { name } = session;
  const { window, pauses } = placed;
  const tradeDate = dateOf(day);
  const { edges, leftOut, hazards } = placeEdges(schedule, day, placed);
  const lengths = session.window === null ? [] : lengthHazards(window);
  return {
    kind: "occurrence",
    occurrence: {
      key: `${name}/${tradeDate}`,
      session: name,
      tradeDate,
      opensAt: window.start.at,
      closesAt: window.end.at,
      pauses,
      entryStops: placeEntryStops(schedule, day, placed),
      edges,
      leftOut,
      hazards: [...hazards, ...lengths, ...placed.hazards],
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
  why: Pick<Skip, "at" | "reason" | "message">,
): Placement {
  const { name } = schedule.session;
  const tradeDate = dateOf(day);
  const key = `${name}/${tradeDate}`;
  return { kind: "skip", skip: { key, session: name, tradeDate, ...why } };
}
