/**
 * A session's start and end as written -> its window.
 *
 * @module
 */

import type {
  MarketCalendar,
  TimeValue,
  Window,
} from "../src/domain/definition.ts";
import { calendarName } from "../src/domain/market_calendar.ts";
import { DAY_MS } from "../src/domain/time.ts";
import type { SessionSpec, SessionValues } from "./decode_session.ts";
import type { TimeSpec } from "./decode_time.ts";
import type { IssueLog } from "./issue_log.ts";
import { type CalendarNames, lowerCalendarName } from "./lower_calendars.ts";
import { type Door, keyWord, type Located } from "./shape.ts";

/** What a time as written may mean. */
export interface TimeSurroundings extends CalendarNames {
  /** The zone of every time without one of its own. */
  readonly timezone: string;
}

/** A time with its zone filled in (its own, else the session's) and its calendar in full. */
export function lowerTime(
  { value: time, node }: Located<TimeSpec>,
  around: TimeSurroundings,
): TimeValue {
  if (time.kind === "clock") {
    return { ...time, timezone: time.timezone ?? around.timezone };
  }
  const calendar = time.calendar === null
    ? null
    : lowerCalendarName({ value: time.calendar, node }, around);
  return { ...time, calendar };
}

/** A window, none (a session may have only moments), or one that cannot be, which is then reported. */
export type WindowReading =
  | { readonly ok: true; readonly window: Window | null }
  | { readonly ok: false };

const REFUSED: WindowReading = { ok: false };

/** Reads the window and refuses what can never open or never close. */
export function lowerWindow(
  spec: SessionSpec,
  values: SessionValues,
  around: TimeSurroundings,
): WindowReading {
  const { log, door } = around.context;
  const { start, end } = values;
  if (start === undefined && end === undefined) {
    return withoutWindow(spec, values, log, door);
  }
  if (start === undefined || end === undefined) {
    const missing = start === undefined ? "start" : "end";
    log.at((start ?? end ?? spec).node, "session/half-window", {
      expected: `the key "${missing}" as well`,
      received: null,
    });
    return REFUSED;
  }
  const window = {
    start: lowerTime(start, around),
    end: lowerTime(end, around),
  };
  return isPossible(window, start, end, log) ? { ok: true, window } : REFUSED;
}

function withoutWindow(
  spec: SessionSpec,
  values: SessionValues,
  log: IssueLog,
  door: Door,
): WindowReading {
  if ((values.moments?.value.length ?? 0) === 0) {
    log.at(spec.node, "session/no-edges", {
      expected: 'the keys "start" and "end", or "moments"',
      received: null,
    });
    return REFUSED;
  }
  for (const key of ["onStart", "onEnd", "customStart", "customEnd"] as const) {
    const action = spec.keys[key];
    if (action === undefined || action.value === null) continue;
    log.at(action.node, "session/half-window", {
      expected: `the keys "start" and "end" beside "${keyWord(key, door)}"`,
      received: null,
    });
    return REFUSED;
  }
  return { ok: true, window: null };
}

const WHOLE_DAY = 'a whole day is start: "00:00" and end: "24:00"';
const WHOLE_WEEK = 'a whole week is start: "mon 00:00" and end: "sun 24:00"';

function isPossible(
  window: Window,
  start: Located<TimeSpec>,
  end: Located<TimeSpec>,
  log: IssueLog,
): boolean {
  const from = window.start;
  const to = window.end;
  if (from.kind !== "clock" || to.kind !== "clock") {
    return isPossibleMarket(window, start, end, log);
  }
  if ((from.weekday === null) !== (to.weekday === null)) {
    const bare = from.weekday === null ? start : end;
    log.at(bare.node, "session/half-weekday", {
      expected: 'a weekday on both "start" and "end", or on neither',
    });
    return false;
  }
  if (from.timeMs === DAY_MS) {
    log.at(start.node, "time/starts-at-24", {
      expected: '"00:00", the beginning of the next day',
    });
    return false;
  }
  const isEmpty = from.timeMs === to.timeMs && from.weekday === to.weekday &&
    from.timezone === to.timezone;
  if (!isEmpty) return true;
  reportEmpty(end, from.weekday === null ? WHOLE_DAY : WHOLE_WEEK, log);
  return false;
}

function isPossibleMarket(
  { start: from, end: to }: Window,
  start: Located<TimeSpec>,
  end: Located<TimeSpec>,
  log: IssueLog,
): boolean {
  const dated = [[from, start], [to, end]] as const;
  for (const [time, written] of dated) {
    if (time.kind !== "clock" || time.weekday === null) continue;
    log.at(written.node, "session/half-weekday", {
      expected: "a time without a weekday beside a market's open or close",
    });
    return false;
  }
  if (from.kind !== "market" || to.kind !== "market") return true;
  const isSameSide = from.side === to.side &&
    nameOf(from.calendar) === nameOf(to.calendar);
  if (!isSameSide || from.offsetMs < to.offsetMs) return true;
  reportEmpty(end, null, log);
  return false;
}

function nameOf(calendar: MarketCalendar | null): string | null {
  return calendar === null ? null : calendarName(calendar);
}

function reportEmpty(
  end: Located<TimeSpec>,
  hint: string | null,
  log: IssueLog,
): void {
  log.at(end.node, "session/zero-length", {
    expected: "an end after the start",
    hint,
  });
}
