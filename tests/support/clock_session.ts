/**
 * Sessions for tests of time: clock times and filters as given, everything else at its default.
 *
 * @module
 */

import type {
  ClockTime,
  Moment,
  Session,
  Window,
} from "../../src/domain/definition.ts";
import { MINUTE_MS } from "../../src/domain/time.ts";
import type { EpochMs, Weekday } from "../../src/domain/time.ts";

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** Reads `08:00`, `mon 08:00`, `08:00 America/New_York`; the zone is UTC where none is given. */
export function clock(text: string, zone = "UTC"): ClockTime {
  const parts = /^(?:([a-z]{3}) )?(\d\d):(\d\d)(?: (\S+))?$/.exec(text);
  if (parts === null) throw new RangeError(`Cannot read the time "${text}"`);
  const [, weekday, hours, minutes, ownZone] = parts;
  return {
    kind: "clock",
    weekday: weekday === undefined
      ? null
      : (WEEKDAYS.indexOf(weekday) + 1) as Weekday,
    timeMs: (Number(hours) * 60 + Number(minutes)) * MINUTE_MS,
    timezone: ownZone ?? zone,
  };
}

/** A window of clock times. */
export function clockWindow(start: string, end: string, zone: string): Window {
  return { start: clock(start, zone), end: clock(end, zone) };
}

/** A moment that closes everything. */
export function closeMoment(name: string, at: string, zone: string): Moment {
  return { name, at: clock(at, zone), actions: ["close_all"] };
}

/** The instant that ISO text names. */
export function instant(text: string): EpochMs {
  return Temporal.Instant.from(text).epochMilliseconds;
}

/** The instant as ISO text, for assertions that a person can read. */
export function isoText(at: EpochMs): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString();
}

/** A session of one zone, daily and with the default rules where nothing else is given. */
export function clockSession(given: Partial<Session>): Session {
  const timezone = given.timezone ?? "UTC";
  return { ...DEFAULT, timezone, ...given };
}

const DEFAULT: Session = {
  name: "desk",
  named: true,
  account: "main",
  timezone: "UTC",
  window: null,
  days: [],
  dates: [],
  exceptDates: [],
  calendar: [],
  hours: "clip",
  halfDays: "shift",
  breaks: "ignore",
  dst: { gap: "end", overlap: "first" },
  onStart: [],
  onEnd: [],
  customStart: null,
  customEnd: null,
  moments: [],
  scope: {
    written: false,
    symbols: null,
    except: [],
    tag: null,
    session: null,
  },
  cancelOrders: true,
  leadMs: 0,
  deadlineMs: MINUTE_MS,
  ifClosed: { kind: "report" },
  profit: "net",
  entries: null,
  noNewEntriesMs: null,
  blackouts: [],
  catchUp: { written: false, startMs: 5 * MINUTE_MS, endMs: null },
  strategies: [],
};
