import assert from "node:assert/strict";
import fc from "fast-check";
import type { Calendar } from "../../../src/domain/calendars/calendar.ts";
import { CME_EQUITY } from "../../../src/domain/calendars/cme_equity.ts";
import {
  firstAbove,
  TABLE_DAYS,
} from "../../../src/domain/calendars/day_table.ts";
import { FX } from "../../../src/domain/calendars/fx.ts";
import { dates } from "../../../src/domain/calendars/rule.ts";
import {
  closureOf,
  isKnown,
  isOpenAt,
  knownUntil,
  nextClose,
  nextOpen,
  type TradingDay,
  tradingDay,
  tradingDayAt,
  tradingDayFrom,
  tradingDaysBetween,
  tradingDayUpTo,
} from "../../../src/domain/calendars/trading_day.ts";
import { XLON } from "../../../src/domain/calendars/xlon.ts";
import { XNYS } from "../../../src/domain/calendars/xnys.ts";
import { dateOf, dayOf } from "../../../src/domain/date.ts";
import { MINUTE_MS } from "../../../src/domain/time.ts";

function at(text: string): number {
  return Temporal.Instant.from(text).epochMilliseconds;
}

/** An exchange with a pause, so that all columns are in use. */
const PAUSING: Calendar = {
  ...XLON,
  hours: [{ open: "09:00", close: "16:00", break: ["12:00", "13:00"] }],
};

Deno.test("tradingDay() gives the day's own hours, on either side of a change of the clock", () => {
  assert.deepEqual(tradingDay(XNYS, "2026-03-06"), {
    date: "2026-03-06",
    openAt: at("2026-03-06T14:30Z"),
    closeAt: at("2026-03-06T21:00Z"),
    breakStartAt: null,
    breakEndAt: null,
    kind: "regular",
  });
  assert.equal(
    tradingDay(XNYS, "2026-03-09")?.closeAt,
    at("2026-03-09T20:00Z"),
  );
  assert.equal(tradingDay(XNYS, "2026-03-07"), null);
});

Deno.test("tradingDay() opens Monday on Sunday evening", () => {
  const monday = tradingDay(CME_EQUITY, "2026-11-23");
  assert.equal(monday?.openAt, at("2026-11-22T23:00Z"));
  assert.equal(monday.closeAt, at("2026-11-23T22:00Z"));
  assert.equal(tradingDay(CME_EQUITY, "2026-11-22"), null);
});

Deno.test("tradingDay() refuses what is no date", () => {
  assert.throws(() => tradingDay(XNYS, "2026-02-30"), RangeError);
  assert.throws(() => tradingDaysBetween(XNYS, "2026-01-01", "x"), RangeError);
});

Deno.test("tradingDaysBetween() counts both dates, and nothing backwards", () => {
  const datesOf = (from: string, to: string) =>
    tradingDaysBetween(XNYS, from, to).map(({ date }) => date);
  assert.deepEqual(datesOf("2026-11-25", "2026-11-30"), [
    "2026-11-25",
    "2026-11-27",
    "2026-11-30",
  ]);
  assert.deepEqual(datesOf("2026-11-28", "2026-11-29"), []);
  assert.deepEqual(datesOf("2026-11-30", "2026-11-25"), []);
});

Deno.test("tradingDayFrom() and tradingDayUpTo() count the day itself and cross tables", () => {
  const from = (date: string) => tradingDayFrom(XNYS, dayOf(date))?.date;
  const upTo = (date: string) => tradingDayUpTo(XNYS, dayOf(date))?.date;
  assert.equal(from("2026-11-25"), "2026-11-25");
  assert.equal(from("2026-11-26"), "2026-11-27");
  assert.equal(upTo("2026-11-27"), "2026-11-27");
  assert.equal(upTo("2026-11-26"), "2026-11-25");
  for (let table = 0; table < 20; table++) {
    const day = table * TABLE_DAYS;
    for (let near = day - 5; near < day + 5; near++) {
      const after = tradingDayFrom(XNYS, near)?.date;
      assert.ok(after !== undefined && after >= dateOf(near));
      assert.deepEqual(
        tradingDaysBetween(XNYS, dateOf(near), after).map(({ date }) => date),
        [after],
      );
      assert.equal(tradingDayUpTo(XNYS, dayOf(after))?.date, after);
    }
  }
});

Deno.test("isOpenAt() is half-open, and closed in the pause", () => {
  const answers = [
    "2026-03-02T08:59:59.999Z",
    "2026-03-02T09:00Z",
    "2026-03-02T11:59:59.999Z",
    "2026-03-02T12:00Z",
    "2026-03-02T12:59:59.999Z",
    "2026-03-02T13:00Z",
    "2026-03-02T15:59:59.999Z",
    "2026-03-02T16:00Z",
  ].map((text) => isOpenAt(PAUSING, at(text)));
  assert.deepEqual(
    answers,
    [false, true, true, false, false, true, true, false],
  );
});

Deno.test("tradingDayAt() counts the pause in", () => {
  const noon = at("2026-03-02T12:30Z");
  assert.equal(tradingDayAt(PAUSING, noon)?.date, "2026-03-02");
  assert.equal(tradingDayAt(PAUSING, at("2026-03-02T16:00Z")), null);
});

