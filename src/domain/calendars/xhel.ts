/**
 * Nasdaq Helsinki. It has no half days.
 *
 * @source Nasdaq Nordic's yearly trading calendar
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { easter, fixed, onOrAfter } from "./rule.ts";
import { FRI } from "./weekday.ts";

/** Nasdaq Helsinki. */
export const XHEL: Calendar = {
  code: "XHEL",
  name: "Nasdaq Helsinki",
  timezone: "Europe/Helsinki",
  hours: [{ open: "10:00", close: "18:30" }],
  holidays: [
    { name: "New Year's Day", on: fixed(1, 1) },
    { name: "Epiphany", on: fixed(1, 6) },
    { name: "Good Friday", on: easter(-2) },
    { name: "Easter Monday", on: easter(1) },
    { name: "Labour Day", on: fixed(5, 1) },
    { name: "Ascension Day", on: easter(39) },
    { name: "Midsummer Eve", on: onOrAfter(6, 19, [FRI]) },
    { name: "Independence Day", on: fixed(12, 6) },
    { name: "Christmas Eve", on: fixed(12, 24) },
    { name: "Christmas Day", on: fixed(12, 25) },
    { name: "Boxing Day", on: fixed(12, 26) },
    { name: "New Year's Eve", on: fixed(12, 31) },
  ],
  closures: [],
  specialSessions: [],
  earlyCloses: [],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
