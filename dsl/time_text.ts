/**
 * Times and durations -> the text a session file would write.
 *
 * @module
 */

import type { ClockTime, TimeValue } from "../src/domain/definition.ts";
import { calendarName } from "../src/domain/market_calendar.ts";
import {
  DAY_MS,
  type DurationMs,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
} from "../src/domain/time.ts";
import { WEEKDAY_WORDS } from "./decode_days.ts";

/**
 * A time without its zone.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(
 *   timeText({ kind: "clock", weekday: 7, timeMs: 61_200_000, timezone: "UTC" }),
 *   "sun 17:00",
 * );
 * ```
 */
export function timeText(time: TimeValue): string {
  if (time.kind === "clock") return clockText(time);
  const prefix = time.calendar === null
    ? ""
    : `${calendarName(time.calendar)}:`;
  if (time.offsetMs === 0) return `${prefix}${time.side}`;
  const sign = time.offsetMs < 0 ? "-" : "+";
  return `${prefix}${time.side}${sign}${durationText(Math.abs(time.offsetMs))}`;
}

function clockText(time: ClockTime): string {
  const day = time.weekday === null
    ? ""
    : `${WEEKDAY_WORDS[time.weekday - 1]} `;
  const hours = Math.floor(time.timeMs / HOUR_MS);
  const minutes = Math.floor(time.timeMs / MINUTE_MS) % 60;
  const seconds = Math.floor(time.timeMs / SECOND_MS) % 60;
  const ms = time.timeMs % SECOND_MS;
  const rest = seconds === 0 && ms === 0 ? "" : `:${digits(seconds, 2)}`;
  const fraction = ms === 0 ? "" : `.${digits(ms, 3)}`;
  return `${day}${digits(hours, 2)}:${digits(minutes, 2)}${rest}${fraction}`;
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, "0");
}

/**
 * A duration in its largest units: `1h30m`.
 *
 * @units `value`: milliseconds
 */
export function durationText(value: DurationMs): string {
  const units: readonly (readonly [number, string])[] = [
    [Math.floor(value / DAY_MS), "d"],
    [Math.floor(value / HOUR_MS) % 24, "h"],
    [Math.floor(value / MINUTE_MS) % 60, "m"],
    [Math.floor(value / SECOND_MS) % 60, "s"],
    [value % SECOND_MS, "ms"],
  ];
  const text = units.filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`).join("");
  return text === "" ? "0" : text;
}
