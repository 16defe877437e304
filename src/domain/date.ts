/**
 * Calendar dates as text and as a running count of days.
 *
 * @module
 */

import type { Weekday } from "./time.ts";

/**
 * A calendar date as a number, so that dates can be added and compared cheaply.
 *
 * @units days since 1970-01-01
 */
export type EpochDay = number;

const PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/;
const YEAR_DAYS_MEAN = 365.2425;

// Years are counted from March, so that the leap day is the last of its year.
function daysBeforeYear(year: number): number {
  return 365 * year + Math.floor(year / 4) - Math.floor(year / 100) +
    Math.floor(year / 400);
}

function daysBeforeMonth(month: number): number {
  return Math.floor((153 * month + 2) / 5);
}

const EPOCH_OFFSET = daysBeforeYear(1969) + daysBeforeMonth(10);

/** The last date that four digits of a year can write. */
export const DAY_MAX: EpochDay = dayOf("9999-12-31");

/**
 * The number of a calendar date.
 *
 * @throws {RangeError} if the text is not a date of the calendar as `YYYY-MM-DD`
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(dayOf("1970-01-02"), 1);
 * ```
 */
export function dayOf(date: string): EpochDay {
  const parts = PATTERN.exec(date);
  const [year, month, dayOfMonth] = (parts ?? []).slice(1).map(Number);
  if (
    year === undefined || month === undefined || dayOfMonth === undefined ||
    month < 1 || month > 12
  ) throw unreadable(date);
  const fromMarch = (month + 9) % 12;
  const day = daysBeforeYear(month > 2 ? year : year - 1) +
    daysBeforeMonth(fromMarch) + dayOfMonth - 1 - EPOCH_OFFSET;
  if (dateOf(day) !== date) throw unreadable(date);
  return day;
}

function unreadable(date: string): RangeError {
  return new RangeError(
    `Cannot read "${date}" as a date: expected a day of the calendar as "YYYY-MM-DD"`,
  );
}

interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly dayOfMonth: number;
}

function civilOf(day: EpochDay): CivilDate {
  const days = day + EPOCH_OFFSET;
  // The mean is off by less than two days over any stretch, so one step either way mends it.
  let fromMarch = Math.floor(days / YEAR_DAYS_MEAN);
  if (daysBeforeYear(fromMarch + 1) <= days) fromMarch += 1;
  if (daysBeforeYear(fromMarch) > days) fromMarch -= 1;
  const dayOfYear = days - daysBeforeYear(fromMarch);
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: month > 2 ? fromMarch : fromMarch + 1,
    month,
    dayOfMonth: dayOfYear - daysBeforeMonth(monthFromMarch) + 1,
  };
}

/** The calendar date with this number, as `YYYY-MM-DD`. */
export function dateOf(day: EpochDay): string {
  const { year, month, dayOfMonth } = civilOf(day);
  return `${String(year).padStart(4, "0")}-${twoDigits(month)}-${
    twoDigits(dayOfMonth)
  }`;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** The year that a day belongs to. */
export function yearOf(day: EpochDay): number {
  return civilOf(day).year;
}

/** The first of January of a year. */
export function firstDayOf(year: number): EpochDay {
  return daysBeforeYear(year - 1) + daysBeforeMonth(10) - EPOCH_OFFSET;
}

/**
 * The date that many days later, or earlier where `days` is below zero.
 *
 * @units `days`: calendar days
 * @throws {RangeError} if the text is not a date
 */
export function addDays(date: string, days: number): string {
  return dateOf(dayOf(date) + days);
}

/**
 * The weekday of a date.
 *
 * @throws {RangeError} if the text is not a date
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(weekdayOf("2026-11-23"), 1);
 * ```
 */
export function weekdayOf(date: string): Weekday {
  return weekdayOfDay(dayOf(date));
}

/** The weekday of a day. */
export function weekdayOfDay(day: EpochDay): Weekday {
  // One cast, here: the remainder is 0 to 6. The epoch was a Thursday.
  return (((day + 3) % 7 + 7) % 7 + 1) as Weekday;
}
