/**
 * Texts that mean a time or a length of time.
 *
 * @module
 */

import {
  DAY_MS,
  type DurationMs,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
  type Weekday,
} from "../src/domain/time.ts";
import { parseWeekday, WEEKDAY_WORDS } from "./decode_days.ts";
import { zoneOf } from "./decode_zone.ts";
import { literalText } from "./decoders.ts";
import { type Node, quote } from "./node.ts";
import type { Decoding, Shape } from "./shape.ts";
import { nearestWord } from "./suggest.ts";

/** A time as written: its zone, where it has one, is checked but not yet filled in. */
export type TimeSpec = ClockSpec | MarketSpec;

/** A time of day. */
export interface ClockSpec {
  readonly kind: "clock";
  readonly weekday: Weekday | null;
  /** @units milliseconds since local midnight, 0 to 86,400,000 */
  readonly timeMs: DurationMs;
  /** `null` where the value has no zone of its own. */
  readonly timezone: string | null;
}

/** A time relative to a market's open or close. */
export interface MarketSpec {
  readonly kind: "market";
  readonly side: "open" | "close";
  readonly offsetMs: DurationMs;
  readonly calendar: string | null;
}

const TIME_EXPECTED =
  'an hour, "HH:MM", "mon HH:MM", "HH:MM Zone/City", or "open", "close" with an offset as in "close-5m"';

/** What a time's text gives: a value, or why not. */
type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | {
    readonly ok: false;
    readonly code: "time/form" | "time/out-of-range";
    readonly hint: string | null;
  };

/** A time of day, a weekday's, or one relative to a market's day. */
export const TIME: Shape<TimeSpec> = {
  schema: {
    anyOf: [
      { type: "integer", minimum: 0, maximum: 2400 },
      {
        type: "string",
        pattern:
          "^(([A-Za-z]{3,9} +)?[0-9]{1,2}(:?[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,3})?)?)?( +[A-Za-z][A-Za-z0-9_+/ -]*)?|([A-Za-z0-9][A-Za-z0-9_. -]*:)?(open|close)([+-][0-9a-z]+)?)$",
      },
    ],
  },
  read(node, context) {
    const written = literalText(node, context, TIME_EXPECTED);
    if (written === undefined) return undefined;
    const market = parseMarket(written.trim());
    if (market !== null) return market;
    return readClock(node, written.trim(), context);
  },
};

const MARKET = /^(?:([^:+]+):)?(open|close)(?:([+-])([0-9a-z]+))?$/;

function parseMarket(text: string): MarketSpec | null {
  const match = MARKET.exec(text);
  if (match === null) return null;
  const [, calendar, side, sign, length] = match;
  const offsetMs = length === undefined ? 0 : parseDuration(length);
  if (offsetMs === null || offsetMs > DAY_MS) return null;
  return {
    kind: "market",
    side: side === "open" ? "open" : "close",
    // Never -0: a definition must be equal to itself after a trip through JSON.
    offsetMs: sign === "-" && offsetMs !== 0 ? -offsetMs : offsetMs,
    calendar: calendar ?? null,
  };
}

function readClock(
  node: Node,
  written: string,
  context: Decoding,
): ClockSpec | undefined {
  const words = written.split(/\s+/);
  const first = words[0] ?? "";
  const weekday = words.length > 1 ? parseWeekday(first) : null;
  const clock = (weekday === null ? words[0] : words[1]) ?? "";
  const zone = words.slice(weekday === null ? 1 : 2).join("_");
  const parsed = parseClock(clock);
  if (!parsed.ok) {
    context.log.at(node, parsed.code, {
      expected: TIME_EXPECTED,
      hint: parsed.hint,
      nearest: words.length > 1 && parseClock(words[1] ?? "").ok
        ? nearestWord(first, WEEKDAY_WORDS)
        : null,
    });
    return undefined;
  }
  const timezone = zone === "" ? null : zoneOf(node, zone, context);
  if (timezone === undefined) return undefined;
  return { kind: "clock", weekday, timeMs: parsed.value, timezone };
}

