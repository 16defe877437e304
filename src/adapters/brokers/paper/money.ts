/**
 * What positions are worth in the account's own money.
 *
 * @module
 */

import {
  add,
  type Decimal,
  decimal,
  divide,
  multiply,
  negate,
  subtract,
  sum,
} from "../../../domain/decimal.ts";
import type { EpochMs } from "../../../domain/time.ts";
import type { Lot, OpenPosition, PaperState, PaperWorld } from "./state.ts";
import { instrumentOf, pairOf } from "./symbols.ts";

/** Places to which money of another currency is rounded, half to even. @units digits after the point */
export const MONEY_PLACES = 8;

const ONE = decimal("1");

/** The price at which a position could be closed. @units `at`: EpochMs */
export function markOf(
  world: PaperWorld,
  position: OpenPosition,
  at: EpochMs,
): Decimal {
  const quote = world.prices.series(position.symbol).quoteAt(at);
  return position.side === "long" ? quote.bid : quote.ask;
}

/** Profit by price alone of lots closed at a price, in the account's currency. @units `at`: EpochMs */
export function grossProfit(
  world: PaperWorld,
  position: Pick<OpenPosition, "symbol" | "side">,
  lots: readonly Lot[],
  price: Decimal,
  at: EpochMs,
): Decimal {
  const gain = sum(
    lots.map((lot) => multiply(subtract(price, lot.price), lot.qty)),
  );
  const signed = position.side === "long" ? gain : negate(gain);
  return intoAccount(world, position.symbol, signed, price, at);
}

/** Commission that was paid for lots when they were opened. */
export function feesOf(lots: readonly Lot[]): Decimal {
  return sum(lots.map((lot) => multiply(lot.fee, lot.qty)));
}

/** Profit of an open position at an instant's prices, with and without what was paid for it. */
export function profitsOf(
  world: PaperWorld,
  position: OpenPosition,
  at: EpochMs,
): { readonly gross: Decimal; readonly net: Decimal } {
  const price = markOf(world, position, at);
  const gross = grossProfit(world, position, position.lots, price, at);
  return { gross, net: subtract(gross, feesOf(position.lots)) };
}

/** Cash and the profit by price of all that is open. @units `at`: EpochMs */
export function equityOf(
  world: PaperWorld,
  state: PaperState,
  at: EpochMs,
): Decimal {
  const open = [...state.positions.values()];
  const profits = open.map((position) => profitsOf(world, position, at).gross);
  return add(state.cash, sum(profits));
}

/**
 * Turns an amount of a symbol's own money into the account's.
 *
 * By the symbol's own price where it is quoted in the account's currency's pair, else by the price
 * of the pair of the two.
 */
function intoAccount(
  world: PaperWorld,
  symbol: string,
  amount: Decimal,
  price: Decimal,
  at: EpochMs,
): Decimal {
  const { base, quote } = instrumentOf(symbol, world.seed);
  if (quote === null || quote === world.currency) return amount;
  if (base === world.currency) return divide(amount, price, MONEY_PLACES);
  const pair = pairOf(quote, world.currency);
  // Money that nobody knows a price of is taken as the account's own.
  if (pair === null) return amount;
  const rate = world.prices.series(pair.symbol).quoteAt(at).bid;
  return pair.base === quote
    ? divide(multiply(amount, rate), ONE, MONEY_PLACES)
    : divide(amount, rate, MONEY_PLACES);
}
