/**
 * Makes the named edges of one occurrence.
 *
 * @module
 */

import { isCloseAction } from "./definition.ts";
import type { Session } from "./definition.ts";
import { dateOf } from "./date.ts";
import type { EpochDay } from "./date.ts";
import { edgeHazards, movedHazard, outsideHazard } from "./hazard.ts";
import { EDGE_RANK } from "./occurrence.ts";
import type { Edge, Hazard } from "./occurrence.ts";
import type { Schedule, ScheduledMoment } from "./schedule.ts";
import type { EpochMs } from "./time.ts";
import { placeMoment } from "./window.ts";
import type { PlacedTime, PlacedWindow } from "./window.ts";

/** The edges of an occurrence and what is to be said about them. */
export interface PlacedEdges {
  /** In the order in which they come due. */
  readonly edges: readonly Edge[];
  /** In the order in which the session file names the edges. */
  readonly hazards: readonly Hazard[];
}

/** Makes start, end and moments; a session without a window has moments only. */
export function placeEdges(
  schedule: Schedule,
  day: EpochDay,
  window: PlacedWindow,
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
  for (const scheduled of schedule.moments) {
    const { name, actions } = scheduled.moment;
    const placed = placeInside(schedule, scheduled, day, window);
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

interface PlacedMoment {
  /** `null` where the window does not hold it. */
  readonly at: EpochMs | null;
  readonly hazards: readonly Hazard[];
}

/**
 * Places a moment, keeping a close that a gap would push out of the window.
 *
 * A moment that its clock time puts inside stays inside, in the window's last millisecond at the
 * latest: the night on which the clock skips an hour is no reason to leave a close undone.
 */
function placeInside(
  schedule: Schedule,
  { moment, time }: ScheduledMoment,
  day: EpochDay,
  window: PlacedWindow,
): PlacedMoment {
  const placed = placeMoment(schedule, time, day, window.start);
  if (isOutside(placed, window)) {
    return { at: null, hazards: [outsideHazard(moment.name, placed, window)] };
  }
  const lastAt = window.end.at - 1;
  const at = Math.min(Math.max(placed.at, window.start.at), lastAt);
  if (at === placed.at) {
    return { at, hazards: edgeHazards(moment.name, placed) };
  }
  return { at, hazards: [movedHazard(moment.name, { ...placed, at })] };
}

function isOutside(placed: PlacedTime, window: PlacedWindow): boolean {
  const { start, end } = window;
  const zone = placed.time.timezone;
  return zone === start.time.timezone && zone === end.time.timezone
    ? placed.wallMs >= end.wallMs
    : placed.at >= end.at;
}
