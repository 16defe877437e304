/**
 * Bombay Stock Exchange and National Stock Exchange of India, which keep the same days and hours.
 *
 * The evening hour of trading at Diwali is not in it: that day counts as closed.
 *
 * @source The exchanges' yearly circulars of trading holidays, and the notices on elections and
 * special sessions
 * @module
 */

import type { Calendar, Closure, Holiday } from "./calendar.ts";
import { moonDate } from "./moon.ts";
import { dates, daysAfter, easter, fixed, moved } from "./rule.ts";
import { tithiOnOrAfter } from "./tithi.ts";

const SUNRISE = 6;
const MORNING = 8;
const NOON = 12;
const SUNSET = 17.5;
const EVENING = 18;
const MIDNIGHT = 24;

// The moon is seen a day later than in Arabia.
function moonSeen(month: number, dayOfMonth: number): Holiday["on"] {
  return daysAfter(moonDate("islamic-umalqura", month, dayOfMonth), 1);
}

const NATIONAL_DAYS: readonly Holiday[] = [
  { name: "Republic Day", on: fixed(1, 26) },
  { name: "Good Friday", on: easter(-2) },
  { name: "Ambedkar Jayanti", on: fixed(4, 14) },
  { name: "Maharashtra Day", on: fixed(5, 1) },
  { name: "Independence Day", on: fixed(8, 15) },
  { name: "Gandhi Jayanti", on: fixed(10, 2) },
  { name: "Christmas Day", on: fixed(12, 25) },
];

/** Kept as reckoned, but for the years in which the exchanges announced another day. */
const FEASTS: readonly Holiday[] = [
  { name: "Maha Shivaratri", on: tithiOnOrAfter(29, MIDNIGHT, 2, 11) },
  {
    name: "Holi",
    on: moved(
      daysAfter(tithiOnOrAfter(15, EVENING, 2, 27), 1),
      "2016-03-24",
    ),
  },
  { name: "Ram Navami", on: tithiOnOrAfter(9, NOON, 3, 25) },
  { name: "Mahavir Jayanti", on: tithiOnOrAfter(13, SUNRISE, 3, 29) },
  {
    name: "Ganesh Chaturthi",
    on: moved(tithiOnOrAfter(4, NOON, 8, 22), "2023-09-19"),
  },
  {
    name: "Dussehra",
    on: moved(
      tithiOnOrAfter(10, NOON, 9, 27),
      "2018-10-18",
      "2026-10-20",
    ),
  },
  {
    name: "Diwali Laxmi Pujan",
    on: daysAfter(tithiOnOrAfter(1, SUNSET, 10, 18), -1),
  },
  {
    name: "Diwali Balipratipada",
    on: moved(tithiOnOrAfter(1, MORNING, 10, 18), "2020-11-16"),
  },
  { name: "Guru Nanak Jayanti", on: tithiOnOrAfter(15, SUNRISE, 11, 1) },
  {
    name: "Id-ul-Fitr",
    on: moved(moonSeen(10, 1), "2016-07-06", "2021-05-13"),
  },
  {
    name: "Bakri Id",
    on: moved(moonSeen(12, 10), "2015-09-25", "2016-09-13"),
  },
  { name: "Muharram", on: moved(moonSeen(1, 10), "2018-09-20") },
];

const CLOSURES: readonly Closure[] = [
  {
    name: "General election in Mumbai",
    on: dates("2019-04-29", "2024-05-20"),
  },
  {
    name: "Election of Maharashtra's assembly",
    on: dates("2019-10-21", "2024-11-20"),
  },
  { name: "Consecration of the temple of Ayodhya", on: dates("2024-01-22") },
  { name: "Municipal elections in Maharashtra", on: dates("2026-01-15") },
];

/** Bombay Stock Exchange. */
export const XBOM: Calendar = {
  code: "XBOM",
  name: "Bombay Stock Exchange",
  timezone: "Asia/Kolkata",
  hours: [{ open: "09:15", close: "15:30" }],
  holidays: [...NATIONAL_DAYS, ...FEASTS],
  closures: CLOSURES,
  specialSessions: [
    {
      name: "Saturday in place of a Monday",
      on: dates("2024-01-20"),
      open: "09:15",
      close: "15:30",
    },
    {
      name: "Union Budget",
      on: dates("2025-02-01"),
      open: "09:15",
      close: "15:30",
    },
  ],
  earlyCloses: [],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};

/** National Stock Exchange of India. */
export const XNSE: Calendar = {
  ...XBOM,
  code: "XNSE",
  name: "National Stock Exchange of India",
};
