/**
 * Makes the named edges of one occurrence.
 *
 * @module
 */

import { isCloseAction } from "./definition.ts";
import type { ClockTime, Moment, Session } from "./definition.ts";
import { dateOf } from "./date.ts";
import type { EpochDay } from "./date.ts";
import { edgeHazards, movedHazard, outsideHazard } from "./hazard.ts";
import { EDGE_RANK } from "./occurrence.ts";
import type { Edge, Hazard, LeftOut, Occurrence } from "./occurrence.ts";
import { isOpenAt, tradingDayAt } from "./calendars/trading_day.ts";
import { sessionCalendars } from "./market_calendar.ts";
import { placeMarketMoment } from "./market_moment.ts";
import type { PlacedMoment, WindowPair } from "./market_moment.ts";
import { momentOutsideHazard, momentPausedHazard } from "./market_hazard.ts";
import { pauseAt, pauseEdgeNames } from "./pause.ts";
import type { Schedule } from "./schedule.ts";
import { DAY_MS, MINUTE_MS } from "./time.ts";
import type { DurationMs, EpochMs } from "./time.ts";
import { placedAt, placeMoment } from "./window.ts";
import type { PlacedTime, PlacedWindow } from "./window.ts";

/**
 * A close that a short day moves to the very close of its market is due so long before it.
 *
 * @units milliseconds
 */
export const CLOSE_LEAD_MS: DurationMs = MINUTE_MS;

/** The edges of an occurrence and what is to be said about them. */
export interface PlacedEdges {
  /** In the order in which they come due. */
  readonly edges: readonly Edge[];
  /** Moments that do not run on this date. */
  readonly leftOut: readonly LeftOut[];
  /** In the order in which the session file names the edges. */
  readonly hazards: readonly Hazard[];
}

/**
 * Makes start, end, the edges of pauses, and moments; a session without a window has moments only.
 *
 * Moments are looked for in the window that was asked for, and run where the market's hours
 * and breaks have left it open.
 */
export function placeEdges(
  schedule: Schedule,
  day: EpochDay,
  placedWindow: WindowPair,
): PlacedEdges {
  const { session } = schedule;
  const { window } = placedWindow;
  const tradeDate = dateOf(day);
  const edges: Edge[] = [];
  const hazards: Hazard[] = [];
  const leftOut: LeftOut[] = [];
  const opensAt = window.start.at;
  if (session.window !== null) {
    edges.push(...windowEdges(session, tradeDate, placedWindow));
    hazards.push(...edgeHazards("start", window.start));
    hazards.push(...edgeHazards("end", window.end));
  }
  for (const moment of schedule.moments) {
    const { name, actions, at: time } = moment;
    const placed = time.kind === "market"
      ? placeMarketMoment(schedule, name, time, day, placedWindow)
      : placeClockMoment(schedule, moment, time, day, placedWindow);
    hazards.push(...placed.hazards);
    if (placed.at === null) {
      const key = `${session.name}/${tradeDate}/${name}`;
      const message = placed.hazards.map((hazard) => hazard.message).join("; ");
      leftOut.push({ key, name, actions, message });
      continue;
    }
    const { at } = placed;
    const rank = EDGE_RANK.moment;
    const made = { at, rank, actions, opensAt };
    edges.push(makeEdge(session, tradeDate, name, made));
  }
  return { edges: edges.sort(compareEdges), leftOut, hazards };
}

/** Which comes due first; below zero if it is `a`. */
export function compareEdges(a: Edge, b: Edge): number {
  return a.dueAt - b.dueAt || a.rank - b.rank;
}

/** Start and end, and what a pause repeats of them: it ends the session and starts it again. */
function windowEdges(
  session: Session,
  tradeDate: string,
  { window, pauses }: WindowPair,
): readonly Edge[] {
  const opensAt = window.start.at;
  const start = (name: string, at: EpochMs) => {
    const { onStart: actions } = session;
    const rank = EDGE_RANK.start;
    return makeEdge(session, tradeDate, name, { at, rank, actions, opensAt });
  };
  const end = (name: string, at: EpochMs) => {
    const { onEnd: actions } = session;
    const rank = EDGE_RANK.end;
    return makeEdge(session, tradeDate, name, { at, rank, actions, opensAt });
  };
  return [
    start("start", window.start.at),
    ...pauses.flatMap(({ fromAt, toAt }, index) => {
      const names = pauseEdgeNames(index);
      return [end(names.from, fromAt), start(names.to, toAt)];
    }),
    end("end", window.end.at),
  ];
}

