/**
 * Answers about a calendar's days: is it open, when does it close, what comes next.
 *
 * Every answer is a binary search in tables that are made once; beyond the dates up to which a
 * calendar is known the rules alone answer, and `isKnown()` says so.
 *
 * @module
 */

import { dateOf, dayOf } from "../date.ts";
import type { EpochDay } from "../date.ts";
import { DAY_MS } from "../time.ts";
import type { EpochMs } from "../time.ts";
import type { Calendar, DayKind } from "./calendar.ts";
import {
  firstAbove,
  firstRowAbove,
  firstRowClosingAfter,
  lastRowUpTo,
  tableIndexOf,
  tableOf,
} from "./day_table.ts";
import type { Row } from "./day_table.ts";

/** One day on which an exchange trades. */
export interface TradingDay {
  /** The trade date as the exchange counts, `YYYY-MM-DD`; it may open on the evening before. */
  readonly date: string;
  readonly openAt: EpochMs;
  readonly closeAt: EpochMs;
  /** `null` on a day without a pause. */
  readonly breakStartAt: EpochMs | null;
  /** `null` on a day without a pause. */
  readonly breakEndAt: EpochMs | null;
  readonly kind: DayKind;
}

/**
 * An exchange's day; `null` where it does not trade on the date.
 *
 * @throws {RangeError} if `date` is not a date
 * @example The day after Thanksgiving
 * ```ts
 * import assert from "node:assert/strict";
 * import { XNYS } from "./xnys.ts";
 * const day = tradingDay(XNYS, "2026-11-27");
 * assert.equal(day?.kind, "early_close");
 * const closeAt = Temporal.Instant.from("2026-11-27T13:00-05:00");
 * assert.equal(day.closeAt, closeAt.epochMilliseconds);
 * ```
 */
export function tradingDay(
  calendar: Calendar,
  date: string,
): TradingDay | null {
  return tradingDayOn(calendar, dayOf(date));
}

/** An exchange's day by its number; `null` where it does not trade. */
export function tradingDayOn(
  calendar: Calendar,
  day: EpochDay,
): TradingDay | null {
  const table = tableOf(calendar, tableIndexOf(day));
  const row = firstAbove(table.days, day - 1);
  return table.days[row] === day ? read({ table, row }) : null;
}

/** The first day of trading from a day on, that day counted; `null` where none is in reach. */
export function tradingDayFrom(
  calendar: Calendar,
  day: EpochDay,
): TradingDay | null {
  return readOrNull(firstRowAbove(calendar, "days", day - 1, day));
}

/** The last day of trading up to a day, that day counted; `null` where none is in reach. */
export function tradingDayUpTo(
  calendar: Calendar,
  day: EpochDay,
): TradingDay | null {
  return readOrNull(lastRowUpTo(calendar, day));
}

/**
 * The days an exchange trades on, both dates counted.
 *
 * @throws {RangeError} if one of them is not a date
 */
export function tradingDaysBetween(
  calendar: Calendar,
  from: string,
  to: string,
): readonly TradingDay[] {
  const [fromDay, toDay] = [dayOf(from), dayOf(to)];
  const lastIndex = tableIndexOf(toDay);
  const found: TradingDay[] = [];
  for (let index = tableIndexOf(fromDay); index <= lastIndex; index++) {
    const table = tableOf(calendar, index);
    const untilRow = firstAbove(table.days, toDay);
    let row = firstAbove(table.days, fromDay - 1);
    for (; row < untilRow; row++) found.push(read({ table, row }));
  }
  return found;
}

/**
 * The day that is open at an instant, its pause counted in; `null` between two days.
 *
 * @shape half-open: the instant of the close is outside
 */
export function tradingDayAt(
  calendar: Calendar,
  at: EpochMs,
): TradingDay | null {
  const found = firstRowClosingAfter(calendar, at);
  if (found === null || valueAt(found.table.opensAt, found) > at) return null;
  return read(found);
}

/** Whether an exchange trades at an instant; in its pause it does not. */
export function isOpenAt(calendar: Calendar, at: EpochMs): boolean {
  const found = firstRowClosingAfter(calendar, at);
  if (found === null || valueAt(found.table.opensAt, found) > at) return false;
  const { breakStartsAt, breakEndsAt } = found.table;
  // A day without a pause holds no numbers here, and both comparisons are false.
  return !(valueAt(breakStartsAt, found) <= at &&
    at < valueAt(breakEndsAt, found));
}

/** The first opening after an instant, the end of a pause not counted; `null` where none is in reach. */
export function nextOpen(calendar: Calendar, afterAt: EpochMs): EpochMs | null {
  // A day opens on its own date or the evening before, and local time is a day from UTC at most.
  const fromDay = Math.floor(afterAt / DAY_MS) - 2;
  const found = firstRowAbove(calendar, "opensAt", afterAt, fromDay);
  return found === null ? null : valueAt(found.table.opensAt, found);
}

/** The first close after an instant, the start of a pause not counted; `null` where none is in reach. */
export function nextClose(
  calendar: Calendar,
  afterAt: EpochMs,
): EpochMs | null {
  const found = firstRowClosingAfter(calendar, afterAt);
  return found === null ? null : valueAt(found.table.closesAt, found);
}

/**
 * What closes an exchange on a date: a holiday's or a closure's name, `weekend` for a weekday that
 * never trades; `null` where it is open.
 *
 * @throws {RangeError} if `date` is not a date
 */
export function closureOf(calendar: Calendar, date: string): string | null {
  const day = dayOf(date);
  if (tradingDayOn(calendar, day) !== null) return null;
  return tableOf(calendar, tableIndexOf(day)).closed.get(day) ?? "weekend";
}

/**
 * The last date up to which a calendar's dated lists are complete, `YYYY-MM-DD`; `null` where it
 * has nothing to learn.
 */
export function knownUntil(calendar: Calendar): string | null {
  return calendar.known.until;
}

/** Whether a date lies where a calendar's dated lists are complete; elsewhere the rules alone speak. */
export function isKnown(calendar: Calendar, date: string): boolean {
  const { from, until } = calendar.known;
  // Dates as text sort as dates.
  return from <= date && (until === null || date <= until);
}

function read(cell: Row): TradingDay {
  const { table, row } = cell;
  return {
    date: dateOf(valueAt(table.days, cell)),
    openAt: valueAt(table.opensAt, cell),
    closeAt: valueAt(table.closesAt, cell),
    breakStartAt: numberOrNull(valueAt(table.breakStartsAt, cell)),
    breakEndAt: numberOrNull(valueAt(table.breakEndsAt, cell)),
    kind: table.kinds[row] ?? "regular",
  };
}

function readOrNull(row: Row | null): TradingDay | null {
  return row === null ? null : read(row);
}

// A row that was found is in its column.
function valueAt(column: Int32Array | Float64Array, { row }: Row): number {
  return column[row] ?? NaN;
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
