import assert from "node:assert/strict";
import { announced } from "../../../src/domain/calendars/announced.ts";
import { moonAgeOnOrAfter } from "../../../src/domain/calendars/moon.ts";
import { fixed } from "../../../src/domain/calendars/rule.ts";
import type { DateRule } from "../../../src/domain/calendars/rule.ts";
import { tithiOnOrAfter } from "../../../src/domain/calendars/tithi.ts";
import { dateOf } from "../../../src/domain/date.ts";

function datesIn(rule: DateRule, years: readonly number[]): readonly string[] {
  return years.flatMap((year) => rule(year)).map(dateOf);
}

Deno.test("tithiOnOrAfter() finds Maha Shivaratri at midnight", () => {
  assert.deepEqual(
    datesIn(tithiOnOrAfter(29, 24, 2, 11), [2023, 2024, 2025, 2026]),
    ["2023-02-18", "2024-03-08", "2025-02-26", "2026-02-15"],
  );
});

Deno.test("tithiOnOrAfter() gives a tithi without its hour to the day it began on", () => {
  // The first of the bright half of 2019 lasted from 09:08 on 28 October to 06:13 on the 29th.
  assert.deepEqual(datesIn(tithiOnOrAfter(1, 8, 10, 18), [2019]), [
    "2019-10-28",
  ]);
});

Deno.test("tithiOnOrAfter() gives each year one day, in the month it looks through", () => {
  const rule = tithiOnOrAfter(10, 12, 9, 27);
  for (let year = 1950; year <= 2100; year++) {
    const [day, ...more] = rule(year);
    assert.ok(day !== undefined && more.length === 0, `${year}`);
    const date = dateOf(day);
    assert.ok(date >= `${year}-09-27` && date <= `${year}-10-28`, date);
  }
});

Deno.test("moonAgeOnOrAfter() counts the day it begins with", () => {
  const newMoon = moonAgeOnOrAfter(1, 10, 18);
  // 18 October 2028 is a new moon itself.
  assert.deepEqual(datesIn(newMoon, [2025, 2026, 2028, 2031]), [
    "2025-10-21",
    "2026-11-09",
    "2028-10-18",
    "2031-11-15",
  ]);
});

Deno.test("announced() keeps to the list as far as it goes", () => {
  const rule = announced(["2024-05-31", "2026-06-02"], fixed(6, 1));
  assert.deepEqual(datesIn(rule, [2023, 2024, 2025, 2026, 2027]), [
    "2024-05-31",
    "2026-06-02",
    "2027-06-01",
  ]);
});
