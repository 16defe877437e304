/**
 * Which trade date of a market a window belongs to that opens by the clock.
 *
 * Sunday's evening at a futures exchange is Monday's; so is a window that opens after one day's close
 * and lasts until the next day's open. Only regular hours decide, so that a half day moves no window
 * to another date.
 *
 * @module
 */

import type { Calendar } from "./calendars/calendar.ts";
import { regularTimesOn, tradesOnWeekday } from "./calendars/regular_times.ts";
import { wallAt } from "./civil.ts";
import { weekdayOfDay } from "./date.ts";
import type { EpochDay } from "./date.ts";
import type { ClockTime, DstPolicy, TimeValue } from "./definition.ts";
import type { Market } from "./market.ts";
import { DAY_MS } from "./time.ts";
import type { EpochMs } from "./time.ts";
import { placeEnd, placeTime } from "./window.ts";

/** A window that opens by the clock. */
export interface ClockOpening {
  readonly start: ClockTime;
  readonly end: TimeValue;
  readonly dst: DstPolicy;
}

/**
 * Zones are up to 26 hours apart, a market may open on the evening before its date, and a window of
 * several days may open before the weekend of which its first trade date follows.
 */
const NEAR_DAYS = [0, -1, 1, -2, 2, -3, -4] as const;

/** The date, in the start's own zone, on which a trade date's window opens; `null` where none does. */
export function startDayOf(
  opening: ClockOpening,
  market: Market,
  day: EpochDay,
): EpochDay | null {
  const { weekday } = opening.start;
  for (const step of NEAR_DAYS) {
    const startDay = day + step;
    if (weekday !== null && weekdayOfDay(startDay) !== weekday) continue;
    if (tradeDayOf(opening, market, startDay) === day) return startDay;
  }
  return null;
}

/** The trade date of the window that opens on a date of the start's own zone. */
function tradeDayOf(
  { start, end, dst }: ClockOpening,
  market: Market,
  startDay: EpochDay,
): EpochDay {
  const placed = placeTime(start, startDay, dst);
  const openedMs = wallAt(placed.at, market.timezone);
  const [calendar] = market.calendars;
  const wallDay = Math.floor(openedMs / DAY_MS);
  // The first trade date whose close, on a regular day, is still ahead.
  let day = wallDay - 1;
  while (day * DAY_MS + regularTimesOn(calendar, day).closeMs <= openedMs) {
    day++;
  }
  if (start.weekday !== null) return firstTradingWeekday(calendar, day);
  if (end.kind === "market") return day;
  const opensMs = day * DAY_MS + regularTimesOn(calendar, day).openMs;
  const endAt: EpochMs = placeEnd(end, startDay, placed, dst).at;
  const isMet = opensMs <= openedMs ||
    wallAt(endAt, market.timezone) > opensMs;
  // A window between two days' hours has the date on the wall.
  return isMet ? day : wallDay;
}

function firstTradingWeekday(calendar: Calendar, fromDay: EpochDay): EpochDay {
  for (let day = fromDay; day < fromDay + 7; day++) {
    if (tradesOnWeekday(calendar, day)) return day;
  }
  return fromDay;
}