Deno.test("nextOpen() and nextClose() come strictly after, and know the half day", () => {
  const open = at("2026-11-27T14:30Z");
  const close = at("2026-11-27T18:00Z");
  assert.equal(nextOpen(XNYS, at("2026-11-26T12:00Z")), open);
  assert.equal(nextOpen(XNYS, open), at("2026-11-30T14:30Z"));
  assert.equal(nextClose(XNYS, open), close);
  assert.equal(nextClose(XNYS, close - 1), close);
  assert.equal(nextClose(XNYS, close), at("2026-11-30T21:00Z"));
});

Deno.test("nextOpen() ends its search where an exchange never opens again", () => {
  const ended: Calendar = {
    ...XNYS,
    closures: [{
      name: "Closed for good",
      on: dates("2030-01-01..2060-12-31"),
    }],
  };
  const last = at("2029-12-31T14:30Z");
  assert.equal(nextOpen(ended, last - 1), last);
  assert.equal(nextOpen(ended, last), null);
  assert.equal(nextClose(ended, at("2030-06-01T00:00Z")), null);
  assert.equal(tradingDayFrom(ended, dayOf("2035-01-01")), null);
  assert.equal(tradingDayUpTo(ended, dayOf("2050-01-01")), null);
});

Deno.test("FX is open from Sunday to Friday without a gap", () => {
  const opens = at("2026-11-22T22:00Z");
  const closes = at("2026-11-27T22:00Z");
  for (let instant = opens; instant < closes; instant += 30 * MINUTE_MS) {
    assert.ok(isOpenAt(FX, instant), new Date(instant).toISOString());
  }
  assert.equal(isOpenAt(FX, opens - 1), false);
  assert.equal(isOpenAt(FX, closes), false);
});

Deno.test("closureOf() says what closes a date", () => {
  assert.equal(closureOf(XNYS, "2026-11-26"), "Thanksgiving Day");
  assert.equal(closureOf(XNYS, "2025-01-09"), "Mourning for President Carter");
  assert.equal(closureOf(XLON, "2026-12-28"), "Boxing Day (observed)");
  assert.equal(closureOf(XNYS, "2026-11-28"), "weekend");
  assert.equal(closureOf(XNYS, "2026-11-27"), null);
});

Deno.test("isKnown() ends with the dated lists, and never for what needs none", () => {
  assert.equal(knownUntil(XLON), "2026-12-31");
  assert.equal(isKnown(XLON, "2026-12-31"), true);
  assert.equal(isKnown(XLON, "2027-01-01"), false);
  assert.equal(isKnown(XLON, "2014-12-31"), false);
  assert.equal(knownUntil(FX), null);
  assert.equal(isKnown(FX, "2099-01-01"), true);
  // The rules answer all the same.
  assert.equal(closureOf(XLON, "2035-12-25"), "Christmas Day");
});

Deno.test("firstAbove() finds what a scan finds", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 40 }),
      fc.integer({ min: -1, max: 51 }),
      (values, value) => {
        const sorted = values.toSorted((a, b) => a - b);
        const scanned = sorted.findIndex((each) => each > value);
        assert.equal(
          firstAbove(Float64Array.from(sorted), value),
          scanned === -1 ? sorted.length : scanned,
        );
      },
    ),
    { seed: 1 },
  );
});

const LISTED = tradingDaysBetween(PAUSING, "2014-12-01", "2031-01-31");
const anyInstant = fc.integer({
  min: at("2015-01-01T00:00Z") / MINUTE_MS,
  max: at("2030-12-31T00:00Z") / MINUTE_MS,
}).map((minutes) => minutes * MINUTE_MS);

/** Instants at which answers change, and those beside them. */
const edge = fc.tuple(
  fc.constantFrom(...LISTED.slice(25, -25)),
  fc.constantFrom("openAt", "closeAt", "breakStartAt", "breakEndAt"),
  fc.constantFrom(-1, 0, 1),
).map(([day, name, beside]) => (day[name] ?? day.openAt) + beside);

Deno.test("every answer about an instant is what a scan of all days gives, in any order", () => {
  fc.assert(
    fc.property(fc.oneof(anyInstant, edge), (instant) => {
      const ending = LISTED.find(({ closeAt }) => closeAt > instant);
      const opening = LISTED.find(({ openAt }) => openAt > instant);
      assert.equal(nextClose(PAUSING, instant), ending?.closeAt);
      assert.equal(nextOpen(PAUSING, instant), opening?.openAt);
      assert.equal(isOpenAt(PAUSING, instant), isWithin(ending, instant));
    }),
    { numRuns: 3_000, seed: 2 },
  );
});

function isWithin(day: TradingDay | undefined, instant: number): boolean {
  if (day === undefined || instant < day.openAt) return false;
  const { breakStartAt, breakEndAt } = day;
  if (breakStartAt === null || breakEndAt === null) return true;
  return instant < breakStartAt || instant >= breakEndAt;
}

Deno.test("nextClose() walks through decades one close at a time", () => {
  let instant = at("2015-01-01T00:00Z");
  const walked: number[] = [];
  while (instant < at("2030-12-31T00:00Z")) {
    instant = nextClose(PAUSING, instant) ?? Infinity;
    walked.push(instant);
  }
  assert.deepEqual(
    walked,
    LISTED.map(({ closeAt }) => closeAt).filter((closeAt) =>
      closeAt > at("2015-01-01T00:00Z") && closeAt <= instant
    ),
  );
});
