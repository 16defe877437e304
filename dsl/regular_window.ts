/**
 * A session's window on a day on which nothing is out of the ordinary, as times of the clock.
 *
 * What checks compare before any date is known; placing itself asks the calendar day by day.
 *
 * @module
 */

import type {
  ClockTime,
  MarketCalendar,
  MarketTime,
  Session,
  TimeValue,
} from "../src/domain/definition.ts";
import { regularTimesOn } from "../src/domain/calendars/regular_times.ts";
import { dayOf } from "../src/domain/date.ts";
import { resolveCalendar } from "../src/domain/market_calendar.ts";
import { DAY_MS } from "../src/domain/time.ts";
import type { ClockWindow } from "./sample_weeks.ts";

/** A date on which every market keeps the hours of today. */
const SAMPLE_DAY = dayOf("2026-06-10");

/** The window by the clock; `null` where there is none, or where it needs a calendar that is missing. */
export function regularWindow(session: Session): ClockWindow | null {
  if (session.window === null) return null;
  const start = regularTime(session.window.start, session);
  const end = regularTime(session.window.end, session);
  return start === null || end === null ? null : { start, end };
}

/**
 * A time by the clock of its market's zone; one on the evening before its trade date is below zero.
 *
 * Of several calendars the first counts.
 */
export function regularTime(
  time: TimeValue,
  session: Session,
): ClockTime | null {
  if (time.kind === "clock") return time;
  const calendar = time.calendar ?? session.calendar[0];
  return calendar === undefined ? null : timeAt(time, calendar);
}

/**
 * The regular hours that clip a session; `null` where none do.
 *
 * A market that is open around the clock clips nothing: one trade date begins where another ends.
 */
export function clippingHours(
  { calendar: [given], hours, window }: Session,
): ClockWindow | null {
  if (given === undefined || hours === "ignore" || window === null) return null;
  if (window.start.kind === "clock" && window.start.weekday !== null) {
    return null;
  }
  const { openMs, closeMs } = regularTimesOn(
    resolveCalendar(given),
    SAMPLE_DAY,
  );
  if (closeMs - openMs >= DAY_MS) return null;
  const side = { kind: "market", offsetMs: 0, calendar: null } as const;
  return {
    start: timeAt({ ...side, side: "open" }, given),
    end: timeAt({ ...side, side: "close" }, given),
  };
}

function timeAt(
  { side, offsetMs }: MarketTime,
  given: MarketCalendar,
): ClockTime {
  const calendar = resolveCalendar(given);
  const { openMs, closeMs } = regularTimesOn(calendar, SAMPLE_DAY);
  return {
    kind: "clock",
    weekday: null,
    timeMs: (side === "open" ? openMs : closeMs) + offsetMs,
    timezone: calendar.timezone,
  };
}
