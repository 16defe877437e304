/**
 * Calendars as written -> calendars in full: codes that are built in, and the file's own.
 *
 * @module
 */

import { CALENDAR_CODES } from "../src/domain/calendars/registry.ts";
import type { MarketCalendar, UserCalendar } from "../src/domain/definition.ts";
import { resolveCalendar } from "../src/domain/market_calendar.ts";
import type { DurationMs } from "../src/domain/time.ts";
import { checkUserCalendar } from "./check_calendar.ts";
import type { FileSpec } from "./decode.ts";
import type { CalendarSpec } from "./decode_calendar.ts";
import { isUnique } from "./decoders.ts";
import { entryOf, quote } from "./node.ts";
import { type Decoding, type Located, plain } from "./shape.ts";
import { nearestWord } from "./suggest.ts";

/** What calendars may be named. */
export interface CalendarNames {
  readonly context: Decoding;
  /** The file's own calendars by name; `null` where they could not be read. */
  readonly ownCalendars: ReadonlyMap<string, UserCalendar> | null;
}

/** The calendars by name; none for `none`. */
export function lowerCalendar(
  written: Located<readonly Located<string>[]> | undefined,
  names: CalendarNames,
): readonly MarketCalendar[] {
  const items = written?.value ?? [];
  if (items.length === 1 && items[0]?.value === "none") return [];
  isUnique(items, names.context);
  return items.flatMap((item) => {
    if (item.value !== "none") return lowerCalendarName(item, names) ?? [];
    names.context.log.at(item.node, "calendar/none-in-list", {
      expected: "a calendar, or none by itself",
    });
    return [];
  });
}

/** The zone of the first calendar, which gives the trade dates; `null` without one. */
export function calendarZone(
  calendars: readonly MarketCalendar[],
): string | null {
  const first = calendars[0];
  return first === undefined ? null : resolveCalendar(first).timezone;
}

/** The calendar of a name; `null` where it is neither the file's own nor built in, which is then reported. */
export function lowerCalendarName(
  { value, node }: Located<string>,
  { context, ownCalendars }: CalendarNames,
): MarketCalendar | null {
  const calendar = ownCalendars?.get(value);
  if (calendar !== undefined) return { kind: "own", calendar };
  if (CALENDAR_CODES.includes(value)) return { kind: "code", code: value };
  // Where the file's own calendars could not be read, that has been said.
  if (ownCalendars === null) {
    context.log.countAgain();
    return null;
  }
  const known = [...ownCalendars.keys(), ...CALENDAR_CODES, "none"];
  const upper = value.toUpperCase();
  context.log.at(node, "calendar/unknown", {
    received: quote(value),
    expected: 'none, a code such as "XNYS", or a name under "calendars"',
    nearest: CALENDAR_CODES.includes(upper) ? upper : nearestWord(value, known),
  });
  return null;
}

/** Finishes the file's own calendars, each after its base; `null` where they could not be read. */
export function lowerUserCalendars(
  spec: FileSpec,
  timezone: string,
  context: Decoding,
): ReadonlyMap<string, UserCalendar> | null {
  const written = spec.keys.calendars?.value;
  if (written === undefined) {
    return entryOf(spec.node, "calendars") === null ? new Map() : null;
  }
  const circular = circularNames(written, context);
  const made = new Map<string, UserCalendar>();
  const make = (name: string, { value }: Located<CalendarSpec>) => {
    if (made.has(name)) return;
    const start = circular.has(name) ? undefined : value.keys.base;
    const base = start?.value ?? name;
    const below = written.get(base);
    if (base !== name && below !== undefined) make(base, below);
    const names = { context, ownCalendars: made };
    const own = lowerUserCalendar(name, value, start, timezone, names);
    const before = context.log.errorCount;
    if (!circular.has(name)) checkUserCalendar(own, value, context);
    // What cannot be is left out, so that the sessions can still be looked at.
    const isGood = context.log.errorCount === before;
    made.set(name, isGood ? own : { ...own, earlyCloses: {}, lateOpens: {} });
  };
  for (const [name, calendar] of written) make(name, calendar);
  // In the order written, whatever starts from what.
  return new Map([...written.keys()].flatMap((name) => {
    const own = made.get(name);
    return own === undefined ? [] : [[name, own] as const];
  }));
}

/** Reports calendars that start from themselves; gives these, and those that lead to them. */
function circularNames(
  written: ReadonlyMap<string, Located<CalendarSpec>>,
  { log }: Decoding,
): ReadonlySet<string> {
  const circular = new Set<string>();
  for (const [name, { value }] of written) {
    const seen = new Set<string>();
    let at: string | null = name;
    while (at !== null && !seen.has(at)) {
      seen.add(at);
      const spec: CalendarSpec | undefined = written.get(at)?.value;
      at = spec?.keys.base?.value ?? null;
    }
    if (at === null) continue;
    circular.add(name);
    const { base } = value.keys;
    if (at !== name || base === undefined) continue;
    log.at(base.node, "calendar/circular", {
      expected: "a calendar that does not start from this one",
    });
  }
  return circular;
}

/** Fills in what a calendar does not say. */
function lowerUserCalendar(
  name: string,
  { keys }: CalendarSpec,
  start: Located<string> | undefined,
  timezone: string,
  names: CalendarNames,
): UserCalendar {
  const base = start === undefined || start.value === "none"
    ? null
    : lowerCalendarName(start, names);
  const ics = keys.ics?.value;
  return {
    name,
    timezone: base === null ? timezone : resolveCalendar(base).timezone,
    base,
    closed: plain(keys.closed?.value ?? []),
    earlyCloses: byDate(keys.earlyCloses?.value),
    lateOpens: byDate(keys.lateOpens?.value),
    specialSessions: byDate(keys.specialSessions?.value),
    ics: ics === undefined ? null : { path: ics, closures: null },
  };
}

function byDate<T extends DurationMs | readonly [DurationMs, DurationMs]>(
  times: ReadonlyMap<string, Located<T>> | undefined,
): Readonly<Record<string, T>> {
  return Object.fromEntries(
    [...times ?? []].map(([date, { value }]) => [date, value]),
  );
}
