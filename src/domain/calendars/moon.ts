/**
 * Dates of calendars that go by the moon, through Temporal.
 *
 * @module
 */

import { dayOf } from "../date.ts";
import type { EpochDay } from "../date.ts";
import type { DateRule } from "./rule.ts";

/** Calendars whose dates move against ours. `dangi` is the Korean reckoning of the Chinese one. */
export type MoonCalendar =
  | "chinese"
  | "dangi"
  | "hebrew"
  | "indian"
  | "islamic-civil"
  | "islamic-umalqura";

/**
 * The same date every year of another calendar, where our year has it: once, twice or not at all.
 *
 * A leap month is not counted: the eighth month is the eighth also after a leap month.
 *
 * @example Chinese New Year
 * ```ts
 * import assert from "node:assert/strict";
 * import { dateOf } from "../date.ts";
 * const rule = moonDate("chinese", 1, 1);
 * assert.deepEqual(rule(2026).map(dateOf), ["2026-02-17"]);
 * ```
 */
export function moonDate(
  calendar: MoonCalendar,
  month: number,
  dayOfMonth: number,
): DateRule {
  const monthCode = `M${String(month).padStart(2, "0")}`;
  return (year) => {
    const first = yearIn(calendar, year, 1, 1);
    const last = yearIn(calendar, year, 12, 31);
    const days: EpochDay[] = [];
    for (let moonYear = first; moonYear <= last; moonYear++) {
      const date = dateIn(calendar, moonYear, monthCode, dayOfMonth);
      if (date.year === year) days.push(dayOf(date.toString()));
    }
    return days;
  };
}

/** New Year's Eve of the Chinese calendar or its Korean reckoning: the last day before the new moon. */
export function moonNewYearsEve(calendar: "chinese" | "dangi"): DateRule {
  const newYear = moonDate(calendar, 1, 1);
  return (year) => newYear(year).map((day) => day - 1);
}

/**
 * The first day from a date on that is so many days into a Chinese month; 1 is the new moon.
 *
 * For feasts that go by the moon within a season, in whichever month that is.
 *
 * @units `age`: 1 to 29
 * @example The new moon of autumn
 * ```ts
 * import assert from "node:assert/strict";
 * import { dateOf } from "../date.ts";
 * assert.deepEqual(moonAgeOnOrAfter(1, 10, 18)(2026).map(dateOf), ["2026-11-09"]);
 * ```
 */
export function moonAgeOnOrAfter(
  age: number,
  month: number,
  dayOfMonth: number,
): DateRule {
  return (year) => {
    const date = new Temporal.PlainDate(year, month, dayOfMonth);
    const moonDay = date.withCalendar("chinese");
    if (moonDay.day === age) return [dayOf(date.toString())];
    const sameMonth = moonDay.with({ day: age });
    const found = moonDay.day < age ? sameMonth : sameMonth.add({ months: 1 });
    return [dayOf(found.withCalendar("iso8601").toString())];
  };
}

function yearIn(
  calendar: MoonCalendar,
  year: number,
  month: number,
  day: number,
): number {
  return new Temporal.PlainDate(year, month, day).withCalendar(calendar).year;
}

// A month of 29 days has no 30th; its last day stands in.
function dateIn(
  calendar: MoonCalendar,
  year: number,
  monthCode: string,
  day: number,
): Temporal.PlainDate {
  return Temporal.PlainDate
    .from({ calendar, year, monthCode, day }, { overflow: "constrain" })
    .withCalendar("iso8601");
}
