/**
 * Whether the market of a session trades at an instant, and when it does next.
 *
 * @module
 */

import type { Calendar } from "./calendars/calendar.ts";
import { isOpenAt, nextOpen, tradingDayAt } from "./calendars/trading_day.ts";
import type { MarketCalendar } from "./definition.ts";
import { resolveCalendar } from "./market_calendar.ts";
import type { EpochMs } from "./time.ts";

/** Whether all of them trade; in a break none does. @units `at`: EpochMs */
export function isTradingAt(
  market: readonly MarketCalendar[],
  at: EpochMs,
): boolean {
  return market.map(resolveCalendar).every((each) => isOpenAt(each, at));
}

/** How often several calendars are asked in turn before they count as never open together. */
const TURNS_MAX = 1_000;

/**
 * The first instant after another at which all of them open or trade again; `null` of none, and
 * where none is in reach.
 *
 * @units EpochMs
 */
export function nextTradingAt(
  market: readonly MarketCalendar[],
  afterAt: EpochMs,
): EpochMs | null {
  const calendars = market.map(resolveCalendar);
  // Where they all trade now, and the broker says otherwise, the next opening is meant.
  const isOpen = calendars.every((each) => isOpenAt(each, afterAt));
  let at = isOpen ? soonestOpening(calendars, afterAt) : afterAt;
  for (let turn = 0; at !== null && turn < TURNS_MAX; turn++) {
    const from: EpochMs = at;
    const shut = calendars.filter((each) => !isOpenAt(each, from));
    if (shut.length === 0) return at;
    at = latestOpening(shut, from);
  }
  return null;
}

function soonestOpening(
  calendars: readonly Calendar[],
  at: EpochMs,
): EpochMs | null {
  const found = calendars.flatMap((each) => nextOpen(each, at) ?? []);
  return found.length === 0 ? null : Math.min(...found);
}

function latestOpening(
  calendars: readonly Calendar[],
  at: EpochMs,
): EpochMs | null {
  const found = calendars.map((each) => openingAfter(each, at));
  return found.includes(null)
    ? null
    : Math.max(...found.flatMap((each) => each ?? []));
}

/** The end of a break counts as an opening. */
function openingAfter(calendar: Calendar, at: EpochMs): EpochMs | null {
  const breakEndAt = tradingDayAt(calendar, at)?.breakEndAt ?? null;
  return breakEndAt !== null && breakEndAt > at
    ? breakEndAt
    : nextOpen(calendar, at);
}
