/**
 * Nasdaq Copenhagen. It has no half days.
 *
 * @source Nasdaq Nordic's yearly trading calendar; the law of 28 February 2023 that ended General
 * Prayer Day
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { easter, fixed } from "./rule.ts";

/** Nasdaq Copenhagen. */
export const XCSE: Calendar = {
  code: "XCSE",
  name: "Nasdaq Copenhagen",
  timezone: "Europe/Copenhagen",
  hours: [{ open: "09:00", close: "17:00" }],
  holidays: [
    { name: "New Year's Day", on: fixed(1, 1) },
    { name: "Maundy Thursday", on: easter(-3) },
    { name: "Good Friday", on: easter(-2) },
    { name: "Easter Monday", on: easter(1) },
    { name: "General Prayer Day", on: easter(26), until: 2023 },
    { name: "Ascension Day", on: easter(39) },
    { name: "Day after Ascension Day", on: easter(40), from: 2009 },
    { name: "Whit Monday", on: easter(50) },
    { name: "Constitution Day", on: fixed(6, 5) },
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
