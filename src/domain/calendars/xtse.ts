/**
 * Toronto Stock Exchange.
 *
 * @source The exchange's yearly lists of holidays and early closings
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { easter, fixed, nthWeekday, onlyOn, onOrBefore } from "./rule.ts";
import { nextFree } from "./substitute.ts";
import { MON, MON_FRI } from "./weekday.ts";

/** Toronto Stock Exchange. */
export const XTSE: Calendar = {
  code: "XTSE",
  name: "Toronto Stock Exchange",
  timezone: "America/Toronto",
  hours: [{ open: "09:30", close: "16:00" }],
  holidays: [
    { name: "New Year's Day", on: fixed(1, 1), observed: nextFree() },
    { name: "Family Day", on: nthWeekday(2, 3, MON), from: 2008 },
    { name: "Good Friday", on: easter(-2) },
    { name: "Victoria Day", on: onOrBefore(5, 24, [MON]) },
    { name: "Canada Day", on: fixed(7, 1), observed: nextFree() },
    { name: "Civic Holiday", on: nthWeekday(8, 1, MON) },
    { name: "Labour Day", on: nthWeekday(9, 1, MON) },
    { name: "Thanksgiving Day", on: nthWeekday(10, 2, MON) },
    { name: "Christmas Day", on: fixed(12, 25), observed: nextFree() },
    { name: "Boxing Day", on: fixed(12, 26), observed: nextFree() },
  ],
  closures: [],
  specialSessions: [],
  earlyCloses: [
    {
      name: "Christmas Eve",
      on: onlyOn(fixed(12, 24), MON_FRI),
      close: "13:00",
    },
  ],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
