/**
 * Places moments that are relative to a market's open or close.
 *
 * @module
 */

import type { EpochDay } from "./date.ts";
import type { MarketTime } from "./definition.ts";
import { marketDayOn, marketDaysWithin } from "./market.ts";
import type { Market, MarketAnswer } from "./market.ts";
import {
  momentClosedHazard,
  momentOutsideHazard,
  momentPausedHazard,
} from "./market_hazard.ts";
import { isBeyond, marketOfTime, placeAtSide } from "./market_window.ts";
import type { Hazard, Pause } from "./occurrence.ts";
import { pauseAt } from "./pause.ts";
import { isWeekly } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";
import type { EpochMs } from "./time.ts";
import type { PlacedWindow } from "./window.ts";

/** When a moment runs. */
export interface PlacedMoment {
  /** `null` where the window does not hold it. */
  readonly at: EpochMs | null;
  readonly hazards: readonly Hazard[];
}

/** A window as asked for, and what a market's hours and breaks leave of it. */
export interface WindowPair {
  readonly asked: PlacedWindow;
  readonly window: PlacedWindow;
  readonly pauses: readonly Pause[];
}

/**
 * Places a moment by the real open or close of its market.
 *
 * In a window of several days `open` is that of its first trading day, `close` that of its last. At
 * the very end of the window, or at the very start of a break, it still runs: a lead makes it due
 * before.
 */
export function placeMarketMoment(
  schedule: Schedule,
  name: string,
  time: MarketTime,
  day: EpochDay,
  { asked, window, pauses }: WindowPair,
): PlacedMoment {
  const market = marketOfTime(schedule, time);
  const answer = isWeekly(schedule)
    ? sideDay(market, time, asked)
    : marketDayOn(market, day);
  if (answer.kind === "closed") {
    return { at: null, hazards: [momentClosedHazard(name, answer, day)] };
  }
  const placed = placeAtSide(time, market, answer.day);
  const { at } = placed;
  const isOutside = isBeyond(time, answer.day) || at < window.start.at ||
    at > window.end.at;
  if (isOutside) {
    return { at: null, hazards: [momentOutsideHazard(name, placed, window)] };
  }
  const pause = pauseAt(pauses, at);
  return pause === null || pause.fromAt === at
    ? { at, hazards: [] }
    : { at: null, hazards: [momentPausedHazard(name, placed, pause)] };
}

/** The first or the last trading day of a window of several days. */
export function sideDay(
  market: Market,
  { side }: MarketTime,
  { start, end }: PlacedWindow,
): MarketAnswer {
  const days = marketDaysWithin(market, start.at, end.at);
  const day = side === "open" ? days[0] : days.at(-1);
  return day === undefined
    ? { kind: "closed", by: market.calendars[0], name: null }
    : { kind: "open", day };
}
