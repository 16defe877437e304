/**
 * A plan as a calendar that a phone can subscribe to.
 *
 * @source iCalendar, RFC 5545: content lines, folding and escaping in 3.1 and 3.3.11
 * @module
 */

import type { Session } from "../domain/definition.ts";
import type { Edge, Hazard, Occurrence, Skip } from "../domain/occurrence.ts";
import { addDays } from "../domain/date.ts";
import { openWindowsOf } from "../domain/open_window.ts";
import type { OpenWindow } from "../domain/open_window.ts";
import { pauseEdgeNames } from "../domain/pause.ts";
import { SECOND_MS } from "../domain/time.ts";
import type { EpochMs } from "../domain/time.ts";
import {
  durationText,
  localDateText,
  shortClockText,
  zoneText,
} from "./cli/format_time.ts";
import type { Plan } from "./plan_sessions.ts";
import { formatInstant } from "./wire_form.ts";
import { VERSION } from "./version.ts";

/** What the calendar says besides the plan. */
export interface IcsOptions {
  /** What a phone calls it. */
  readonly name: string;
  readonly sessions: readonly Session[];
  /** When it was made; every event says so. @units EpochMs */
  readonly madeAt: EpochMs;
}

/**
 * Writes a plan as an iCalendar object: an event for each occurrence, one more after each of its
 * pauses, and one for the whole day for each that is skipped.
 *
 * An event's UID is the key of its occurrence, after a pause that of the edge, so a calendar that is
 * fetched again changes events in place. The same plan made at the same instant gives the same text.
 *
 * @shape lines end in CRLF and are folded at 75 octets
 */
export function planToIcs(
  { occurrences, skips, warnings }: Plan,
  { name, sessions, madeAt }: IcsOptions,
): string {
  const zones = new Map(sessions.map((each) => [each.name, each.timezone]));
  const stamp = property("DTSTAMP", utcText(madeAt));
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    `PRODID:-//carillon//carillon ${VERSION}//EN`,
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    textProperty("X-WR-CALNAME", name),
    ...(warnings.length > 0
      ? [textProperty("X-WR-CALDESC", warningText(warnings))]
      : []),
    "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    "X-PUBLISHED-TTL:PT12H",
    ...occurrences.flatMap((occurrence) =>
      eventLines(occurrence, zones.get(occurrence.session) ?? "UTC", stamp)
    ),
    ...skips.flatMap((skip) => skipLines(skip, stamp)),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join("");
}

function warningText(warnings: Plan["warnings"]): string {
  return warnings.map(({ message, sessions }) =>
    `${message} (${sessions.join(", ")})`
  ).join("\n");
}

function eventLines(
  occurrence: Occurrence,
  zone: string,
  stamp: string,
): readonly string[] {
  const windows = openWindowsOf(occurrence);
  return windows.flatMap((window, index) =>
    windowLines(occurrence, index, window, zone, stamp)
  );
}

function windowLines(
  occurrence: Occurrence,
  index: number,
  { opensAt, closesAt }: OpenWindow,
  zone: string,
  stamp: string,
): readonly string[] {
  const { key, hazards, pauses } = occurrence;
  const uid = index === 0 ? key : `${key}/${pauseEdgeNames(index - 1).to}`;
  const edges = pauses.length === 0
    ? occurrence.edges
    : occurrence.edges.filter(({ at }) => opensAt <= at && at <= closesAt);
  // A calendar counts in seconds, and an event must end after it began.
  const endsAt = Math.max(closesAt, Math.trunc(opensAt) + SECOND_MS);
  return [
    "BEGIN:VEVENT",
    textProperty("UID", uidOf(uid)),
    stamp,
    property("DTSTART", utcText(opensAt)),
    property("DTEND", utcText(endsAt)),
    textProperty("SUMMARY", summaryOf({ ...occurrence, edges })),
    textProperty("DESCRIPTION", descriptionOf(occurrence, zone)),
    ...(hazards.length > 0
      ? [`CATEGORIES:${hazardCategories(occurrence)}`]
      : []),
    "STATUS:CONFIRMED",
    // A session does not make its reader busy.
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
  ];
}

function skipLines(skip: Skip, stamp: string): readonly string[] {
  const { key, session, tradeDate, message } = skip;
  return [
    "BEGIN:VEVENT",
    textProperty("UID", uidOf(key)),
    stamp,
    property("DTSTART;VALUE=DATE", dateDigits(tradeDate)),
    property("DTEND;VALUE=DATE", dateDigits(addDays(tradeDate, 1))),
    textProperty("SUMMARY", `${session}: skipped`),
    textProperty("DESCRIPTION", message),
    "STATUS:CONFIRMED",
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
  ];
}

