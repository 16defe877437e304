import assert from "node:assert/strict";
import { dateOf, dayOf, weekdayOf } from "../../../src/domain/date.ts";
import type { Calendar } from "../../../src/domain/calendars/calendar.ts";
import { calendarOf } from "../../../src/domain/calendars/registry.ts";
import {
  closureOf,
  isKnown,
  tradingDay,
  tradingDayFrom,
  tradingDaysBetween,
} from "../../../src/domain/calendars/trading_day.ts";

/** A year as the exchange's own calendar has it: weekdays without trading, and half days. */
interface Year {
  readonly code: string;
  readonly year: number;
  readonly closed: string;
  /** Dates, then the local time at which all of them end. */
  readonly half?: string;
}

const YEARS: readonly Year[] = [
  {
    code: "XPAR",
    year: 2024,
    closed: "01-01 03-29 04-01 05-01 12-25 12-26",
    half: "12-24 12-31 14:05",
  },
  // Both eves on a Saturday: no half day is made up.
  { code: "XPAR", year: 2022, closed: "04-15 04-18 12-26" },
  {
    code: "XAMS",
    year: 2026,
    closed: "01-01 04-03 04-06 05-01 12-25",
    half: "12-24 12-31 14:05",
  },
  {
    code: "XBRU",
    year: 2021,
    closed: "01-01 04-02 04-05",
    half: "12-24 12-31 14:05",
  },
  {
    code: "XLIS",
    year: 2018,
    closed: "01-01 03-30 04-02 05-01 12-25 12-26",
    half: "12-24 12-31 13:05",
  },
  // The last year of the Irish Stock Exchange's own days; a storm in March.
  {
    code: "XDUB",
    year: 2018,
    closed: "01-01 03-02 03-30 04-02 05-07 06-04 12-25 12-26",
    half: "03-01 12-24 12-31 12:28",
  },
  {
    code: "XDUB",
    year: 2019,
    closed: "01-01 04-19 04-22 05-01 12-25 12-26",
    half: "12-24 12-31 12:28",
  },
  // Labour Day on a Saturday comes to the May bank holiday; Christmas takes two days of its own.
  {
    code: "XDUB",
    year: 2021,
    closed: "01-01 04-02 04-05 05-03 12-27 12-28",
    half: "12-24 12-31 12:28",
  },
  // Both eves on a Sunday: the Fridays before are half days.
  {
    code: "XDUB",
    year: 2023,
    closed: "01-02 04-07 04-10 05-01 12-25 12-26",
    half: "12-22 12-29 12:28",
  },
  {
    code: "XDUB",
    year: 2024,
    closed: "01-01 03-29 04-01 05-01 05-06 12-25 12-26",
    half: "12-24 12-31 12:28",
  },
  {
    code: "XMIL",
    year: 2025,
    closed: "01-01 04-18 04-21 05-01 08-15 12-24 12-25 12-26 12-31",
  },
  {
    code: "XMIL",
    year: 2026,
    closed: "01-01 04-03 04-06 05-01 12-24 12-25 12-31",
  },
  {
    code: "XMAD",
    year: 2020,
    closed: "01-01 04-10 04-13 05-01 12-25",
    half: "12-24 12-31 14:00",
  },
  // In this year the eves were closed.
  { code: "XMAD", year: 2021, closed: "01-01 04-02 04-05 12-24 12-31" },
  {
    code: "XMAD",
    year: 2024,
    closed: "01-01 03-29 04-01 05-01 12-25 12-26",
    half: "12-24 12-31 14:00",
  },
  {
    code: "XSWX",
    year: 2018,
    closed:
      "01-01 01-02 03-30 04-02 05-01 05-10 05-21 08-01 12-24 12-25 12-26 12-31",
  },
  {
    code: "XSWX",
    year: 2022,
    closed: "04-15 04-18 05-26 06-06 08-01 12-26",
  },
  // The last year with church holidays.
  {
    code: "XWBO",
    year: 2018,
    closed: "01-01 03-30 04-02 05-01 05-10 05-21 05-31 08-15 10-26 11-01 " +
      "12-24 12-25 12-26 12-31",
    half: "12-28 14:15",
  },
  // The last year with Whit Monday.
  {
    code: "XWBO",
    year: 2022,
    closed: "04-15 04-18 06-06 10-26 12-26",
    half: "12-30 14:15",
  },
  {
    code: "XWBO",
    year: 2023,
    closed: "04-07 04-10 05-01 10-26 12-25 12-26",
    half: "12-29 14:15",
  },
  // Epiphany is on a Saturday, and its eve a half day all the same.
  {
    code: "XSTO",
    year: 2024,
    closed: "01-01 03-29 04-01 05-01 05-09 06-06 06-21 12-24 12-25 12-26 12-31",
    half: "01-05 03-28 04-30 05-08 11-01 13:00",
  },
  // All Saints' Day on 31 October puts its eve on the 30th; Midsummer Eve on its first date.
  {
    code: "XSTO",
    year: 2015,
    closed: "01-01 01-06 04-03 04-06 05-01 05-14 06-19 12-24 12-25 12-31",
    half: "01-05 04-02 04-30 05-13 10-30 13:00",
  },
  // The last year of General Prayer Day, 5 May.
  {
    code: "XCSE",
    year: 2023,
    closed: "04-06 04-07 04-10 05-05 05-18 05-19 05-29 06-05 12-25 12-26",
  },
  {
    code: "XCSE",
    year: 2024,
    closed:
      "01-01 03-28 03-29 04-01 05-09 05-10 05-20 06-05 12-24 12-25 12-26 12-31",
  },
  {
    code: "XHEL",
    year: 2018,
    closed: "01-01 03-30 04-02 05-01 05-10 06-22 12-06 12-24 12-25 12-26 12-31",
  },
  {
    code: "XHEL",
    year: 2025,
    closed: "01-01 01-06 04-18 04-21 05-01 05-29 06-20 12-24 12-25 12-26 12-31",
  },
  {
    code: "XOSL",
    year: 2024,
    closed:
      "01-01 03-28 03-29 04-01 05-01 05-09 05-17 05-20 12-24 12-25 12-26 12-31",
    half: "03-27 13:00",
  },
  {
    code: "XJSE",
    year: 2019,
    closed:
      "01-01 03-21 04-19 04-22 05-01 05-08 06-17 08-09 09-24 12-16 12-25 12-26",
  },
];

