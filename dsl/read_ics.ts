/**
 * The text of an iCalendar file -> the closures in it.
 *
 * Whole days count: events with dates, or from one midnight to another. What is about a part of a
 * day is left out and named, since nobody can tell whether the market opens late or closes early.
 *
 * @module
 */

import ICAL from "ical.js";
import { addDays, dayOf } from "../src/domain/date.ts";
import type { NamedClosure } from "../src/domain/definition.ts";

/** What a file of closures says. */
export type IcsReading =
  | {
    readonly ok: true;
    /** In the order of the file; of an event that comes again, one for each time. */
    readonly closures: readonly NamedClosure[];
    /** Events that could not be used, and why. */
    readonly leftOut: readonly string[];
  }
  | { readonly ok: false; readonly fault: IcsFault };

/** Why a file of closures cannot be used. */
export interface IcsFault {
  /** Begins with the line of the event, where it is about one. */
  readonly why: string;
  /** What would have been right. */
  readonly expected: string;
  /** What to do about it. */
  readonly hint: string;
}

/** Repeated events are followed up to the end of this year. */
const LAST_YEAR = 2050;

/** The most closures that one file may hold: thirty a year, for a century and more. */
const CLOSURES_MAX = 4_000;

/** How often the longest rule is asked for its next date. */
const REPEATS_MAX = 20_000;

/** A reason may quote a line of the file, and a line may be a whole web page. @units characters */
const WHY_LENGTH_MAX = 120;

/** Reads an iCalendar file; never throws, whatever the text. */
export function readIcs(text: string): IcsReading {
  const calendars = parseCalendars(asDates(text.replace(/^\uFEFF/, "")));
  if (typeof calendars === "string") {
    return { ok: false, fault: noIcs(calendars) };
  }
  const lines = eventLines(text);
  const closures: NamedClosure[] = [];
  const leftOut: string[] = [];
  const events = calendars.flatMap((calendar) =>
    calendar.getAllSubcomponents("vevent")
  );
  for (const [index, event] of events.entries()) {
    const place = `line ${lines[index] ?? 1}`;
    const read = tryEvent(event);
    if (read.kind === "wrong") return { ok: false, fault: at(read, place) };
    if (read.kind === "left_out") {
      leftOut.push(`${place}: "${read.name}" ${read.why}`);
    } else closures.push(...read.closures);
    if (closures.length > CLOSURES_MAX) {
      return { ok: false, fault: at(TOO_MANY, place) };
    }
  }
  return { ok: true, closures, leftOut };
}

const TOO_MANY: IcsFault = {
  why: `the file comes to more than ${CLOSURES_MAX} closures with this event`,
  expected: `at most ${CLOSURES_MAX} closures in one file`,
  hint: "end the rule of an event that is repeated with UNTIL or COUNT",
};

/** The fault of the event that begins at a place. */
function at({ why, expected, hint }: IcsFault, place: string): IcsFault {
  return {
    why: `${place}: ${why}`,
    expected,
    hint: `${hint}: the event begins in ${place}`,
  };
}

function noIcs(why: string): IcsFault {
  return {
    why,
    expected: "an iCalendar file with whole-day events",
    hint: "export the calendar anew, as a file that ends in .ics",
  };
}

/** Dates that do not say so: eight digits are one, whatever their parameters leave out. */
function asDates(text: string): string {
  return text.replaceAll(
    /^(DTSTART|DTEND|RDATE|EXDATE)((?:;(?!VALUE=)[^:;\r\n]*)*):(\d{8}(?:,\d{8})*)[ \t]*$/gim,
    "$1$2;VALUE=DATE:$3",
  );
}

/** The file's calendars, or why it has none. */
function parseCalendars(text: string): readonly ICAL.Component[] | string {
  if (text.trim() === "") return "the file is empty";
  let parsed: unknown;
  try {
    parsed = ICAL.parse(text);
  } catch (error) {
    // Of lines outside of any calendar the parser itself trips over nothing.
    return error instanceof Error && !(error instanceof TypeError)
      ? error.message.slice(0, WHY_LENGTH_MAX)
      : "its lines do not lie between BEGIN:VCALENDAR and END:VCALENDAR";
  }
  const all = isCalendar(parsed) ? [parsed] : parsed;
  if (!Array.isArray(all) || all.length === 0 || !all.every(isCalendar)) {
    return 'it does not begin with "BEGIN:VCALENDAR"';
  }
  return all.map((calendar) => new ICAL.Component(calendar));
}

/** Whether a value is a calendar as the parser gives it: `["vcalendar", properties, parts]`. */
function isCalendar(value: unknown): value is unknown[] {
  return Array.isArray(value) && value[0] === "vcalendar";
}

/** On which lines events begin, from 1. */
function eventLines(text: string): readonly number[] {
  return text.split(/\r\n|\r|\n/).flatMap((line, index) =>
    /^BEGIN:VEVENT\s*$/i.test(line) ? [index + 1] : []
  );
}

