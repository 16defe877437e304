/**
 * A session's clock times and day filter, made ready for placing.
 *
 * @module
 */

import type {
  ClockTime,
  DateRange,
  DayRule,
  Moment,
  Session,
  TimeValue,
} from "./definition.ts";
import { DAY_MAX, dayOf, weekdayOfDay } from "./date.ts";
import type { EpochDay } from "./date.ts";
import { CarillonError } from "./error.ts";
import { DAY_MS } from "./time.ts";
import type { Weekday } from "./time.ts";

/** What placing needs of a session, read once for many dates. */
export interface Schedule {
  readonly session: Session;
  readonly start: ClockTime;
  readonly end: ClockTime;
  readonly moments: readonly ScheduledMoment[];
  /** `null` means every weekday. */
  readonly weekdays: ReadonlySet<Weekday> | null;
  /** Empty means no limit. */
  readonly dates: readonly DayRange[];
  readonly exceptDates: readonly DayRange[];
}

/** A moment whose time is a time of day. */
export interface ScheduledMoment {
  readonly moment: Moment;
  readonly time: ClockTime;
}

/** Days from the first to the last, both counted. */
export interface DayRange {
  readonly fromDay: EpochDay;
  readonly toDay: EpochDay;
}

/**
 * Reads what placing needs.
 *
 * A session without a window has the whole local day of its zone.
 *
 * @throws {CarillonError} "support/not-yet" for calendars, market times and month or closure rules
 */
export function scheduleOf(session: Session): Schedule {
  if (session.calendar.length > 0) {
    throw notYet(session, `calendar "${session.calendar.join(", ")}"`);
  }
  const clock = (value: TimeValue) => clockTime(session, value);
  const wholeDay = {
    start: wallTime(session, 0),
    end: wallTime(session, DAY_MS),
  };
  const { start, end } = session.window ?? wholeDay;
  return {
    session,
    start: asOwnDay(clock(start)),
    end: clock(end),
    moments: session.moments.map((moment) => ({
      moment,
      time: clock(moment.at),
    })),
    weekdays: weekdaysOf(session),
    dates: session.dates.map(dayRange),
    exceptDates: session.exceptDates.map(dayRange),
  };
}

function clockTime(session: Session, value: TimeValue): ClockTime {
  if (value.kind === "clock") return value;
  throw notYet(session, `a time relative to a market's ${value.side}`);
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

function weekdaysOf(session: Session): ReadonlySet<Weekday> | null {
  if (session.days.length === 0) return null;
  return new Set(session.days.map((rule) => weekdayRule(session, rule)));
}

function weekdayRule(session: Session, rule: DayRule): Weekday {
  if (rule.kind === "weekday") return rule.weekday;
  throw notYet(session, `the day rule "${rule.kind}"`);
}

function dayRange(range: DateRange): DayRange {
  return { fromDay: dayOf(range.from), toDay: dayOf(range.to) };
}

function notYet(session: Session, what: string): CarillonError {
  return new CarillonError(
    "support/not-yet",
    `Cannot place session "${session.name}": ${what} is not carried out yet`,
    { details: { session: session.name } },
  );
}

/** Whether a day is a trade date of the session. */
export function isTradeDay(schedule: Schedule, day: EpochDay): boolean {
  return isRightWeekday(schedule, day) && nextDayInDates(schedule, day) === day;
}

/**
 * How many dates are tried for the next trade date before the answer is that there is none.
 *
 * Dates that `dates` and `exceptDates` rule out are leapt over and do not count; of the others every
 * seventh has the right weekday, unless the filters contradict each other. Ten years of them are
 * further than anyone waits, and still take less than a millisecond.
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
    if (isRightWeekday(schedule, day)) return day;
    day = nextDayInDates(schedule, day + 1);
  }
  return null;
}

function isRightWeekday(schedule: Schedule, day: EpochDay): boolean {
  const { start, weekdays } = schedule;
  if (start.weekday === null && weekdays === null) return true;
  const weekday = weekdayOfDay(day);
  return (start.weekday === null || start.weekday === weekday) &&
    (weekdays === null || weekdays.has(weekday));
}

// Leaps over what `dates` and `exceptDates` rule out, so that a list far off costs nothing.
function nextDayInDates(
  schedule: Schedule,
  fromDay: EpochDay,
): EpochDay | null {
  let day = fromDay;
  for (;;) {
    const allowed = nextDayWithin(schedule.dates, day);
    if (allowed === null) return null;
    const except = schedule.exceptDates.find((range) => holds(range, allowed));
    if (except === undefined) return allowed;
    day = except.toDay + 1;
  }
}

function nextDayWithin(
  ranges: readonly DayRange[],
  day: EpochDay,
): EpochDay | null {
  if (ranges.length === 0 || ranges.some((range) => holds(range, day))) {
    return day;
  }
  const ahead = ranges.filter((range) =>
    range.fromDay > day && range.toDay >= range.fromDay
  );
  if (ahead.length === 0) return null;
  return ahead.reduce(
    (least, range) => Math.min(least, range.fromDay),
    Infinity,
  );
}

function holds(range: DayRange, day: EpochDay): boolean {
  return range.fromDay <= day && day <= range.toDay;
}
