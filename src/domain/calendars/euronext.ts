/**
 * What Euronext's cash markets in Amsterdam, Brussels, Lisbon and Paris share: their days, and at what
 * moment they open and close.
 *
 * Dublin, Milan and Oslo belong to Euronext as well and keep days of their own.
 *
 * @source Euronext's yearly announcement of its trading days
 * @module
 */

import type { ChangedHours, Holiday, LocalTime } from "./calendar.ts";
import { easter, fixed, onlyOn } from "./rule.ts";
import { MON_FRI } from "./weekday.ts";

/** The six closed days; one on a weekend is lost. */
export const EURONEXT_HOLIDAYS: readonly Holiday[] = [
  { name: "New Year's Day", on: fixed(1, 1) },
  { name: "Good Friday", on: easter(-2) },
  { name: "Easter Monday", on: easter(1) },
  { name: "Labour Day", on: fixed(5, 1) },
  { name: "Christmas Day", on: fixed(12, 25) },
  { name: "Boxing Day", on: fixed(12, 26) },
];

/** The two half days; one on a weekend is lost. All markets stop together: 14:05 in Paris. */
export function euronextHalfDays(close: LocalTime): readonly ChangedHours[] {
  return [
    { name: "Christmas Eve", on: onlyOn(fixed(12, 24), MON_FRI), close },
    { name: "New Year's Eve", on: onlyOn(fixed(12, 31), MON_FRI), close },
  ];
}
