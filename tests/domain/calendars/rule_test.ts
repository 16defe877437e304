import assert from "node:assert/strict";
import { easterSunday } from "../../../src/domain/calendars/easter.ts";
import {
  anyOf,
  type DateRule,
  dates,
  daysAfter,
  easter,
  exceptIn,
  fixed,
  keptOn,
  lastWeekday,
  moved,
  nthWeekday,
  onlyOn,
  onOrAfter,
  onOrBefore,
} from "../../../src/domain/calendars/rule.ts";
import {
  nearestWeekday,
  sundayToMonday,
  weekendToMonday,
} from "../../../src/domain/calendars/substitute.ts";
import {
  FRI,
  MON,
  MON_FRI,
  MON_THU,
  THU,
} from "../../../src/domain/calendars/weekday.ts";
import { dateOf } from "../../../src/domain/date.ts";

function datesOf(rule: DateRule, ...years: number[]): readonly string[] {
  return years.flatMap((year) => rule(year)).map(dateOf);
}

Deno.test("fixed() gives a 29 February in leap years only", () => {
  assert.deepEqual(
    datesOf(fixed(2, 29), 1900, 2000, 2023, 2024, 2025),
    ["2000-02-29", "2024-02-29"],
  );
  assert.deepEqual(datesOf(fixed(12, 31), 2024), ["2024-12-31"]);
  assert.deepEqual(datesOf(fixed(3, 1), 2023, 2024), [
    "2023-03-01",
    "2024-03-01",
  ]);
});

Deno.test("nthWeekday() counts weekdays, not weeks", () => {
  assert.deepEqual(
    datesOf(nthWeekday(11, 4, THU), 2018, 2019, 2023, 2024),
    ["2018-11-22", "2019-11-28", "2023-11-23", "2024-11-28"],
  );
  assert.deepEqual(
    datesOf(nthWeekday(5, 1, MON), 2023, 2028),
    ["2023-05-01", "2028-05-01"],
  );
});

Deno.test("lastWeekday() is the fifth where there is one", () => {
  assert.deepEqual(
    datesOf(lastWeekday(5, MON), 2021, 2022, 2023),
    ["2021-05-31", "2022-05-30", "2023-05-29"],
  );
  assert.deepEqual(datesOf(lastWeekday(12, FRI), 2026), ["2026-12-25"]);
});

Deno.test("onOrAfter() and onOrBefore() count the date itself", () => {
  assert.deepEqual(
    datesOf(onOrBefore(5, 24, [MON]), 2021, 2022),
    ["2021-05-24", "2022-05-23"],
  );
  assert.deepEqual(
    datesOf(onOrBefore(12, 24, MON_FRI), 2022, 2023, 2024),
    ["2022-12-23", "2023-12-22", "2024-12-24"],
  );
  assert.deepEqual(
    datesOf(onOrAfter(12, 31, [MON]), 2018, 2019),
    ["2018-12-31", "2020-01-06"],
  );
});

Deno.test("easter() counts days from Easter Sunday", () => {
  assert.deepEqual(
    [-48, -2, 0, 1, 39, 50, 60].flatMap((days) => datesOf(easter(days), 2026)),
    [
      "2026-02-16",
      "2026-04-03",
      "2026-04-05",
      "2026-04-06",
      "2026-05-14",
      "2026-05-25",
      "2026-06-04",
    ],
  );
});

Deno.test("easterSunday() gives the dates that the church printed", () => {
  assert.deepEqual(
    [1818, 1943, 1954, 1961, 1981, 2000, 2008, 2011, 2038, 2049, 2285]
      .map((year) => dateOf(easterSunday(year))),
    [
      "1818-03-22",
      "1943-04-25",
      "1954-04-18",
      "1961-04-02",
      "1981-04-19",
      "2000-04-23",
      "2008-03-23",
      "2011-04-24",
      "2038-04-25",
      "2049-04-18",
      "2285-03-22",
    ],
  );
});

Deno.test("easterSunday() agrees with the anonymous computus of 1876 for 2,500 years", () => {
  for (let year = 1583; year < 4100; year++) {
    assert.equal(dateOf(easterSunday(year)), computusOf1876(year));
  }
});

/** Another way to the same date: all in remainders, as printed in Nature. */
function computusOf1876(year: number): string {
  const whole = (a: number, b: number) => Math.floor(a / b);
  const [b, c] = [whole(year, 100), year % 100];
  const epact = (19 * (year % 19) + b - whole(b, 4) -
    whole(b - whole(b + 8, 25) + 1, 3) + 15) % 30;
  const weekday = (32 + 2 * (b % 4) + 2 * whole(c, 4) - epact - c % 4) % 7;
  const shift = whole(year % 19 + 11 * epact + 22 * weekday, 451);
  const sum = epact + weekday - 7 * shift + 114;
  return new Temporal.PlainDate(year, whole(sum, 31), sum % 31 + 1).toString();
}

Deno.test("onlyOn(), exceptIn(), moved() and daysAfter() change another rule", () => {
  const third = fixed(7, 3);
  assert.deepEqual(
    datesOf(onlyOn(third, MON_THU), 2023, 2024, 2025, 2026),
    ["2023-07-03", "2024-07-03", "2025-07-03"],
  );
  assert.deepEqual(
    datesOf(exceptIn(third, 2020, 2022), 2020, 2021, 2022),
    ["2021-07-03"],
  );
  assert.deepEqual(
    datesOf(moved(third, "2020-05-08", "2022-06-02"), 2020, 2021, 2022),
    ["2020-05-08", "2021-07-03", "2022-06-02"],
  );
  assert.deepEqual(datesOf(daysAfter(fixed(12, 31), 1), 2026), ["2027-01-01"]);
  assert.deepEqual(
    datesOf(anyOf(fixed(1, 2), fixed(1, 3)), 2026),
    ["2026-01-02", "2026-01-03"],
  );
});

Deno.test("keptOn() moves a weekend's day as its observance says", () => {
  // 25 December is a Saturday in 2021 and a Sunday in 2022.
  const christmas = fixed(12, 25);
  assert.deepEqual(
    datesOf(keptOn(christmas, nearestWeekday), 2021, 2022, 2023),
    ["2021-12-24", "2022-12-26", "2023-12-25"],
  );
  assert.deepEqual(
    datesOf(keptOn(christmas, weekendToMonday), 2021, 2022, 2023),
    ["2021-12-27", "2022-12-26", "2023-12-25"],
  );
  assert.deepEqual(
    datesOf(keptOn(christmas, sundayToMonday), 2021, 2022, 2023),
    ["2021-12-25", "2022-12-26", "2023-12-25"],
  );
});

Deno.test("dates() takes single dates and ranges, over the turn of a year", () => {
  const rule = dates("2019-12-30..2020-01-02", "2020-06-01");
  assert.deepEqual(datesOf(rule, 2018), []);
  assert.deepEqual(datesOf(rule, 2019), ["2019-12-30", "2019-12-31"]);
  assert.deepEqual(
    datesOf(rule, 2020),
    ["2020-01-01", "2020-01-02", "2020-06-01"],
  );
});

Deno.test("dates() refuses what is no date and a range that runs backwards", () => {
  assert.throws(() => dates("2026-02-30"), /expected a day of the calendar/);
  assert.throws(
    () => dates("2026-03-02..2026-03-01"),
    /expected 2026-03-02 or later as the last, got 2026-03-01/,
  );
});
