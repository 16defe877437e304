/**
 * Places the window of a session that keeps to a market's calendar.
 *
 * | the window | on a holiday | its edges |
 * | --- | --- | --- |
 * | of a day | is skipped | `hours: clip` moves them into the market's hours |
 * | of several days | is clipped, never dropped | the start to the next opening, the end to the last close |
 *
 * @module
 */

import { dateOf } from "./date.ts";
import type { EpochDay } from "./date.ts";
import type { ClockTime, MarketTime, TimeValue } from "./definition.ts";
import { invariant } from "./error.ts";
import { emptyWindowMessage } from "./hazard.ts";
import { marketDayOn, marketDaysWithin, regularDayOf } from "./market.ts";
import type { Market, MarketAnswer, MarketDay } from "./market.ts";
import { startDayOf } from "./market_date.ts";
import {
  closedMessage,
  dayHazards,
  halfDayMessage,
  isHalfDay,
  outsideHoursMessage,
  pastDayMessage,
  restHazards,
} from "./market_hazard.ts";
import { splitWindow } from "./market_pause.ts";
import type { Hazard, Pause, SkipReason } from "./occurrence.ts";
import { isWeekly, marketNamed } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";
import { DAY_MS } from "./time.ts";
import type { EpochMs } from "./time.ts";
import { placedAt, placeEnd, placeTime, placeWindow } from "./window.ts";
import type { PlacedTime, PlacedWindow } from "./window.ts";

/** What a market makes of a window on one trade date. */
export type MarketWindow =
  | {
    readonly kind: "window";
    /** As asked for, by the clock and by the day's real open and close. */
    readonly asked: PlacedWindow;
    /** What the market's hours and breaks leave of it. */
    readonly window: PlacedWindow;
    readonly pauses: readonly Pause[];
    readonly hazards: readonly Hazard[];
  }
  | MarketSkip;

interface MarketSkip {
  readonly kind: "skip";
  readonly at: EpochMs;
  readonly reason: SkipReason;
  readonly message: string;
}

/** Places a session with a calendar on one of its trade dates. */
export function placeMarketWindow(
  schedule: Schedule,
  dated: Market,
  day: EpochDay,
): MarketWindow {
  if (isWeekly(schedule)) return placeWeek(schedule, dated, day);
  const regular = regularWindow(schedule, dated, day);
  const skip = (reason: SkipReason, message: string): MarketSkip => ({
    kind: "skip",
    at: regular.start.at,
    reason,
    message,
  });
  const days: MarketDay[] = [];
  for (const market of marketsOf(schedule)) {
    const answer = marketDayOn(market, day);
    if (answer.kind === "closed") {
      const reason = answer.by === null ? "outside_hours" : "holiday";
      return skip(reason, closedMessage(answer, day));
    }
    days.push(answer.day);
  }
  const half = days.find(isHalfDay);
  if (schedule.session.halfDays === "skip" && half !== undefined) {
    return skip("half_day", halfDayMessage(half));
  }
  const asked = askedWindow(schedule, regular, day);
  const past = [schedule.start, schedule.end]
    .find((time) => isPastDay(schedule, time, day));
  if (past !== undefined || asked.end.at <= asked.start.at) {
    return isClockOnly(schedule)
      ? skip("empty_window", emptyWindowMessage(asked))
      : skip("offset_outside_day", pastDayMessage(asked, day));
  }
  const hazards = days.flatMap(dayHazards);
  if (schedule.market === null || schedule.session.hours === "ignore") {
    return split(schedule, day, { asked, window: asked, hazards });
  }
  const window = clip(asked, schedule.market);
  return window === null
    ? skip("outside_hours", outsideHoursMessage(asked, schedule.market, day))
    : split(schedule, day, { asked, window, hazards });
}

/** Splits what the hours have left at the market's breaks, where the session asks for it. */
function split(
  { session, market }: Schedule,
  day: EpochDay,
  { asked, window, hazards }: {
    readonly asked: PlacedWindow;
    readonly window: PlacedWindow;
    readonly hazards: readonly Hazard[];
  },
): MarketWindow {
  if (
    market === null || session.window === null || session.breaks === "ignore"
  ) {
    return { kind: "window", asked, window, hazards, pauses: [] };
  }
  const left = splitWindow(market, window);
  if (left !== null) return { kind: "window", asked, hazards, ...left };
  const message = outsideHoursMessage(window, market, day);
  const at = window.start.at;
  return { kind: "skip", at, reason: "outside_hours", message };
}

/** The calendars that must all trade on a trade date. */
function marketsOf({ market, named }: Schedule): readonly Market[] {
  return market === null ? named : [market, ...named];
}

function isClockOnly({ start, end }: Schedule): boolean {
  return start.kind === "clock" && end.kind === "clock";
}

/** The window of a day on which nothing is out of the ordinary; it tells which date an edge is on. */
function regularWindow(
  schedule: Schedule,
  dated: Market,
  day: EpochDay,
): PlacedWindow {
  const { session, start, end } = schedule;
  if (session.window === null) return wholeDay(schedule, day, regularDayOf);
  const atMarket = (time: MarketTime) => {
    const market = marketOfTime(schedule, time);
    return placeAtSide(time, market, regularDayOf(market, day));
  };
  const startDay = start.kind === "clock"
    ? startDayOf({ start, end, dst: session.dst }, dated, day) ?? day
    : day;
  const opens = start.kind === "clock"
    ? placeTime(start, startDay, session.dst)
    : atMarket(start);
  const closes = end.kind === "clock"
    ? placeEnd(end, startDay - 1, opens, session.dst)
    : atMarket(end);
  return { start: opens, end: closes };
}

