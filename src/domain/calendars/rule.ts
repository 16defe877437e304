/**
 * Date rules: from a year to the days on which something falls in it.
 *
 * @module
 */

import { dateOf, dayOf, firstDayOf, weekdayOfDay, yearOf } from "../date.ts";
import type { EpochDay } from "../date.ts";
import type { Weekday } from "../time.ts";
import { easterSunday } from "./easter.ts";

/** The days a rule gives for a year; none, one or several, in order. They may lie just outside of it. */
export type DateRule = (year: number) => readonly EpochDay[];

/**
 * The same date every year; a 29 February falls in leap years only.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { dateOf } from "../date.ts";
 * assert.deepEqual(fixed(12, 25)(2026).map(dateOf), ["2026-12-25"]);
 * ```
 */
export function fixed(month: number, dayOfMonth: number): DateRule {
  return (year) => {
    const first = firstOfMonth(year, month);
    const day = first + dayOfMonth - 1;
    return day < firstOfMonth(year, month + 1) ? [day] : [];
  };
}

/**
 * The first, second ... of a weekday in a month.
 *
 * @example The third Monday of January
 * ```ts
 * import assert from "node:assert/strict";
 * import { dateOf } from "../date.ts";
 * import { MON } from "./weekday.ts";
 * assert.deepEqual(nthWeekday(1, 3, MON)(2026).map(dateOf), ["2026-01-19"]);
 * ```
 */
export function nthWeekday(
  month: number,
  nth: 1 | 2 | 3 | 4,
  weekday: Weekday,
): DateRule {
  return onOrAfter(month, 7 * nth - 6, [weekday]);
}

/** The last of a weekday in a month. */
export function lastWeekday(month: number, weekday: Weekday): DateRule {
  return (year) => [
    stepTo(firstOfMonth(year, month + 1) - 1, [weekday], -1),
  ];
}

/** The first day from a date on that is one of the weekdays. */
export function onOrAfter(
  month: number,
  dayOfMonth: number,
  weekdays: readonly Weekday[],
): DateRule {
  return stepped(fixed(month, dayOfMonth), weekdays, 1);
}

/** The last day up to a date that is one of the weekdays: Christmas Eve, or the Friday before it. */
export function onOrBefore(
  month: number,
  dayOfMonth: number,
  weekdays: readonly Weekday[],
): DateRule {
  return stepped(fixed(month, dayOfMonth), weekdays, -1);
}

function stepped(
  rule: DateRule,
  weekdays: readonly Weekday[],
  step: 1 | -1,
): DateRule {
  return (year) => rule(year).map((day) => stepTo(day, weekdays, step));
}

function stepTo(
  from: EpochDay,
  weekdays: readonly Weekday[],
  step: 1 | -1,
): EpochDay {
  let day = from;
  // Without a weekday to look for, seven steps come back to the same weekday.
  for (let steps = 0; steps < 7; steps++) {
    if (weekdays.includes(weekdayOfDay(day))) return day;
    day += step;
  }
  return day;
}

/**
 * Easter Sunday of the western churches, or so many days after it.
 *
 * @units `offsetDays`: -2 is Good Friday, 1 Easter Monday, 39 Ascension, 50 Whit Monday
 */
export function easter(offsetDays: number): DateRule {
  return (year) => [easterSunday(year) + offsetDays];
}

/** So many days after another rule's, or before them where `days` is below zero. */
export function daysAfter(rule: DateRule, days: number): DateRule {
  return (year) => rule(year).map((day) => day + days);
}

/**
 * Another rule's days, each moved for itself: to the Monday, to the nearest weekday.
 *
 * Where holidays must not be moved onto one another, a holiday's `observed` is the place for it.
 */
export function keptOn(
  rule: DateRule,
  move: (day: EpochDay) => EpochDay,
): DateRule {
  return (year) => rule(year).map(move);
}

/** Only those days of a rule that fall on one of the weekdays. */
export function onlyOn(
  rule: DateRule,
  weekdays: readonly Weekday[],
): DateRule {
  return (year) =>
    rule(year).filter((day) => weekdays.includes(weekdayOfDay(day)));
}

/** A rule with some years left out. */
export function exceptIn(rule: DateRule, ...years: number[]): DateRule {
  return (year) => years.includes(year) ? [] : rule(year);
}

/**
 * A rule with the dates of some years put elsewhere, as `YYYY-MM-DD`.
 *
 * @throws {RangeError} if a text is not a date
 */
export function moved(
  rule: DateRule,
  ...to: string[]
): DateRule {
  const byYear = new Map(to.map((date) => [yearOf(dayOf(date)), dayOf(date)]));
  return (year) => {
    const day = byYear.get(year);
    return day === undefined ? rule(year) : [day];
  };
}

/** All days of several rules. */
export function anyOf(...rules: DateRule[]): DateRule {
  return (year) => rules.flatMap((rule) => rule(year));
}

/**
 * Dates from a list, as `YYYY-MM-DD`, or `YYYY-MM-DD..YYYY-MM-DD` from the first to the last.
 *
 * @throws {RangeError} if a text is neither, or a range ends before it begins
 */
export function dates(...texts: string[]): DateRule {
  const byYear = new Map<number, EpochDay[]>();
  for (const day of texts.flatMap(daysOf)) {
    const year = yearOf(day);
    byYear.set(year, [...byYear.get(year) ?? [], day]);
  }
  return (year) => byYear.get(year) ?? [];
}

function daysOf(text: string): readonly EpochDay[] {
  const [from = "", to = from] = text.split("..");
  const first = dayOf(from);
  const last = dayOf(to);
  if (last < first) {
    throw new RangeError(
      `Cannot read "${text}" as dates: expected ${
        dateOf(first)
      } or later as the last, got ${dateOf(last)}`,
    );
  }
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

// The thirteenth month is the next year's January.
function firstOfMonth(year: number, month: number): EpochDay {
  const before = MONTH_DAYS.slice(0, month - 1);
  const leapDays = firstDayOf(year + 1) - firstDayOf(year) - 365;
  return before.reduce((day, days) => day + days, firstDayOf(year)) +
    (month > 2 ? leapDays : 0);
}
