/**
 * The regular hours of a calendar on one day.
 *
 * @module
 */

import { dayOf, weekdayOfDay } from "../date.ts";
import type { EpochDay } from "../date.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../time.ts";
import type { DurationMs } from "../time.ts";
import type { Calendar, LocalTime, RegularHours } from "./calendar.ts";
import { EVERY_DAY, MON_FRI } from "./weekday.ts";

const LOCAL_TIME = /^(?:([+-]1)d )?([01]\d|2[0-3]|24(?=:00)):([0-5]\d)$/;

/**
 * How long after the trade date's midnight a time is, by the clock on the wall.
 *
 * @units milliseconds; below zero on the evening before
 * @throws {RangeError} if the text is not a time such as "09:30", "-1d 17:00" or "+1d 00:00"
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(readLocalTime("-1d 17:00"), -7 * 3_600_000);
 * ```
 */
export function readLocalTime(text: LocalTime): DurationMs {
  const [, days = "0", hours, minutes] = LOCAL_TIME.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) {
    throw new RangeError(
      `Cannot read "${text}" as a local time: expected "HH:MM", "-1d HH:MM" or "+1d HH:MM"`,
    );
  }
  return Number(days) * DAY_MS + Number(hours) * HOUR_MS +
    Number(minutes) * MINUTE_MS;
}

/** The hours that hold on a day; `null` where its weekday has none. */
export type HoursOnDay = (day: EpochDay) => RegularHours | null;

/**
 * Reads a calendar's regular hours once, for asking about many days.
 *
 * @throws {RangeError} if one of its dates cannot be read
 */
export function regularHoursOf(calendar: Calendar): HoursOnDay {
  const eras = calendar.hours.map(({ from }) => ({
    fromDay: from === undefined ? -Infinity : dayOf(from),
    byWeekday: EVERY_DAY.map((weekday) =>
      calendar.hours.find((hours) =>
        hours.from === from && (hours.weekdays ?? MON_FRI).includes(weekday)
      ) ?? null
    ),
  }));
  return (day) => {
    const era = eras.findLast(({ fromDay }) => fromDay <= day);
    return era?.byWeekday[weekdayOfDay(day) - 1] ?? null;
  };
}
