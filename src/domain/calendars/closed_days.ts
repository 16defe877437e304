/**
 * The days a calendar's holidays take, substitutes and bridge days included, with their names.
 *
 * @module
 */

import { firstDayOf, yearOf } from "../date.ts";
import type { EpochDay } from "../date.ts";
import type { Calendar, DatedRule, Holiday } from "./calendar.ts";
import type { HolidayWeek } from "./substitute.ts";
import type { HoursOnDay } from "./regular_hours.ts";

/** Days, and what each is called. */
export type NamedDays = ReadonlyMap<EpochDay, string>;

interface Dated<R extends DatedRule> {
  readonly day: EpochDay;
  readonly rule: R;
}

/**
 * The days that rules give in a stretch of days and up to a year about it, in order.
 *
 * @shape  of rules that fall on one day, in the order they are listed; `untilDay` is outside
 */
export function datedAround<R extends DatedRule>(
  rules: readonly R[],
  fromDay: EpochDay,
  untilDay: EpochDay,
): readonly Dated<R>[] {
  const found: Dated<R>[] = [];
  // A rule's day may lie in the year before or after the one it is asked for.
  const lastYear = yearOf(untilDay - 1) + 1;
  for (let year = yearOf(fromDay) - 1; year <= lastYear; year++) {
    for (const rule of rules) {
      if (year < (rule.from ?? -Infinity)) continue;
      if (year > (rule.until ?? Infinity)) continue;
      for (const day of rule.on(year)) found.push({ day, rule });
    }
  }
  return found.sort((a, b) => a.day - b.day);
}

/**
 * Every day that holidays take in a stretch of days, and some about it; weekends may be among them.
 *
 * @shape  `untilDay` is outside
 */
export function holidaysAround(
  calendar: Calendar,
  hoursOn: HoursOnDay,
  fromDay: EpochDay,
  untilDay: EpochDay,
): NamedDays {
  const dated = datedAround(calendar.holidays, fromDay, untilDay);
  const names = new Map<EpochDay, string>();
  const counts = new Map<EpochDay, number>();
  for (const { day, rule } of dated) {
    if (!names.has(day)) names.set(day, rule.name);
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  const bridges = bridgeDays(calendar, names);
  const week: HolidayWeek = {
    isFree: (day) => !names.has(day) && hoursOn(day) !== null,
    isShared: (day) => (counts.get(day) ?? 0) > 1,
  };
  for (const holiday of dated) observe(holiday, week, names, counts);
  for (const [day, name] of bridges) if (!names.has(day)) names.set(day, name);
  return names;
}

// Moves a holiday to the day on which it is kept; its own date is free, unless another is on it.
function observe(
  { day, rule }: Dated<Holiday>,
  week: HolidayWeek,
  names: Map<EpochDay, string>,
  counts: Map<EpochDay, number>,
): void {
  const kept = rule.observed?.(day, week) ?? day;
  if (kept === day) return;
  if (!names.has(kept)) names.set(kept, `${rule.name} (observed)`);
  const left = (counts.get(day) ?? 1) - 1;
  counts.set(day, left);
  if (left === 0) names.delete(day);
}

function bridgeDays(
  { bridgeDay }: Calendar,
  names: NamedDays,
): readonly (readonly [EpochDay, string])[] {
  if (bridgeDay === undefined) return [];
  const fromDay = firstDayOf(bridgeDay.from);
  return [...names.keys()]
    .filter((day) => day + 1 >= fromDay && names.has(day + 2))
    .map((day) => [day + 1, bridgeDay.name]);
}
