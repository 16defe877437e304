/**
 * Past prices from a file, as a market that is open where the file has prices.
 *
 * @module
 */

import { compare, type Decimal } from "../../../../domain/decimal.ts";
import { type EpochMs, HOUR_MS, MINUTE_MS } from "../../../../domain/time.ts";
import { badLine, type CsvTable, readCsvTable } from "./csv_table.ts";
import type { PriceSeries, Quote } from "./price_series.ts";

/** The texts of one symbol's price files. */
export interface PriceText {
  /** The symbol whose prices they are. */
  readonly symbol: string;
  /** `timestamp,open,high,low,close` or `timestamp,bid,ask`. */
  readonly bid: string;
  /** The ask side's bars; `null` where one file serves both sides. */
  readonly ask: string | null;
  /** Where the texts are from, for messages; where nothing is said, the symbol and side are named. */
  readonly files?: { readonly bid: string; readonly ask: string | null };
}

/** From this length on a stretch without prices is a closed market. @units milliseconds */
export const CLOSED_GAP_MS: number = HOUR_MS;

/** The prices that one row gives, each with its instant. */
interface Points {
  readonly row: number;
  readonly points: readonly Quote[];
}

/**
 * Reads one symbol's price files.
 *
 * A bar tells its open at its beginning, its extremes at a quarter and a half of its length (the
 * one further from the close first), its close at three quarters. Where bid and ask come from two
 * files, only instants that both have count, and an ask below the bid is raised to it.
 *
 * @throws {CarillonError} "paper/bad-prices" naming the file and the line
 */
export function csvPrices(text: PriceText): PriceSeries {
  const askName = text.files?.ask ?? `${text.symbol} ask`;
  const bid = readCsvTable(text.files?.bid ?? `${text.symbol} bid`, text.bid);
  const ask = text.ask === null ? null : readCsvTable(askName, text.ask);
  if (ask !== null && (ask.kind !== "bars" || bid.kind !== "bars")) {
    throw badLine(
      askName,
      1,
      "bars on both sides, where ask has a file of its own",
      "bid, ask",
    );
  }
  const rows = ask === null ? all(bid) : shared(askName, bid, ask);
  return series(rows, bid.kind === "bars" ? lengthOf(rows.times) : 0);
}

/** The rows that count: their instants, and both sides' prices. */
interface Rows {
  readonly times: readonly EpochMs[];
  readonly sides: (row: number) => readonly (readonly [Decimal, Decimal])[];
}

function all(table: CsvTable): Rows {
  const sides = (row: number) => {
    const prices = table.prices(row);
    const [bid, ask] = prices;
    if (table.kind === "bars" || bid === undefined || ask === undefined) {
      return prices.map((price) => [price, price] as const);
    }
    return [[bid, ask] as const];
  };
  return { times: table.times, sides };
}

function shared(askName: string, bid: CsvTable, ask: CsvTable): Rows {
  const pairs: (readonly [number, number])[] = [];
  let other = 0;
  bid.times.forEach((time, row) => {
    while ((ask.times[other] ?? Infinity) < time) other++;
    if (ask.times[other] === time) pairs.push([row, other]);
  });
  if (pairs.length === 0) {
    throw badLine(
      askName,
      2,
      "an instant that the bid file has too",
      "none",
    );
  }
  const sides = (row: number) => {
    const [bidRow, askRow] = pairs[row] ?? [0, 0];
    const asks = ask.prices(askRow);
    return bid.prices(bidRow).map((price, at) =>
      [price, asks[at] ?? price] as const
    );
  };
  const times = pairs.map(([row]) => bid.times[row] ?? 0);
  return { times, sides };
}

/** A bar lasts as long as the closest two are apart. */
function lengthOf(times: readonly EpochMs[]): number {
  let least = Infinity;
  for (let row = 1; row < times.length; row++) {
    least = Math.min(least, (times[row] ?? 0) - (times[row - 1] ?? 0));
  }
  return Number.isFinite(least) ? least : MINUTE_MS;
}

function series(rows: Rows, lengthMs: number): PriceSeries {
  const { times } = rows;
  const find = cursor(times);
  let cached: Points | null = null;
  const pointsOf = (row: number): readonly Quote[] => {
    if (cached?.row !== row) {
      const points = spread(rows.sides(row), times[row] ?? 0, lengthMs);
      cached = { row, points };
    }
    return cached.points;
  };
  const isOpen = (row: number, at: EpochMs) => {
    const endsAt = (times[row] ?? 0) + lengthMs;
    if (at < endsAt || (lengthMs === 0 && at === endsAt)) return true;
    return (times[row + 1] ?? Infinity) - endsAt < CLOSED_GAP_MS;
  };
  return {
    quoteAt(at) {
      const row = find(at);
      const points = pointsOf(Math.max(row, 0));
      const point = points.findLast((one) => one.at <= at) ?? points[0];
      if (point === undefined) {
        throw new RangeError("Cannot quote an empty row");
      }
      return row >= 0 && isOpen(row, at) ? point : { ...point, open: false };
    },
    *changes(fromAt, toAt) {
      const last = find(toAt);
      for (let row = Math.max(find(fromAt), 0); row <= last; row++) {
        for (const point of pointsOf(row)) {
          if (point.at > fromAt && point.at <= toAt) yield point;
        }
      }
    },
  };
}

/** The four prices of a bar in the order in which they are told, or the one of a tick. */
function spread(
  sides: readonly (readonly [Decimal, Decimal])[],
  at: EpochMs,
  lengthMs: number,
): readonly Quote[] {
  const [open, high, low, close] = sides;
  const bar = open !== undefined && high !== undefined && low !== undefined &&
    close !== undefined;
  const told = !bar
    ? sides
    : compare(close[0], open[0]) >= 0
    ? [open, low, high, close]
    : [open, high, low, close];
  return told.map(([bid, ask], quarter) => ({
    bid,
    ask: compare(ask, bid) < 0 ? bid : ask,
    at: at + Math.floor((lengthMs * quarter) / 4),
    open: true,
  }));
}

/** Finds the last row at or before an instant, -1 for none; fast where the next question is close. */
function cursor(times: readonly EpochMs[]): (at: EpochMs) => number {
  let near = 0;
  const fits = (row: number, at: EpochMs) =>
    (times[row] ?? -Infinity) <= at && at < (times[row + 1] ?? Infinity);
  return (at) => {
    if (at < (times[0] ?? Infinity)) return -1;
    if (fits(near, at)) return near;
    if (fits(near + 1, at) && near + 1 < times.length) return ++near;
    let low = 0;
    let high = times.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((times[middle] ?? Infinity) <= at) low = middle;
      else high = middle;
    }
    return near = low;
  };
}
