import assert from "node:assert/strict";
import {
  moonDate,
  moonNewYearsEve,
} from "../../../src/domain/calendars/moon.ts";
import type { DateRule } from "../../../src/domain/calendars/rule.ts";
import {
  SUN_LONGITUDES,
  sunReaches,
} from "../../../src/domain/calendars/sun.ts";
import { dateOf } from "../../../src/domain/date.ts";

function datesOf(rule: DateRule, from: number, to: number): readonly string[] {
  const years = Array.from(
    { length: to - from + 1 },
    (_, index) => from + index,
  );
  return years.flatMap((year) => rule(year)).map(dateOf);
}

Deno.test("moonDate() gives the Chinese New Year as almanacs print it", () => {
  assert.deepEqual(datesOf(moonDate("chinese", 1, 1), 2012, 2030), [
    "2012-01-23",
    "2013-02-10",
    "2014-01-31",
    "2015-02-19",
    "2016-02-08",
    "2017-01-28",
    "2018-02-16",
    "2019-02-05",
    "2020-01-25",
    "2021-02-12",
    "2022-02-01",
    "2023-01-22",
    "2024-02-10",
    "2025-01-29",
    "2026-02-17",
    "2027-02-06",
    "2028-01-26",
    "2029-02-13",
    "2030-02-03",
  ]);
  assert.deepEqual(
    datesOf(moonNewYearsEve("chinese"), 2025, 2026),
    ["2025-01-28", "2026-02-16"],
  );
});

Deno.test("moonDate() counts months past a leap month", () => {
  // 2014 had a second ninth month, 2020 a second fourth, 2023 a second, 2025 a second sixth.
  assert.deepEqual(
    [2014, 2020, 2023, 2025].flatMap((year) =>
      datesOf(moonDate("chinese", 8, 15), year, year)
    ),
    ["2014-09-08", "2020-10-01", "2023-09-29", "2025-10-06"],
  );
  assert.deepEqual(
    datesOf(moonDate("chinese", 5, 5), 2019, 2026),
    [
      "2019-06-07",
      "2020-06-25",
      "2021-06-14",
      "2022-06-03",
      "2023-06-22",
      "2024-06-10",
      "2025-05-31",
      "2026-06-19",
    ],
  );
  assert.deepEqual(
    datesOf(moonDate("chinese", 9, 9), 2014, 2026).slice(0, 3),
    ["2014-10-02", "2015-10-21", "2016-10-09"],
  );
});

Deno.test("moonDate() knows that Korea's new moon can be a day later than China's", () => {
  assert.deepEqual(
    datesOf(moonDate("dangi", 1, 1), 2026, 2028),
    ["2026-02-17", "2027-02-07", "2028-01-27"],
  );
});

Deno.test("moonDate() gives a date twice where the other year is shorter than ours", () => {
  assert.deepEqual(
    datesOf(moonDate("islamic-umalqura", 10, 1), 2000, 2001),
    ["2000-01-08", "2000-12-27", "2001-12-16"],
  );
});

Deno.test("sunReaches() gives Japan's equinoxes by the almanac's rule of thumb for 1980 to 2099", () => {
  const vernal = sunReaches(SUN_LONGITUDES.vernalEquinox, 9);
  const autumnal = sunReaches(SUN_LONGITUDES.autumnalEquinox, 9);
  for (let year = 1980; year < 2100; year++) {
    const drift = 0.242194 * (year - 1980) - Math.floor((year - 1980) / 4);
    const [march, september] = [20.8431, 23.2488]
      .map((start) => Math.floor(start + drift));
    assert.deepEqual(vernal(year).map(dateOf), [`${year}-03-${march}`]);
    assert.deepEqual(autumnal(year).map(dateOf), [`${year}-09-${september}`]);
  }
});

Deno.test("sunReaches() gives the tomb-sweeping days of China", () => {
  assert.deepEqual(
    datesOf(sunReaches(SUN_LONGITUDES.qingming, 8), 2014, 2028)
      .map((date) => date.slice(2)),
    [
      "14-04-05",
      "15-04-05",
      "16-04-04",
      "17-04-04",
      "18-04-05",
      "19-04-05",
      "20-04-04",
      "21-04-04",
      "22-04-05",
      "23-04-05",
      "24-04-04",
      "25-04-04",
      "26-04-05",
      "27-04-05",
      "28-04-04",
    ],
  );
});
