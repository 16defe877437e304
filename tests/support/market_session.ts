/**
 * Sessions for tests of calendars, written as a session file writes their times.
 *
 * @module
 */

import type {
  MarketCalendar,
  MarketTime,
  Session,
  TimeValue,
  UserCalendar,
} from "../../src/domain/definition.ts";
import { MINUTE_MS } from "../../src/domain/time.ts";
import { placeOn } from "../../src/domain/place.ts";
import { clock, clockSession } from "./clock_session.ts";

/** A calendar that is built in. */
export function built(code: string): MarketCalendar {
  return { kind: "code", code };
}

/** A calendar of the user's own. */
export function own(given: Partial<UserCalendar>): MarketCalendar {
  return { kind: "own", calendar: { ...NOTHING, ...given } };
}

const NOTHING: UserCalendar = {
  name: "my-desk",
  timezone: "UTC",
  base: null,
  closed: [],
  earlyCloses: {},
  lateOpens: {},
  specialSessions: {},
  ics: null,
};

const UNITS: Readonly<Record<string, number>> = {
  m: MINUTE_MS,
  h: 60 * MINUTE_MS,
};

/** Reads `open`, `close-5m`, `XNYS:open+1h` or a time of the clock. */
export function time(text: string, zone: string): TimeValue {
  const market = /^(?:(\w+):)?(open|close)(?:([+-]\d+)([mh]))?$/.exec(text);
  if (market === null) return clock(text, zone);
  const [, code, side, count = "0", unit = "m"] = market;
  const read: MarketTime = {
    kind: "market",
    side: side === "open" ? "open" : "close",
    offsetMs: Number(count) * (UNITS[unit] ?? 0),
    calendar: code === undefined ? null : built(code),
  };
  return read;
}

/** A session with calendars. */
export function marketSession(
  calendar: string | readonly MarketCalendar[],
  start: string,
  end: string,
  timezone: string,
  more: Partial<Session> = {},
): Session {
  const codes = typeof calendar === "string"
    ? calendar.split(" ").filter((code) => code !== "").map(built)
    : calendar;
  return clockSession({
    timezone,
    calendar: codes,
    window: { start: time(start, timezone), end: time(end, timezone) },
    ...more,
  });
}

/** What a session does on a date, in one line: local times, hazards, or why it is skipped. */
export function told(session: Session, date: string): string {
  const placement = placeOn(session, date);
  if (placement === null) return "none";
  if (placement.kind === "skip") {
    return `${placement.skip.reason}: ${placement.skip.message}`;
  }
  const { opensAt, closesAt, hazards } = placement.occurrence;
  const hours = [opensAt, closesAt].map((at) => local(at, session.timezone));
  return [hours.join(" - "), ...hazards.map(({ code }) => code)].join(" ");
}

/** `2026-11-23 09:30` in a zone. */
export function local(at: number, timezone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(timezone).toPlainDateTime()
    .toString({ smallestUnit: "minute" }).replace("T", " ");
}
