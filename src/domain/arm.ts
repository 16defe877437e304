/**
 * Keeps every session's next edges armed.
 *
 * An edge is armed once and disarmed in the step in which it comes due, so a clock that runs
 * backwards finds nothing to fire again.
 *
 * @module
 */

import { dropStrategies } from "./arm_strategy.ts";
import type { Session } from "./definition.ts";
import type { EdgeSettled } from "./notice.ts";
import type { Edge, Occurrence } from "./occurrence.ts";
import { nextOccurrence, placementsBetween } from "./place.ts";
import { MOVED_BACK, skippedNotice } from "./settle.ts";
import type { FiredEdge, SessionState } from "./state.ts";
import { dropRow, getRow, setRow } from "./table.ts";
import { DAY_MS } from "./time.ts";
import type { DurationMs, EpochMs } from "./time.ts";
import { ask, tell, type Turn } from "./turn.ts";

/** How far ahead the skips of a session are told that has no occurrence left. */
const SKIPS_TOLD_MS: DurationMs = 400 * DAY_MS;

/** How many edges that came due are remembered of a session at least: several days of most. */
const FIRED_KEPT = 64;
/** Of how many occurrences all of them are: a restart places the one again that is open. */
const OCCURRENCES_KEPT = 2;

/** How many occurrences without a single edge are passed over before a session counts as over. */
const EDGELESS_MAX = 400;

/** Why edges of a window that is open already are not fired: the run came later, or the edit did. */
export type JoinReason = "joined_late" | "edited";

/**
 * Puts a session on the time line: every occurrence we are in, and the next.
 *
 * Edges before `fromAt` are not ours; those since then are, even where they are due already. What
 * an earlier run of the same journal has fired is not fired again.
 *
 * @units `fromAt`: EpochMs
 */
export function armSession(
  turn: Turn,
  session: Session,
  fromAt: EpochMs,
  fired: readonly FiredEdge[],
  reason: JoinReason = "joined_late",
): void {
  // One millisecond back, so that an edge at this very instant still counts.
  const before = fromAt - 1;
  putSession(turn, { session, waiting: [], fired, placedAt: before });
  for (const placement of placementsBetween(session, before, fromAt)) {
    if (placement.kind === "skip") continue;
    joinOccurrence(turn, session, placement.occurrence, { fromAt, reason });
  }
  // A session that would be open now, and is not, is worth a word. What lies behind the last
  // occurrence that was placed is told when the next one is.
  const placedAt = getRow(turn.state.sessions, session.name)?.placedAt ??
    before;
  tellSkips(turn, session, fromAt - DAY_MS, placedAt + 1);
  armNext(turn, session.name);
}

/** Knows a session without putting it on the time line. */
export function holdSession(
  turn: Turn,
  session: Session,
  fired: readonly FiredEdge[],
): void {
  putSession(turn, { session, waiting: [], fired, placedAt: null });
}

/**
 * Arms the next occurrence of a session, unless one that has not begun is armed already.
 *
 * One whose edges have all come due before it begins (a lead longer than the window) is not waited
 * for: nothing would be left to wake the session up.
 */
export function armNext(turn: Turn, name: string): void {
  for (let tried = 0; tried < EDGELESS_MAX; tried++) {
    const state = getRow(turn.state.sessions, name);
    if (state === undefined || state.placedAt === null) return;
    if (state.placedAt > turn.at && state.waiting.length > 0) return;
    const { length } = state.waiting;
    armAfter(turn, state, state.placedAt);
    const armed = getRow(turn.state.sessions, name)?.waiting.length ?? 0;
    if (armed > length) return;
  }
}

function armAfter(turn: Turn, state: SessionState, placedAt: EpochMs): void {
  const next = nextOccurrence(state.session, placedAt);
  if (next === null) {
    tellSkips(turn, state.session, placedAt + 1, placedAt + SKIPS_TOLD_MS);
    return putSession(turn, { ...state, placedAt: null });
  }
  tellSkips(turn, state.session, placedAt + 1, next.opensAt);
  armOccurrence(turn, state.session, next, next.edges);
}

/** Disarms an edge that came due, and gives it; `undefined` where it was not armed. */
export function disarmEdge(turn: Turn, key: string): Edge | undefined {
  const name = key.slice(0, key.indexOf("/"));
  const state = getRow(turn.state.sessions, name);
  const edge = state?.waiting.find((waiting) => waiting.key === key);
  if (state === undefined || edge === undefined) return undefined;
  const waiting = state.waiting.filter((other) => other !== edge);
  const fired = rememberFired(state.fired, [{ key, at: edge.at }]);
  putSession(turn, { ...state, waiting, fired });
  return edge;
}

/**
 * Takes back the wake-ups of a session; what was armed is remembered, so that the next run knows
 * what this one left out.
 */
export function disarmSession(turn: Turn, name: string): void {
  const state = getRow(turn.state.sessions, name);
  for (const edge of state?.waiting ?? []) {
    ask(turn, { type: "timer.drop", what: "edge", key: edge.key });
  }
}

