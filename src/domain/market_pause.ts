/**
 * Splits the window of a session at the breaks of its market.
 *
 * | the window | what becomes of it |
 * | --- | --- |
 * | holds the break | pauses in it |
 * | starts in the break | starts when the break is over |
 * | ends in the break, or with it | ends when the break begins |
 * | lies in the break | is nothing |
 *
 * @module
 */

import { calendarDaysAround, marketDaysWithin } from "./market.ts";
import type { Market, MarketDay } from "./market.ts";
import type { Pause } from "./occurrence.ts";
import { mergePauses } from "./pause.ts";
import type { EpochMs } from "./time.ts";
import { placedAt } from "./window.ts";
import type { PlacedWindow } from "./window.ts";

/** What a market's breaks leave of a window. */
export interface SplitWindow {
  readonly window: PlacedWindow;
  /** In order, apart, and each with open time on both sides. */
  readonly pauses: readonly Pause[];
}

/** Splits a window; `null` where a break takes all of it. */
export function splitWindow(
  market: Market,
  window: PlacedWindow,
): SplitWindow | null {
  let { start, end } = window;
  const pauses: Pause[] = [];
  for (const pause of pausesWithin(market, start.at, end.at)) {
    const { fromAt, toAt } = pause;
    const holdsStart = fromAt <= start.at;
    const holdsEnd = end.at <= toAt;
    if (holdsStart && holdsEnd) return null;
    if (holdsStart) start = placedAt(toAt, market.timezone);
    else if (holdsEnd) end = placedAt(fromAt, market.timezone);
    else pauses.push(pause);
  }
  const isWhole = start === window.start && end === window.end;
  return { window: isWhole ? window : { start, end }, pauses };
}

/**
 * The breaks of a market in a stretch of time: those of each of its calendars, on days on which all
 * of them trade.
 */
function pausesWithin(
  market: Market,
  fromAt: EpochMs,
  toAt: EpochMs,
): readonly Pause[] {
  const pauses = marketDaysWithin(market, fromAt, toAt)
    .flatMap((day) => pausesOf(market, day))
    .filter((pause) => pause.fromAt < toAt && fromAt < pause.toAt);
  return mergePauses(pauses);
}

/** The breaks that touch a market's hours; the same date of another zone begins on another day. */
function pausesOf(
  { calendars }: Market,
  { day, openAt, closeAt }: MarketDay,
): readonly Pause[] {
  return calendars.flatMap((calendar) => calendarDaysAround(calendar, day))
    .flatMap(({ breakStartAt: fromAt, breakEndAt: toAt }) =>
      fromAt === null || toAt === null ? [] : [{ fromAt, toAt }]
    )
    .filter(({ fromAt, toAt }) => fromAt < closeAt && openAt < toAt);
}
