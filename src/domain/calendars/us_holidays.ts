/**
 * The holidays that the exchanges of the United States share.
 *
 * @source 5 U.S.C. 6103 and the yearly lists of NYSE and CME Group
 * @module
 */

import type { DatedRule } from "./calendar.ts";
import {
  daysAfter,
  easter,
  fixed,
  keptOn,
  lastWeekday,
  nthWeekday,
  onlyOn,
} from "./rule.ts";
import { nearestWeekday, sundayToMonday } from "./substitute.ts";
import { MON, MON_FRI, MON_THU, THU } from "./weekday.ts";

/** 1 January; on a Saturday it is lost, for the books of the old year close on that Friday. */
export const NEW_YEARS_DAY: DatedRule = {
  name: "New Year's Day",
  on: keptOn(fixed(1, 1), sundayToMonday),
};

/** Third Monday of January. */
export const MARTIN_LUTHER_KING_DAY: DatedRule = {
  name: "Martin Luther King Jr. Day",
  on: nthWeekday(1, 3, MON),
};

/** Third Monday of February. */
export const WASHINGTONS_BIRTHDAY: DatedRule = {
  name: "Washington's Birthday",
  on: nthWeekday(2, 3, MON),
};

/** Two days before Easter. */
export const GOOD_FRIDAY: DatedRule = { name: "Good Friday", on: easter(-2) };

/** Last Monday of May. */
export const MEMORIAL_DAY: DatedRule = {
  name: "Memorial Day",
  on: lastWeekday(5, MON),
};

/** 19 June, since exchanges keep it. */
export const JUNETEENTH: DatedRule = {
  name: "Juneteenth",
  on: keptOn(fixed(6, 19), nearestWeekday),
  from: 2022,
};

/** 4 July. */
export const INDEPENDENCE_DAY: DatedRule = {
  name: "Independence Day",
  on: keptOn(fixed(7, 4), nearestWeekday),
};

/** First Monday of September. */
export const LABOR_DAY: DatedRule = {
  name: "Labor Day",
  on: nthWeekday(9, 1, MON),
};

/** Fourth Thursday of November. */
export const THANKSGIVING_DAY: DatedRule = {
  name: "Thanksgiving Day",
  on: nthWeekday(11, 4, THU),
};

/** 25 December. */
export const CHRISTMAS_DAY: DatedRule = {
  name: "Christmas Day",
  on: keptOn(fixed(12, 25), nearestWeekday),
};

/** 3 July, where neither it nor the 4th touches a weekend. */
export const DAY_BEFORE_INDEPENDENCE_DAY: DatedRule = {
  name: "Day before Independence Day",
  on: onlyOn(fixed(7, 3), MON_THU),
};

/** The Friday after Thanksgiving. */
export const DAY_AFTER_THANKSGIVING: DatedRule = {
  name: "Day after Thanksgiving",
  on: daysAfter(THANKSGIVING_DAY.on, 1),
};

/** 24 December; when Christmas falls on a Saturday, Friday is the holiday itself. */
export const CHRISTMAS_EVE: DatedRule = {
  name: "Christmas Eve",
  on: onlyOn(fixed(12, 24), MON_FRI),
};
