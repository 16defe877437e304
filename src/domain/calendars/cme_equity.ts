/**
 * Equity index futures on CME Globex (E-mini S&P 500 and its kin): 17:00 to 16:00 Chicago, closed
 * for an hour each afternoon.
 *
 * @source CME Group's holiday schedules for equity products, and its Globex notices of 21 June 2021
 * (no more halt at 15:15), 30 November 2018 and 30 December 2024 (days of mourning)
 * @module
 */

import { dateOf } from "../date.ts";
import type { EpochDay } from "../date.ts";
import type { Calendar, ChangedHours, DatedRule } from "./calendar.ts";
import { dates } from "./rule.ts";
import type { DateRule } from "./rule.ts";
import {
  CHRISTMAS_DAY,
  CHRISTMAS_EVE,
  DAY_AFTER_THANKSGIVING,
  DAY_BEFORE_INDEPENDENCE_DAY,
  GOOD_FRIDAY,
  INDEPENDENCE_DAY,
  JUNETEENTH,
  LABOR_DAY,
  MARTIN_LUTHER_KING_DAY,
  MEMORIAL_DAY,
  NEW_YEARS_DAY,
  THANKSGIVING_DAY,
  WASHINGTONS_BIRTHDAY,
} from "./us_holidays.ts";

/** The first week of a month ends on its seventh day: the jobs report comes out on its Friday. */
const REPORT_DAY_MAX = 7;

function isReportDay(day: EpochDay): boolean {
  return Number(dateOf(day).slice(-2)) <= REPORT_DAY_MAX;
}

function goodFridays(withReport: boolean): DateRule {
  return (year) =>
    GOOD_FRIDAY.on(year).filter((day) => isReportDay(day) === withReport);
}

function closingAt(
  close: string,
  rules: readonly DatedRule[],
): readonly ChangedHours[] {
  return rules.map((rule) => ({ ...rule, close }));
}

/** Equity index futures of CME Group. */
export const CME_EQUITY: Calendar = {
  code: "CME_EQUITY",
  name: "CME equity index futures",
  timezone: "America/Chicago",
  hours: [
    { open: "-1d 17:00", close: "16:15", break: ["15:15", "15:30"] },
    {
      from: "2015-09-21",
      open: "-1d 17:00",
      close: "16:00",
      break: ["15:15", "15:30"],
    },
    { from: "2021-06-28", open: "-1d 17:00", close: "16:00" },
  ],
  holidays: [
    NEW_YEARS_DAY,
    { name: "Good Friday", on: goodFridays(false) },
    CHRISTMAS_DAY,
  ],
  closures: [],
  specialSessions: [],
  earlyCloses: [
    ...closingAt("12:00", [
      MARTIN_LUTHER_KING_DAY,
      WASHINGTONS_BIRTHDAY,
      MEMORIAL_DAY,
      JUNETEENTH,
      INDEPENDENCE_DAY,
      LABOR_DAY,
      THANKSGIVING_DAY,
    ]),
    ...closingAt("12:15", [
      DAY_BEFORE_INDEPENDENCE_DAY,
      DAY_AFTER_THANKSGIVING,
      CHRISTMAS_EVE,
    ]),
    {
      name: "Good Friday with the jobs report",
      on: goodFridays(true),
      close: "08:15",
    },
    // The night was traded up to the time at which New York would have opened.
    {
      name: "Mourning for President Bush",
      on: dates("2018-12-05"),
      close: "08:30",
    },
    {
      name: "Mourning for President Carter",
      on: dates("2025-01-09"),
      close: "08:30",
    },
  ],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
