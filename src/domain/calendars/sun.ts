/**
 * Dates that the sun gives: equinoxes, and the solar terms of the Chinese calendar.
 *
 * @module
 */

import { firstDayOf } from "../date.ts";
import type { EpochDay } from "../date.ts";
import type { DateRule } from "./rule.ts";

/** Where the sun stands along its yearly path. */
export const SUN_LONGITUDES = {
  /** Vernal equinox. */
  vernalEquinox: 0,
  /** Qingming, the tomb-sweeping day. */
  qingming: 15,
  /** Autumnal equinox. */
  autumnalEquinox: 180,
} as const;

const TROPICAL_YEAR_DAYS = 365.242190;
const CENTURY_DAYS = 36_525;

// Noon of 1 January 2000, from which the sun's elements are counted.
const J2000_DAY = firstDayOf(2000) + 0.5;

/** The vernal equinox comes about this long after the year's beginning. */
const EQUINOX_DAY_OF_YEAR = 79;

/** The steps shrink by a factor of fifty each time; this many leave less than a second. */
const STEPS = 6;

/**
 * The day on which the sun reaches a longitude, by the clock of a place.
 *
 * The sun is placed within a hundredth of a degree, a quarter of an hour of time: good for a
 * thousand years, but for a term that falls that near to midnight.
 *
 * @units `longitude`: degrees from the vernal equinox; `utcOffsetHours`: hours east of Greenwich
 * @source Jean Meeus, Astronomical Algorithms, chapter 25 (low accuracy)
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { dateOf } from "../date.ts";
 * const qingming = sunReaches(SUN_LONGITUDES.qingming, 8);
 * assert.deepEqual(qingming(2026).map(dateOf), ["2026-04-05"]);
 * ```
 */
export function sunReaches(
  longitude: number,
  utcOffsetHours: number,
): DateRule {
  return (year) => {
    const days = momentOf(longitude, year) + utcOffsetHours / 24;
    return [Math.floor(days)];
  };
}

// Days since the epoch, with a fraction.
function momentOf(longitude: number, year: number): EpochDay {
  const guess = firstDayOf(year) + EQUINOX_DAY_OF_YEAR +
    TROPICAL_YEAR_DAYS * longitude / 360;
  let day = guess;
  for (let step = 0; step < STEPS; step++) {
    day += TROPICAL_YEAR_DAYS * turnLeft(longitude - sunLongitude(day)) / 360;
  }
  return day;
}

// The shorter way round, from -180 to 180 degrees.
function turnLeft(degrees: number): number {
  return degrees - 360 * Math.round(degrees / 360);
}

function sunLongitude(day: EpochDay): number {
  const t = (day - J2000_DAY) / CENTURY_DAYS;
  const mean = 280.46646 + 36000.76983 * t + 0.0003032 * t * t;
  const anomaly = 357.52911 + 35999.05029 * t - 0.0001537 * t * t;
  const centre = (1.914602 - 0.004817 * t - 0.000014 * t * t) * sine(anomaly) +
    (0.019993 - 0.000101 * t) * sine(2 * anomaly) +
    0.000289 * sine(3 * anomaly);
  const node = 125.04 - 1934.136 * t;
  // Aberration, then nutation: the sun as it is seen.
  return mean + centre - 0.00569 - 0.00478 * sine(node);
}

function sine(degrees: number): number {
  return Math.sin(degrees * Math.PI / 180);
}
