/**
 * Calls strategies while their session is open, one call of each at a time.
 *
 * No job waits for a strategy, and none of its calls is made up for: what cannot be called when it
 * is due is left out, and the grid goes on.
 *
 * @module
 */

import { armNextCall } from "./arm_strategy.ts";
import type { Session } from "./definition.ts";
import { endCall, skipCall } from "./end_strategy.ts";
import type { HookFailed, HookReturned, TimerDue } from "./event.ts";
import { pauseOf } from "./left_out.ts";
import type { Occurrence } from "./occurrence.ts";
import { isOpenAt, placeOn } from "./place.ts";
import {
  readKept,
  type StrategyCall,
  strategyKey,
  strategyOfCall,
} from "./strategy.ts";
import { dueClose } from "./strategy_grid.ts";
import {
  findStrategy,
  type Found,
  giveUp,
  putStrategy,
  rowOf,
} from "./strategy_row.ts";
import { getRow } from "./table.ts";
import { ask, type Turn } from "./turn.ts";

/** A call came due: it is made, waits for the last one, or is left out. */
export function callStrategy(
  turn: Turn,
  key: string,
  { dueAt }: Pick<TimerDue, "dueAt">,
): void {
  const row = getRow(turn.state.strategies, key);
  const call = row?.next ?? null;
  // A timer that was set for another instant is not ours any more.
  if (row === undefined || call === null || call.dueAt !== dueAt) return;
  putStrategy(turn, { ...row, next: null, lastDueAt: dueAt });
  const found = findStrategy(turn, row);
  if (found !== null && mayCall(turn, found, call)) {
    if (row.running === null) startCall(turn, found, call);
    else meetOverlap(turn, found, call);
  }
  armNextCall(turn, key, Math.max(dueAt, turn.at));
}

/** Takes in how a call ended; says whether it was a strategy's. */
export function endStrategyCall(
  turn: Turn,
  event: HookReturned | HookFailed,
): boolean {
  const key = strategyOfCall(event.call);
  const row = key === null ? undefined : getRow(turn.state.strategies, key);
  if (row === undefined) return key !== null;
  const { running } = row;
  // What was given up with its session, or its run, has been told already.
  if (running === null || running.call !== event.call) return true;
  const found = findStrategy(turn, row);
  if (found === null) return true;
  const { elapsedMs, logs = [] } = event;
  const ended = { ...found, running };
  if (event.type === "hook.failed") {
    const outcome = running.givenUp ? "cancelled" : event.outcome;
    const { message, place = null } = event;
    endCall(turn, ended, { outcome, message, elapsedMs, place, logs });
  } else {
    const reading = readKept(event.value ?? null);
    const isRefused = reading.kind === "refused";
    if (reading.kind === "kept") {
      putStrategy(turn, { ...row, kept: reading.kept });
    }
    endCall(turn, ended, {
      outcome: isRefused ? "failed" : "returned",
      message: isRefused ? reading.message : null,
      elapsedMs,
      place: null,
      logs,
    });
  }
  startWaiting(turn, found);
  return true;
}

/** Whether a call that came due may still be made. */
function mayCall(
  turn: Turn,
  { session, named: { name, strategy } }: Found,
  { occurrence, tradeDate, dueAt }: StrategyCall,
): boolean {
  const { state, at } = turn;
  if (state.stopping !== null) return false;
  if (pauseOf(state.controls.pauses, session.name) !== null) return false;
  const row = getRow(state.strategies, strategyKey(session.name, name));
  if (row?.leftOut === occurrence) return false;
  // The machine slept: the next call is as near, and its prices are fresh.
  if (at - dueAt >= strategy.everyMs) return false;
  const open = occurrenceOn(session, tradeDate);
  return open !== null && isOpenAt(open, at) && dueClose(open, at) === null;
}

function occurrenceOn(session: Session, tradeDate: string): Occurrence | null {
  const placement = placeOn(session, tradeDate);
  return placement?.kind === "occurrence" ? placement.occurrence : null;
}

function startCall(turn: Turn, found: Found, due: StrategyCall): void {
  const { session, named: { name, strategy } } = found;
  const row = rowOf(turn, found);
  const { call, occurrence: key, tradeDate, dueAt } = due;
  const placed = occurrenceOn(session, tradeDate);
  if (row === undefined || placed === null) return;
  const { opensAt, closesAt } = placed;
  putStrategy(turn, {
    ...row,
    running: { ...due, givenUp: false },
    waiting: null,
  });
  ask(turn, {
    type: "hook.run",
    call,
    session: session.name,
    edge: key,
    name: "strategy",
    hook: strategy.hook,
    dueAt,
    occurrence: { key, tradeDate, opensAt, closesAt },
    strategy: {
      name,
      everyMs: strategy.everyMs,
      symbols: strategy.symbols,
      state: row.kept,
    },
  });
}

/** The last call still runs: the file says what becomes of this one. */
function meetOverlap(turn: Turn, found: Found, due: StrategyCall): void {
  const row = rowOf(turn, found);
  if (row === undefined) return;
  const { overlap } = found.named.strategy.hook;
  const isLeftOut = overlap === "skip" ||
    (overlap === "buffer_one" && row.waiting !== null);
  if (isLeftOut) return skipCall(turn, found, due);
  const earlier = row.waiting;
  const after = overlap === "cancel_other" ? giveUp(turn, row) : row;
  putStrategy(turn, { ...after, waiting: due });
  if (earlier !== null) skipCall(turn, found, earlier);
}

function startWaiting(turn: Turn, found: Found): void {
  const row = rowOf(turn, found);
  const waiting = row?.waiting ?? null;
  if (row === undefined || waiting === null) return;
  putStrategy(turn, { ...row, waiting: null });
  if (mayCall(turn, found, waiting)) return startCall(turn, found, waiting);
  skipCall(turn, found, waiting);
}
