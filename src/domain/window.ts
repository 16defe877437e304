/**
 * Finds the instants of a session's clock times on one trade date.
 *
 * @module
 */

import type { ClockTime, DstPolicy } from "./definition.ts";
import { placeWall, wallAt } from "./civil.ts";
import type { Placed, WallMs } from "./civil.ts";
import { weekdayOfDay } from "./date.ts";
import type { EpochDay } from "./date.ts";
import { invariant } from "./error.ts";
import { DAY_MS } from "./time.ts";
import type { EpochMs } from "./time.ts";

/** A clock time on one day of its zone, and the instant it came to. */
export interface PlacedTime extends Placed {
  readonly time: ClockTime;
  readonly wallMs: WallMs;
}

/** Both edges of a window; `end.at` may come out at or before `start.at` in a gap. */
export interface PlacedWindow {
  readonly start: PlacedTime;
  readonly end: PlacedTime;
}

/**
 * Places both edges of the window that opens on a date.
 *
 * In one zone the end is the first time after the start by the clock on the wall, so a gap or an
 * overlap never moves it to another date. In two zones it is the first instant after the opening.
 */
export function placeWindow(
  start: ClockTime,
  end: ClockTime,
  day: EpochDay,
  dst: DstPolicy,
): PlacedWindow {
  const placed = placeTime(start, day, dst);
  return { start: placed, end: placeEnd(end, day, placed, dst) };
}

/** Places the end of a window that is known to start on a date: its first time after the start. */
export function placeEnd(
  end: ClockTime,
  day: EpochDay,
  start: PlacedTime,
  dst: DstPolicy,
): PlacedTime {
  return end.timezone === start.time.timezone
    ? firstOnWall(end, day, start.wallMs + 1, dst)
    : firstInstant(end, day, start.at + 1, dst);
}

/**
 * Places a moment: its first time that is not before the opening.
 *
 * As with the end of a window, the clock on the wall decides in one zone, the instant in two.
 */
export function placeMoment(
  time: ClockTime,
  day: EpochDay,
  start: PlacedTime,
  dst: DstPolicy,
): PlacedTime {
  return time.timezone === start.time.timezone
    ? firstOnWall(time, day, start.wallMs, dst)
    : firstInstant(time, day, start.at, dst);
}

/** Places a time on a date of its own zone. */
export function placeTime(
  time: ClockTime,
  day: EpochDay,
  dst: DstPolicy,
): PlacedTime {
  const wallMs = day * DAY_MS + time.timeMs;
  const placed = placeWall(wallMs, time.timezone, dst);
  return { time, wallMs, at: placed.at, dst: placed.dst };
}

/** An instant as the clock of a zone shows it: a time that no clock can skip or repeat. */
export function placedAt(at: EpochMs, timezone: string): PlacedTime {
  const wallMs = wallAt(at, timezone);
  const timeMs = wallMs - Math.floor(wallMs / DAY_MS) * DAY_MS;
  const time = { kind: "clock", weekday: null, timeMs, timezone } as const;
  return { time, wallMs, at, dst: "none" };
}

/** The first time on the wall, from a date on, that is not before `fromWallMs`. */
function firstOnWall(
  time: ClockTime,
  fromDay: EpochDay,
  fromWallMs: WallMs,
  dst: DstPolicy,
): PlacedTime {
  // A weekday comes again after seven days; any day would do on the second.
  for (let day = fromDay; day <= fromDay + 7; day++) {
    const isRightDay = time.weekday === null ||
      time.weekday === weekdayOfDay(day);
    if (isRightDay && day * DAY_MS + time.timeMs >= fromWallMs) {
      return placeTime(time, day, dst);
    }
  }
  invariant(false, "a weekday comes once in seven days");
}

/** The first instant of a time of another zone that is not before `fromAt`. */
function firstInstant(
  time: ClockTime,
  nearDay: EpochDay,
  fromAt: EpochMs,
  dst: DstPolicy,
): PlacedTime {
  // Zones are up to 26 hours apart, and 24:00 of one date is on the next.
  for (let day = nearDay - 2; day <= nearDay + 10; day++) {
    if (time.weekday !== null && time.weekday !== weekdayOfDay(day)) continue;
    const placed = placeTime(time, day, dst);
    if (placed.at >= fromAt) return placed;
  }
  invariant(false, "a time of day comes again within ten days");
}
