/**
 * The open protocol's words into the domain's, and back.
 *
 * @module
 */

import type { OrderIntent, OrderReport } from "../../../domain/order.ts";
import type {
  AccountInfo,
  Fill,
  Position,
  WorkingOrder,
} from "../../../domain/position.ts";
import type { MarketQuote } from "../../../domain/quote.ts";
import type { Call } from "./transport.ts";
import type {
  WireAccount,
  WireCloseRequest,
  WireFill,
  WireOrder,
  WireOrderRequest,
  WirePosition,
  WireQuote,
} from "./wire.ts";

/** Requests under way at once at a broker that names no limit. */
export const IN_FLIGHT_DEFAULT = 4;

/** The account. */
export function toAccount(wire: WireAccount): AccountInfo {
  return {
    id: wire.id,
    live: wire.live,
    mode: wire.mode,
    currency: wire.currency,
    equity: wire.equity,
    inFlightMax: Math.max(1, wire.limits?.in_flight_max ?? IN_FLIGHT_DEFAULT),
    epoch: wire.epoch,
  };
}

/** A position. */
export function toPosition(wire: WirePosition): Position {
  return {
    id: wire.id,
    symbol: wire.symbol,
    side: wire.side,
    qty: wire.qty,
    entryPrice: wire.entry_price,
    netProfit: wire.net_profit,
    grossProfit: wire.gross_profit,
    profitCurrency: wire.profit_currency,
    openedAt: wire.opened_at,
    tag: wire.tag,
  };
}

/** An order in the list of those that can still fill. */
export function toWorkingOrder(wire: WireOrder): WorkingOrder {
  return {
    orderId: wire.order_id,
    clientOrderId: wire.client_order_id,
    symbol: wire.symbol,
    side: wire.side,
    qty: wire.qty,
    filledQty: wire.filled_qty,
    limitPrice: wire.limit_price,
    positionId: wire.position_id,
    tag: wire.tag,
  };
}

/** What is said of an order. */
export function toReport(wire: WireOrder): OrderReport {
  return {
    orderId: wire.order_id,
    clientOrderId: wire.client_order_id,
    status: wire.status,
    symbol: wire.symbol,
    side: wire.side,
    qty: wire.qty,
    filledQty: wire.filled_qty,
    averagePrice: wire.average_price,
    reason: wire.reason,
    message: wire.message,
  };
}

/** An execution. */
export function toFill(wire: WireFill): Fill {
  return {
    seq: wire.seq,
    orderId: wire.order_id,
    clientOrderId: wire.client_order_id,
    positionId: wire.position_id,
    symbol: wire.symbol,
    side: wire.side,
    qty: wire.qty,
    price: wire.price,
    at: wire.at,
  };
}

/** The prices of a symbol. */
export function toQuote(wire: WireQuote): MarketQuote {
  const { symbol, bid, ask, at, market } = wire;
  return {
    symbol,
    bid,
    ask,
    at,
    open: market === null ? null : market === "open",
  };
}

/** The request that sends an order. */
export function submitCall(intent: OrderIntent): Call {
  return intent.closes === null ? post("/v1/orders", orderBody(intent)) : post(
    `/v1/positions/${encodeURIComponent(intent.closes)}/close`,
    closeBody(intent),
  );
}

function orderBody(intent: OrderIntent): WireOrderRequest {
  return {
    client_order_id: intent.clientOrderId,
    symbol: intent.symbol,
    side: intent.side,
    qty: intent.qty,
    type: intent.limitPrice === null ? "market" : "limit",
    limit_price: intent.limitPrice,
    tag: intent.tag,
  };
}

function closeBody(intent: OrderIntent): WireCloseRequest {
  return orderBody(intent);
}

function post(path: string, body: unknown): Call {
  return { method: "POST", path, body: JSON.stringify(body) };
}
