/**
 * The market that a session keeps to: one calendar, or several of which all must be open.
 *
 * @module
 */

import type { Calendar, DayKind } from "./calendars/calendar.ts";
import { regularTimesOn } from "./calendars/regular_times.ts";
import { closureOf, tradingDayOn } from "./calendars/trading_day.ts";
import type { TradingDay } from "./calendars/trading_day.ts";
import { DST_DEFAULT, placeWall, wallAt } from "./civil.ts";
import { dateOf } from "./date.ts";
import type { EpochDay } from "./date.ts";
import type { MarketCalendar } from "./definition.ts";
import { invariant } from "./error.ts";
import { hasOwnHours, resolveCalendar } from "./market_calendar.ts";
import { DAY_MS } from "./time.ts";
import type { EpochMs } from "./time.ts";

/** One calendar or several, ready to be asked. */
export interface Market {
  /** The first gives the trade dates and the zone. */
  readonly calendars: readonly [Calendar, ...Calendar[]];
  readonly given: readonly MarketCalendar[];
  readonly timezone: string;
  /** What was asked before: how fast an answer comes, never the answer. */
  readonly answers: Map<EpochDay, MarketAnswer>;
}

/** A calendar, with what is out of the ordinary about its day. */
export interface Remark {
  readonly calendar: Calendar;
  readonly what: Exclude<DayKind, "regular"> | "overridden";
  readonly day: TradingDay;
}

/** The hours of one trade date. */
export interface MarketDay {
  readonly day: EpochDay;
  /** The latest opening of all calendars. */
  readonly openAt: EpochMs;
  /** The earliest close of all calendars. */
  readonly closeAt: EpochMs;
  readonly remarks: readonly Remark[];
}

/** Whether a market trades on a date, and if not, which of its calendars keeps it closed. */
export type MarketAnswer =
  | { readonly kind: "open"; readonly day: MarketDay }
  | {
    readonly kind: "closed";
    /** `null` where each trades and they have no hours in common. */
    readonly by: Calendar | null;
    /** A holiday's or a closure's name; `null` for a day of the week without trading. */
    readonly name: string | null;
  };

// Memory of a pure function: what is in it changes how fast the answer comes, never the answer.
const markets = new WeakMap<Calendar, Market>();

/** How many dates a market remembers: those of a decade. */
const ANSWERS_MAX = 4_096;

/**
 * Makes a market of its calendars; `null` of none.
 *
 * @throws {CarillonError} "calendar/unknown" if no calendar has a code
 */
export function marketOf(given: readonly MarketCalendar[]): Market | null {
  const [first, ...others] = given.map(resolveCalendar);
  if (first === undefined) return null;
  const known = others.length === 0 ? markets.get(first) : undefined;
  if (known !== undefined) return known;
  const { timezone } = first;
  const calendars = [first, ...others] as const;
  const market = { calendars, given, timezone, answers: new Map() };
  if (others.length === 0) markets.set(first, market);
  return market;
}

/** What a market does on a trade date of its first calendar. */
export function marketDayOn(market: Market, day: EpochDay): MarketAnswer {
  const { answers } = market;
  const known = answers.get(day);
  if (known !== undefined) return known;
  const answer = askCalendars(market, day);
  if (answers.size >= ANSWERS_MAX) answers.clear();
  answers.set(day, answer);
  return answer;
}

function askCalendars(market: Market, day: EpochDay): MarketAnswer {
  const [first, ...others] = market.calendars;
  const own = tradingDayOn(first, day);
  if (own === null) return closedBy(first, day);
  let { openAt, closeAt } = own;
  for (const calendar of others) {
    const piece = longestPiece(calendar, day, openAt, closeAt);
    if (piece === null) {
      return tradingDayOn(calendar, day) === null
        ? closedBy(calendar, day)
        : { kind: "closed", by: null, name: null };
    }
    [openAt, closeAt] = piece;
  }
  const remarks = remarksOn(market, day);
  return { kind: "open", day: { day, openAt, closeAt, remarks } };
}

function closedBy(calendar: Calendar, day: EpochDay): MarketAnswer {
  const name = closureOf(calendar, dateOf(day));
  return {
    kind: "closed",
    by: calendar,
    name: name === "weekend" ? null : name,
  };
}

type Piece = readonly [openAt: EpochMs, closeAt: EpochMs];

/** The longest stretch in which a calendar is open; days that follow without a gap count as one. */
function longestPiece(
  calendar: Calendar,
  day: EpochDay,
  fromAt: EpochMs,
  toAt: EpochMs,
): Piece | null {
  let best: Piece | null = null;
  let last: Piece | null = null;
  for (const { openAt, closeAt } of calendarDaysAround(calendar, day)) {
    const clipped: Piece = [Math.max(openAt, fromAt), Math.min(closeAt, toAt)];
    if (clipped[0] >= clipped[1]) continue;
    last = last !== null && last[1] >= clipped[0]
      ? [last[0], clipped[1]]
      : clipped;
    if (best === null || last[1] - last[0] > best[1] - best[0]) best = last;
  }
  return best;
}

/**
 * A calendar's days that can share hours with a date of another zone, which begins and ends at most a
 * day earlier or later.
 */
export function calendarDaysAround(
  calendar: Calendar,
  day: EpochDay,
): readonly TradingDay[] {
  return [day - 2, day - 1, day, day + 1, day + 2]
    .flatMap((each) => tradingDayOn(calendar, each) ?? []);
}

/** The trade dates of a market that are open at any instant of a stretch, in order. */
export function marketDaysWithin(
  market: Market,
  fromAt: EpochMs,
  toAt: EpochMs,
): readonly MarketDay[] {
  const found: MarketDay[] = [];
  const lastDay = dayIn(market, toAt) + 1;
  for (let day = dayIn(market, fromAt) - 1; day <= lastDay; day++) {
    const answer = marketDayOn(market, day);
    if (answer.kind === "closed") continue;
    const { openAt, closeAt } = answer.day;
    if (openAt < toAt && closeAt > fromAt) found.push(answer.day);
  }
  return found;
}

function dayIn({ timezone }: Market, at: EpochMs): EpochDay {
  return Math.floor(wallAt(at, timezone) / DAY_MS);
}

/** When a market would open and close on a date on which nothing is out of the ordinary. */
export function regularDayOf(market: Market, day: EpochDay): MarketDay {
  const [openAt, closeAt] = market.calendars
    .map((calendar) => regularPiece(calendar, day))
    .reduce(([open, close], piece) => [
      Math.max(open, piece[0]),
      Math.min(close, piece[1]),
    ]);
  return { day, openAt, closeAt, remarks: [] };
}

function regularPiece(calendar: Calendar, day: EpochDay): Piece {
  const { openMs, closeMs } = regularTimesOn(calendar, day);
  const place = (timeMs: number) =>
    placeWall(day * DAY_MS + timeMs, calendar.timezone, DST_DEFAULT).at;
  return [place(openMs), place(closeMs)];
}

/** What is out of the ordinary about a date on which all calendars of a market trade. */
function remarksOn(market: Market, day: EpochDay): readonly Remark[] {
  const date = dateOf(day);
  return market.calendars.flatMap((calendar, index) => {
    const given = market.given[index];
    const own = tradingDayOn(calendar, day);
    invariant(given !== undefined, "a market has a value for each calendar");
    if (own === null) return [];
    const remark = (what: Remark["what"]) => ({ calendar, what, day: own });
    return [
      ...own.kind === "regular" ? [] : [remark(own.kind)],
      ...hasOwnHours(given, date) ? [remark("overridden")] : [],
    ];
  });
}
