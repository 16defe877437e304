/**
 * Easter by computus.
 *
 * @module
 */

import { firstDayOf, weekdayOfDay } from "../date.ts";
import type { EpochDay } from "../date.ts";

const MOON_CYCLE_YEARS = 19;

/**
 * Easter Sunday of the western churches: the Sunday after the full moon on or after 21 March, with
 * the moon as the Gregorian church calendar counts it.
 *
 * @source The rules of 1582, in whole numbers: golden number, century, epact
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { dateOf } from "../date.ts";
 * assert.equal(dateOf(easterSunday(2026)), "2026-04-05");
 * ```
 */
export function easterSunday(year: number): EpochDay {
  const cycleIndex = year % MOON_CYCLE_YEARS;
  const century = Math.floor(year / 100);
  const droppedLeapDays = century - Math.floor(century / 4);
  const moonDrift = Math.floor((8 * century + 13) / 25);
  const age = (19 * cycleIndex + droppedLeapDays - moonDrift + 15) % 30;
  // The church's moon is never full after 18 April, nor on it in the cycle's second half.
  const isLate = age === 29 || (age === 28 && cycleIndex > 10);
  const fullMoon = march21(year) + (isLate ? age - 1 : age);
  return fullMoon + 7 - weekdayOfDay(fullMoon) % 7;
}

function march21(year: number): EpochDay {
  const leapDays = firstDayOf(year + 1) - firstDayOf(year) - 365;
  return firstDayOf(year) + 31 + 28 + leapDays + 20;
}
