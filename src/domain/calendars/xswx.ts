/**
 * SIX Swiss Exchange, Zurich.
 *
 * @source Trading calendar of SIX Swiss Exchange
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { easter, fixed } from "./rule.ts";

/** SIX Swiss Exchange. */
export const XSWX: Calendar = {
  code: "XSWX",
  name: "SIX Swiss Exchange",
  timezone: "Europe/Zurich",
  hours: [{ open: "09:00", close: "17:30" }],
  holidays: [
    { name: "New Year's Day", on: fixed(1, 1) },
    { name: "Berchtold's Day", on: fixed(1, 2) },
    { name: "Good Friday", on: easter(-2) },
    { name: "Easter Monday", on: easter(1) },
    { name: "Labour Day", on: fixed(5, 1) },
    { name: "Ascension Day", on: easter(39) },
    { name: "Whit Monday", on: easter(50) },
    { name: "National Day", on: fixed(8, 1) },
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