/** Takes a session away with everything that was armed for it; what it fired is remembered. */
export function dropSession(turn: Turn, name: string): void {
  const state = getRow(turn.state.sessions, name);
  if (state === undefined) return;
  const { session, fired } = state;
  dropStrategies(turn, session);
  disarmSession(turn, name);
  turn.state = {
    ...turn.state,
    sessions: dropRow(turn.state.sessions, name),
    formerSessions: {
      ...turn.state.formerSessions,
      [name]: { session, fired, leftAt: turn.at },
    },
  };
}

/** A definition that starts inside a window fires nothing that lay before it. */
function joinOccurrence(
  turn: Turn,
  session: Session,
  occurrence: Occurrence,
  { fromAt, reason }: {
    readonly fromAt: EpochMs;
    readonly reason: JoinReason;
  },
): void {
  const past = occurrence.edges.filter((edge) => edge.at < fromAt);
  for (const edge of past) {
    if (edge.actions.length === 0 || isToldAlready(turn, edge)) continue;
    tell(turn, passedNotice(turn.at, session, edge, reason));
    rememberTold(turn, session.name, edge);
  }
  const ahead = occurrence.edges.filter((edge) => edge.at >= fromAt);
  armOccurrence(turn, session, occurrence, ahead);
}

function passedNotice(
  at: EpochMs,
  { account }: Session,
  edge: Edge,
  reason: JoinReason,
): EdgeSettled {
  if (reason === "edited") {
    return skippedNotice(at, account, edge, reason, MOVED_BACK);
  }
  const { name, session, tradeDate } = edge;
  const message = `The run began after ${name} of ${session}/${tradeDate}`;
  return skippedNotice(at, account, edge, "joined_late", message);
}

/** Adds to what came due, each edge once, and forgets what no restart can meet any more. */
export function rememberFired(
  before: readonly FiredEdge[],
  more: readonly FiredEdge[],
): readonly FiredEdge[] {
  const all = [...before];
  for (const { key, at } of more) {
    if (!isAmong(all, { key, at })) all.push({ key, at });
  }
  if (all.length <= FIRED_KEPT) return all;
  const occurrences = new Set(all.map(({ key }) => occurrenceOf(key)));
  const last = [...occurrences].slice(-OCCURRENCES_KEPT);
  return all.filter(({ key }, index) =>
    index >= all.length - FIRED_KEPT || last.includes(occurrenceOf(key))
  );
}

function occurrenceOf(edge: string): string {
  return edge.slice(0, edge.lastIndexOf("/"));
}

function isAmong(fired: readonly FiredEdge[], edge: FiredEdge): boolean {
  return fired.some(({ key, at }) => key === edge.key && at === edge.at);
}

/** What was told once is not told again by the next run. */
function rememberTold(turn: Turn, name: string, edge: FiredEdge): void {
  const state = getRow(turn.state.sessions, name);
  if (state === undefined) return;
  const { key, at } = edge;
  const fired = rememberFired(state.fired, [{ key, at }]);
  putSession(turn, { ...state, fired });
}

/** Whether an edge of this very instant was fired, or told as missed, by an earlier run. */
function isToldAlready(
  turn: Turn,
  edge: Pick<Edge, "key" | "session" | "at">,
): boolean {
  return isAmong(getRow(turn.state.sessions, edge.session)?.fired ?? [], edge);
}

function armOccurrence(
  turn: Turn,
  session: Session,
  occurrence: Occurrence,
  candidates: readonly Edge[],
): void {
  const state = getRow(turn.state.sessions, session.name);
  const edges = candidates.filter((edge) => !isToldAlready(turn, edge));
  putSession(turn, {
    session,
    waiting: [...state?.waiting ?? [], ...edges],
    fired: state?.fired ?? [],
    placedAt: occurrence.opensAt,
  });
  for (const { key, dueAt, rank } of edges) {
    ask(turn, { type: "timer.set", what: "edge", key, dueAt, rank });
  }
  for (const { key, name, actions, message } of occurrence.leftOut) {
    const left = { key, name, actions, dueAt: occurrence.closesAt };
    const told = { key, session: session.name, at: left.dueAt };
    if (actions.length === 0 || isToldAlready(turn, told)) continue;
    const { account } = session;
    tell(turn, skippedNotice(turn.at, account, left, "outside_hours", message));
    rememberTold(turn, session.name, told);
  }
  tell(turn, {
    type: "occurrence.armed",
    at: turn.at,
    occurrence: occurrence.key,
    session: session.name,
    opensAt: occurrence.opensAt,
    closesAt: occurrence.closesAt,
  });
}

function tellSkips(
  turn: Turn,
  session: Session,
  from: EpochMs,
  to: EpochMs,
): void {
  if (from >= to) return;
  for (const placement of placementsBetween(session, from, to)) {
    if (placement.kind !== "skip") continue;
    const { key, reason, message } = placement.skip;
    tell(turn, {
      type: "occurrence.skipped",
      at: turn.at,
      occurrence: key,
      reason,
      message,
    });
  }
}

function putSession(turn: Turn, state: SessionState): void {
  const { name } = state.session;
  turn.state = {
    ...turn.state,
    sessions: setRow(turn.state.sessions, name, state),
  };
}
