/**
 * Dates of Indian feasts, by the angle between moon and sun.
 *
 * @module
 */

import { firstDayOf } from "../date.ts";
import type { EpochDay } from "../date.ts";
import { fixed } from "./rule.ts";
import type { DateRule } from "./rule.ts";

/** A lunar month has thirty: the fifteenth ends with the full moon, the thirtieth with the new one. */
const TITHIS = 30;

const TITHI_DEGREES = 360 / TITHIS;

const INDIA_UTC_OFFSET_HOURS = 5.5;

const CENTURY_DAYS = 36_525;

// Noon of 1 January 2000, from which the elements are counted.
const J2000_DAY = firstDayOf(2000) + 0.5;

/** The clock of the heavens is about this far ahead of ours. */
const CLOCK_AHEAD_DAYS = 70 / 86_400;

/** Within a lunar month, and a day for a tithi that none begins with. */
const DAYS_TRIED_MAX = 31;

/**
 * The first day from a date on which a tithi rules at an hour in India.
 *
 * A feast is kept on the day on which its tithi rules at the feast's hour: at sunrise, at noon or in
 * the evening. A tithi that is over before that hour comes round, having begun after the day
 * before's, belongs to the day on which it began. Moon and sun are placed within a few minutes of
 * time, so that a tithi that changes that near to the hour may come out a day off.
 *
 * @units `tithi`: 1 to 30; `hour`: hours after midnight in India
 * @source Jean Meeus, Astronomical Algorithms, chapters 25 and 47 (largest terms)
 * @example Ganesh Chaturthi
 * ```ts
 * import assert from "node:assert/strict";
 * import { dateOf } from "../date.ts";
 * assert.deepEqual(tithiOnOrAfter(4, 12, 8, 22)(2026).map(dateOf), ["2026-09-14"]);
 * ```
 */
export function tithiOnOrAfter(
  tithi: number,
  hour: number,
  month: number,
  dayOfMonth: number,
): DateRule {
  return (year) =>
    fixed(month, dayOfMonth)(year)
      .flatMap((from) => firstDayOfTithi(tithi, hour, from));
}

function firstDayOfTithi(
  tithi: number,
  hour: number,
  from: EpochDay,
): readonly EpochDay[] {
  let ruling = tithiAt(from, hour);
  for (let day = from; day < from + DAYS_TRIED_MAX; day++) {
    const next = tithiAt(day + 1, hour);
    if (ruling === tithi) return [day];
    const isSkipped = tithisFrom(ruling, tithi) < tithisFrom(ruling, next);
    if (isSkipped) return [day];
    ruling = next;
  }
  return [];
}

function tithisFrom(first: number, second: number): number {
  return (second - first + TITHIS) % TITHIS;
}

function tithiAt(day: EpochDay, hour: number): number {
  const moment = day + (hour - INDIA_UTC_OFFSET_HOURS) / 24;
  return Math.floor(elongation(moment) / TITHI_DEGREES) + 1;
}

// Degrees from the sun to the moon, from 0 up to 360.
function elongation(moment: EpochDay): number {
  const t = (moment + CLOCK_AHEAD_DAYS - J2000_DAY) / CENTURY_DAYS;
  const mean = 297.8502 + 445_267.1115 * t;
  const sun = 357.5291 + 35_999.0503 * t;
  const moon = 134.9634 + 477_198.8675 * t;
  const node = 93.2721 + 483_202.0175 * t;
  const moonAhead = 6.289 * sine(moon) + 1.274 * sine(2 * mean - moon) +
    0.658 * sine(2 * mean) + 0.214 * sine(2 * moon) - 0.186 * sine(sun) -
    0.114 * sine(2 * node) + 0.059 * sine(2 * mean - 2 * moon) +
    0.057 * sine(2 * mean - sun - moon) + 0.053 * sine(2 * mean + moon) +
    0.046 * sine(2 * mean - sun) - 0.041 * sine(sun - moon) -
    0.035 * sine(mean) - 0.031 * sine(sun + moon);
  const sunAhead = 1.915 * sine(sun) + 0.02 * sine(2 * sun);
  const degrees = mean + moonAhead - sunAhead;
  return degrees - 360 * Math.floor(degrees / 360);
}

function sine(degrees: number): number {
  return Math.sin(degrees * Math.PI / 180);
}
