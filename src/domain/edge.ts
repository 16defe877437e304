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
import type { Edge, Hazard } from "./occurrence.ts";
import { placeMarketMoment } from "./market_moment.ts";
import type { PlacedMoment, WindowPair } from "./market_moment.ts";
import { momentOutsideHazard } from "./market_hazard.ts";
import type { Schedule } from "./schedule.ts";
import { DAY_MS } from "./time.ts";
import { placedAt, placeMoment } from "./window.ts";
import type { PlacedTime, PlacedWindow } from "./window.ts";

/** The edges of an occurrence and what is to be said about them. */
export interface PlacedEdges {
  /** In the order in which they come due. */
  readonly edges: readonly Edge[];
  /** In the order in which the session file names the edges. */
  readonly hazards: readonly Hazard[];
}

/**
 * Makes start, end and moments; a session without a window has moments only.
 *
 * Moments are looked for in the window that was asked for, and run where the market's hours have left
 * it open.
 */
export function placeEdges(
  schedule: Schedule,
  day: EpochDay,
  asked: PlacedWindow,
  window: PlacedWindow = asked,
): PlacedEdges {
  const { session } = schedule;
  const tradeDate = dateOf(day);
  const edges: Edge[] = [];
  const hazards: Hazard[] = [];
  if (session.window !== null) {
    const { start: { at: opensAt }, end: { at: closesAt } } = window;
    edges.push(
      makeEdge(session, tradeDate, "start", {
        at: opensAt,
        actions: session.onStart,
      }),
      makeEdge(session, tradeDate, "end", {
        at: closesAt,
        actions: session.onEnd,
      }),
    );
    hazards.push(...edgeHazards("start", window.start));
    hazards.push(...edgeHazards("end", window.end));
  }
  for (const moment of schedule.moments) {
    const { name, actions, at: time } = moment;
    const placed = time.kind === "market"
      ? placeMarketMoment(schedule, name, time, day, { asked, window })
      : placeClockMoment(schedule, moment, time, day, { asked, window });
    hazards.push(...placed.hazards);
    if (placed.at === null) continue;
    edges.push(makeEdge(session, tradeDate, name, { at: placed.at, actions }));
  }
  return { edges: edges.sort(compareEdges), hazards };
}

/** Which comes due first; below zero if it is `a`. */
export function compareEdges(a: Edge, b: Edge): number {
  return a.dueAt - b.dueAt || a.rank - b.rank;
}

function makeEdge(
  session: Session,
  tradeDate: string,
  name: string,
  { at, actions }: Pick<Edge, "at" | "actions">,
): Edge {
  return {
    key: `${session.name}/${tradeDate}/${name}`,
    session: session.name,
    tradeDate,
    name,
    at,
    dueAt: actions.some(isCloseAction) ? at - session.leadMs : at,
    rank: rankOf(name),
    actions,
  };
}

function rankOf(name: string): number {
  return name === "start" || name === "end"
    ? EDGE_RANK[name]
    : EDGE_RANK.moment;
}

/** Places a moment by the clock, and drops it where the market's hours cut it off. */
function placeClockMoment(
  schedule: Schedule,
  { name }: Moment,
  time: ClockTime,
  day: EpochDay,
  { asked, window }: WindowPair,
): PlacedMoment {
  const openedDay = Math.floor(asked.start.wallMs / DAY_MS);
  // With a calendar the window may open on another date than the trade date.
  const fromDay = schedule.dated === null ? day : openedDay;
  const placed = placeInside(schedule, name, time, fromDay, asked);
  const { at } = placed;
  if (asked === window || at === null) return placed;
  if (window.start.at <= at && at < window.end.at) return placed;
  const cutOff = placedAt(at, time.timezone);
  return { at: null, hazards: [momentOutsideHazard(name, cutOff, window)] };
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
