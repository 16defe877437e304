/**
 * The day that is drilled: which edges come due on it, and around which instants faults are put.
 *
 * @module
 */

import { dateOf, dayOf } from "../../domain/date.ts";
import {
  type Definition,
  isCloseAction,
  type Session,
} from "../../domain/definition.ts";
import { CarillonError } from "../../domain/error.ts";
import type { Edge, Occurrence } from "../../domain/occurrence.ts";
import { nextOccurrence, placeOn } from "../../domain/place.ts";
import { MINUTE_MS, SECOND_MS } from "../../domain/time.ts";
import type { DurationMs, EpochMs } from "../../domain/time.ts";

/** An edge that does something, and its session. */
export interface DrillEdge {
  readonly edge: Edge;
  readonly session: Session;
  /** Whether it closes positions, or only runs the user's functions. */
  readonly closes: boolean;
}

/** Edges that come due so close together that one fault meets them all. */
export interface Strike {
  /** When the first is due. @units EpochMs */
  readonly fromAt: EpochMs;
  /** When the last is due. @units EpochMs */
  readonly toAt: EpochMs;
}

/** A day of the file. */
export interface DrillDay {
  /** `YYYY-MM-DD` */
  readonly tradeDate: string;
  /** When the program is started. @units EpochMs */
  readonly fromAt: EpochMs;
  /** When it is stopped. @units EpochMs */
  readonly untilAt: EpochMs;
  /** By `dueAt`. */
  readonly edges: readonly DrillEdge[];
  /** In order, and never overlapping. */
  readonly strikes: readonly Strike[];
  /** How long a fault may hold things up after an edge without reaching the next. @units milliseconds */
  readonly holdMs: DurationMs;
}

/** Edges no further apart than this are met by one fault. @units milliseconds */
const STRIKE_MS: DurationMs = 5 * MINUTE_MS;

const HOLD_MS_MAX: DurationMs = 2 * MINUTE_MS;

/** The program is started this long before the first session opens. @units milliseconds */
export const EARLY_MS: DurationMs = MINUTE_MS;

/** What is still under way after the last deadline has this long to end. @units milliseconds */
const AFTER_MS: DurationMs = 5 * MINUTE_MS;

/**
 * The next trade date on which the file closes something, or else does something.
 *
 * @units `now`: EpochMs
 * @throws {CarillonError} "edge/unknown" if no session does anything any more
 */
export function nextDrillDay(
  { sessions }: Definition,
  now: EpochMs,
): DrillDay {
  const dates = sessions.flatMap((session) => datesAfter(session, now)).sort();
  let second: DrillDay | null = null;
  for (const date of new Set(dates)) {
    const [day] = dayOn(sessions, date);
    if (day?.edges.some(({ closes }) => closes)) return day;
    second ??= day ?? null;
  }
  if (second !== null) return second;
  throw nothingDue("after now");
}

/**
 * The day of a trade date.
 *
 * @throws {CarillonError} "edge/unknown" if no session does anything on it
 */
export function drillDayOn(
  { sessions }: Definition,
  tradeDate: string,
): DrillDay {
  const [day] = dayOn(sessions, tradeDate);
  if (day !== undefined) return day;
  throw nothingDue(`on ${tradeDate}`);
}

/** The same day, begun early enough to live through an instant. @units `at`: EpochMs */
export function begunBefore(day: DrillDay, at: EpochMs): DrillDay {
  return { ...day, fromAt: Math.min(day.fromAt, at - MINUTE_MS) };
}

/** The dates of the next few occurrences: the first of them may do nothing. */
function datesAfter(session: Session, now: EpochMs): readonly string[] {
  const dates: string[] = [];
  let after = now;
  while (dates.length < LOOKED_AT) {
    const next = nextOccurrence(session, after);
    if (next === null) break;
    dates.push(next.tradeDate);
    after = next.opensAt;
  }
  return dates;
}

const LOOKED_AT = 8;

function dayOn(
  sessions: readonly Session[],
  date: string,
): readonly DrillDay[] {
  const tradeDate = dateOf(dayOf(date));
  const placed = sessions.flatMap((session) => {
    const placement = placeOn(session, tradeDate);
    return placement?.kind === "occurrence"
      ? [{ session, occurrence: placement.occurrence }]
      : [];
  });
  const edges = placed
    .flatMap(({ session, occurrence }) => edgesOf(session, occurrence))
    .sort((a, b) => a.edge.dueAt - b.edge.dueAt || a.edge.rank - b.edge.rank);
  const [first] = edges;
  if (first === undefined) return [];
  const opensAt = placed.map(({ occurrence }) => occurrence.opensAt);
  const strikes = strikesOf(edges);
  const ends = edges.map(({ edge, session }) =>
    edge.dueAt + session.deadlineMs + AFTER_MS
  );
  return [{
    tradeDate,
    fromAt: Math.min(...opensAt, first.edge.dueAt) - EARLY_MS,
    untilAt: Math.max(...ends) + HOLD_MS_MAX,
    edges,
    strikes,
    holdMs: holdBetween(strikes),
  }];
}

function edgesOf(
  session: Session,
  { edges }: Occurrence,
): readonly DrillEdge[] {
  return edges
    .filter(({ actions }) => actions.length > 0)
    .map((edge) => ({
      edge,
      session,
      closes: edge.actions.some(isCloseAction),
    }));
}

function strikesOf(edges: readonly DrillEdge[]): readonly Strike[] {
  const strikes: Strike[] = [];
  for (const { edge: { dueAt } } of edges) {
    const last = strikes.at(-1);
    if (last === undefined || dueAt - last.toAt > STRIKE_MS) {
      strikes.push({ fromAt: dueAt, toAt: dueAt });
    } else strikes[strikes.length - 1] = { ...last, toAt: dueAt };
  }
  return strikes;
}

function holdBetween(strikes: readonly Strike[]): DurationMs {
  const gaps = strikes.slice(1).map(({ fromAt }, index) =>
    fromAt - (strikes[index]?.toAt ?? fromAt)
  );
  const quarter = Math.floor(Math.min(...gaps, 4 * HOLD_MS_MAX) / 4);
  return Math.max(30 * SECOND_MS, Math.min(HOLD_MS_MAX, quarter));
}

function nothingDue(when: string): CarillonError {
  return new CarillonError(
    "edge/unknown",
    `Cannot drill the file: none of its sessions does anything ${when}`,
  );
}
