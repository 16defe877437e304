/**
 * Times of day as a user of the library writes them.
 *
 * @module
 */

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../domain/time.ts";
import type { DurationMs } from "../domain/time.ts";

/**
 * A time of day: an hour (0 to 24), `"HH:MM"`, `"HH:MM:SS"`, or a `Temporal.PlainTime`.
 *
 * 24 and `"24:00"` end a day and never begin one.
 *
 * @units hours, where it is a number
 */
export type TimeOfDay = number | string | Temporal.PlainTime;

/** What messages say of a time of day. */
export const TIME_EXPECTED =
  'an hour from 0 to 24, "HH:MM", "HH:MM:SS" or a Temporal.PlainTime in whole milliseconds';

const PATTERN = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/;

/**
 * Reads a time of day; `null` where it is none.
 *
 * @units milliseconds since midnight by the clock on the wall, 0 to 86,400,000
 */
export function readTimeOfDay(value: unknown): DurationMs | null {
  if (value instanceof Temporal.PlainTime) return ofPlainTime(value);
  if (typeof value === "number") {
    const isHour = Number.isInteger(value) && value >= 0 && value <= 24;
    // Never -0: a definition is equal to itself after a trip through JSON.
    return isHour ? value * HOUR_MS + 0 : null;
  }
  const match = typeof value === "string" ? PATTERN.exec(value) : null;
  if (match === null) return null;
  const [, hours, minutes, seconds = "0", fraction = ""] = match;
  const timeMs = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS +
    Number(seconds) * SECOND_MS + Number(fraction.padEnd(3, "0"));
  const isTime = Number(minutes) < 60 && Number(seconds) < 60 &&
    timeMs <= DAY_MS;
  return isTime ? timeMs : null;
}

function ofPlainTime(time: Temporal.PlainTime): DurationMs | null {
  if (time.microsecond > 0 || time.nanosecond > 0) return null;
  return time.hour * HOUR_MS + time.minute * MINUTE_MS +
    time.second * SECOND_MS + time.millisecond;
}

/** The time of day as a value; 24:00 is the midnight at which it falls. */
export function plainTimeOf(timeMs: DurationMs): Temporal.PlainTime {
  return new Temporal.PlainTime().add({ milliseconds: timeMs % DAY_MS });
}

/** The time as a session file would write it: `08:00`, `08:00:30`, `24:00`. */
export function clockText(timeMs: DurationMs): string {
  if (timeMs === DAY_MS) return "24:00";
  const time = plainTimeOf(timeMs);
  const isWholeMinute = timeMs % MINUTE_MS === 0;
  if (isWholeMinute) return time.toString({ smallestUnit: "minute" });
  const digits = timeMs % SECOND_MS === 0 ? 0 : 3;
  return time.toString({ fractionalSecondDigits: digits });
}

/**
 * How far into the day a time of day is, by the clock on the wall.
 *
 * @throws {RangeError} if it is not a time of day
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(delta("08:30").total("minutes"), 510);
 * assert.equal(delta(24).total("hours"), 24);
 * ```
 */
export function delta(time: TimeOfDay): Temporal.Duration {
  if (time instanceof Temporal.PlainTime) {
    return new Temporal.PlainTime().until(time);
  }
  const timeMs = readTimeOfDay(time);
  if (timeMs !== null) {
    const whole = Temporal.Duration.from({ milliseconds: timeMs });
    return whole.round({ largestUnit: "hours" });
  }
  throw new RangeError(
    `Cannot read ${
      JSON.stringify(time)
    } as a time of day: expected ${TIME_EXPECTED}`,
  );
}
