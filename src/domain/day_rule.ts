/**
 * Whether a trade date is one of those that `days` names.
 *
 * With a calendar the days that count are those on which it trades, without one Monday to Friday.
 * A week ends on Sunday, so its last trading day is the last before Monday.
 *
 * @module
 */

import { dateOf, weekdayOfDay } from "./date.ts";
import type { EpochDay } from "./date.ts";
import type { DayRule } from "./definition.ts";
import { marketDayOn } from "./market.ts";
import type { Market } from "./market.ts";
import type { Weekday } from "./time.ts";

const SATURDAY: Weekday = 6;
const SUNDAY: Weekday = 7;

/**
 * The longest row of closed days that is looked past; the longest holidays take nine.
 *
 * @units days
 */
const CLOSED_DAYS_MAX = 31;

/** Whether any of the rules holds; no rules hold on every day. */
export function isNamedDay(
  rules: readonly DayRule[],
  day: EpochDay,
  market: Market | null,
): boolean {
  return rules.length === 0 || rules.some((rule) => holds(rule, day, market));
}

function holds(rule: DayRule, day: EpochDay, market: Market | null): boolean {
  if (rule.kind === "weekday") return weekdayOfDay(day) === rule.weekday;
  if (!isTradingDay(day, market)) return false;
  switch (rule.kind) {
    case "week_end":
      return isLastOfWeek(day, market);
    case "month_end":
      return isBeforeMonthEnd(day, rule.daysBefore, market);
    case "before_closure":
      return isBeforeClosure(day, market);
  }
}

function isTradingDay(day: EpochDay, market: Market | null): boolean {
  return market === null
    ? weekdayOfDay(day) < SATURDAY
    : marketDayOn(market, day).kind === "open";
}

function isLastOfWeek(day: EpochDay, market: Market | null): boolean {
  const sunday = day + SUNDAY - weekdayOfDay(day);
  for (let later = day + 1; later <= sunday; later++) {
    if (isTradingDay(later, market)) return false;
  }
  return true;
}

/** Whether exactly so many trading days of the month come after a day. */
function isBeforeMonthEnd(
  day: EpochDay,
  daysBefore: number,
  market: Market | null,
): boolean {
  const month = monthOf(day);
  let after = 0;
  for (let later = day + 1; monthOf(later) === month; later++) {
    if (isTradingDay(later, market)) after++;
    if (after > daysBefore) return false;
  }
  return after === daysBefore;
}

function monthOf(day: EpochDay): string {
  return dateOf(day).slice(0, 7);
}

/** Whether a holiday or another closure comes before the next trading day; a weekend is none. */
function isBeforeClosure(day: EpochDay, market: Market | null): boolean {
  if (market === null) return false;
  for (let later = day + 1; later <= day + CLOSED_DAYS_MAX; later++) {
    const answer = marketDayOn(market, later);
    if (answer.kind === "open") return false;
    if (answer.name !== null) return true;
  }
  return false;
}
