/**
 * Johannesburg Stock Exchange.
 *
 * Days declared holidays for one year alone, mostly elections, are listed while `known` lasts. Of those
 * after it none is kept, neither of the past (2021-11-01, 2022-12-27, 2023-12-15, 2024-05-29) nor to
 * come: whoever needs one closes it in a calendar of their own.
 *
 * @source Public Holidays Act 36 of 1994, and proclamations under it
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { dates, easter, fixed } from "./rule.ts";
import { sundayToMonday } from "./substitute.ts";

/** Johannesburg Stock Exchange. */
export const XJSE: Calendar = {
  code: "XJSE",
  name: "Johannesburg Stock Exchange",
  timezone: "Africa/Johannesburg",
  hours: [{ open: "09:00", close: "17:00" }],
  holidays: [
    { name: "New Year's Day", on: fixed(1, 1), observed: sundayToMonday },
    { name: "Human Rights Day", on: fixed(3, 21), observed: sundayToMonday },
    { name: "Good Friday", on: easter(-2) },
    { name: "Family Day", on: easter(1) },
    { name: "Freedom Day", on: fixed(4, 27), observed: sundayToMonday },
    { name: "Workers' Day", on: fixed(5, 1), observed: sundayToMonday },
    { name: "Youth Day", on: fixed(6, 16), observed: sundayToMonday },
    {
      name: "National Women's Day",
      on: fixed(8, 9),
      observed: sundayToMonday,
    },
    { name: "Heritage Day", on: fixed(9, 24), observed: sundayToMonday },
    {
      name: "Day of Reconciliation",
      on: fixed(12, 16),
      observed: sundayToMonday,
    },
    { name: "Christmas Day", on: fixed(12, 25), observed: sundayToMonday },
    { name: "Day of Goodwill", on: fixed(12, 26), observed: sundayToMonday },
  ],
  closures: [
    { name: "Municipal elections", on: dates("2016-08-03") },
    // Christmas, kept on the Monday, had taken the Day of Goodwill's own.
    { name: "Day of Goodwill (declared)", on: dates("2016-12-27") },
    { name: "National elections", on: dates("2019-05-08") },
  ],
  specialSessions: [],
  earlyCloses: [],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2021-10-31" },
};
