/**
 * The hours a calendar would keep on a date if nothing were out of the ordinary, looked up fast.
 *
 * @module
 */

import { dayOf, weekdayOfDay } from "../date.ts";
import type { EpochDay } from "../date.ts";
import { invariant } from "../error.ts";
import type { DurationMs, Weekday } from "../time.ts";
import type { Calendar } from "./calendar.ts";
import { readLocalTime } from "./regular_hours.ts";
import { MON_FRI } from "./weekday.ts";

/** Regular hours by the clock on the wall. */
export interface RegularTimes {
  /** @units milliseconds from the trade date's local midnight; below zero the evening before */
  readonly openMs: DurationMs;
  /** @units milliseconds from the trade date's local midnight */
  readonly closeMs: DurationMs;
}

interface Row extends RegularTimes {
  readonly fromDay: EpochDay;
  readonly weekdays: readonly Weekday[];
}

// Memory of a pure function: what is in it changes how fast the answer comes, never the answer.
const rowsOf = new WeakMap<Calendar, readonly Row[]>();

/** The hours of a date; on a weekday without trading, those of the week it is in. */
export function regularTimesOn(
  calendar: Calendar,
  day: EpochDay,
): RegularTimes {
  const rows = rowsOf.get(calendar) ?? readRows(calendar);
  const reached = rows.findLast(({ fromDay }) => fromDay <= day) ?? rows[0];
  invariant(reached !== undefined, `"${calendar.code}" has regular hours`);
  const weekday = weekdayOfDay(day);
  const ofWeekday = rows.find(({ fromDay, weekdays }) =>
    fromDay === reached.fromDay && weekdays.includes(weekday)
  );
  return ofWeekday ?? reached;
}

/** Whether a calendar trades on the day's weekday, holidays apart. */
export function tradesOnWeekday(calendar: Calendar, day: EpochDay): boolean {
  const rows = rowsOf.get(calendar) ?? readRows(calendar);
  const reached = rows.findLast(({ fromDay }) => fromDay <= day);
  const weekday = weekdayOfDay(day);
  return rows.some(({ fromDay, weekdays }) =>
    fromDay === reached?.fromDay && weekdays.includes(weekday)
  );
}

function readRows(calendar: Calendar): readonly Row[] {
  const rows = calendar.hours.map(({ from, weekdays, open, close }) => ({
    fromDay: from === undefined ? -Infinity : dayOf(from),
    weekdays: weekdays ?? MON_FRI,
    openMs: readLocalTime(open),
    closeMs: readLocalTime(close),
  }));
  rowsOf.set(calendar, rows);
  return rows;
}
