/**
 * Calendars as written -> codes and names, and the file's own.
 *
 * @module
 */

import type { UserCalendar } from "../src/domain/definition.ts";
import type { DurationMs } from "../src/domain/time.ts";
import type { CalendarSpec } from "./decode_calendar.ts";
import { isUnique } from "./decoders.ts";
import { type Decoding, type Located, plain } from "./shape.ts";
import { nearestWord } from "./suggest.ts";

/** What calendars may be named. */
export interface CalendarNames {
  readonly context: Decoding;
  /** Names under `calendars`; `null` where they could not be read. */
  readonly calendarNames: ReadonlySet<string> | null;
}

/** The form of an exchange's code, such as `XNYS` or `24-7`. */
const CODE = /^[A-Z0-9][A-Z0-9-]{2,15}$/;

/** The calendars by name; none for `none`. */
export function lowerCalendar(
  written: Located<readonly Located<string>[]> | undefined,
  names: CalendarNames,
): readonly string[] {
  const items = written?.value ?? [];
  if (items.length === 1 && items[0]?.value === "none") return [];
  isUnique(items, names.context);
  for (const item of items) {
    if (item.value === "none") {
      names.context.log.at(item.node, "calendar/none-in-list", {
        expected: "a calendar, or none by itself",
      });
    } else checkName(item, names);
  }
  return plain(items);
}

/** Reports a calendar that is neither a code nor a name under `calendars`. */
export function checkName(
  { value, node }: Located<string>,
  { context, calendarNames }: CalendarNames,
): void {
  if (calendarNames === null || CODE.test(value)) return;
  if (calendarNames.has(value)) return;
  const upper = value.toUpperCase();
  const isCode = upper.length === 4 && CODE.test(upper);
  context.log.at(node, "calendar/unknown", {
    expected: 'none, a code such as "XNYS", or a name under "calendars"',
    nearest: nearestWord(value, [...calendarNames, "none"]) ??
      (isCode ? upper : null),
  });
}

/** Fills in what a calendar does not say. */
export function lowerUserCalendar(
  name: string,
  { keys }: CalendarSpec,
  names: CalendarNames,
): UserCalendar {
  const { base } = keys;
  if (base !== undefined) checkName(base, names);
  return {
    name,
    base: base === undefined || base.value === "none" ? null : base.value,
    closed: plain(keys.closed?.value ?? []),
    earlyCloses: byDate(keys.earlyCloses?.value),
    lateOpens: byDate(keys.lateOpens?.value),
    specialSessions: byDate(keys.specialSessions?.value),
    ics: keys.ics?.value ?? null,
  };
}

function byDate<T extends DurationMs | readonly [DurationMs, DurationMs]>(
  times: ReadonlyMap<string, Located<T>> | undefined,
): Readonly<Record<string, T>> {
  return Object.fromEntries(
    [...times ?? []].map(([date, { value }]) => [date, value]),
  );
}
