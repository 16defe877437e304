/**
 * Whether what a calendar of the file's own says about a day fits that day.
 *
 * @module
 */

import { tradingDay } from "../src/domain/calendars/trading_day.ts";
import type { TradingDay } from "../src/domain/calendars/trading_day.ts";
import { DST_DEFAULT, placeCivil } from "../src/domain/civil.ts";
import type { UserCalendar } from "../src/domain/definition.ts";
import { resolveCalendar } from "../src/domain/market_calendar.ts";
import type { DurationMs } from "../src/domain/time.ts";
import type { CalendarSpec } from "./decode_calendar.ts";
import { type Decoding, keyWord, type Located } from "./shape.ts";

/** Reports changed hours on days without trading, and hours that the day does not have. */
export function checkUserCalendar(
  own: UserCalendar,
  { keys }: CalendarSpec,
  { log, door }: Decoding,
): void {
  // The day as it would be without the changes that are looked at.
  const unchanged = resolveCalendar({
    kind: "own",
    calendar: { ...own, earlyCloses: {}, lateOpens: {} },
  });
  const check = (date: string, side: Side, { value, node }: Written) => {
    const day = tradingDay(unchanged, date);
    if (day === null) {
      log.at(node, "calendar/closed-day", {
        expected: `a date on which "${own.name}" trades`,
        received: date,
        hint: "hours for a closed day go under special_sessions",
      });
    } else if (!isWithin(own, day, date, side, value)) {
      log.at(node, "calendar/outside-day", {
        expected: hoursText(day, own.timezone),
        hint: day.kind === "special"
          ? "write the hours of a special session under special_sessions"
          : `other hours than a part of these go under ${
            keyWord("specialSessions", door)
          }`,
      });
    }
  };
  for (const [date, time] of keys.earlyCloses?.value ?? []) {
    check(date, "close", time);
  }
  for (const [date, time] of keys.lateOpens?.value ?? []) {
    check(date, "open", time);
  }
  for (const [date, { node }] of keys.specialSessions?.value ?? []) {
    if (!own.closed.some(({ from, to }) => from <= date && date <= to)) {
      continue;
    }
    log.at(node, "calendar/closed-day", {
      expected: 'a date that "closed" does not name',
      received: date,
    });
  }
}

type Side = "open" | "close";
type Written = Located<DurationMs>;

function isWithin(
  own: UserCalendar,
  { openAt, closeAt, kind }: TradingDay,
  date: string,
  side: Side,
  timeMs: DurationMs,
): boolean {
  const { at } = placeCivil(date, timeMs, own.timezone, DST_DEFAULT);
  const lateOpen = own.lateOpens[date];
  if (kind === "special") return false;
  if (side === "open") return openAt <= at && at < closeAt;
  const opensAt = lateOpen === undefined
    ? openAt
    : placeCivil(date, lateOpen, own.timezone, DST_DEFAULT).at;
  return opensAt < at && at <= closeAt;
}

function hoursText({ openAt, closeAt }: TradingDay, timezone: string): string {
  const [open, close] = [openAt, closeAt].map((at) => {
    const local = Temporal.Instant.fromEpochMilliseconds(at)
      .toZonedDateTimeISO(timezone);
    return local.toPlainTime().toString({ smallestUnit: "minute" });
  });
  return `a time in the hours of that day, ${open} to ${close}`;
}
