/**
 * New Zealand's Exchange.
 *
 * @source New Zealand's Holidays Act 2003 (Waitangi Day and Anzac Day go to the Monday since 2014) and
 * Te Kāhui o Matariki Public Holiday Act 2022, whose schedule names each Matariki to 2052
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { dates, easter, fixed, nthWeekday, onOrBefore } from "./rule.ts";
import { nextFree, weekendToMonday } from "./substitute.ts";
import { MON, MON_FRI } from "./weekday.ts";

const MATARIKI = dates(
  "2022-06-24",
  "2023-07-14",
  "2024-06-28",
  "2025-06-20",
  "2026-07-10",
  "2027-06-25",
  "2028-07-14",
  "2029-07-06",
  "2030-06-21",
  "2031-07-11",
  "2032-07-02",
  "2033-06-24",
  "2034-07-07",
  "2035-06-29",
  "2036-07-18",
  "2037-07-10",
  "2038-06-25",
  "2039-07-15",
  "2040-07-06",
  "2041-07-19",
  "2042-07-11",
  "2043-07-03",
  "2044-06-24",
  "2045-07-07",
  "2046-06-29",
  "2047-07-19",
  "2048-07-03",
  "2049-06-25",
  "2050-07-15",
  "2051-06-30",
  "2052-06-21",
);

const HALF_DAY_CLOSE = "12:45";

/** New Zealand's Exchange. */
export const XNZE: Calendar = {
  code: "XNZE",
  name: "New Zealand's Exchange",
  timezone: "Pacific/Auckland",
  hours: [{ open: "10:00", close: "16:45" }],
  holidays: [
    { name: "New Year's Day", on: fixed(1, 1), observed: nextFree() },
    { name: "Day after New Year's Day", on: fixed(1, 2), observed: nextFree() },
    { name: "Waitangi Day", on: fixed(2, 6), observed: weekendToMonday },
    { name: "Good Friday", on: easter(-2) },
    { name: "Easter Monday", on: easter(1) },
    { name: "Anzac Day", on: fixed(4, 25), observed: weekendToMonday },
    { name: "King's Birthday", on: nthWeekday(6, 1, MON) },
    { name: "Matariki", on: MATARIKI },
    { name: "Labour Day", on: nthWeekday(10, 4, MON) },
    { name: "Christmas Day", on: fixed(12, 25), observed: nextFree() },
    { name: "Boxing Day", on: fixed(12, 26), observed: nextFree() },
  ],
  closures: [
    { name: "Memorial day for Queen Elizabeth II", on: dates("2022-09-26") },
  ],
  specialSessions: [],
  earlyCloses: [
    {
      name: "Last day before Christmas",
      on: onOrBefore(12, 24, MON_FRI),
      close: HALF_DAY_CLOSE,
    },
    {
      name: "Last day of the year",
      on: onOrBefore(12, 31, MON_FRI),
      close: HALF_DAY_CLOSE,
    },
  ],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
