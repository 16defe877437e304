/**
 * Bolsa de Madrid.
 *
 * @source Trading calendar of Bolsas y Mercados Españoles
 * @module
 */

import type { Calendar, Holiday } from "./calendar.ts";
import { easter, fixed, onlyOn } from "./rule.ts";
import { MON_FRI } from "./weekday.ts";

const CHRISTMAS_EVE = onlyOn(fixed(12, 24), MON_FRI);
const NEW_YEARS_EVE = onlyOn(fixed(12, 31), MON_FRI);

// Half days before and after; only in 2021 was either of them a weekday.
const CLOSED_EVES: readonly Holiday[] = [
  { name: "Christmas Eve", on: CHRISTMAS_EVE, from: 2021, until: 2023 },
  { name: "New Year's Eve", on: NEW_YEARS_EVE, from: 2021, until: 2023 },
];

/** Bolsa de Madrid. */
export const XMAD: Calendar = {
  code: "XMAD",
  name: "Bolsa de Madrid",
  timezone: "Europe/Madrid",
  hours: [{ open: "09:00", close: "17:30" }],
  holidays: [
    { name: "New Year's Day", on: fixed(1, 1) },
    { name: "Good Friday", on: easter(-2) },
    { name: "Easter Monday", on: easter(1) },
    { name: "Labour Day", on: fixed(5, 1) },
    { name: "Christmas Day", on: fixed(12, 25) },
    { name: "Saint Stephen's Day", on: fixed(12, 26) },
    ...CLOSED_EVES,
  ],
  closures: [],
  specialSessions: [],
  earlyCloses: [
    { name: "Christmas Eve", on: CHRISTMAS_EVE, from: 2012, close: "14:00" },
    { name: "New Year's Eve", on: NEW_YEARS_EVE, from: 2012, close: "14:00" },
  ],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
