/**
 * Texts that mean a date or a range of dates.
 *
 * @module
 */

import type { DateRange } from "../src/domain/definition.ts";
import { literalText } from "./decoders.ts";
import { type Entry, quote } from "./node.ts";
import type { Decoding, Shape } from "./shape.ts";

const DATE_EXPECTED = 'a date such as "2026-12-01"';

/** The date, in the same form; `null` where there is no such day. */
export function parseDate(text: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" }).toString();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** What is easily overlooked about a text that is no date. */
function dateHint(text: string): string {
  const [, year, month] = /^(\d{4})-(\d{2})-\d{2}$/.exec(text.trim()) ?? [];
  if (year === undefined || month === undefined) {
    return "year, month and day in this order, with a - between them: YYYY-MM-DD";
  }
  if (month < "01" || month > "12") {
    return "the month comes second, from 01 to 12, and the day last";
  }
  const { daysInMonth } = Temporal.PlainYearMonth.from(`${year}-${month}`);
  return `${year}-${month} has ${daysInMonth} days`;
}

/** A date, or a range of dates as in `2026-12-01..2026-12-18`. */
export const DATE_RANGE: Shape<DateRange> = {
  schema: {
    type: "string",
    pattern:
      "^[0-9]{4}-[0-9]{2}-[0-9]{2}( *\\.\\. *[0-9]{4}-[0-9]{2}-[0-9]{2})?$",
  },
  read(node, context) {
    const expected = `${DATE_EXPECTED}, or a range as in ` +
      '"2026-12-01..2026-12-18"';
    const written = literalText(node, context, expected);
    if (written === undefined) return undefined;
    const parts = written.split("..").map((part) => parseDate(part.trim()));
    const from = parts[0] ?? null;
    const to = parts.length === 1 ? from : parts[1] ?? null;
    if (parts.length > 2 || from === null || to === null) {
      const bad = written.split("..").find((part) =>
        parseDate(part.trim()) === null
      );
      context.log.at(node, "date/form", {
        expected,
        hint: dateHint(bad ?? written),
      });
      return undefined;
    }
    if (from <= to) return { from, to };
    context.log.at(node, "date/backwards", {
      expected: "the first date before the last",
      hint: `write ${quote(`${to}..${from}`)}`,
    });
    return undefined;
  },
};

/** Dates with a value each, such as early closes; says which key is no date. */
export function isDateKey(
  entry: Entry,
  context: Decoding,
): boolean {
  if (parseDate(entry.key) !== null) return true;
  const place = { path: entry.value.path, span: entry.keySpan };
  context.log.place(place, "date/form", {
    expected: DATE_EXPECTED,
    received: quote(entry.key),
    hint: dateHint(entry.key),
  });
  return false;
}
