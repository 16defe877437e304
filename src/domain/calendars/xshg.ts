/**
 * Shanghai and Shenzhen Stock Exchanges, which keep the same days and hours.
 *
 * The State Council announces each year's holidays in the autumn before; what it announces has
 * followed the rules below since 2015, with the exceptions listed. Weekends worked in exchange are
 * no trading days.
 *
 * @source China's Regulation on Public Holidays (2013, changed 2024) and the State Council's yearly
 * notices
 * @module
 */

import { weekdayOfDay } from "../date.ts";
import type { EpochDay } from "../date.ts";
import type { Weekday } from "../time.ts";
import type { Calendar } from "./calendar.ts";
import { moonDate } from "./moon.ts";
import { dates, exceptIn, fixed } from "./rule.ts";
import type { DateRule } from "./rule.ts";
import { SUN_LONGITUDES, sunReaches } from "./sun.ts";
import { MON, SUN } from "./weekday.ts";

const SHANGHAI_UTC_OFFSET_HOURS = 8;

/**
 * First and last day, counted from a feast, of the weekdays closed for it: with the weekend beside
 * them three days in a row. A feast on a Wednesday stands alone.
 */
const LONG_WEEKEND: Readonly<Record<Weekday, readonly [number, number]>> = {
  1: [0, 0],
  2: [-1, 0],
  3: [0, 0],
  4: [0, 1],
  5: [0, 0],
  6: [2, 2],
  7: [1, 1],
};

function longWeekend(feast: DateRule): DateRule {
  return (year) =>
    feast(year).flatMap((day) => {
      const [from, to] = LONG_WEEKEND[weekdayOfDay(day)];
      return daysFrom(day + from, day + to);
    });
}

function daysFrom(first: EpochDay, last: EpochDay): readonly EpochDay[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

// From the eve on; a day longer since 2024.
function springFestival(year: number): readonly EpochDay[] {
  const lastOffset = year < 2024 ? 5 : 6;
  return moonDate("chinese", 1, 1)(year).flatMap((newYear) =>
    daysFrom(newYear - 1, newYear + lastOffset)
  );
}

// Five days in a row since 2020, which begin on the Saturday where 1 May follows a weekend.
function labourDays(year: number): readonly EpochDay[] {
  return fixed(5, 1)(year).flatMap((first) => {
    const weekday = weekdayOfDay(first);
    const before = weekday === SUN ? 1 : weekday === MON ? 2 : 0;
    return daysFrom(first, first + 4 - before);
  });
}

const MID_AUTUMN = moonDate("chinese", 8, 15);

const NATIONAL_DAYS: DateRule = (year) =>
  fixed(10, 1)(year).flatMap((first) => {
    const last = first + 6;
    // A Mid-Autumn Festival within the seven days makes them eight.
    const isLonger = MID_AUTUMN(year).some((day) =>
      first <= day && day <= last
    );
    return daysFrom(first, isLonger ? last + 1 : last);
  });

// The festival of the national days is counted there.
const MID_AUTUMN_BEFORE_OCTOBER: DateRule = (year) => {
  const october = fixed(10, 1)(year)[0] ?? Infinity;
  return MID_AUTUMN(year).filter((day) => day < october || day > october + 6);
};

/** Shanghai Stock Exchange. */
export const XSHG: Calendar = {
  code: "XSHG",
  name: "Shanghai Stock Exchange",
  timezone: "Asia/Shanghai",
  hours: [{ open: "09:30", close: "15:00", break: ["11:30", "13:00"] }],
  holidays: [
    { name: "New Year's Day", on: longWeekend(fixed(1, 1)) },
    { name: "Spring Festival", on: springFestival },
    {
      name: "Tomb-Sweeping Day",
      on: longWeekend(
        sunReaches(SUN_LONGITUDES.qingming, SHANGHAI_UTC_OFFSET_HOURS),
      ),
    },
    { name: "Labour Day", on: longWeekend(fixed(5, 1)), until: 2019 },
    { name: "Labour Day", on: labourDays, from: 2020 },
    {
      name: "Dragon Boat Festival",
      on: longWeekend(moonDate("chinese", 5, 5)),
    },
    {
      name: "Mid-Autumn Festival",
      // That year's fell on a Sunday, four days before the national days.
      on: exceptIn(longWeekend(MID_AUTUMN_BEFORE_OCTOBER), 2015),
    },
    { name: "National Day", on: NATIONAL_DAYS },
  ],
  closures: [
    { name: "70 years of victory", on: dates("2015-09-03..2015-09-04") },
    { name: "Longer Labour Day", on: dates("2019-05-02..2019-05-03") },
    { name: "Longer Spring Festival in the epidemic", on: dates("2020-01-31") },
  ],
  specialSessions: [],
  earlyCloses: [],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};

/** Shenzhen Stock Exchange. */
export const XSHE: Calendar = {
  ...XSHG,
  code: "XSHE",
  name: "Shenzhen Stock Exchange",
};
