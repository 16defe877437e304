/**
 * Keeps every strategy's next call on the time line.
 *
 * @module
 */

import type { Session } from "./definition.ts";
import { endCall } from "./end_strategy.ts";
import { NO_CALLS } from "./hook_tally.ts";
import type { State } from "./state.ts";
import {
  callName,
  type NamedStrategy,
  strategiesOf,
  type StrategyCall,
  strategyKey,
  type StrategyState,
} from "./strategy.ts";
import { nextCall } from "./strategy_grid.ts";
import { findStrategy, giveUp, putStrategy } from "./strategy_row.ts";
import { dropRow, getRow } from "./table.ts";
import type { EpochMs } from "./time.ts";
import { dropTimer, setTimer, type Turn } from "./turn.ts";

/** The kind of a strategy's timers, ahead of its key. */
export const STRATEGY_TIMER = "strategy";

/**
 * Puts a session's strategies on the time line, with what an earlier run of theirs kept.
 *
 * @units `fromAt`: EpochMs; calls before it are not ours
 */
export function armStrategies(
  turn: Turn,
  session: Session,
  fromAt: EpochMs,
  earlier: State["strategies"],
): void {
  for (const named of strategiesOf(session)) {
    const key = strategyKey(session.name, named.name);
    const before = getRow(earlier, key);
    putStrategy(turn, inherited(session, named, before));
    if (before?.running) tellInterrupted(turn, session, named, before.running);
    armNextCall(turn, key, fromAt - 1);
  }
}

/** Knows a session's strategies without calling them: a run that only closes by hand, or a dry one. */
export function holdStrategies(
  turn: Turn,
  session: Session,
  earlier: State["strategies"],
): void {
  for (const named of strategiesOf(session)) {
    const key = strategyKey(session.name, named.name);
    const before = getRow(earlier, key);
    const running = before?.running ?? null;
    putStrategy(turn, { ...inherited(session, named, before), running });
  }
}

function inherited(
  session: Session,
  { name }: NamedStrategy,
  before: StrategyState | undefined,
): StrategyState {
  return {
    session: session.name,
    name,
    next: null,
    running: null,
    waiting: null,
    lastDueAt: before?.lastDueAt ?? null,
    kept: before?.kept ?? null,
    leftOut: before?.leftOut ?? null,
    last: before?.last ?? null,
    counts: NO_CALLS,
  };
}

/** Nobody knows how far it came; it is not called again, and what it kept before it stays. */
function tellInterrupted(
  turn: Turn,
  session: Session,
  named: NamedStrategy,
  running: StrategyCall,
): void {
  endCall(turn, { session, named, running }, {
    outcome: "interrupted",
    message: "The run broke off while it ran; it is not called again",
    elapsedMs: 0,
    place: null,
    logs: [],
  });
}

/** Takes a session's strategies off the time line; what runs is given up. */
export function disarmStrategies(turn: Turn, session: Session): void {
  for (const { name } of strategiesOf(session)) {
    const key = strategyKey(session.name, name);
    const row = getRow(turn.state.strategies, key);
    if (row === undefined) continue;
    dropNextCall(turn, row);
    putStrategy(turn, giveUp(turn, { ...row, next: null, waiting: null }));
  }
}

function dropNextCall(
  turn: Turn,
  { session, name, next }: StrategyState,
): void {
  if (next !== null) dropTimer(turn, timerOf(strategyKey(session, name)));
}

/**
 * Puts an edited session's strategies in the place of the old ones: those that it still has keep
 * what they kept, and a call of theirs that runs comes to its end.
 *
 * @units `fromAt`: EpochMs
 */
export function replaceStrategies(
  turn: Turn,
  before: Session,
  now: Session,
  fromAt: EpochMs,
): void {
  if (turn.state.run?.dryRun ?? true) return;
  const stays = new Set(strategiesOf(now).map(({ name }) => name));
  for (const { name } of strategiesOf(before)) {
    if (!stays.has(name)) dropStrategy(turn, strategyKey(before.name, name));
  }
  for (const named of strategiesOf(now)) {
    const key = strategyKey(now.name, named.name);
    const row = getRow(turn.state.strategies, key) ??
      inherited(now, named, undefined);
    dropNextCall(turn, row);
    putStrategy(turn, { ...row, next: null });
    armNextCall(turn, key, fromAt - 1);
  }
}

/** Forgets a session's strategies. */
export function dropStrategies(turn: Turn, session: Session): void {
  for (const { name } of strategiesOf(session)) {
    dropStrategy(turn, strategyKey(session.name, name));
  }
}

function dropStrategy(turn: Turn, key: string): void {
  const row = getRow(turn.state.strategies, key);
  if (row === undefined) return;
  dropNextCall(turn, row);
  giveUp(turn, row);
  const strategies = dropRow(turn.state.strategies, key);
  turn.state = { ...turn.state, strategies };
}

/** Calls nothing more in an occurrence whose start the user left out. */
export function silenceStrategies(
  turn: Turn,
  session: Session,
  occurrence: string,
): void {
  for (const { name } of strategiesOf(session)) {
    const key = strategyKey(session.name, name);
    const row = getRow(turn.state.strategies, key);
    if (row !== undefined) putStrategy(turn, { ...row, leftOut: occurrence });
  }
}

/** Sets the timer of a strategy's next call after an instant. @units `afterAt`: EpochMs */
export function armNextCall(turn: Turn, key: string, afterAt: EpochMs): void {
  const row = getRow(turn.state.strategies, key);
  const found = row === undefined ? null : findStrategy(turn, row);
  if (row === undefined || found === null) return;
  const { session, named: { name, strategy } } = found;
  const after = Math.max(afterAt, row.lastDueAt ?? afterAt);
  const grid = nextCall(session, strategy.everyMs, after);
  if (grid === null) return putStrategy(turn, { ...row, next: null });
  const { at: dueAt, occurrence: { key: occurrence, tradeDate } } = grid;
  const call = callName(occurrence, name, dueAt);
  putStrategy(turn, { ...row, next: { call, occurrence, tradeDate, dueAt } });
  setTimer(turn, timerOf(key), dueAt);
}

function timerOf(key: string): string {
  return `${STRATEGY_TIMER} ${key}`;
}
