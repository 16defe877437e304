/**
 * From a calendar as a definition holds it to one that can be asked about days.
 *
 * A user's own calendar is its base with more dates listed: what it says comes last, and so wins.
 *
 * @module
 */

import type { Calendar, ChangedHours } from "./calendars/calendar.ts";
import { calendarOf } from "./calendars/registry.ts";
import type { DateRule } from "./calendars/rule.ts";
import { EVERY_DAY } from "./calendars/weekday.ts";
import { dayOf, firstDayOf } from "./date.ts";
import type { EpochDay } from "./date.ts";
import type {
  DateRange,
  MarketCalendar,
  NamedClosure,
  Session,
  UserCalendar,
} from "./definition.ts";
import { CarillonError } from "./error.ts";
import { HOUR_MS, MINUTE_MS } from "./time.ts";
import type { DurationMs } from "./time.ts";

/** How many calendars of users are kept made; many sessions share few of them. */
const OWN_MAX = 512;

// Memory of a pure function: what is in it changes how fast the answer comes, never the answer.
const byValue = new WeakMap<UserCalendar, Calendar>();
const byText = new Map<string, Calendar>();

/**
 * The calendar that a definition means.
 *
 * @throws {CarillonError} "calendar/unknown" if no calendar has the code
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const london = resolveCalendar({ kind: "code", code: "XLON" });
 * assert.equal(london.timezone, "Europe/London");
 * ```
 */
export function resolveCalendar(given: MarketCalendar): Calendar {
  if (given.kind === "own") return ownCalendar(given.calendar);
  const known = calendarOf(given.code);
  if (known !== null) return known;
  throw new CarillonError(
    "calendar/unknown",
    `Cannot find the calendar "${given.code}": expected the code of a calendar that is built in`,
    { details: { calendar: given.code } },
  );
}

/**
 * Every calendar whose hours a session is bound to, each once: its own, and those that its times
 * name.
 *
 * @throws {CarillonError} "calendar/unknown" as `resolveCalendar()`
 */
export function sessionCalendars(session: Session): readonly Calendar[] {
  const { calendar, window, moments, blackouts } = session;
  const edges = window === null ? [] : [window.start, window.end];
  const further = [
    ...moments.map(({ at }) => at),
    ...blackouts.filter(({ actions }) => actions.length > 0)
      .map(({ from }) => from),
  ];
  const named = [...edges, ...further].flatMap((time) =>
    time.kind === "market" && time.calendar !== null ? [time.calendar] : []
  );
  return [...new Set([...calendar, ...named].map(resolveCalendar))];
}

/** What a calendar is called in the file. */
export function calendarName(given: MarketCalendar): string {
  return given.kind === "own" ? given.calendar.name : given.code;
}

/** Whether a calendar of the user's own says the hours of an open date, rather than its base. */
export function hasOwnHours(given: MarketCalendar, date: string): boolean {
  if (given.kind === "code") return false;
  const { base, earlyCloses, lateOpens, specialSessions } = given.calendar;
  return Object.hasOwn(earlyCloses, date) || Object.hasOwn(lateOpens, date) ||
    Object.hasOwn(specialSessions, date) ||
    (base !== null && hasOwnHours(base, date));
}

/** The own calendar as a definition that was read back holds it: equal values share one calendar. */
function ownCalendar(own: UserCalendar): Calendar {
  const known = byValue.get(own);
  if (known !== undefined) return known;
  const text = JSON.stringify(own);
  const made = byText.get(text) ?? overlay(own);
  if (byText.size >= OWN_MAX) byText.clear();
  byText.set(text, made);
  byValue.set(own, made);
  return made;
}

function overlay(own: UserCalendar): Calendar {
  const base = own.base === null ? openAlways(own) : resolveCalendar(own.base);
  const special = Object.entries(own.specialSessions);
  const openDays = new Set(special.map(([date]) => dayOf(date)));
  const closures = base.closures.map((closure) => ({
    ...closure,
    on: without(closure.on, openDays),
  }));
  return {
    ...base,
    code: own.name,
    name: own.name,
    closures: [
      ...closures,
      ...closuresOf(own).map(({ name, ...range }) => ({
        name,
        on: daysIn(range),
      })),
    ],
    specialSessions: [
      ...base.specialSessions,
      ...special.map(([date, [openMs, closeMs]]) => ({
        name: `Special session of ${own.name}`,
        on: daysIn({ from: date, to: date }),
        open: localTime(openMs),
        close: localTime(closeMs),
      })),
    ],
    earlyCloses: [
      ...base.earlyCloses,
      ...changed(own, "Early close", "close", own.earlyCloses),
    ],
    lateOpens: [
      ...base.lateOpens,
      ...changed(own, "Late open", "open", own.lateOpens),
    ],
  };
}

function openAlways({ name, timezone }: UserCalendar): Calendar {
  return {
    code: name,
    name,
    timezone,
    hours: [{ weekdays: EVERY_DAY, open: "00:00", close: "24:00" }],
    holidays: [],
    closures: [],
    specialSessions: [],
    earlyCloses: [],
    lateOpens: [],
    known: { from: "0001-01-01", until: null },
  };
}

/** Every closure that a calendar writes itself or brings in from a file. */
function closuresOf(
  { name, closed, ics }: UserCalendar,
): readonly NamedClosure[] {
  const written = closed.map((range) => ({
    ...range,
    name: `Closed by ${name}`,
  }));
  return [...ics?.closures ?? [], ...written];
}

function changed(
  own: UserCalendar,
  what: string,
  side: "open" | "close",
  times: Readonly<Record<string, DurationMs>>,
): readonly ChangedHours[] {
  return Object.entries(times).map(([date, timeMs]) => ({
    name: `${what} of ${own.name}`,
    on: daysIn({ from: date, to: date }),
    [side]: localTime(timeMs),
  }));
}

function without(rule: DateRule, left: ReadonlySet<EpochDay>): DateRule {
  return (year) => rule(year).filter((day) => !left.has(day));
}

/** The days of a range, year by year, so that a range of centuries costs no more than a year of it. */
function daysIn({ from, to }: DateRange): DateRule {
  const [first, last] = [dayOf(from), dayOf(to)];
  return (year) => {
    const fromDay = Math.max(first, firstDayOf(year));
    const toDay = Math.min(last, firstDayOf(year + 1) - 1);
    const length = Math.max(0, toDay - fromDay + 1);
    return Array.from({ length }, (_, index) => fromDay + index);
  };
}

function localTime(timeMs: DurationMs): string {
  const hours = Math.floor(timeMs / HOUR_MS);
  const minutes = Math.floor(timeMs % HOUR_MS / MINUTE_MS);
  return `${String(hours).padStart(2, "0")}:${
    String(minutes).padStart(2, "0")
  }`;
}
