/**
 * Euronext Dublin, until 2018 the Irish Stock Exchange, by the end of its continuous trading.
 *
 * In Euronext's calendar from 2019 it keeps Labour Day in place of the bank holidays of May and June;
 * that of May came back in 2021. Its half days stay on the last trading days before Christmas and the
 * new year, also where the other Euronext markets have none.
 *
 * @source Yearly calendars of the Irish Stock Exchange and of Euronext
 * @module
 */

import type { Calendar } from "./calendar.ts";
import {
  dates,
  easter,
  exceptIn,
  fixed,
  nthWeekday,
  onOrBefore,
} from "./rule.ts";
import { nextFree, weekendToMonday } from "./substitute.ts";
import { MON, MON_FRI } from "./weekday.ts";

/** Euronext Dublin. */
export const XDUB: Calendar = {
  code: "XDUB",
  name: "Euronext Dublin",
  timezone: "Europe/Dublin",
  hours: [{ open: "08:00", close: "16:28" }],
  holidays: [
    { name: "New Year's Day", on: fixed(1, 1), observed: weekendToMonday },
    { name: "Good Friday", on: easter(-2) },
    { name: "Easter Monday", on: easter(1) },
    {
      name: "Labour Day",
      on: fixed(5, 1),
      from: 2019,
      observed: weekendToMonday,
    },
    {
      name: "May bank holiday",
      on: exceptIn(nthWeekday(5, 1, MON), 2019, 2020),
    },
    { name: "June bank holiday", on: nthWeekday(6, 1, MON), until: 2018 },
    { name: "Christmas Day", on: fixed(12, 25), observed: nextFree() },
    { name: "Saint Stephen's Day", on: fixed(12, 26), observed: nextFree() },
  ],
  closures: [{ name: "Storm Emma", on: dates("2018-03-02") }],
  specialSessions: [],
  earlyCloses: [
    {
      name: "Last trading day before Christmas",
      on: onOrBefore(12, 24, MON_FRI),
      close: "12:28",
    },
    {
      name: "Last trading day of the year",
      on: onOrBefore(12, 31, MON_FRI),
      close: "12:28",
    },
    { name: "Storm Emma", on: dates("2018-03-01"), close: "12:28" },
  ],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