function makeEdge(
  session: Session,
  tradeDate: string,
  name: string,
  { at, rank, actions, opensAt }:
    & Pick<Edge, "at" | "rank" | "actions">
    & Pick<Occurrence, "opensAt">,
): Edge {
  const marketClosesAt = closeOfMarket(session, at);
  const lead = { at, rank, actions, opensAt, marketClosesAt };
  return {
    key: `${session.name}/${tradeDate}/${name}`,
    session: session.name,
    tradeDate,
    name,
    at,
    dueAt: dueOf(session, lead),
    rank,
    actions,
    marketClosesAt,
  };
}

/**
 * When an edge is due: a closing one its lead before its instant, and never at the very close of
 * its market, where nothing can be closed any more.
 *
 * On a market's day a lead that is longer than the session begins when the session does.
 */
function dueOf(
  { leadMs }: Session,
  edge:
    & Pick<Edge, "at" | "rank" | "actions" | "marketClosesAt">
    & Pick<Occurrence, "opensAt">,
): EpochMs {
  const { at, rank, actions, marketClosesAt, opensAt } = edge;
  if (!actions.some(isCloseAction)) return at;
  const isAtClose = marketClosesAt !== null && at >= marketClosesAt;
  const dueAt = at - (isAtClose ? Math.max(leadMs, CLOSE_LEAD_MS) : leadMs);
  const isShortened = marketClosesAt !== null && rank !== EDGE_RANK.start;
  return isShortened ? Math.max(dueAt, opensAt) : dueAt;
}

/** When the market stops that is open just before an instant; `null` where it trades on. */
function closeOfMarket(session: Session, at: EpochMs): EpochMs | null {
  const stops = sessionCalendars(session).flatMap((calendar) => {
    const day = tradingDayAt(calendar, at - 1);
    if (day === null) return [];
    const { breakStartAt, closeAt } = day;
    const stopAt = breakStartAt !== null && at <= breakStartAt
      ? breakStartAt
      : closeAt;
    return isOpenAt(calendar, stopAt) ? [] : [stopAt];
  });
  return stops.length === 0 ? null : Math.min(...stops);
}

/** Places a moment by the clock, and drops it where the market's hours or a break cut it off. */
function placeClockMoment(
  schedule: Schedule,
  { name }: Moment,
  time: ClockTime,
  day: EpochDay,
  { asked, window, pauses }: WindowPair,
): PlacedMoment {
  const openedDay = Math.floor(asked.start.wallMs / DAY_MS);
  // With a calendar the window may open on another date than the trade date.
  const fromDay = schedule.dated === null ? day : openedDay;
  const placed = placeInside(schedule, name, time, fromDay, asked);
  const { at } = placed;
  if (at === null) return placed;
  const pause = pauseAt(pauses, at);
  const isInside = asked === window ||
    window.start.at <= at && at < window.end.at;
  if (isInside && pause === null) return placed;
  const cutOff = placedAt(at, time.timezone);
  const hazard = pause === null
    ? momentOutsideHazard(name, cutOff, window)
    : momentPausedHazard(name, cutOff, pause);
  return { at: null, hazards: [hazard] };
}

/**
 * Places a moment, keeping a close that a gap would push out of the window.
 *
 * A moment that its clock time puts inside stays inside, in the window's last millisecond at the
 * latest: the night on which the clock skips an hour is no reason to leave a close undone.
 */
function placeInside(
  schedule: Schedule,
  name: string,
  time: ClockTime,
  day: EpochDay,
  window: PlacedWindow,
): PlacedMoment {
  const { dst } = schedule.session;
  const placed = placeMoment(time, day, window.start, dst);
  if (isOutside(placed, window)) {
    return { at: null, hazards: [outsideHazard(name, placed, window)] };
  }
  const lastAt = window.end.at - 1;
  const at = Math.min(Math.max(placed.at, window.start.at), lastAt);
  if (at === placed.at) {
    return { at, hazards: edgeHazards(name, placed) };
  }
  return { at, hazards: [movedHazard(name, { ...placed, at })] };
}

function isOutside(placed: PlacedTime, window: PlacedWindow): boolean {
  const { start, end } = window;
  const zone = placed.time.timezone;
  return zone === start.time.timezone && zone === end.time.timezone
    ? placed.wallMs >= end.wallMs
    : placed.at >= end.at;
}
