/**
 * Hong Kong Stock Exchange.
 *
 * @source Hong Kong's General Holidays Ordinance (Cap. 149) and the exchange's notices on half-day
 * trading and severe weather
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { moonDate, moonNewYearsEve } from "./moon.ts";
import { anyOf, dates, easter, fixed, onlyOn } from "./rule.ts";
import { nextFree } from "./substitute.ts";
import { SUN_LONGITUDES, sunReaches } from "./sun.ts";
import { MON_FRI, SUN } from "./weekday.ts";

/** A Sunday's holiday, or the second of two on one day, goes to the next day that is none. */
const SUBSTITUTE = nextFree({ when: [SUN], orShared: true });

const HONG_KONG_UTC_OFFSET_HOURS = 8;

const LUNAR_NEW_YEAR = anyOf(
  moonDate("chinese", 1, 1),
  moonDate("chinese", 1, 2),
  moonDate("chinese", 1, 3),
);

/** The day ends with the morning. */
const HALF_DAY_CLOSE = "12:00";

/** Hong Kong Stock Exchange. */
export const XHKG: Calendar = {
  code: "XHKG",
  name: "Hong Kong Stock Exchange",
  timezone: "Asia/Hong_Kong",
  hours: [{ open: "09:30", close: "16:00", break: ["12:00", "13:00"] }],
  holidays: [
    { name: "New Year's Day", on: fixed(1, 1), observed: SUBSTITUTE },
    { name: "Lunar New Year", on: LUNAR_NEW_YEAR, observed: SUBSTITUTE },
    {
      name: "Ching Ming Festival",
      on: sunReaches(SUN_LONGITUDES.qingming, HONG_KONG_UTC_OFFSET_HOURS),
      observed: SUBSTITUTE,
    },
    { name: "Good Friday", on: easter(-2) },
    { name: "Easter Monday", on: easter(1) },
    { name: "Labour Day", on: fixed(5, 1), observed: SUBSTITUTE },
    {
      name: "Birthday of the Buddha",
      on: moonDate("chinese", 4, 8),
      observed: SUBSTITUTE,
    },
    {
      name: "Dragon Boat Festival",
      on: moonDate("chinese", 5, 5),
      observed: SUBSTITUTE,
    },
    {
      name: "Establishment Day of the Region",
      on: fixed(7, 1),
      observed: SUBSTITUTE,
    },
    {
      name: "Day after the Mid-Autumn Festival",
      on: moonDate("chinese", 8, 16),
      observed: SUBSTITUTE,
    },
    { name: "National Day", on: fixed(10, 1), observed: SUBSTITUTE },
    {
      name: "Chung Yeung Festival",
      on: moonDate("chinese", 9, 9),
      observed: SUBSTITUTE,
    },
    { name: "Christmas Day", on: fixed(12, 25), observed: SUBSTITUTE },
    {
      name: "First weekday after Christmas",
      on: fixed(12, 26),
      observed: SUBSTITUTE,
    },
  ],
  closures: [
    { name: "70 years of victory", on: dates("2015-09-03") },
    // Since 2024-09-23 trading goes on in severe weather.
    { name: "Typhoon Nida", on: dates("2016-08-02") },
    { name: "Typhoon Haima", on: dates("2016-10-21") },
    { name: "Typhoon Hato", on: dates("2017-08-23") },
    { name: "Tropical storm Nangka", on: dates("2020-10-13") },
    { name: "Tropical storm Kompasu", on: dates("2021-10-13") },
    { name: "Typhoon Talim", on: dates("2023-07-17") },
    { name: "Typhoon Yagi", on: dates("2024-09-06") },
  ],
  specialSessions: [],
  earlyCloses: [
    {
      name: "Lunar New Year's Eve",
      on: onlyOn(moonNewYearsEve("chinese"), MON_FRI),
      close: HALF_DAY_CLOSE,
    },
    {
      name: "Christmas Eve",
      on: onlyOn(fixed(12, 24), MON_FRI),
      close: HALF_DAY_CLOSE,
    },
    {
      name: "New Year's Eve",
      on: onlyOn(fixed(12, 31), MON_FRI),
      close: HALF_DAY_CLOSE,
    },
  ],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
