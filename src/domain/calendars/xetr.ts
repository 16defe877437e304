/**
 * Xetra, and the Frankfurt Stock Exchange whose days and main hours are Xetra's.
 *
 * On Frankfurt's floor specialists quote from 08:00, since 29 November 2021 until 22:00; the hours
 * here are those of the order book that makes the closing price. A desk that trades the floor later
 * says so in a calendar of its own.
 *
 * @source Trading calendar and trading hours of Deutsche Börse, and its notices on the last trading
 * day of each year
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { dates, easter, fixed, onOrBefore } from "./rule.ts";
import { MON_FRI } from "./weekday.ts";

/** Xetra. */
export const XETR: Calendar = {
  code: "XETR",
  name: "Xetra",
  timezone: "Europe/Berlin",
  hours: [{ open: "09:00", close: "17:30" }],
  holidays: [
    { name: "New Year's Day", on: fixed(1, 1) },
    { name: "Good Friday", on: easter(-2) },
    { name: "Easter Monday", on: easter(1) },
    { name: "Labour Day", on: fixed(5, 1) },
    { name: "Whit Monday", on: easter(50), from: 2015, until: 2021 },
    { name: "Day of German Unity", on: fixed(10, 3), from: 2014, until: 2021 },
    { name: "Christmas Eve", on: fixed(12, 24) },
    { name: "Christmas Day", on: fixed(12, 25) },
    { name: "Boxing Day", on: fixed(12, 26) },
    { name: "New Year's Eve", on: fixed(12, 31) },
  ],
  closures: [
    { name: "500 years of the Reformation", on: dates("2017-10-31") },
  ],
  specialSessions: [],
  earlyCloses: [
    {
      name: "Last trading day of the year",
      on: onOrBefore(12, 30, MON_FRI),
      close: "14:00",
    },
  ],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};

/** Frankfurt Stock Exchange. */
export const XFRA: Calendar = {
  ...XETR,
  code: "XFRA",
  name: "Frankfurt Stock Exchange",
};
