/**
 * Borsa Italiana, the exchange in Milan, by the hours of its day market.
 *
 * Joining Euronext in 2021 left its days as they were: both eves stay closed, and so does 15 August.
 *
 * @source Borsa Italiana's yearly calendar of trading days
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { easter, fixed } from "./rule.ts";

/** Borsa Italiana, Milan. */
export const XMIL: Calendar = {
  code: "XMIL",
  name: "Borsa Italiana",
  timezone: "Europe/Rome",
  hours: [{ open: "09:00", close: "17:30" }],
  holidays: [
    { name: "New Year's Day", on: fixed(1, 1) },
    { name: "Good Friday", on: easter(-2) },
    { name: "Easter Monday", on: easter(1) },
    { name: "Labour Day", on: fixed(5, 1) },
    { name: "Ferragosto", on: fixed(8, 15) },
    { name: "Christmas Eve", on: fixed(12, 24) },
    { name: "Christmas Day", on: fixed(12, 25) },
    { name: "Saint Stephen's Day", on: fixed(12, 26) },
    { name: "New Year's Eve", on: fixed(12, 31) },
  ],
  closures: [],
  specialSessions: [],
  earlyCloses: [],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