const CLOCK = /^(\d{1,2})(?::(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?)?$/;

/** Reads `8`, `0800`, `8:00`, `08:00:30.250`; milliseconds since midnight. */
function parseClock(text: string): Parsed<DurationMs> {
  const colons = text.replace(/^(\d{2})(\d{2})$/, "$1:$2");
  const match = CLOCK.exec(colons);
  if (match === null) {
    const isTwelveHour = /^\d{1,2}(?::\d{2})?\s*[ap]\.?m\.?$/i.test(text);
    const hint = isTwelveHour ? "write it on the 24-hour clock" : null;
    return { ok: false, code: "time/form", hint };
  }
  const [, hours, minutes = "0", seconds = "0", fraction = ""] = match;
  const value = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS +
    Number(seconds) * SECOND_MS + Number(fraction.padEnd(3, "0"));
  const isGood = value <= DAY_MS && Number(minutes) < 60 &&
    Number(seconds) < 60;
  if (isGood) return { ok: true, value };
  const hint = "hours run from 00 to 23, and 24:00 ends the day";
  return { ok: false, code: "time/out-of-range", hint };
}

/** A time of day without weekday, zone or market. */
export const DAY_TIME: Shape<DurationMs> = {
  schema: {
    anyOf: [
      { type: "integer", minimum: 0, maximum: 2400 },
      { type: "string", pattern: "^[0-9]{1,2}(:?[0-9]{2}(:[0-9.]+)?)?$" },
    ],
  },
  read(node, context) {
    const expected = 'a time of day such as "12:30"';
    const written = literalText(node, context, expected);
    if (written === undefined) return undefined;
    const parsed = parseClock(written.trim());
    if (parsed.ok) return parsed.value;
    context.log.at(node, parsed.code, { expected, hint: parsed.hint });
    return undefined;
  },
};

/** The longest duration that makes sense in a session file. @units milliseconds */
const DURATION_MAX_MS = 366 * DAY_MS;

const DURATION =
  /^(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?$/;

/** Reads `1h30m`, `250ms` or `0`; `null` where the text is no duration. */
function parseDuration(text: string): DurationMs | null {
  if (text === "0") return 0;
  const match = DURATION.exec(text);
  if (match === null || text === "") return null;
  const [, days = 0, hours = 0, minutes = 0, seconds = 0, ms = 0] = match;
  return Number(days) * DAY_MS + Number(hours) * HOUR_MS +
    Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS + Number(ms);
}

/** A length of time; `positive` refuses 0. */
export function duration(
  bound: "positive" | "not_negative",
): Shape<DurationMs> {
  const expected = 'a duration such as "60s", "5m", "1h30m" or "250ms"';
  return {
    schema: {
      anyOf: [
        { const: 0 },
        {
          type: "string",
          pattern: "^(0|([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$",
        },
      ],
    },
    read(node, context) {
      const written = literalText(node, context, expected)?.trim();
      if (written === undefined) return undefined;
      const value = parseDuration(written);
      if (value === null) {
        reportDuration(node, written, expected, context);
        return undefined;
      }
      if (value > DURATION_MAX_MS) {
        context.log.at(node, "duration/too-long", { expected: "at most 366d" });
        return undefined;
      }
      if (value > 0 || bound === "not_negative") return value;
      context.log.at(node, "duration/zero", {
        expected: "a duration above 0",
      });
      return undefined;
    },
  };
}

function reportDuration(
  node: Node,
  written: string,
  expected: string,
  context: Decoding,
): void {
  const isNegative = written.startsWith("-");
  const bare = /^\d+$/.test(written);
  context.log.at(node, isNegative ? "duration/negative" : "duration/form", {
    expected,
    hint: bare ? `say the unit: ${quote(`${written}s`)} for seconds` : null,
  });
}
