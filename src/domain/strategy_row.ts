/**
 * Where a strategy's state is found and put.
 *
 * @module
 */

import type { Session } from "./definition.ts";
import {
  type NamedStrategy,
  strategiesOf,
  strategyKey,
  type StrategyState,
} from "./strategy.ts";
import { getRow, setRow } from "./table.ts";
import { ask, type Turn } from "./turn.ts";

/** A strategy with its session, as they are now. */
export interface Found {
  readonly session: Session;
  readonly named: NamedStrategy;
}

/** The strategy behind a state; `null` once its session has left the run. */
export function findStrategy(turn: Turn, row: StrategyState): Found | null {
  const session = getRow(turn.state.sessions, row.session)?.session;
  const named = session === undefined
    ? undefined
    : strategiesOf(session).find(({ name }) => name === row.name);
  return session === undefined || named === undefined
    ? null
    : { session, named };
}

/** What is remembered of a strategy. */
export function rowOf(
  turn: Turn,
  { session, named: { name } }: Found,
): StrategyState | undefined {
  return getRow(turn.state.strategies, strategyKey(session.name, name));
}

/** Replaces what is remembered of a strategy. */
export function putStrategy(turn: Turn, row: StrategyState): void {
  const { strategies } = turn.state;
  const key = strategyKey(row.session, row.name);
  turn.state = { ...turn.state, strategies: setRow(strategies, key, row) };
}

/** Gives up the call that runs; that it ended is told when it did. */
export function giveUp(turn: Turn, row: StrategyState): StrategyState {
  const { running } = row;
  if (running === null || running.givenUp) return row;
  ask(turn, { type: "hook.cancel", call: running.call });
  return { ...row, running: { ...running, givenUp: true } };
}
