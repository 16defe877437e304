/**
 * London Stock Exchange.
 *
 * @source The bank holidays of England and Wales (Banking and Financial Dealings Act 1971) and the
 * exchange's yearly business days
 * @module
 */

import type { Calendar } from "./calendar.ts";
import {
  dates,
  easter,
  fixed,
  lastWeekday,
  moved,
  nthWeekday,
  onOrBefore,
} from "./rule.ts";
import { nextFree } from "./substitute.ts";
import { MON, MON_FRI } from "./weekday.ts";

/** London Stock Exchange. */
export const XLON: Calendar = {
  code: "XLON",
  name: "London Stock Exchange",
  timezone: "Europe/London",
  hours: [{ open: "08:00", close: "16:30" }],
  holidays: [
    { name: "New Year's Day", on: fixed(1, 1), observed: nextFree() },
    { name: "Good Friday", on: easter(-2) },
    { name: "Easter Monday", on: easter(1) },
    {
      name: "Early May bank holiday",
      // 75 years of peace in Europe.
      on: moved(nthWeekday(5, 1, MON), "2020-05-08"),
    },
    {
      name: "Spring bank holiday",
      // Joined to the Queen's Platinum Jubilee.
      on: moved(lastWeekday(5, MON), "2022-06-02"),
    },
    { name: "Summer bank holiday", on: lastWeekday(8, MON) },
    { name: "Christmas Day", on: fixed(12, 25), observed: nextFree() },
    { name: "Boxing Day", on: fixed(12, 26), observed: nextFree() },
  ],
  closures: [
    { name: "Platinum Jubilee", on: dates("2022-06-03") },
    { name: "State funeral of Queen Elizabeth II", on: dates("2022-09-19") },
    { name: "Coronation of King Charles III", on: dates("2023-05-08") },
  ],
  specialSessions: [],
  earlyCloses: [
    {
      name: "Christmas Eve",
      on: onOrBefore(12, 24, MON_FRI),
      close: "12:30",
    },
    {
      name: "New Year's Eve",
      on: onOrBefore(12, 31, MON_FRI),
      close: "12:30",
    },
  ],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
