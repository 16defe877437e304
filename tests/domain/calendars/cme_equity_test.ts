import assert from "node:assert/strict";
import { CME_EQUITY } from "../../../src/domain/calendars/cme_equity.ts";
import {
  closureOf,
  isOpenAt,
  tradingDay,
} from "../../../src/domain/calendars/trading_day.ts";
import { addDays, weekdayOf } from "../../../src/domain/date.ts";
import { carillonLines } from "../../support/calendar_answers.ts";

function irregular(year: number): readonly string[] {
  const [from, to] = [`${year}-01-01`, `${year}-12-31`];
  const open = carillonLines(CME_EQUITY, from, to)
    .filter((line) => !/ 16:(?:00|15)$/.test(line))
    .map((line) => line.replace(" -1d 17:00 - -", ""));
  const closed: string[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) {
    const name = closureOf(CME_EQUITY, date);
    if (name !== null && weekdayOf(date) < 6) closed.push(`${date} ${name}`);
  }
  return [...open, ...closed].sort();
}

Deno.test("CME_EQUITY keeps the holiday schedule of 2025", () => {
  assert.deepEqual(irregular(2025), [
    "2025-01-01 New Year's Day",
    "2025-01-09 08:30",
    "2025-01-20 12:00",
    "2025-02-17 12:00",
    "2025-04-18 Good Friday",
    "2025-05-26 12:00",
    "2025-06-19 12:00",
    "2025-07-03 12:15",
    "2025-07-04 12:00",
    "2025-09-01 12:00",
    "2025-11-27 12:00",
    "2025-11-28 12:15",
    "2025-12-24 12:15",
    "2025-12-25 Christmas Day",
  ]);
});

Deno.test("CME_EQUITY keeps holidays on the weekday beside a weekend, as in 2021", () => {
  assert.deepEqual(irregular(2021), [
    "2021-01-01 New Year's Day",
    "2021-01-18 12:00",
    "2021-02-15 12:00",
    "2021-04-02 08:15",
    "2021-05-31 12:00",
    "2021-07-05 12:00",
    "2021-09-06 12:00",
    "2021-11-25 12:00",
    "2021-11-26 12:15",
    "2021-12-24 Christmas Day",
  ]);
});

Deno.test("CME_EQUITY opens on a Good Friday that has the jobs report", () => {
  const goodFridays = [
    "2015-04-03",
    "2016-03-25",
    "2018-03-30",
    "2021-04-02",
    "2022-04-15",
    "2023-04-07",
    "2024-03-29",
    "2026-04-03",
  ];
  assert.deepEqual(
    goodFridays.filter((date) => tradingDay(CME_EQUITY, date) !== null),
    ["2015-04-03", "2021-04-02", "2023-04-07", "2026-04-03"],
  );
});

Deno.test("CME_EQUITY lost its last quarter of an hour in 2015 and its halt in 2021", () => {
  assert.deepEqual(
    ["2015-09-18", "2015-09-21", "2021-06-25", "2021-06-28"]
      .flatMap((date) => carillonLines(CME_EQUITY, date, date)),
    [
      "2015-09-18 -1d 17:00 15:15 15:30 16:15",
      "2015-09-21 -1d 17:00 15:15 15:30 16:00",
      "2021-06-25 -1d 17:00 15:15 15:30 16:00",
      "2021-06-28 -1d 17:00 - - 16:00",
    ],
  );
});

Deno.test("CME_EQUITY rests between 16:00 and 17:00 Chicago", () => {
  const at = (time: string) =>
    Temporal.ZonedDateTime.from(`2026-11-24T${time}[America/Chicago]`)
      .epochMilliseconds;
  assert.deepEqual(
    ["15:59:59.999", "16:00", "16:59:59.999", "17:00"]
      .map((time) => isOpenAt(CME_EQUITY, at(time))),
    [true, false, false, true],
  );
});
