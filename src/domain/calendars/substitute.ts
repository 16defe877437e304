/**
 * Where a holiday goes when its date is no working day.
 *
 * @module
 */

import { weekdayOfDay } from "../date.ts";
import type { EpochDay } from "../date.ts";
import type { Weekday } from "../time.ts";
import { SAT, SUN, WEEKEND } from "./weekday.ts";

/** What an observance may ask of the days around. */
export interface HolidayWeek {
  /** A weekday of trading that no holiday has taken yet. */
  readonly isFree: (day: EpochDay) => boolean;
  /** Whether two holidays or more fall on the day. */
  readonly isShared: (day: EpochDay) => boolean;
}

/** From the date of a holiday to the day on which it is kept. */
export type Observance = (day: EpochDay, week: HolidayWeek) => EpochDay;

/** A Sunday's holiday on the Monday; a Saturday's is lost. */
export function sundayToMonday(day: EpochDay): EpochDay {
  return weekdayOfDay(day) === SUN ? day + 1 : day;
}

/** Saturday's and Sunday's on the Monday, whatever else is on that Monday. */
export function weekendToMonday(day: EpochDay): EpochDay {
  const weekday = weekdayOfDay(day);
  return weekday === SAT ? day + 2 : weekday === SUN ? day + 1 : day;
}

/** Saturday's on the Friday, Sunday's on the Monday. */
export function nearestWeekday(day: EpochDay): EpochDay {
  const weekday = weekdayOfDay(day);
  return weekday === SAT ? day - 1 : weekday === SUN ? day + 1 : day;
}

/** When a holiday gets a day of its own elsewhere. */
export interface NextFree {
  /** The weekdays on which it is lost; Saturday and Sunday where not said. */
  readonly when?: readonly Weekday[];
  /** Also when it falls on another holiday. */
  readonly orShared?: boolean;
  /** The first day, as a count of days, on which this is the law; always where not said. */
  readonly fromDay?: EpochDay;
}

/**
 * The next weekday that is free of holidays, as in Britain, Hong Kong, Japan and Korea.
 *
 * Holidays are moved in the order of their dates, and each takes its day: with Christmas on a
 * Saturday, Monday is Christmas and Tuesday Boxing Day.
 */
export function nextFree(
  { when = WEEKEND, orShared = false, fromDay = -Infinity }: NextFree = {},
): Observance {
  return (day, week) => {
    const isLost = when.includes(weekdayOfDay(day)) ||
      (orShared && week.isShared(day));
    return isLost && day >= fromDay ? nextFreeDay(day, week) : day;
  };
}

/** The longest run of holidays and weekends that anyone keeps is well below this. */
const DAYS_TRIED_MAX = 30;

function nextFreeDay(day: EpochDay, week: HolidayWeek): EpochDay {
  for (let next = day + 1; next <= day + DAYS_TRIED_MAX; next++) {
    if (week.isFree(next)) return next;
  }
  return day;
}
