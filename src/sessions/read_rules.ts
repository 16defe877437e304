/**
 * Reads single values of a session's rules, and notes what is wrong with each.
 *
 * @module
 */

import { CALENDAR_CODES } from "../domain/calendars/registry.ts";
import type { DayRule, MarketCalendar, Scope } from "../domain/definition.ts";
import { resolveCalendar } from "../domain/market_calendar.ts";
import { DAY_MS } from "../domain/time.ts";
import type { DurationMs, Weekday } from "../domain/time.ts";
import { readTimeOfDay, TIME_EXPECTED } from "./time_of_day.ts";

/** Collects every problem, so that all are told in one go. */
export class Problems {
  readonly #lines: string[] = [];

  /** Everything noted so far, as `key: what`. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Notes a value that is not what it should be. */
  note(key: string, expected: string, received: unknown): void {
    this.#lines.push(`${key}: expected ${expected}, got ${textOf(received)}`);
  }

  /** Notes something that is wrong between values. */
  say(key: string, message: string): void {
    this.#lines.push(`${key}: ${message}`);
  }
}

function textOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint" || typeof value === "symbol") {
    return String(value);
  }
  return JSON.stringify(value);
}

/** Reads an edge's time; `null` where it is none, which is then noted. */
export function readTime(
  key: string,
  value: unknown,
  problems: Problems,
): DurationMs | null {
  const timeMs = readTimeOfDay(value);
  if (timeMs === null) problems.note(key, TIME_EXPECTED, value);
  return timeMs;
}

const LENGTH_EXPECTED =
  'a Temporal.Duration, fields as in {minutes: 2}, or text such as "PT2M"';

/** The longest deadline or lead that makes sense. @units milliseconds */
const LENGTH_MS_MAX = 366 * DAY_MS;

/** Reads a length of time; `least` is the smallest that is allowed. */
export function readLength(
  key: string,
  value: unknown,
  rule: { readonly otherwise: DurationMs; readonly least: DurationMs },
  problems: Problems,
): DurationMs {
  if (value === undefined) return rule.otherwise;
  const ms = lengthOf(value);
  if (ms === null) {
    problems.note(key, LENGTH_EXPECTED, value);
  } else if (ms < rule.least || ms > LENGTH_MS_MAX) {
    const bounds = rule.least > 0 ? "above 0" : "not below 0";
    problems.note(key, `a length ${bounds} and at most 366 days`, value);
  }
  return ms ?? rule.otherwise;
}

function lengthOf(value: unknown): DurationMs | null {
  const isLength = typeof value === "string" ||
    (typeof value === "object" && value !== null);
  if (!isLength) return null;
  try {
    const duration = Temporal.Duration.from(value);
    // Whole milliseconds, rounded up: nothing is due sooner than was asked for.
    return Math.ceil(duration.total("milliseconds"));
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return null;
    throw error;
  }
}

const WORDS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** Reads days into rules, each once and weekdays first, from Monday on; none means every day. */
export function readDays(
  value: unknown,
  problems: Problems,
): readonly DayRule[] {
  if (value === undefined || value === "all") return [];
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  const weekdays = new Set<Weekday>();
  const rules = new Map<string, DayRule>();
  for (const item of items) {
    const rule = ruleIn(item);
    const days = rule === null ? weekdaysIn(item) : [];
    if (days === null) {
      problems.note(
        "days",
        '"mon-fri", ["mon", "wed"], "week_end", "month_end-3", "before_closure" or "all"',
        item,
      );
    }
    if (rule !== null) rules.set(String(item), rule);
    for (const day of days ?? []) weekdays.add(day);
  }
  if (items.length === 0) problems.note("days", "at least one day", value);
  return [
    ...[...weekdays].sort((a, b) => a - b)
      .map((weekday): DayRule => ({ kind: "weekday", weekday })),
    ...rules.values(),
  ];
}

function ruleIn(item: unknown): DayRule | null {
  if (item === "week_end" || item === "before_closure") return { kind: item };
  if (typeof item !== "string") return null;
  const monthEnd = /^month_end(?:-(\d{1,2}))?$/.exec(item);
  if (monthEnd === null) return null;
  return { kind: "month_end", daysBefore: Number(monthEnd[1] ?? 0) };
}

/** Reads codes of calendars. */
export function readCalendars(
  value: unknown,
  problems: Problems,
): readonly MarketCalendar[] {
  if (value === undefined) return [];
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.flatMap((code) => {
    if (typeof code === "string" && CALENDAR_CODES.includes(code)) {
      return { kind: "code", code } as const;
    }
    problems.note("calendar", 'the code of a calendar such as "XNYS"', code);
    return [];
  });
}

function weekdaysIn(item: unknown): readonly Weekday[] | null {
  if (typeof item !== "string") return null;
  const parts = item.split("-");
  const [from, to = from] = parts.map((part) => WORDS.indexOf(part));
  if (from === undefined || to === undefined || parts.length > 2) return null;
  if (from < 0 || to < 0) return null;
  const count = (to - from + 7) % 7 + 1;
  // The one cast: a remainder of seven, plus one.
  return Array.from(
    { length: count },
    (_, step) => ((from + step) % 7 + 1) as Weekday,
  );
}

/** Reads an IANA zone into its proper name; the calendar's where none is given, else UTC. */
export function readZone(
  value: unknown,
  calendars: readonly MarketCalendar[],
  problems: Problems,
): string {
  const [first] = calendars;
  if (value === undefined) {
    return first === undefined ? "UTC" : resolveCalendar(first).timezone;
  }
  const zone = properZone(value);
  if (zone !== null) return zone;
  problems.note("timezone", 'an IANA zone such as "Europe/London"', value);
  return "UTC";
}

function properZone(value: unknown): string | null {
  // An offset such as "+01:00" is no zone: it knows no summer time.
  if (typeof value !== "string" || !/^[A-Za-z]/.test(value)) return null;
  try {
    return new Temporal.ZonedDateTime(0n, value).timeZoneId;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const EVERYTHING = { symbols: null, except: [], tag: null, session: null };

/** Reads which positions a session may touch. */
export function readScope(value: unknown, problems: Problems): Scope {
  if (value === undefined) return { written: false, ...EVERYTHING };
  if (value === "account") return { written: true, ...EVERYTHING };
  const expected =
    '"account", or one or more of symbols: ["EURUSD"], except: ["VTI"], tag: "swing"';
  const { symbols, except, tag } = fieldsOf(value);
  const isScope = [symbols, except, tag].some((part) => part !== undefined) &&
    (symbols === undefined || (isTexts(symbols) && symbols.length > 0)) &&
    (except === undefined || isTexts(except)) &&
    (tag === undefined || (typeof tag === "string" && tag !== ""));
  if (!isScope) {
    problems.note("scope", expected, value);
    return { written: true, ...EVERYTHING };
  }
  return {
    written: true,
    symbols: isTexts(symbols) ? [...symbols] : null,
    except: isTexts(except) ? [...except] : [],
    tag: typeof tag === "string" ? tag : null,
    session: null,
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) &&
    value.every((item) => typeof item === "string" && item !== "");
}

/** Reads one of a few words. */
export function readWord<const Word extends string>(
  key: string,
  value: unknown,
  words: readonly [Word, ...Word[]],
  problems: Problems,
): Word {
  const word = words.find((known) => known === value);
  if (word === undefined && value !== undefined) {
    const expected = words.map((known) => `"${known}"`).join(" or ");
    problems.note(key, expected, value);
  }
  return word ?? words[0];
}
