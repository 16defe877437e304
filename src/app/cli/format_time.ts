/**
 * Instants, dates and lengths of time as people read them: by the exchange's clock and by their own.
 *
 * @module
 */

import { wallAt } from "../../domain/civil.ts";
import { dateOf, weekdayOf } from "../../domain/date.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../domain/time.ts";
import type { DurationMs, EpochMs } from "../../domain/time.ts";
import { zoneText } from "../../domain/zone_text.ts";

export { zoneText };

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

/**
 * The time of day in a zone, to the second: `16:30:00`; a fraction only where there is one.
 *
 * @units `at`: EpochMs
 */
export function clockText(at: EpochMs, zone: string): string {
  const timeMs = timeOfDay(at, zone);
  const ms = timeMs % SECOND_MS;
  const fraction = ms === 0 ? "" : `.${String(ms).padStart(3, "0")}`;
  return `${hoursAndMinutes(timeMs)}:${
    pad(Math.floor(timeMs % MINUTE_MS / SECOND_MS))
  }${fraction}`;
}

/**
 * The time of day in a zone as short as it can be said: `16:30`, and `16:30:05` where it must.
 *
 * @units `at`: EpochMs
 */
export function shortClockText(at: EpochMs, zone: string): string {
  const timeMs = timeOfDay(at, zone);
  return timeMs % MINUTE_MS === 0
    ? hoursAndMinutes(timeMs)
    : clockText(at, zone);
}

/**
 * A date with its weekday: `Mon 2026-11-23`.
 *
 * @throws {RangeError} if the text is not a date
 */
export function dateText(date: string): string {
  return `${WEEKDAYS[weekdayOf(date) - 1]} ${date}`;
}

/**
 * The date that a zone has at an instant, with its weekday: `Mon 2026-11-23`.
 *
 * @units `at`: EpochMs
 */
export function localDateText(at: EpochMs, zone: string): string {
  return dateText(wallParts(at, zone).date);
}

/**
 * An instant by the clock of a zone and by the reader's own: `16:30:00 London (11:30:00 here)`.
 *
 * The reader's is left out where it shows the same, and has its weekday where the date differs.
 *
 * @units `at`: EpochMs
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const at = Date.UTC(2026, 10, 23, 16, 30);
 * assert.equal(
 *   instantText(at, "Europe/London", "America/New_York"),
 *   "16:30:00 London (11:30:00 here)",
 * );
 * assert.equal(
 *   instantText(at, "Europe/London", "Asia/Tokyo"),
 *   "16:30:00 London (Tue 01:30:00 here)",
 * );
 * ```
 */
export function instantText(at: EpochMs, zone: string, here: string): string {
  const there = `${clockText(at, zone)} ${zoneText(zone)}`;
  const aside = hereText(at, zone, here);
  return aside === null ? there : `${there} (${aside} here)`;
}

/**
 * The reader's own clock at an instant; `null` where it shows the same as the zone's.
 *
 * @units `at`: EpochMs
 */
export function hereText(
  at: EpochMs,
  zone: string,
  here: string,
): string | null {
  const theirs = wallParts(at, zone);
  const ours = wallParts(at, here);
  if (theirs.date !== ours.date) {
    const weekday = WEEKDAYS[weekdayOf(ours.date) - 1];
    return `${weekday} ${clockText(at, here)}`;
  }
  return theirs.timeMs === ours.timeMs ? null : clockText(at, here);
}

/**
 * A length of time in words, by its two largest units: `4m58s`, `8h30m`, `2d3h`, `250ms`.
 *
 * What is smaller is dropped, so that a countdown never says more than is left.
 *
 * @units `ms`: milliseconds; its sign is dropped
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(durationText(298_000), "4m58s");
 * assert.equal(durationText(30_600_000), "8h30m");
 * assert.equal(durationText(0), "0s");
 * ```
 */
export function durationText(ms: DurationMs): string {
  const length = Math.abs(ms);
  const days = Math.floor(length / DAY_MS);
  const hours = Math.floor(length % DAY_MS / HOUR_MS);
  const minutes = Math.floor(length % HOUR_MS / MINUTE_MS);
  const seconds = Math.floor(length % MINUTE_MS / SECOND_MS);
  if (days > 0) return `${days}d${unit(hours, "h")}`;
  if (hours > 0) return `${hours}h${unit(minutes, "m")}`;
  if (minutes > 0) return `${minutes}m${unit(seconds, "s")}`;
  if (seconds > 0 || length === 0) return `${seconds}s`;
  return length < 1 ? "0s" : `${Math.floor(length)}ms`;
}

/**
 * How far off an instant is: `in 4m58s`, `4m58s ago`, `now`.
 *
 * @units both EpochMs
 */
export function countdownText(at: EpochMs, now: EpochMs): string {
  const text = durationText(at - now);
  if (text === "0s") return "now";
  return at > now ? `in ${text}` : `${text} ago`;
}

interface WallParts {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** Since midnight on the wall. @units milliseconds */
  readonly timeMs: DurationMs;
}

function wallParts(at: EpochMs, zone: string): WallParts {
  const wallMs = wallAt(at, zone);
  const day = Math.floor(wallMs / DAY_MS);
  return { date: dateOf(day), timeMs: wallMs - day * DAY_MS };
}

function timeOfDay(at: EpochMs, zone: string): DurationMs {
  const wallMs = wallAt(at, zone);
  return wallMs - Math.floor(wallMs / DAY_MS) * DAY_MS;
}

function hoursAndMinutes(timeMs: DurationMs): string {
  return `${pad(Math.floor(timeMs / HOUR_MS))}:${
    pad(Math.floor(timeMs % HOUR_MS / MINUTE_MS))
  }`;
}

function unit(value: number, letter: string): string {
  return value === 0 ? "" : `${value}${letter}`;
}

function pad(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** An instant without its milliseconds. @units EpochMs */
export function toSecond(at: EpochMs): EpochMs {
  return Math.floor(at / SECOND_MS) * SECOND_MS;
}
