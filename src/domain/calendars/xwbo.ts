/**
 * Wiener Börse, Vienna.
 *
 * It has opened more of its holidays to trading twice: six church holidays from 2019, Whit Monday
 * from 2023.
 *
 * @source Wiener Börse's yearly list of exchange holidays, its announcement of 10 September 2018, and
 * its notices on the last trading day of each year
 * @module
 */

import type { Calendar, Holiday } from "./calendar.ts";
import { easter, fixed, onOrBefore } from "./rule.ts";
import { MON_FRI } from "./weekday.ts";

const OPEN_SINCE_2019: readonly Holiday[] = [
  { name: "Epiphany", on: fixed(1, 6), until: 2018 },
  { name: "Ascension Day", on: easter(39), until: 2018 },
  { name: "Corpus Christi", on: easter(60), until: 2018 },
  { name: "Assumption Day", on: fixed(8, 15), until: 2018 },
  { name: "All Saints' Day", on: fixed(11, 1), until: 2018 },
  { name: "Immaculate Conception", on: fixed(12, 8), until: 2018 },
];

/** Wiener Börse. */
export const XWBO: Calendar = {
  code: "XWBO",
  name: "Wiener Börse",
  timezone: "Europe/Vienna",
  hours: [{ open: "09:00", close: "17:30" }],
  holidays: [
    { name: "New Year's Day", on: fixed(1, 1) },
    { name: "Good Friday", on: easter(-2) },
    { name: "Easter Monday", on: easter(1) },
    { name: "Labour Day", on: fixed(5, 1) },
    { name: "Whit Monday", on: easter(50), until: 2022 },
    { name: "National Day", on: fixed(10, 26) },
    { name: "Christmas Eve", on: fixed(12, 24) },
    { name: "Christmas Day", on: fixed(12, 25) },
    { name: "Saint Stephen's Day", on: fixed(12, 26) },
    { name: "New Year's Eve", on: fixed(12, 31) },
    ...OPEN_SINCE_2019,
  ],
  closures: [],
  specialSessions: [],
  earlyCloses: [
    {
      name: "Last trading day of the year",
      on: onOrBefore(12, 30, MON_FRI),
      from: 2017,
      close: "14:15",
    },
  ],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
