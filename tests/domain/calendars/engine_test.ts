import assert from "node:assert/strict";
import type { Calendar } from "../../../src/domain/calendars/calendar.ts";
import { calendarDays } from "../../../src/domain/calendars/engine.ts";
import {
  dates,
  fixed,
  nthWeekday,
} from "../../../src/domain/calendars/rule.ts";
import {
  nearestWeekday,
  nextFree,
  type Observance,
} from "../../../src/domain/calendars/substitute.ts";
import {
  MON,
  SAT,
  SUN,
  WEEKEND,
} from "../../../src/domain/calendars/weekday.ts";
import { dateOf, dayOf } from "../../../src/domain/date.ts";
import { HOUR_MS } from "../../../src/domain/time.ts";

const PLAIN: Calendar = {
  code: "XTEST",
  name: "Exchange of the tests",
  timezone: "UTC",
  hours: [{ open: "09:00", close: "17:00" }],
  holidays: [],
  closures: [],
  specialSessions: [],
  earlyCloses: [],
  lateOpens: [],
  known: { from: "2015-01-01", until: null },
};

/** One line for each day: `2026-03-02 regular 9-17`, or why it is closed. */
function lines(
  calendar: Calendar,
  from: string,
  to: string,
): readonly string[] {
  const { open, closed } = calendarDays(calendar, dayOf(from), dayOf(to) + 1);
  const hour = (ms: number) => String(ms / HOUR_MS);
  return [
    ...open.map(({ day, kind, openMs, closeMs, break: pause }) =>
      `${dateOf(day)} ${kind} ${
        [openMs, ...pause ?? [], closeMs].map(hour).join("-")
      }`
    ),
    ...[...closed].map(([day, name]) => `${dateOf(day)} closed: ${name}`),
  ].sort();
}

/** The names of what is closed, by date. */
function closures(
  calendar: Calendar,
  from: string,
  to: string,
): readonly string[] {
  return lines(calendar, from, to).filter((line) => line.includes(" closed: "))
    .map((line) => line.replace(" closed:", ""));
}

function holidays(
  observed: Observance | undefined,
  ...named: readonly (readonly [string, string])[]
): Calendar {
  return {
    ...PLAIN,
    holidays: named.map(([name, date]) => ({
      name,
      on: dates(date),
      ...(observed === undefined ? {} : { observed }),
    })),
  };
}

Deno.test("calendarDays() asks closures first, then special sessions, holidays and weekdays", () => {
  const everyDay = dates("2026-03-02..2026-03-08");
  const calendar: Calendar = {
    ...PLAIN,
    closures: [{ name: "Storm", on: dates("2026-03-02", "2026-03-08") }],
    specialSessions: [{
      name: "Test",
      on: dates("2026-03-02", "2026-03-03", "2026-03-07"),
      open: "10:00",
      close: "11:00",
    }],
    holidays: [{ name: "Feast", on: dates("2026-03-02..2026-03-04") }],
    earlyCloses: [{ name: "Eve", on: everyDay, close: "12:00" }],
  };
  assert.deepEqual(lines(calendar, "2026-03-02", "2026-03-08"), [
    "2026-03-02 closed: Storm",
    "2026-03-03 special 10-11",
    "2026-03-04 closed: Feast",
    "2026-03-05 early_close 9-12",
    "2026-03-06 early_close 9-12",
    "2026-03-07 special 10-11",
    "2026-03-08 closed: Storm",
  ]);
});

Deno.test("calendarDays() changes hours by what is said, and leaves the rest", () => {
  const calendar: Calendar = {
    ...PLAIN,
    earlyCloses: [
      { name: "Eve", on: dates("2026-03-02..2026-03-03"), close: "12:00" },
    ],
    lateOpens: [
      { name: "Ashes", on: dates("2026-03-03..2026-03-04"), open: "11:00" },
      {
        name: "Exams",
        on: dates("2026-03-05"),
        open: "10:00",
        close: "18:00",
      },
    ],
  };
  assert.deepEqual(lines(calendar, "2026-03-02", "2026-03-06"), [
    "2026-03-02 early_close 9-12",
    "2026-03-03 early_close 11-12",
    "2026-03-04 late_open 11-17",
    "2026-03-05 late_open 10-18",
    "2026-03-06 regular 9-17",
  ]);
});

Deno.test("calendarDays() drops a pause that the day does not reach", () => {
  const calendar: Calendar = {
    ...PLAIN,
    hours: [{ open: "09:00", close: "17:00", break: ["12:00", "13:00"] }],
    earlyCloses: [
      { name: "At noon", on: dates("2026-03-03"), close: "12:00" },
      { name: "Within", on: dates("2026-03-04"), close: "13:00" },
      { name: "After", on: dates("2026-03-05"), close: "14:00" },
    ],
    lateOpens: [{ name: "Late", on: dates("2026-03-06"), open: "13:00" }],
  };
  assert.deepEqual(lines(calendar, "2026-03-02", "2026-03-06"), [
    "2026-03-02 regular 9-12-13-17",
    "2026-03-03 early_close 9-12",
    "2026-03-04 early_close 9-13",
    "2026-03-05 early_close 9-12-13-14",
    "2026-03-06 late_open 13-17",
  ]);
});

