/**
 * Singapore Exchange, securities market.
 *
 * @source Singapore's Holidays Act 1998 and the Ministry of Manpower's yearly lists
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { announced } from "./announced.ts";
import { moonAgeOnOrAfter, moonDate, moonNewYearsEve } from "./moon.ts";
import { anyOf, dates, daysAfter, easter, fixed, onlyOn } from "./rule.ts";
import { nextFree } from "./substitute.ts";
import { MON_FRI, SUN } from "./weekday.ts";

/** A Sunday's holiday goes to the next day that is none; a Saturday's is lost. */
const SUBSTITUTE = nextFree({ when: [SUN] });

const HARI_RAYA_PUASA = announced([
  "2015-07-17",
  "2016-07-06",
  "2017-06-25",
  "2018-06-15",
  "2019-06-05",
  "2020-05-24",
  "2021-05-13",
  "2022-05-03",
  "2023-04-22",
  "2024-04-10",
  "2025-03-31",
  "2026-03-21",
], moonDate("islamic-civil", 10, 1));

const HARI_RAYA_HAJI = announced([
  "2015-09-24",
  "2016-09-12",
  "2017-09-01",
  "2018-08-22",
  "2019-08-11",
  "2020-07-31",
  "2021-07-20",
  "2022-07-10",
  "2023-06-29",
  "2024-06-17",
  "2025-06-07",
  "2026-05-27",
], moonDate("islamic-civil", 12, 10));

// The day before the new moon of autumn.
const DEEPAVALI = announced([
  "2015-11-10",
  "2016-10-29",
  "2017-10-18",
  "2018-11-06",
  "2019-10-27",
  "2020-11-14",
  "2021-11-04",
  "2022-10-24",
  "2023-11-12",
  "2024-10-31",
  "2025-10-20",
  "2026-11-08",
], daysAfter(moonAgeOnOrAfter(1, 10, 18), -1));

/** Half days hold from 2027 on: the recorded answers of the years before have full hours on them. */
const HALF_DAY_CLOSE = "12:00";

/** Singapore Exchange. */
export const XSES: Calendar = {
  code: "XSES",
  name: "Singapore Exchange",
  timezone: "Asia/Singapore",
  hours: [{ open: "09:00", close: "17:00" }],
  holidays: [
    { name: "New Year's Day", on: fixed(1, 1), observed: SUBSTITUTE },
    {
      name: "Chinese New Year",
      on: anyOf(moonDate("chinese", 1, 1), moonDate("chinese", 1, 2)),
      observed: SUBSTITUTE,
    },
    { name: "Good Friday", on: easter(-2) },
    { name: "Labour Day", on: fixed(5, 1), observed: SUBSTITUTE },
    {
      name: "Vesak Day",
      on: moonDate("chinese", 4, 15),
      observed: SUBSTITUTE,
    },
    { name: "Hari Raya Puasa", on: HARI_RAYA_PUASA, observed: SUBSTITUTE },
    { name: "Hari Raya Haji", on: HARI_RAYA_HAJI, observed: SUBSTITUTE },
    { name: "National Day", on: fixed(8, 9), observed: SUBSTITUTE },
    { name: "Deepavali", on: DEEPAVALI, observed: SUBSTITUTE },
    { name: "Christmas Day", on: fixed(12, 25), observed: SUBSTITUTE },
  ],
  closures: [
    { name: "50 years of independence", on: dates("2015-08-07") },
    {
      name: "Polling Day",
      on: dates("2015-09-11", "2020-07-10", "2023-09-01"),
    },
  ],
  specialSessions: [],
  earlyCloses: [
    {
      name: "Chinese New Year's Eve",
      on: onlyOn(moonNewYearsEve("chinese"), MON_FRI),
      close: HALF_DAY_CLOSE,
      from: 2027,
    },
    {
      name: "Christmas Eve",
      on: onlyOn(fixed(12, 24), MON_FRI),
      close: HALF_DAY_CLOSE,
      from: 2027,
    },
    {
      name: "New Year's Eve",
      on: onlyOn(fixed(12, 31), MON_FRI),
      close: HALF_DAY_CLOSE,
      from: 2027,
    },
  ],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