/** The same window by the day's real open and close; times of the clock stay where they are. */
function askedWindow(
  schedule: Schedule,
  regular: PlacedWindow,
  day: EpochDay,
): PlacedWindow {
  if (schedule.session.window === null) {
    return wholeDay(schedule, day, realDayOf);
  }
  const place = (time: TimeValue, byClock: PlacedTime) =>
    time.kind === "clock" ? byClock : placeMarketTime(schedule, time, day);
  return {
    start: place(schedule.start, regular.start),
    end: place(schedule.end, regular.end),
  };
}

/**
 * The window of a session that has only moments: the market's day; with `hours: ignore` all of the
 * local date as well.
 */
function wholeDay(
  { session, market, start, end }: Schedule,
  day: EpochDay,
  hoursOf: (market: Market, day: EpochDay) => MarketDay,
): PlacedWindow {
  invariant(
    market !== null && start.kind === "clock" && end.kind === "clock",
    "a session of moments has its own market and the whole day",
  );
  const { openAt, closeAt } = hoursOf(market, day);
  const hours = {
    start: placedAt(openAt, market.timezone),
    end: placedAt(closeAt, market.timezone),
  };
  if (session.hours === "clip") return hours;
  const date = placeWindow(start, end, day, session.dst);
  return {
    start: date.start.at < openAt ? date.start : hours.start,
    end: date.end.at > closeAt ? date.end : hours.end,
  };
}

/** The hours of a date on which a market is known to trade. */
function realDayOf(market: Market, day: EpochDay): MarketDay {
  const answer: MarketAnswer = marketDayOn(market, day);
  invariant(answer.kind === "open", `a market trades on ${dateOf(day)}`);
  return answer.day;
}

/** The market that a time relative to an open or close is about. */
export function marketOfTime(
  { market, session }: Schedule,
  time: MarketTime,
): Market {
  if (time.calendar !== null) return marketNamed(time.calendar);
  invariant(market !== null, `"${session.name}" has a calendar`);
  return market;
}

/** Places a time relative to the real open or close of a date on which its market trades. */
export function placeMarketTime(
  schedule: Schedule,
  time: MarketTime,
  day: EpochDay,
): PlacedTime {
  const market = marketOfTime(schedule, time);
  return placeAtSide(time, market, realDayOf(market, day));
}

/** Places a time relative to the open or close of given hours. */
export function placeAtSide(
  { side, offsetMs }: MarketTime,
  { timezone }: Market,
  { openAt, closeAt }: MarketDay,
): PlacedTime {
  return placedAt((side === "open" ? openAt : closeAt) + offsetMs, timezone);
}

/** Whether a time relative to one end of the day comes out beyond its other end. */
function isPastDay(
  schedule: Schedule,
  time: TimeValue,
  day: EpochDay,
): boolean {
  if (time.kind === "clock") return false;
  const hours = realDayOf(marketOfTime(schedule, time), day);
  return isBeyond(time, hours);
}

/** Whether an offset is longer than the hours it is counted in. */
export function isBeyond(
  { side, offsetMs }: MarketTime,
  { openAt, closeAt }: MarketDay,
): boolean {
  return side === "open"
    ? openAt + offsetMs > closeAt
    : closeAt + offsetMs < openAt;
}

function clip(asked: PlacedWindow, market: Market): PlacedWindow | null {
  const days = marketDaysWithin(market, asked.start.at, asked.end.at);
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return null;
  return {
    start: first.openAt > asked.start.at
      ? placedAt(first.openAt, market.timezone)
      : asked.start,
    end: last.closeAt < asked.end.at
      ? placedAt(last.closeAt, market.timezone)
      : asked.end,
  };
}

/** Places a window of several days. */
function placeWeek(
  schedule: Schedule,
  dated: Market,
  day: EpochDay,
): MarketWindow {
  const { session, start, end, market } = schedule;
  const { start: from, end: to } = clockEdges(start, end);
  const startDay = startDayOf(
    { start: from, end: to, dst: session.dst },
    dated,
    day,
  );
  invariant(startDay !== null, `${dateOf(day)} has a window`);
  const asked = placeWindow(from, to, startDay, session.dst);
  if (market === null) {
    return { kind: "window", asked, window: asked, hazards: [], pauses: [] };
  }
  const clipped = clip(asked, market);
  const rests = restHazards(market, asked);
  if (clipped === null) {
    return {
      kind: "skip",
      at: asked.start.at,
      reason: rests.length > 0 ? "holiday" : "outside_hours",
      message: outsideHoursMessage(asked, market, day),
    };
  }
  const hazards = [
    ...rests,
    ...marketDaysWithin(market, clipped.start.at, clipped.end.at)
      .flatMap(dayHazards),
  ];
  const window = session.hours === "clip"
    ? clipped
    : keepTradedEdges(asked, clipped, market);
  return split(schedule, day, { asked, window, hazards });
}

/** With `hours: ignore` an edge stays by the clock unless a holiday closes its date. */
function keepTradedEdges(
  asked: PlacedWindow,
  clipped: PlacedWindow,
  market: Market,
): PlacedWindow {
  const keep = (edge: PlacedTime, moved: PlacedTime) => {
    const local = placedAt(edge.at, market.timezone);
    const day = Math.floor(local.wallMs / DAY_MS);
    const answer = marketDayOn(market, day);
    return answer.kind === "closed" && answer.name !== null ? moved : edge;
  };
  return {
    start: keep(asked.start, clipped.start),
    end: keep(asked.end, clipped.end),
  };
}

function clockEdges(
  start: TimeValue,
  end: TimeValue,
): { readonly start: ClockTime; readonly end: ClockTime } {
  invariant(
    start.kind === "clock" && end.kind === "clock",
    "a window of several days has times of the clock",
  );
  return { start, end };
}
