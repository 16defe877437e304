/**
 * The days a calendar's holidays take, substitutes and bridge days included, with their names.
 *
 * @module
 */

import type { EpochDay } from "../date.ts";
import { firstDayOf } from "../date.ts";
import type { Calendar, DatedRule, Holiday } from "./calendar.ts";
import { isTradingWeekday } from "./regular_hours.ts";

/** Days, and what each is called. */
export type NamedDays = ReadonlyMap<EpochDay, string>;

interface Dated<R extends DatedRule> {
  readonly day: EpochDay;
  readonly rule: R;
}

/**
 * The days that rules give in a stretch of years, in order.
 *
 * @shape  of rules that fall on one day, in the order they are listed
 */
export function datedIn<R extends DatedRule>(
  rules: readonly R[],
  fromYear: number,
  toYear: number,
): readonly Dated<R>[] {
  const fromDay = firstDayOf(fromYear);
  const untilDay = firstDayOf(toYear + 1);
  return datedAround(rules, fromYear, toYear)
    .filter(({ day }) => day >= fromDay && day < untilDay);
}

// A rule's day may lie in the year before or after the one it is asked for.
function datedAround<R extends DatedRule>(
  rules: readonly R[],
  fromYear: number,
  toYear: number,
): readonly Dated<R>[] {
  const found: Dated<R>[] = [];
  for (let year = fromYear - 1; year <= toYear + 1; year++) {
    for (const rule of rules) {
      if (year < (rule.from ?? -Infinity)) continue;
      if (year > (rule.until ?? Infinity)) continue;
      for (const day of rule.on(year)) found.push({ day, rule });
    }
  }
  return found.sort((a, b) => a.day - b.day);
}

/** Every day that holidays close in a stretch of years; weekends may be among them. */
export function holidaysIn(
  calendar: Calendar,
  fromYear: number,
  toYear: number,
): NamedDays {
  const dated = datedAround(calendar.holidays, fromYear, toYear);
  const names = new Map<EpochDay, string>();
  const counts = new Map<EpochDay, number>();
  for (const { day, rule } of dated) {
    if (!names.has(day)) names.set(day, rule.name);
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  const bridges = bridgeDays(calendar, names, fromYear);
  observe(calendar, dated, names, counts);
  for (const [day, name] of bridges) if (!names.has(day)) names.set(day, name);
  return names;
}

// Adds the days on which holidays are kept in place of their own.
function observe(
  calendar: Calendar,
  dated: readonly Dated<Holiday>[],
  names: Map<EpochDay, string>,
  counts: Map<EpochDay, number>,
): void {
  const week = {
    isFree: (day: EpochDay) =>
      !names.has(day) && isTradingWeekday(calendar, day),
    isShared: (day: EpochDay) => (counts.get(day) ?? 0) > 1,
  };
  for (const { day, rule } of dated) {
    const kept = rule.observed?.(day, week) ?? day;
    if (kept === day) continue;
    if (!names.has(kept)) names.set(kept, `${rule.name} (observed)`);
    leave(day, names, counts);
  }
}

// A holiday that goes elsewhere frees its own date, unless another holiday is on it.
function leave(
  day: EpochDay,
  names: Map<EpochDay, string>,
  counts: Map<EpochDay, number>,
): void {
  const left = (counts.get(day) ?? 1) - 1;
  counts.set(day, left);
  if (left === 0) names.delete(day);
}

function bridgeDays(
  calendar: Calendar,
  names: NamedDays,
  fromYear: number,
): NamedDays {
  const { bridgeDay } = calendar;
  if (bridgeDay === undefined) return new Map();
  const fromDay = firstDayOf(Math.max(bridgeDay.from, fromYear - 1));
  return new Map(
    [...names.keys()]
      .filter((day) => day + 1 >= fromDay && names.has(day + 2))
      .map((day) => [day + 1, bridgeDay.name]),
  );
}
