/**
 * A session's times and day filter, made ready for placing.
 *
 * @module
 */

import { momentsOf } from "./blackout.ts";
import { DAY_MAX, dayOf, weekdayOfDay } from "./date.ts";
import type { EpochDay } from "./date.ts";
import {
  holds,
  mergeRanges,
  nextDayOutside,
  nextDayWithin,
} from "./day_range.ts";
import type { DayRange } from "./day_range.ts";
import { isNamedDay } from "./day_rule.ts";
import type {
  ClockTime,
  DateRange,
  MarketCalendar,
  Moment,
  Session,
  TimeValue,
} from "./definition.ts";
import { invariant } from "./error.ts";
import { marketDayOn, marketOf } from "./market.ts";
import type { Market } from "./market.ts";
import { startDayOf } from "./market_date.ts";
import { DAY_MS } from "./time.ts";

/** What placing needs of a session, read once for many dates. */
export interface Schedule {
  readonly session: Session;
  readonly start: TimeValue;
  readonly end: TimeValue;
  /** Those written, and the blackouts that close. */
  readonly moments: readonly Moment[];
  /** The session's own calendars. */
  readonly market: Market | null;
  /** Calendars that the start or the end names; each of them must trade as well. */
  readonly named: readonly Market[];
  /** Whose trade dates the session's are: its own market's, else the first named one's. */
  readonly dated: Market | null;
  /** The zone in which trade dates are counted. */
  readonly timezone: string;
  /** In order and apart; empty means no limit. */
  readonly dates: readonly DayRange[];
  /** In order and apart. */
  readonly exceptDates: readonly DayRange[];
}

// Memory of a pure function: what is in it changes how fast the answer comes, never the answer.
const schedules = new WeakMap<Session, Schedule>();

/**
 * Reads what placing needs.
 *
 * A session without a window has the whole local day of its zone, or its market's day.
 *
 * @throws {CarillonError} "calendar/unknown" if a calendar is not built in
 */
export function scheduleOf(session: Session): Schedule {
  const known = schedules.get(session);
  if (known !== undefined) return known;
  const made = readSchedule(session);
  schedules.set(session, made);
  return made;
}

function readSchedule(session: Session): Schedule {
  const { start, end } = session.window ?? {
    start: wallTime(session, 0),
    end: wallTime(session, DAY_MS),
  };
  const market = marketOf(session.calendar);
  // A market that both times name, or that is the session's own, is asked once.
  const named = [
    ...new Set(
      [start, end].flatMap((time) =>
        time.kind === "market" && time.calendar !== null
          ? marketNamed(time.calendar)
          : []
      ),
    ),
  ].filter((each) => each !== market);
  const dated = market ?? named[0] ?? null;
  return {
    session,
    start: start.kind === "clock" ? asOwnDay(start) : start,
    end,
    moments: momentsOf(session),
    market,
    named,
    dated,
    timezone: dated?.timezone ??
      (start.kind === "clock" ? start.timezone : session.timezone),
    dates: mergeRanges(session.dates.map(dayRange)),
    exceptDates: mergeRanges(session.exceptDates.map(dayRange)),
  };
}

/** The market that a time names. */
export function marketNamed(given: MarketCalendar): Market {
  const market = marketOf([given]);
  invariant(market !== null, "one calendar makes a market");
  return market;
}

function wallTime(session: Session, timeMs: number): ClockTime {
  return { kind: "clock", weekday: null, timeMs, timezone: session.timezone };
}

/** A start at 24:00 belongs to the date that begins then: a trade date is the date of the opening. */
function asOwnDay(start: ClockTime): ClockTime {
  if (start.timeMs < DAY_MS) return start;
  const weekday = start.weekday === null
    ? null
    : weekdayOfDay(start.weekday + WEEKDAY_TO_DAY + 1);
  return { ...start, weekday, timeMs: 0 };
}

// The epoch was a Thursday, so day 4 was the first Monday.
const WEEKDAY_TO_DAY = 3;

function dayRange(range: DateRange): DayRange {
  return { fromDay: dayOf(range.from), toDay: dayOf(range.to) };
}

/** Whether a window names weekdays, and so may span days. */
export function isWeekly({ start }: Schedule): boolean {
  return start.kind === "clock" && start.weekday !== null;
}

/** Whether a day is a trade date of the session. */
export function isTradeDay(schedule: Schedule, day: EpochDay): boolean {
  return isRightDay(schedule, day) && nextDayInDates(schedule, day) === day;
}

/**
 * How many dates are tried for the next trade date before the answer is that there is none.
 *
 * Dates that `dates` and `exceptDates` rule out are leapt over and do not count; of the others every
 * seventh has the right weekday, unless the filters contradict each other. Ten years of them are
 * further than anyone waits, and still take milliseconds.
 *
 * @units dates tried
 */
export const DATES_TRIED_MAX = 3_660;

/** The first trade date that is not before a day and not after another; `null` where there is none. */
export function nextTradeDay(
  schedule: Schedule,
  fromDay: EpochDay,
  untilDay: EpochDay,
): EpochDay | null {
  const lastDay = Math.min(untilDay, DAY_MAX);
  let day = nextDayInDates(schedule, fromDay);
  for (let tried = 0; tried < DATES_TRIED_MAX; tried++) {
    if (day === null || day > lastDay) return null;
    if (isRightDay(schedule, day)) return day;
    day = nextDayInDates(schedule, day + 1);
  }
  return null;
}

function isRightDay(schedule: Schedule, day: EpochDay): boolean {
  const { session, start, market, dated } = schedule;
  if (dated === null) {
    // A weekly window opens on its own weekday, and on no other.
    const weekday = start.kind === "clock" ? start.weekday : null;
    if (weekday !== null && weekday !== weekdayOfDay(day)) return false;
    return isNamedDay(session.days, day, null);
  }
  if (!isNamedDay(session.days, day, market)) return false;
  if (start.kind === "clock" && session.window !== null) {
    const { end } = schedule;
    if (startDayOf({ start, end, dst: session.dst }, dated, day) === null) {
      return false;
    }
  }
  return isWeekly(schedule) || !isDayOfRest(schedule, dated, day);
}

/** A weekday on which a market never trades is no trade date; a holiday is one that is skipped. */
function isDayOfRest(
  { market, named }: Schedule,
  dated: Market,
  day: EpochDay,
): boolean {
  const markets = market === null ? named : [dated, ...named];
  return markets.some((each) => {
    const answer = marketDayOn(each, day);
    return answer.kind === "closed" && answer.name === null &&
      answer.by !== null;
  });
}

// Leaps over what `dates` and `exceptDates` rule out, so that a list far off costs nothing.
function nextDayInDates(
  { dates, exceptDates }: Schedule,
  fromDay: EpochDay,
): EpochDay | null {
  let day = fromDay;
  for (;;) {
    const allowed = dates.length === 0 ? day : nextDayWithin(dates, day);
    if (allowed === null || !holds(exceptDates, allowed)) return allowed;
    day = nextDayOutside(exceptDates, allowed);
  }
}
