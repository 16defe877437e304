/**
 * Nasdaq Stockholm, alone among Nasdaq's Nordic exchanges in keeping half days.
 *
 * @source Nasdaq Nordic's yearly trading calendar
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { easter, fixed, onlyOn, onOrAfter } from "./rule.ts";
import { FRI, MON_FRI } from "./weekday.ts";

/** Nasdaq Stockholm. */
export const XSTO: Calendar = {
  code: "XSTO",
  name: "Nasdaq Stockholm",
  timezone: "Europe/Stockholm",
  hours: [{ open: "09:00", close: "17:30" }],
  holidays: [
    { name: "New Year's Day", on: fixed(1, 1) },
    { name: "Epiphany", on: fixed(1, 6) },
    { name: "Good Friday", on: easter(-2) },
    { name: "Easter Monday", on: easter(1) },
    { name: "Labour Day", on: fixed(5, 1) },
    { name: "Ascension Day", on: easter(39) },
    { name: "National Day", on: fixed(6, 6) },
    { name: "Midsummer Eve", on: onOrAfter(6, 19, [FRI]) },
    { name: "Christmas Eve", on: fixed(12, 24) },
    { name: "Christmas Day", on: fixed(12, 25) },
    { name: "Boxing Day", on: fixed(12, 26) },
    { name: "New Year's Eve", on: fixed(12, 31) },
  ],
  closures: [],
  specialSessions: [],
  earlyCloses: [
    // The two eves of a fixed date are kept also when the holiday itself falls on a Saturday.
    {
      name: "Day before Epiphany",
      on: onlyOn(fixed(1, 5), MON_FRI),
      close: "13:00",
    },
    { name: "Maundy Thursday", on: easter(-3), close: "13:00" },
    {
      name: "Day before Labour Day",
      on: onlyOn(fixed(4, 30), MON_FRI),
      close: "13:00",
    },
    { name: "Day before Ascension Day", on: easter(38), close: "13:00" },
    {
      name: "Day before All Saints' Day",
      on: onOrAfter(10, 30, [FRI]),
      close: "13:00",
    },
  ],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
