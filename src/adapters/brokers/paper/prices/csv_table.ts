/**
 * A price file as rows that can be found by time without being read beforehand.
 *
 * @module
 */

import { type Decimal, decimal } from "../../../../domain/decimal.ts";
import { CarillonError } from "../../../../domain/error.ts";
import type { EpochMs } from "../../../../domain/time.ts";

/** A price file whose every line has been checked; prices stay text until they are asked for. */
export interface CsvTable {
  readonly kind: "bars" | "ticks";
  /** The instants of the rows, ascending. @units EpochMs */
  readonly times: readonly EpochMs[];
  /** The prices of one row, in the order of `COLUMNS`. */
  prices(row: number): readonly Decimal[];
}

/** The price columns that each kind of file must have. */
export const COLUMNS = {
  bars: ["open", "high", "low", "close"],
  ticks: ["bid", "ask"],
} as const;

const TIME =
  /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d):?(\d\d))$/;
const PRICE = /^\d{1,20}(?:\.\d{1,20})?$/;
const ZERO_PRICE = /^[0.]+$/;

/**
 * Checks a price file and remembers where its rows are.
 *
 * @units times of the rows: EpochMs
 * @throws {CarillonError} "paper/bad-prices" naming the file and the line
 */
export function readCsvTable(name: string, text: string): CsvTable {
  const lines = text.split("\n");
  const header = (lines[0] ?? "").trim().toLowerCase().split(",");
  const kind = COLUMNS.ticks.every((column) => header.includes(column))
    ? "ticks"
    : "bars";
  const timeCell = header.indexOf("timestamp");
  const cells = COLUMNS[kind].map((column) => header.indexOf(column));
  if (timeCell < 0 || cells.includes(-1)) {
    throw badLine(
      name,
      1,
      "the header names timestamp and open, high, low, close or bid, ask",
      lines[0] ?? "",
    );
  }
  const times: EpochMs[] = [];
  const rows: string[] = [];
  for (let at = 1; at < lines.length; at++) {
    const line = (lines[at] ?? "").trim();
    if (line === "") continue;
    const parts = line.split(",");
    const time = readTime(parts[timeCell] ?? "");
    if (time === null) {
      throw badLine(
        name,
        at + 1,
        "a timestamp with a zone, such as 2013-02-01 00:00:00+00:00",
        line,
      );
    }
    const last = times.at(-1) ?? -Infinity;
    if (kind === "bars" ? time <= last : time < last) {
      throw badLine(
        name,
        at + 1,
        "a later timestamp than the line before",
        line,
      );
    }
    if (!cells.every((cell) => isPrice(parts[cell] ?? ""))) {
      throw badLine(
        name,
        at + 1,
        `prices above zero for ${COLUMNS[kind].join(", ")}`,
        line,
      );
    }
    times.push(time);
    rows.push(line);
  }
  if (rows.length === 0) {
    throw badLine(name, 2, "at least one row of prices", "");
  }
  const prices = (row: number) => {
    const parts = (rows[row] ?? "").split(",");
    return cells.map((cell) => decimal(parts[cell] ?? ""));
  };
  return { kind, times, prices };
}

/** The refusal of a line. */
export function badLine(
  name: string,
  line: number,
  wanted: string,
  found: string,
): CarillonError {
  const shown = found.length > 80 ? `${found.slice(0, 80)}...` : found;
  return new CarillonError(
    "paper/bad-prices",
    `Cannot read prices from "${name}", line ${line}: expected ${wanted}, found "${shown}"`,
    { details: { file: name, line } },
  );
}

function isPrice(cell: string): boolean {
  return PRICE.test(cell) && !ZERO_PRICE.test(cell);
}

function readTime(cell: string): EpochMs | null {
  const match = TIME.exec(cell);
  if (match === null) return null;
  const number = (group: number) => Number(match[group] ?? 0);
  const [year, month, day] = [number(1), number(2), number(3)];
  const midnight = Date.UTC(year, month - 1, day);
  const date = new Date(midnight);
  // Date.UTC carries a 31 April over into May instead of refusing it.
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!real || number(4) > 23 || number(5) > 59 || number(6) > 59) return null;
  const local = midnight +
    ((number(4) * 60 + number(5)) * 60 + number(6)) * 1000 +
    Number((match[7] ?? "").padEnd(3, "0").slice(0, 3));
  const eastMs = (number(9) * 60 + number(10)) * 60_000;
  return match[8] === "-" ? local + eastMs : local - eastMs;
}
