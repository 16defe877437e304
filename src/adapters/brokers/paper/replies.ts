/**
 * The paper broker's answers as JSON of the open protocol.
 *
 * @module
 */

import type { EpochMs } from "../../../domain/time.ts";
import type { Fill } from "../../../domain/position.ts";
import { averagePriceOf, workingOrders } from "./book.ts";
import { lookUp } from "./ledger.ts";
import { equityOf, profitsOf } from "./money.ts";
import { entryPriceOf } from "./positions.ts";
import type {
  EngineEvent,
  OpenPosition,
  PaperOrder,
  PaperState,
  PaperWorld,
} from "./state.ts";
import { instrumentOf, WELL_KNOWN } from "./symbols.ts";

/** JSON as it is sent. */
export type Json = Readonly<Record<string, unknown>>;

/** Requests that the paper broker lets be under way at once. */
export const IN_FLIGHT_MAX = 8;

/** The account. */
export function accountJson(
  world: PaperWorld,
  state: PaperState,
  at: EpochMs,
): Json {
  return {
    id: world.accountId,
    live: false,
    mode: world.mode,
    currency: world.currency,
    cash: state.cash,
    equity: equityOf(world, state, at),
    limits: { in_flight_max: IN_FLIGHT_MAX },
    epoch: world.epoch,
  };
}

/** What can be traded: those asked for, else all that the broker has heard of. */
export function instrumentsJson(
  world: PaperWorld,
  state: PaperState,
  asked: readonly string[] | null,
  at: EpochMs,
): Json {
  const held = [...state.positions.values()].map(({ symbol }) => symbol);
  const symbols = asked ??
    new Set([...world.prices.fromFiles, ...held, ...WELL_KNOWN]);
  const instruments = [...symbols].map((symbol) => {
    const known = instrumentOf(symbol, world.seed);
    const { open } = world.prices.series(symbol).quoteAt(at);
    return {
      symbol,
      unit: known.unit,
      step: known.step,
      price_step: known.priceStep,
      currency: known.quote ?? world.currency,
      market: open ? "open" : "closed",
    };
  });
  return { instruments };
}

/** The open positions. */
export function positionsJson(
  world: PaperWorld,
  state: PaperState,
  at: EpochMs,
): Json {
  const positions = [...state.positions.values()].map((position) =>
    positionJson(world, position, at)
  );
  return { seq: state.seq, positions };
}

/** The prices of some symbols. */
export function quotesJson(
  world: PaperWorld,
  symbols: readonly string[],
  at: EpochMs,
): Json {
  const quotes = symbols.map((symbol) => {
    const quote = world.prices.series(symbol).quoteAt(at);
    return {
      symbol,
      bid: quote.bid,
      ask: quote.ask,
      at: instantText(quote.at),
      market: quote.open ? "open" : "closed",
    };
  });
  return { quotes };
}

/** The orders that can still fill. */
export function ordersJson(state: PaperState): Json {
  return { seq: state.seq, orders: workingOrders(state).map(orderJson) };
}

/** One order. */
export function orderJson(order: PaperOrder): Json {
  const { intent } = order;
  return {
    order_id: order.orderId,
    client_order_id: intent.clientOrderId,
    status: order.status,
    symbol: intent.symbol,
    side: intent.side,
    type: intent.limitPrice === null ? "market" : "limit",
    qty: intent.qty,
    filled_qty: order.filledQty,
    average_price: averagePriceOf(order),
    limit_price: intent.limitPrice,
    position_id: intent.closes,
    tag: intent.tag,
    reason: order.reason,
    message: order.message,
    created_at: instantText(order.createdAt),
  };
}

/** The executions after one. */
export function fillsJson(state: PaperState, sinceSeq: number): Json {
  const fills: Json[] = [];
  for (let seq = sinceSeq + 1; seq <= state.seq; seq++) {
    const fill = lookUp(state.fills, seq);
    if (fill !== undefined) fills.push(fillJson(fill));
  }
  return { seq: state.seq, fills };
}

/** What the stream tells of an event. */
export function eventJson(event: EngineEvent): Json {
  return event.type === "order"
    ? { type: "order", order: orderJson(event.order) }
    : { type: "fill", fill: fillJson(event.fill) };
}

/** An instant as the protocol writes it. @units `at`: EpochMs */
export function instantText(at: EpochMs): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString();
}

/** An open position. @units `at`: EpochMs */
export function positionJson(
  world: PaperWorld,
  position: OpenPosition,
  at: EpochMs,
): Json {
  const { gross, net } = profitsOf(world, position, at);
  return {
    id: position.id,
    symbol: position.symbol,
    side: position.side,
    qty: position.qty,
    entry_price: entryPriceOf(position),
    net_profit: net,
    gross_profit: gross,
    profit_currency: world.currency,
    opened_at: instantText(position.openedAt),
    tag: position.tag,
  };
}

function fillJson(fill: Fill): Json {
  return {
    seq: fill.seq,
    order_id: fill.orderId,
    client_order_id: fill.clientOrderId,
    position_id: fill.positionId,
    symbol: fill.symbol,
    side: fill.side,
    qty: fill.qty,
    price: fill.price,
    at: instantText(fill.at),
  };
}
