/**
 * Australian Securities Exchange, cash market.
 *
 * @source The public holidays of New South Wales (Public Holidays Act 2010) and the exchange's yearly
 * trading calendars
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

/** Australian Securities Exchange. */
export const XASX: Calendar = {
  code: "XASX",
  name: "Australian Securities Exchange",
  timezone: "Australia/Sydney",
  hours: [{ open: "10:00", close: "16:00" }],
  holidays: [
    { name: "New Year's Day", on: fixed(1, 1), observed: weekendToMonday },
    { name: "Australia Day", on: fixed(1, 26), observed: weekendToMonday },
    { name: "Good Friday", on: easter(-2) },
    { name: "Easter Monday", on: easter(1) },
    // The exchange trades on the Monday after a weekend's.
    { name: "Anzac Day", on: fixed(4, 25) },
    { name: "King's Birthday", on: nthWeekday(6, 2, MON) },
    { name: "Christmas Day", on: fixed(12, 25), observed: nextFree() },
    { name: "Boxing Day", on: fixed(12, 26), observed: nextFree() },
  ],
  closures: [
    { name: "Mourning for Queen Elizabeth II", on: dates("2022-09-22") },
  ],
  specialSessions: [],
  earlyCloses: [
    {
      name: "Last day before Christmas",
      // Kept full hours in that year, as on its last day.
      on: exceptIn(onOrBefore(12, 24, MON_FRI), 2022),
      close: "14:10",
    },
    {
      name: "Last day of the year",
      on: exceptIn(onOrBefore(12, 31, MON_FRI), 2022),
      close: "14:10",
    },
  ],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