Deno.test("calendarDays() takes the hours of the latest date reached, weekday by weekday", () => {
  const calendar: Calendar = {
    ...PLAIN,
    hours: [
      { weekdays: [SUN, MON], open: "09:00", close: "15:00" },
      {
        from: "2026-03-09",
        weekdays: [MON],
        open: "-1d 22:00",
        close: "16:00",
      },
      {
        from: "2026-03-09",
        weekdays: [SAT],
        open: "10:00",
        close: "+1d 01:00",
      },
    ],
  };
  assert.deepEqual(lines(calendar, "2026-03-01", "2026-03-15"), [
    "2026-03-01 regular 9-15",
    "2026-03-02 regular 9-15",
    "2026-03-08 regular 9-15",
    "2026-03-09 regular -2-16",
    "2026-03-14 regular 10-25",
  ]);
});

Deno.test("calendarDays() keeps a rule to its first and last year", () => {
  const calendar: Calendar = {
    ...PLAIN,
    holidays: [{
      name: "Feast",
      on: nthWeekday(3, 1, MON),
      from: 2025,
      until: 2026,
    }],
  };
  assert.deepEqual(closures(calendar, "2023-01-01", "2028-12-31"), [
    "2025-03-03 Feast",
    "2026-03-02 Feast",
  ]);
});

Deno.test("calendarDays() moves a holiday over the turn of the year", () => {
  const calendar: Calendar = {
    ...PLAIN,
    holidays: [
      { name: "New Year", on: fixed(1, 1), observed: nearestWeekday },
    ],
  };
  // 1 January 2022 was a Saturday.
  assert.deepEqual(closures(calendar, "2021-12-01", "2021-12-31"), [
    "2021-12-31 New Year (observed)",
  ]);
  assert.deepEqual(closures(calendar, "2022-01-01", "2022-01-31"), []);
});

Deno.test("nextFree() gives each holiday a day of its own, in the order of their dates", () => {
  const christmas = (year: number) =>
    holidays(
      nextFree(),
      ["Christmas", `${year}-12-25`],
      ["Boxing Day", `${year}-12-26`],
    );
  // Saturday and Sunday, Sunday and Monday, Friday and Saturday.
  assert.deepEqual(closures(christmas(2021), "2021-12-20", "2021-12-31"), [
    "2021-12-27 Christmas (observed)",
    "2021-12-28 Boxing Day (observed)",
  ]);
  assert.deepEqual(closures(christmas(2022), "2022-12-20", "2022-12-31"), [
    "2022-12-26 Boxing Day",
    "2022-12-27 Christmas (observed)",
  ]);
  assert.deepEqual(closures(christmas(2020), "2020-12-20", "2020-12-31"), [
    "2020-12-25 Christmas",
    "2020-12-28 Boxing Day (observed)",
  ]);
});

Deno.test("nextFree() can leave Saturdays alone, and begin on a day", () => {
  const calendar = holidays(
    nextFree({ when: [SUN], fromDay: dayOf("2026-03-10") }),
    ["Early Sunday", "2026-03-08"],
    ["Saturday", "2026-03-14"],
    ["Sunday", "2026-03-15"],
  );
  assert.deepEqual(closures(calendar, "2026-03-02", "2026-03-20"), [
    "2026-03-08 Early Sunday",
    "2026-03-14 Saturday",
    "2026-03-16 Sunday (observed)",
  ]);
});

Deno.test("nextFree() parts two holidays on one day, if it is told to", () => {
  const both = [["First", "2026-03-04"], ["Second", "2026-03-04"]] as const;
  const parted = holidays(nextFree({ orShared: true }), ...both);
  assert.deepEqual(closures(parted, "2026-03-02", "2026-03-06"), [
    "2026-03-04 First",
    "2026-03-05 First (observed)",
  ]);
  const joined = holidays(nextFree({ when: WEEKEND }), ...both);
  assert.deepEqual(closures(joined, "2026-03-02", "2026-03-06"), [
    "2026-03-04 First",
  ]);
});

Deno.test("calendarDays() makes a holiday of the day between two, where the law does", () => {
  const calendar: Calendar = {
    ...holidays(undefined, ["First", "2026-09-21"], ["Second", "2026-09-23"]),
    bridgeDay: { name: "Bridge", from: 2026 },
  };
  assert.deepEqual(closures(calendar, "2026-09-01", "2026-09-30"), [
    "2026-09-21 First",
    "2026-09-22 Bridge",
    "2026-09-23 Second",
  ]);
  const later = { ...calendar, bridgeDay: { name: "Bridge", from: 2027 } };
  assert.deepEqual(closures(later, "2026-09-01", "2026-09-30"), [
    "2026-09-21 First",
    "2026-09-23 Second",
  ]);
});

Deno.test("calendarDays() refuses a time that is none, and a day that ends before it opens", () => {
  for (const open of ["9:00", "25:00", "24:01", "09:60", "-2d 09:00", "noon"]) {
    assert.throws(
      () =>
        lines(
          { ...PLAIN, hours: [{ open, close: "17:00" }] },
          "2026-03-02",
          "2026-03-02",
        ),
      new RegExp(`Cannot read "${open}" as a local time`),
    );
  }
  assert.throws(
    () =>
      lines(
        { ...PLAIN, hours: [{ open: "17:00", close: "17:00" }] },
        "2026-03-02",
        "2026-03-02",
      ),
    /"17:00" on 2026-03-02 comes after "17:00"/,
  );
});
