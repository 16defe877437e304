import assert from "node:assert/strict";
import {
  CALENDAR_CODES,
  calendarOf,
} from "../../../src/domain/calendars/registry.ts";
import {
  knownUntil,
  type TradingDay,
  tradingDaysBetween,
} from "../../../src/domain/calendars/trading_day.ts";
import { addDays } from "../../../src/domain/date.ts";

/** An exchange rests on weekends, and on three to thirty weekdays. */
const EXCHANGE_DAYS = { min: 230, max: 259 };

/** Calendars without holidays, or with next to none. */
const DAYS: ReadonlyMap<string, { min: number; max: number }> = new Map([
  ["24/7", { min: 365, max: 366 }],
  ["24/5", { min: 260, max: 262 }],
  ["FX", { min: 260, max: 262 }],
  ["CMES", { min: 255, max: 259 }],
  ["CME_EQUITY", { min: 255, max: 260 }],
]);

function yearOfDays(code: string, year: number): readonly TradingDay[] {
  const calendar = calendarOf(code);
  assert.ok(calendar !== null);
  return tradingDaysBetween(calendar, `${year}-01-01`, `${year}-12-31`);
}

for (const code of CALENDAR_CODES) {
  Deno.test(`${code} has a plausible number of days in every year from 2000 to 2040`, () => {
    const { min, max } = DAYS.get(code) ?? EXCHANGE_DAYS;
    for (let year = 2000; year <= 2040; year++) {
      const { length } = yearOfDays(code, year);
      assert.ok(length >= min && length <= max, `${length} days in ${year}`);
    }
  });

  Deno.test(`${code} opens before it closes, and closes before it opens again`, () => {
    for (let year = 2000; year <= 2040; year++) {
      let lastCloseAt = -Infinity;
      for (const day of yearOfDays(code, year)) {
        const instants = [
          lastCloseAt,
          day.openAt,
          day.breakStartAt ?? day.openAt + 1,
          day.breakEndAt ?? day.openAt + 2,
          day.closeAt,
        ];
        assert.deepEqual(instants, instants.toSorted((a, b) => a - b));
        assert.ok(day.openAt < day.closeAt, day.date);
        lastCloseAt = day.closeAt;
      }
    }
  });

  Deno.test(`${code} lists no single date beyond those up to which it is known`, () => {
    const calendar = calendarOf(code);
    assert.ok(calendar !== null);
    const until = knownUntil(calendar);
    if (until === null) return;
    const without = { ...calendar, closures: [], specialSessions: [] };
    const from = addDays(until, 1);
    const to = addDays(until, 10_000);
    assert.deepEqual(
      tradingDaysBetween(calendar, from, to),
      tradingDaysBetween(without, from, to),
    );
  });
}