for (const { code, year, closed, half = "" } of YEARS) {
  Deno.test(`${code} keeps the closed and half days of ${year}`, () => {
    const calendar = known(code);
    assert.equal(closedWeekdays(calendar, year), closed);
    assert.equal(halfDays(calendar, year), half);
  });
}

function known(code: string): Calendar {
  const calendar = calendarOf(code);
  assert.ok(calendar !== null, `no calendar "${code}"`);
  return calendar;
}

function closedWeekdays(calendar: Calendar, year: number): string {
  const closed: string[] = [];
  for (let day = dayOf(`${year}-01-01`); day <= dayOf(`${year}-12-31`); day++) {
    const date = dateOf(day);
    if (weekdayOf(date) > 5) continue;
    if (tradingDay(calendar, date) === null) closed.push(date.slice(5));
  }
  return closed.join(" ");
}

function halfDays(calendar: Calendar, year: number): string {
  const days = tradingDaysBetween(calendar, `${year}-01-01`, `${year}-12-31`)
    .filter(({ kind }) => kind !== "regular");
  const times = days.map(({ closeAt }) =>
    Temporal.Instant.fromEpochMilliseconds(closeAt)
      .toZonedDateTimeISO(calendar.timezone).toPlainTime()
      .toString({ smallestUnit: "minute" })
  );
  return [...days.map(({ date }) => date.slice(5)), ...new Set(times)]
    .join(" ");
}

