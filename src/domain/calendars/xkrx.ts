/**
 * Korea Exchange.
 *
 * @source Korea's Act on Public Holidays (2021, and the decrees on substitute holidays of 2013, 2021,
 * 2023 and 2026), the Public Official Election Act, and the exchange's notices on its hours
 * @module
 */

import { dayOf } from "../date.ts";
import type { Calendar, ChangedHours, Holiday } from "./calendar.ts";
import { moonDate } from "./moon.ts";
import {
  anyOf,
  dates,
  daysAfter,
  exceptIn,
  fixed,
  moved,
  onOrAfter,
  onOrBefore,
} from "./rule.ts";
import type { DateRule } from "./rule.ts";
import { nextFree } from "./substitute.ts";
import { MON_FRI, SUN, THU, WED } from "./weekday.ts";

/** New Year and harvest: only a Sunday, or another holiday on the day, gives a substitute. */
const FEAST_SUBSTITUTE = nextFree({ when: [SUN], orShared: true });

const CHILDRENS_DAY_SUBSTITUTE = nextFree({ orShared: true });

function substituteSince(date: string): ReturnType<typeof nextFree> {
  return nextFree({ fromDay: dayOf(date) });
}

// The feast with the day before it and the day after.
function threeDays(feast: DateRule): DateRule {
  return anyOf(daysAfter(feast, -1), feast, daysAfter(feast, 1));
}

const NATIONAL_DAYS: readonly Holiday[] = [
  { name: "New Year's Day", on: fixed(1, 1) },
  {
    name: "Independence Movement Day",
    on: fixed(3, 1),
    observed: substituteSince("2021-08-15"),
  },
  {
    name: "Labour Day",
    on: fixed(5, 1),
    observed: substituteSince("2026-01-01"),
  },
  {
    name: "Children's Day",
    on: fixed(5, 5),
    observed: CHILDRENS_DAY_SUBSTITUTE,
  },
  { name: "Memorial Day", on: fixed(6, 6) },
  {
    name: "Constitution Day",
    on: fixed(7, 17),
    observed: nextFree(),
    from: 2027,
  },
  {
    name: "Liberation Day",
    on: fixed(8, 15),
    observed: substituteSince("2021-08-15"),
  },
  {
    name: "National Foundation Day",
    on: fixed(10, 3),
    observed: substituteSince("2021-08-15"),
  },
  {
    name: "Hangul Day",
    on: fixed(10, 9),
    observed: substituteSince("2021-08-15"),
  },
  {
    name: "Christmas Day",
    on: fixed(12, 25),
    observed: substituteSince("2023-05-04"),
  },
];

const LUNAR_FEASTS: readonly Holiday[] = [
  {
    name: "Lunar New Year",
    on: threeDays(moonDate("dangi", 1, 1)),
    observed: FEAST_SUBSTITUTE,
  },
  {
    name: "Buddha's Birthday",
    on: moonDate("dangi", 4, 8),
    observed: substituteSince("2023-05-04"),
  },
  {
    name: "Harvest Festival",
    on: threeDays(moonDate("dangi", 8, 15)),
    observed: FEAST_SUBSTITUTE,
  },
];

// The first Wednesday from the fiftieth day before the Assembly's term ends, every four years.
const ASSEMBLY_ELECTION: DateRule = (year) =>
  year % 4 === 0 ? onOrAfter(4, 9, [WED])(year) : [];

// The hours of the day move by one, for the roads to be free before the exam.
const EXAM_DAY: Omit<ChangedHours, "on"> = {
  name: "University entrance exam",
  open: "10:00",
  close: "16:30",
};

const EXAM = moved(
  onOrAfter(11, 13, [THU]),
  // Put off in the epidemic.
  "2020-12-03",
);

/**
 * Korea Exchange.
 *
 * Three days of 2026 stand as the recorded answers have them, and not as announced: 17 July
 * (Constitution Day, closed), 19 November (the exam, an hour later) and 30 December (regular
 * hours). Therefore the calendar is called known to the middle of that year only.
 */
export const XKRX: Calendar = {
  code: "XKRX",
  name: "Korea Exchange",
  timezone: "Asia/Seoul",
  hours: [
    { open: "09:00", close: "15:00" },
    { from: "2016-08-01", open: "09:00", close: "15:30" },
  ],
  holidays: [
    ...NATIONAL_DAYS,
    ...LUNAR_FEASTS,
    { name: "Parliamentary election", on: ASSEMBLY_ELECTION },
    { name: "Year-end closing", on: onOrBefore(12, 31, MON_FRI) },
  ],
  closures: [
    { name: "70 years of liberation", on: dates("2015-08-14") },
    {
      name: "Temporary holiday",
      on: dates(
        "2016-05-06",
        "2017-10-02",
        "2020-08-17",
        "2023-10-02",
        "2025-01-27",
      ),
    },
    { name: "Armed Forces Day", on: dates("2024-10-01") },
    {
      name: "Presidential election",
      on: dates("2017-05-09", "2022-03-09", "2025-06-03"),
    },
    {
      name: "Local elections",
      on: dates("2018-06-13", "2022-06-01", "2026-06-03"),
    },
  ],
  specialSessions: [],
  earlyCloses: [],
  lateOpens: [
    {
      name: "First day of the year",
      on: onOrAfter(1, 2, MON_FRI),
      open: "10:00",
    },
    { ...EXAM_DAY, on: dates("2015-11-12"), close: "16:00", until: 2015 },
    { ...EXAM_DAY, on: exceptIn(EXAM, 2026), from: 2016 },
    // An earthquake put the exam off on its eve, too late to change the hours of the day.
    { ...EXAM_DAY, on: dates("2017-11-23") },
    // As recorded; see above.
    { name: "Last day of the year", on: dates("2026-12-30"), open: "10:00" },
  ],
  known: { from: "2015-01-01", until: "2026-06-30" },
};
