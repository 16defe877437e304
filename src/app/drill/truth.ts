/**
 * What a broker's own books say, whatever anybody is told.
 *
 * @module
 */

import { workingOrders } from "../../adapters/brokers/paper/book.ts";
import type { PaperBroker } from "../../adapters/brokers/paper/paper_broker.ts";
import type { PositionSide, Scope } from "../../domain/definition.ts";
import type { Decimal } from "../../domain/decimal.ts";
import type { EpochMs } from "../../domain/time.ts";

/** A position as the broker has it. */
export interface TruePosition {
  readonly id: string;
  readonly symbol: string;
  readonly side: PositionSide;
  readonly qty: Decimal;
  readonly tag: string | null;
  /** @units EpochMs */
  readonly openedAt: EpochMs;
  /** Tells this holding from an earlier one of the same id. */
  readonly exposure: string;
}

/** A working order as the broker has it. */
export interface TrueOrder {
  readonly symbol: string;
  readonly tag: string | null;
}

/** An account at one instant. */
export interface Truth {
  /** @units EpochMs */
  readonly at: EpochMs;
  readonly positions: readonly TruePosition[];
  readonly working: readonly TrueOrder[];
}

/** Looks into an account's books without asking the broker anything. @units `at`: EpochMs */
export function lookAtBroker(
  { state }: Pick<PaperBroker, "state">,
  at: EpochMs,
): Truth {
  return {
    at,
    positions: [...state.positions.values()].map((
      { id, symbol, side, qty, tag, openedAt, exposure },
    ) => ({ id, symbol, side, qty, tag, openedAt, exposure })),
    working: workingOrders(state).map(({ intent: { symbol, tag } }) => ({
      symbol,
      tag,
    })),
  };
}

/**
 * Whether a scope reaches something.
 *
 * Written a second time on purpose: the core's own answer cannot judge the core.
 */
export function reaches(
  { symbols, except, tag, session }: Scope,
  thing: { readonly symbol: string; readonly tag: string | null },
): boolean {
  if (except.includes(thing.symbol)) return false;
  if (symbols !== null && !symbols.includes(thing.symbol)) return false;
  // What a session opens carries its name; a drill lets nobody else trade in those symbols.
  const mark = tag ?? session;
  return mark === null || thing.tag === mark;
}
