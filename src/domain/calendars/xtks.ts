/**
 * Tokyo Stock Exchange.
 *
 * @source Japan's Act on National Holidays (1948, with the special measures of 2018 and 2020) and the
 * exchange's Business Regulations: closed also from 31 December to 3 January
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { anyOf, dates, fixed, moved, nthWeekday } from "./rule.ts";
import { nextFree } from "./substitute.ts";
import { SUN_LONGITUDES, sunReaches } from "./sun.ts";
import { MON, SUN } from "./weekday.ts";

/** The law gives a Sunday's holiday the next day that is none; a Saturday's is lost. */
const SUBSTITUTE = nextFree({ when: [SUN] });

const TOKYO_UTC_OFFSET_HOURS = 9;

const EQUINOXES = anyOf(
  sunReaches(SUN_LONGITUDES.vernalEquinox, TOKYO_UTC_OFFSET_HOURS),
  sunReaches(SUN_LONGITUDES.autumnalEquinox, TOKYO_UTC_OFFSET_HOURS),
);

/** Tokyo Stock Exchange. */
export const XTKS: Calendar = {
  code: "XTKS",
  name: "Tokyo Stock Exchange",
  timezone: "Asia/Tokyo",
  hours: [
    { open: "09:00", close: "15:00", break: ["11:30", "12:30"] },
    {
      from: "2024-11-05",
      open: "09:00",
      close: "15:30",
      break: ["11:30", "12:30"],
    },
  ],
  holidays: [
    // The days around are closed anyhow, so that New Year's Day needs no substitute.
    {
      name: "New Year",
      on: anyOf(fixed(1, 1), fixed(1, 2), fixed(1, 3), fixed(12, 31)),
    },
    { name: "Coming of Age Day", on: nthWeekday(1, 2, MON) },
    { name: "Foundation Day", on: fixed(2, 11), observed: SUBSTITUTE },
    {
      name: "Emperor's Birthday",
      on: fixed(12, 23),
      observed: SUBSTITUTE,
      until: 2018,
    },
    {
      name: "Emperor's Birthday",
      on: fixed(2, 23),
      observed: SUBSTITUTE,
      from: 2020,
    },
    { name: "Equinox Day", on: EQUINOXES, observed: SUBSTITUTE },
    { name: "Showa Day", on: fixed(4, 29), observed: SUBSTITUTE },
    {
      name: "Accession and Enthronement of the Emperor",
      on: dates("2019-05-01", "2019-10-22"),
    },
    { name: "Constitution Day", on: fixed(5, 3), observed: SUBSTITUTE },
    { name: "Greenery Day", on: fixed(5, 4), observed: SUBSTITUTE },
    { name: "Children's Day", on: fixed(5, 5), observed: SUBSTITUTE },
    // The Olympic Games of Tokyo moved three holidays in the year they were planned for, and again
    // in the year they took place.
    {
      name: "Marine Day",
      on: moved(nthWeekday(7, 3, MON), "2020-07-23", "2021-07-22"),
    },
    {
      name: "Mountain Day",
      on: moved(fixed(8, 11), "2020-08-10", "2021-08-08"),
      observed: SUBSTITUTE,
      from: 2016,
    },
    { name: "Respect for the Aged Day", on: nthWeekday(9, 3, MON) },
    {
      name: "Sports Day",
      on: moved(nthWeekday(10, 2, MON), "2020-07-24", "2021-07-23"),
    },
    { name: "Culture Day", on: fixed(11, 3), observed: SUBSTITUTE },
    {
      name: "Labour Thanksgiving Day",
      on: fixed(11, 23),
      observed: SUBSTITUTE,
    },
  ],
  bridgeDay: { name: "Citizens' Holiday", from: 1986 },
  closures: [
    { name: "Failure of the trading system", on: dates("2020-10-01") },
  ],
  specialSessions: [],
  earlyCloses: [],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