function uidOf(key: string): string {
  return `${key}@carillon`;
}

/** `london: lunch close_loss, end close_all`, with a sign where there is a hazard. */
function summaryOf({ session, edges, hazards }: Occurrence): string {
  const actions = edges.filter((edge) => edge.actions.length > 0)
    .map(({ name, actions }) => `${name} ${actions.join("+")}`);
  const sign = hazards.length > 0 ? "! " : "";
  const what = actions.length > 0 ? `: ${actions.join(", ")}` : "";
  return `${sign}${session}${what}`;
}

/** How many hazards an event tells; of more it says how many there are. */
const HAZARDS_TOLD_MAX = 20;

/** A line for each edge, by the session's clock and by UTC, and one for each hazard. */
function descriptionOf(
  { key, edges, hazards }: Occurrence,
  zone: string,
): string {
  return [
    key,
    ...edges.map((edge) => edgeText(edge, zone)),
    ...hazardTexts(hazards),
  ].join("\n");
}

/** What several edges give rise to alike is told once. */
function hazardTexts(hazards: readonly Hazard[]): readonly string[] {
  const messages = [...new Set(hazards.map(({ message }) => message))];
  const left = messages.length - HAZARDS_TOLD_MAX;
  return [
    ...messages.slice(0, HAZARDS_TOLD_MAX).map((message) => `! ${message}`),
    ...(left > 0 ? [`! and ${left} more`] : []),
  ];
}

function edgeText({ name, at, dueAt, actions }: Edge, zone: string): string {
  const day = localDateText(at, zone).slice(0, 3);
  const local = `${day} ${shortClockText(at, zone)} ${zoneText(zone)}`;
  const utc = zone === "UTC" ? "" : ` (${shortClockText(at, "UTC")} UTC)`;
  const what = actions.length > 0 ? `: ${actions.join(", ")}` : "";
  const lead = dueAt < at ? `, due ${durationText(at - dueAt)} before` : "";
  return `${name} ${local}${utc}${what}${lead}`;
}

function hazardCategories({ hazards }: Occurrence): string {
  return [...new Set(hazards.map(({ code }) => code))].map(escapeText).join();
}

/** `20261123T080000Z` */
function utcText(at: EpochMs): string {
  const second = Math.floor(at / SECOND_MS) * SECOND_MS;
  return formatInstant(second).replaceAll(/[-:]/g, "");
}

function dateDigits(date: string): string {
  return date.replaceAll("-", "");
}

function property(name: string, value: string): string {
  return `${name}:${value}`;
}

function textProperty(name: string, value: string): string {
  return property(name, escapeText(value));
}

// deno-lint-ignore no-control-regex -- those are what is left out
const SPECIAL = /\r\n|[\\;,\u0000-\u0008\u000a-\u001f\u007f]/g;

/** Escapes what has a meaning of its own; other control characters have no place in a text. */
function escapeText(text: string): string {
  return text.replaceAll(SPECIAL, (found) => {
    if (found === "\r\n" || found === "\n" || found === "\r") return "\\n";
    return found >= " " && found !== "\u007f" ? `\\${found}` : "";
  });
}

/** The most that a line holds, its break not counted. @units octets */
const LINE_OCTETS_MAX = 75;

// deno-lint-ignore no-control-regex -- every character of one octet
const ONE_OCTET_EACH = /^[\u0000-\u007f]*$/;

/** Breaks a long line; a line that begins with a space goes on. No character is broken. */
function fold(line: string): string {
  if (!ONE_OCTET_EACH.test(line)) return foldByOctets(line);
  if (line.length <= LINE_OCTETS_MAX) return line;
  let folded = line.slice(0, LINE_OCTETS_MAX);
  // The space in front takes one.
  const step = LINE_OCTETS_MAX - 1;
  for (let from = LINE_OCTETS_MAX; from < line.length; from += step) {
    folded += `\r\n ${line.slice(from, from + step)}`;
  }
  return folded;
}

function foldByOctets(line: string): string {
  let folded = "";
  let used = 0;
  for (const character of line) {
    const octets = octetsOf(character);
    if (used + octets > LINE_OCTETS_MAX) {
      folded += "\r\n ";
      used = 1;
    }
    folded += character;
    used += octets;
  }
  return folded;
}

/** How long a character is in UTF-8. */
function octetsOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
