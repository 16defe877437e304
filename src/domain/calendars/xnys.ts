/**
 * New York Stock Exchange, and Nasdaq which keeps the same days and hours.
 *
 * @source NYSE Rule 7.2 and the exchange's yearly lists of holidays and early closings
 * @module
 */

import type { Calendar } from "./calendar.ts";
import {
  dates,
  daysAfter,
  easter,
  fixed,
  lastWeekday,
  nthWeekday,
  onlyOn,
} from "./rule.ts";
import { nearestWeekday, sundayToMonday } from "./substitute.ts";
import { MON, MON_FRI, MON_THU, THU } from "./weekday.ts";

const THANKSGIVING = nthWeekday(11, 4, THU);

/** New York Stock Exchange. */
export const XNYS: Calendar = {
  code: "XNYS",
  name: "New York Stock Exchange",
  timezone: "America/New_York",
  hours: [{ open: "09:30", close: "16:00" }],
  holidays: [
    // A Saturday's New Year's Day is not kept: the books of the old year close on that Friday.
    { name: "New Year's Day", on: fixed(1, 1), observed: sundayToMonday },
    { name: "Martin Luther King Jr. Day", on: nthWeekday(1, 3, MON) },
    { name: "Washington's Birthday", on: nthWeekday(2, 3, MON) },
    { name: "Good Friday", on: easter(-2) },
    { name: "Memorial Day", on: lastWeekday(5, MON) },
    {
      name: "Juneteenth",
      on: fixed(6, 19),
      observed: nearestWeekday,
      from: 2022,
    },
    { name: "Independence Day", on: fixed(7, 4), observed: nearestWeekday },
    { name: "Labor Day", on: nthWeekday(9, 1, MON) },
    { name: "Thanksgiving Day", on: THANKSGIVING },
    { name: "Christmas Day", on: fixed(12, 25), observed: nearestWeekday },
  ],
  closures: [
    { name: "Mourning for President Bush", on: dates("2018-12-05") },
    { name: "Mourning for President Carter", on: dates("2025-01-09") },
  ],
  specialSessions: [],
  earlyCloses: [
    {
      name: "Day before Independence Day",
      on: onlyOn(fixed(7, 3), MON_THU),
      close: "13:00",
    },
    {
      name: "Day after Thanksgiving",
      on: daysAfter(THANKSGIVING, 1),
      close: "13:00",
    },
    {
      name: "Christmas Eve",
      on: onlyOn(fixed(12, 24), MON_FRI),
      close: "13:00",
    },
  ],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};

/** Nasdaq. */
export const XNAS: Calendar = { ...XNYS, code: "XNAS", name: "Nasdaq" };
