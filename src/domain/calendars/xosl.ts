/**
 * Oslo Børs, by the end of its continuous trading; the closing auction comes after it.
 *
 * @source Oslo Børs's yearly calendar of trading days, and Euronext's since 2019
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { easter, fixed } from "./rule.ts";

/** Oslo Børs. */
export const XOSL: Calendar = {
  code: "XOSL",
  name: "Oslo Børs",
  timezone: "Europe/Oslo",
  hours: [{ open: "09:00", close: "16:20" }],
  holidays: [
    { name: "New Year's Day", on: fixed(1, 1) },
    { name: "Maundy Thursday", on: easter(-3) },
    { name: "Good Friday", on: easter(-2) },
    { name: "Easter Monday", on: easter(1) },
    { name: "Labour Day", on: fixed(5, 1) },
    { name: "Ascension Day", on: easter(39) },
    { name: "Constitution Day", on: fixed(5, 17) },
    { name: "Whit Monday", on: easter(50) },
    { name: "Christmas Eve", on: fixed(12, 24) },
    { name: "Christmas Day", on: fixed(12, 25) },
    { name: "Boxing Day", on: fixed(12, 26) },
    { name: "New Year's Eve", on: fixed(12, 31) },
  ],
  closures: [],
  specialSessions: [],
  earlyCloses: [
    { name: "Holy Wednesday", on: easter(-4), from: 2011, close: "13:00" },
  ],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