// In UTC: a day of February, then one of July.
const HOURS: Readonly<Record<string, readonly [string, string]>> = {
  XPAR: ["08:00-16:30", "07:00-15:30"],
  XAMS: ["08:00-16:30", "07:00-15:30"],
  XBRU: ["08:00-16:30", "07:00-15:30"],
  XLIS: ["08:00-16:30", "07:00-15:30"],
  XDUB: ["08:00-16:28", "07:00-15:28"],
  XMIL: ["08:00-16:30", "07:00-15:30"],
  XMAD: ["08:00-16:30", "07:00-15:30"],
  XSWX: ["08:00-16:30", "07:00-15:30"],
  XWBO: ["08:00-16:30", "07:00-15:30"],
  XSTO: ["08:00-16:30", "07:00-15:30"],
  XCSE: ["08:00-16:00", "07:00-15:00"],
  XHEL: ["08:00-16:30", "07:00-15:30"],
  XOSL: ["08:00-15:20", "07:00-14:20"],
  XJSE: ["07:00-15:00", "07:00-15:00"],
};

for (const [code, [winter, summer]] of Object.entries(HOURS)) {
  Deno.test(`${code} opens and closes by the clock of its own city`, () => {
    const calendar = known(code);
    assert.equal(hoursOn(calendar, "2024-02-07"), winter);
    assert.equal(hoursOn(calendar, "2024-07-10"), summer);
  });
}

function hoursOn(calendar: Calendar, date: string): string {
  const day = tradingDay(calendar, date);
  assert.ok(day !== null, `"${calendar.code}" is closed on ${date}`);
  assert.equal(day.breakStartAt, null);
  return [day.openAt, day.closeAt]
    .map((at) => Temporal.Instant.fromEpochMilliseconds(at).toString())
    .map((instant) => instant.slice(11, 16)).join("-");
}

Deno.test("tradingDaysBetween() counts the days of a year as the exchanges do", () => {
  const counts = (code: string, ...years: number[]) =>
    years.map((year) =>
      tradingDaysBetween(known(code), `${year}-01-01`, `${year}-12-31`).length
    );
  assert.deepEqual(counts("XPAR", 2022, 2023, 2024, 2025), [
    257,
    255,
    256,
    255,
  ]);
  assert.deepEqual(counts("XMIL", 2024, 2025), [253, 252]);
  assert.deepEqual(counts("XSTO", 2024), [251]);
  assert.deepEqual(counts("XCSE", 2024), [250]);
  assert.deepEqual(counts("XHEL", 2024), [251]);
  assert.deepEqual(counts("XOSL", 2024), [250]);
  assert.deepEqual(counts("XSWX", 2024), [250]);
});

Deno.test("tradingDayFrom() begins the year where the exchange begins it", () => {
  const firstOf = (code: string, year: number) =>
    tradingDayFrom(known(code), dayOf(`${year}-01-01`))?.date;
  assert.equal(firstOf("XPAR", 2022), "2022-01-03");
  assert.equal(firstOf("XSWX", 2025), "2025-01-03");
  assert.equal(firstOf("XDUB", 2022), "2022-01-04");
  assert.equal(firstOf("XJSE", 2023), "2023-01-03");
});

Deno.test("closureOf() names the day that closes the exchange", () => {
  assert.equal(closureOf(known("XDUB"), "2018-03-02"), "Storm Emma");
  assert.equal(
    closureOf(known("XDUB"), "2022-01-03"),
    "New Year's Day (observed)",
  );
  assert.equal(closureOf(known("XMIL"), "2025-08-15"), "Ferragosto");
  assert.equal(closureOf(known("XCSE"), "2024-04-26"), null);
  assert.equal(
    closureOf(known("XJSE"), "2016-12-27"),
    "Day of Goodwill (declared)",
  );
});

Deno.test("isKnown() says where the rules alone speak, and they go on", () => {
  assert.ok(isKnown(known("XPAR"), "2026-12-31"));
  assert.ok(!isKnown(known("XPAR"), "2040-12-24"));
  assert.equal(tradingDay(known("XPAR"), "2040-12-24")?.kind, "early_close");
  assert.equal(closureOf(known("XSTO"), "2040-06-22"), "Midsummer Eve");
  // Election days after this one are not listed.
  assert.ok(isKnown(known("XJSE"), "2019-05-08"));
  assert.ok(!isKnown(known("XJSE"), "2021-11-01"));
});
