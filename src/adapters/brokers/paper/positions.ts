/**
 * How an execution changes what is held.
 *
 * @module
 */

import {
  add,
  type Decimal,
  divide,
  isZero,
  least,
  multiply,
  subtract,
  sum,
} from "../../../domain/decimal.ts";
import type { PositionSide } from "../../../domain/definition.ts";
import { invariant } from "../../../domain/error.ts";
import type { OrderSide } from "../../../domain/position.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { closeExposure, growExposure, openExposure } from "./audit.ts";
import { grossProfit, MONEY_PLACES } from "./money.ts";
import type { Lot, OpenPosition, PaperState, PaperWorld } from "./state.ts";

/** One execution, as far as it changes positions. */
export interface Trade {
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly qty: Decimal;
  readonly price: Decimal;
  /** The position that it may only reduce. */
  readonly closes: string | null;
  readonly tag: string | null;
  /** Commission for each unit, in the account's currency. */
  readonly fee: Decimal;
  readonly at: EpochMs;
}

/** The price of a position: what its lots cost on average. */
export function entryPriceOf(position: OpenPosition): Decimal {
  const [only] = position.lots;
  if (only !== undefined && position.lots.length === 1) return only.price;
  const value = sum(position.lots.map((lot) => multiply(lot.qty, lot.price)));
  return divide(value, position.qty, MONEY_PLACES);
}

/** The state after an execution, and the id of the position that it changed. */
export function trade(
  world: PaperWorld,
  state: PaperState,
  execution: Trade,
): readonly [PaperState, string] {
  const paid = {
    ...state,
    cash: subtract(state.cash, multiply(execution.fee, execution.qty)),
  };
  const met = meets(world, paid, execution);
  if (met === null) return open(world, paid, execution, execution.qty);
  const qty = least(met.qty, execution.qty);
  const reduced = reduce(world, paid, met, execution, qty);
  const left = subtract(execution.qty, qty);
  if (isZero(left)) return [reduced, met.id];
  invariant(
    execution.closes === null,
    "a closing order never flips a position",
  );
  return open(world, reduced, execution, left);
}

/** The side of a position that an order of this side opens. */
export function openingSide(side: OrderSide): PositionSide {
  return side === "buy" ? "long" : "short";
}

/** The position that an execution takes something off, if any. */
function meets(
  world: PaperWorld,
  state: PaperState,
  execution: Trade,
): OpenPosition | null {
  if (execution.closes !== null) {
    const closed = state.positions.get(execution.closes);
    invariant(closed !== undefined, "a closing order has a position to close");
    return closed;
  }
  if (world.mode === "hedging") return null;
  const held = state.positions.get(execution.symbol);
  const against = held !== undefined &&
    held.side !== openingSide(execution.side);
  return against ? held : null;
}

function open(
  world: PaperWorld,
  state: PaperState,
  execution: Trade,
  qty: Decimal,
): readonly [PaperState, string] {
  const lot: Lot = { qty, price: execution.price, fee: execution.fee };
  const held = world.mode === "netting"
    ? state.positions.get(execution.symbol)
    : undefined;
  if (held !== undefined) {
    const grown = {
      ...held,
      qty: add(held.qty, qty),
      lots: [...held.lots, lot],
    };
    const audit = growExposure(state.audit, held.exposure, qty);
    return [{ ...put(state, grown), audit }, held.id];
  }
  const ticketCount = state.ticketCount + (world.mode === "hedging" ? 1 : 0);
  const fresh = {
    id: world.mode === "hedging" ? `T${ticketCount}` : execution.symbol,
    symbol: execution.symbol,
    side: openingSide(execution.side),
    qty,
    lots: [lot],
    tag: execution.tag,
    openedAt: execution.at,
  };
  const [audit, exposure] = openExposure(state.audit, fresh);
  const next = put({ ...state, ticketCount }, { ...fresh, exposure });
  return [{ ...next, audit }, fresh.id];
}

function reduce(
  world: PaperWorld,
  state: PaperState,
  held: OpenPosition,
  execution: Trade,
  qty: Decimal,
): PaperState {
  const [closed, kept] = takeOldest(held.lots, qty);
  const { price, at, orderId, clientOrderId } = execution;
  const profit = grossProfit(world, held, closed, price, at);
  const left = subtract(held.qty, qty);
  const next = isZero(left)
    ? without(state, held.id)
    : put(state, { ...held, qty: left, lots: kept });
  return {
    ...next,
    cash: add(state.cash, profit),
    audit: closeExposure(state.audit, held.exposure, {
      orderId,
      clientOrderId,
      qty,
    }),
  };
}

/** Splits lots into the oldest that make up the quantity, and the rest. */
function takeOldest(
  lots: readonly Lot[],
  qty: Decimal,
): readonly [readonly Lot[], readonly Lot[]] {
  const taken: Lot[] = [];
  const kept: Lot[] = [];
  let wanted = qty;
  for (const lot of lots) {
    const part = least(lot.qty, wanted);
    const rest = subtract(lot.qty, part);
    if (!isZero(part)) taken.push({ ...lot, qty: part });
    if (!isZero(rest)) kept.push({ ...lot, qty: rest });
    wanted = subtract(wanted, part);
  }
  invariant(isZero(wanted), "a position holds what is taken off it");
  return [taken, kept];
}

function put(state: PaperState, position: OpenPosition): PaperState {
  const positions = new Map(state.positions).set(position.id, position);
  return { ...state, positions };
}

function without(state: PaperState, id: string): PaperState {
  const positions = new Map(state.positions);
  positions.delete(id);
  return { ...state, positions };
}
