/**
 * Finds the instants of a session's clock times on one trade date.
 *
 * @module
 */

import type { ClockTime } from "./definition.ts";
import { placeWall } from "./civil.ts";
import type { Placed, WallMs } from "./civil.ts";
import { weekdayOfDay } from "./date.ts";
import type { EpochDay } from "./date.ts";
import { invariant } from "./error.ts";
import type { Schedule } from "./schedule.ts";
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
 * Places both edges of the window that a trade date opens.
 *
 * In one zone the end is the first time after the start by the clock on the wall, so a gap or an
 * overlap never moves it to another date. In two zones it is the first instant after the opening.
 */
export function placeWindow(schedule: Schedule, day: EpochDay): PlacedWindow {
  const start = placeTime(schedule, schedule.start, day);
  const { end } = schedule;
  if (end.timezone !== start.time.timezone) {
    return { start, end: firstInstant(schedule, end, day, start.at + 1) };
  }
  return { start, end: firstOnWall(schedule, end, day, start.wallMs + 1) };
}

/**
 * Places a moment: its first time that is not before the opening.
 *
 * As with the end of a window, the clock on the wall decides in one zone, the instant in two.
 */
export function placeMoment(
  schedule: Schedule,
  time: ClockTime,
  day: EpochDay,
  start: PlacedTime,
): PlacedTime {
  return time.timezone === start.time.timezone
    ? firstOnWall(schedule, time, day, start.wallMs)
    : firstInstant(schedule, time, day, start.at);
}

function placeTime(
  schedule: Schedule,
  time: ClockTime,
  day: EpochDay,
): PlacedTime {
  const wallMs = day * DAY_MS + time.timeMs;
  const { at, dst } = placeWall(
    wallMs,
    time.timezone,
    schedule.session.dst,
  );
  return { time, wallMs, at, dst };
}

/** The first time on the wall, from a date on, that is not before `fromWallMs`. */
function firstOnWall(
  schedule: Schedule,
  time: ClockTime,
  fromDay: EpochDay,
  fromWallMs: WallMs,
): PlacedTime {
  // A weekday comes again after seven days; any day would do on the second.
  for (let day = fromDay; day <= fromDay + 7; day++) {
    const isRightDay = time.weekday === null ||
      time.weekday === weekdayOfDay(day);
    if (isRightDay && day * DAY_MS + time.timeMs >= fromWallMs) {
      return placeTime(schedule, time, day);
    }
  }
  invariant(false, "a weekday comes once in seven days");
}

/** The first instant of a time of another zone that is not before `fromAt`. */
function firstInstant(
  schedule: Schedule,
  time: ClockTime,
  nearDay: EpochDay,
  fromAt: EpochMs,
): PlacedTime {
  // Zones are up to 26 hours apart, and 24:00 of one date is on the next.
  for (let day = nearDay - 2; day <= nearDay + 10; day++) {
    if (time.weekday !== null && time.weekday !== weekdayOfDay(day)) continue;
    const placed = placeTime(schedule, time, day);
    if (placed.at >= fromAt) return placed;
  }
  invariant(false, "a time of day comes again within ten days");
}