type EventReading =
  | { readonly kind: "closures"; readonly closures: readonly NamedClosure[] }
  | { readonly kind: "left_out"; readonly name: string; readonly why: string }
  | EventFault;

interface EventFault extends IcsFault {
  readonly kind: "wrong";
}

function wrong(why: string, expected: string, hint: string): EventFault {
  return { kind: "wrong", why, expected, hint };
}

/** Reads one event; what the parser cannot make sense of, it throws. */
function tryEvent(event: ICAL.Component): EventReading {
  try {
    return readEvent(event);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return wrong(
      why.slice(0, WHY_LENGTH_MAX),
      "an event as iCalendar has it",
      "correct the event or take it out",
    );
  }
}

function readEvent(event: ICAL.Component): EventReading {
  const name = textOf(event, "summary")?.trim() || "Closed";
  if (textOf(event, "status")?.toUpperCase() === "CANCELLED") {
    return { kind: "closures", closures: [] };
  }
  if (event.hasProperty("recurrence-id")) {
    const why = "changes one time of a repeated event";
    return { kind: "left_out", name, why };
  }
  const start = writtenTime(event, "dtstart");
  if (start === null) {
    return wrong(
      "an event has no DTSTART",
      DATE_EXPECTED,
      "say when it begins",
    );
  }
  const badDate = badDateOf("DTSTART", start) ??
    badDateOf("DTEND", writtenTime(event, "dtend"));
  if (badDate !== null) return badDate;
  const length = lengthOf(event, start);
  if (length === null) {
    return { kind: "left_out", name, why: "is about a part of a day" };
  }
  if (length < 1) {
    return wrong(
      `"${name}" ends before it begins`,
      "a DTEND after DTSTART: the first day that the event no longer takes",
      "put the day after its last into DTEND, or drop DTEND for a single day",
    );
  }
  return repeated(event, name, start.slice(0, 10), length);
}

/** A date or a time as the file writes it, `2026-12-24` or `2026-12-24T00:00:00`. */
function writtenTime(event: ICAL.Component, name: string): string | null {
  const values: unknown = event.getFirstProperty(name)?.toJSON();
  const value: unknown = Array.isArray(values) ? values[3] : null;
  return typeof value === "string" ? value : null;
}

const DATE_EXPECTED = 'a date that exists, as in "DTSTART;VALUE=DATE:20261224"';

function badDateOf(property: string, time: string | null): EventFault | null {
  if (time === null || isDate(time.slice(0, DATE_LENGTH))) return null;
  // The parser has put marks between the characters that the file writes.
  const written = time.replace(/[-:]|T::$/g, "");
  const why = `${property} "${written.slice(0, WHY_LENGTH_MAX)}" is not a date`;
  return wrong(why, DATE_EXPECTED, `correct ${property}`);
}

function textOf(event: ICAL.Component, name: string): string | null {
  const value = event.getFirstPropertyValue(name);
  return typeof value === "string" ? value : null;
}

function isDate(text: string): boolean {
  try {
    dayOf(text);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** How many whole days an event takes; `null` where it takes a part of one. @units days */
function lengthOf(event: ICAL.Component, start: string): number | null {
  const end = writtenTime(event, "dtend");
  if (!isMidnight(start) || (end !== null && !isMidnight(end))) return null;
  if (end !== null) return dayOf(end.slice(0, 10)) - dayOf(start.slice(0, 10));
  const duration = event.getFirstPropertyValue("duration");
  if (duration instanceof ICAL.Duration) {
    const days = duration.toSeconds() / 86_400;
    return Number.isInteger(days) ? days : null;
  }
  return start.length === DATE_LENGTH ? 1 : null;
}

const DATE_LENGTH = "2026-12-24".length;

function isMidnight(time: string): boolean {
  return time.length === DATE_LENGTH || /T00:00:00Z?$/.test(time);
}

/** An event for each time it takes place. */
function repeated(
  event: ICAL.Component,
  name: string,
  date: string,
  days: number,
): EventReading {
  const closure = (from: string): NamedClosure => ({
    name,
    from,
    to: addDays(from, days - 1),
  });
  if (!event.hasProperty("rrule") && !event.hasProperty("rdate")) {
    return { kind: "closures", closures: [closure(date)] };
  }
  const rule = event.getFirstPropertyValue("rrule");
  if (rule instanceof ICAL.Recur && !FREQUENCIES.includes(rule.freq)) {
    const why = `is repeated ${rule.freq.toLowerCase()}`;
    return { kind: "left_out", name, why };
  }
  return { kind: "closures", closures: datesOf(event).map(closure) };
}

const FREQUENCIES: readonly string[] = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY"];

function datesOf(event: ICAL.Component): readonly string[] {
  const dates: string[] = [];
  const times = new ICAL.Event(event).iterator();
  for (let tried = 0; tried < REPEATS_MAX; tried++) {
    const time: ICAL.Time | null = times.next() ?? null;
    if (time === null || time.year > LAST_YEAR) break;
    dates.push(time.toString().slice(0, DATE_LENGTH));
  }
  return dates;
}
