/**
 * The open protocol's JSON, exactly as it is sent; `docs/broker-api.yaml` is its description.
 *
 * Types and readers stand side by side: a type says what may be sent, its reader refuses the rest.
 *
 * @module
 */

import type { Decimal } from "../../../domain/decimal.ts";
import type { EpochMs } from "../../../domain/time.ts";
import {
  count,
  flag,
  instant,
  isRecord,
  list,
  maybe,
  number,
  object,
  oneOf,
  positive,
  type Reader,
  text,
  word,
} from "./reading.ts";

/** Instants are RFC 3339 text on the wire and numbers once read. */
export type WireInstant = EpochMs;

/** The account, as `GET /v1/account` tells it. */
export interface WireAccount {
  readonly id: string;
  readonly live: boolean | null;
  readonly mode: "netting" | "hedging";
  readonly currency: string;
  readonly cash: Decimal | null;
  readonly equity: Decimal | null;
  readonly limits: { readonly in_flight_max: number } | null;
  readonly epoch: string | null;
}

/** A position, as `GET /v1/positions` lists it. */
export interface WirePosition {
  readonly id: string;
  readonly symbol: string;
  readonly side: "long" | "short";
  readonly qty: Decimal;
  readonly entry_price: Decimal;
  readonly net_profit: Decimal | null;
  readonly gross_profit: Decimal | null;
  readonly profit_currency: string | null;
  readonly opened_at: WireInstant | null;
  readonly tag: string | null;
}

/** An order, wherever one is told of. */
export interface WireOrder {
  readonly order_id: string;
  readonly client_order_id: string | null;
  readonly status: "working" | "filled" | "canceled" | "rejected";
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly qty: Decimal;
  readonly filled_qty: Decimal;
  readonly average_price: Decimal | null;
  readonly limit_price: Decimal | null;
  readonly position_id: string | null;
  readonly tag: string | null;
  readonly reason: string | null;
  readonly message: string | null;
}

/** An execution, as `GET /v1/fills` lists it. */
export interface WireFill {
  readonly seq: number;
  readonly order_id: string;
  readonly client_order_id: string | null;
  readonly position_id: string;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly qty: Decimal;
  readonly price: Decimal;
  readonly at: WireInstant;
}

/** A list and the count of executions that it reflects. */
export interface WirePositions {
  readonly seq: number;
  readonly positions: readonly WirePosition[];
}

/** A list and the count of executions that it reflects. */
export interface WireOrders {
  readonly seq: number;
  readonly orders: readonly WireOrder[];
}

/** A list and the count of executions that it reflects. */
export interface WireFills {
  readonly seq: number;
  readonly fills: readonly WireFill[];
}

/** The prices of a symbol, as `GET /v1/quotes` tells them. */
export interface WireQuote {
  readonly symbol: string;
  readonly bid: Decimal;
  readonly ask: Decimal;
  readonly at: WireInstant;
  readonly market: "open" | "closed" | null;
}

/** Prices of several symbols. */
export interface WireQuotes {
  readonly quotes: readonly WireQuote[];
}

/** What `POST /v1/orders` is sent. */
export interface WireOrderRequest {
  readonly client_order_id: string;
  readonly symbol: string;
  readonly side: "buy" | "sell";
  readonly qty: Decimal;
  readonly type: "market" | "limit";
  readonly limit_price: Decimal | null;
  readonly tag: string | null;
}

/** What `POST /v1/positions/{id}/close` is sent. */
export interface WireCloseRequest {
  readonly client_order_id: string;
  /** What the caller believes the position to be in; refused where it is not so. */
  readonly symbol: string;
  /** The side that closes it. */
  readonly side: "buy" | "sell";
  /** `null` means all that is open. */
  readonly qty: Decimal | null;
  readonly type: "market" | "limit";
  readonly limit_price: Decimal | null;
  readonly tag: string | null;
}

/** Body of every answer from 400 up. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly retry_after_ms: number | null;
}

/** What the stream says. */
export type WireFrame =
  | { readonly type: "hello"; readonly seq: number }
  | { readonly type: "order"; readonly order: WireOrder }
  | { readonly type: "fill"; readonly fill: WireFill }
  | { readonly type: "heartbeat" }
  /** A frame of a later protocol; let be. */
  | { readonly type: "other" };

const orderSide = oneOf("buy", "sell");
const orderType = oneOf("market", "limit");

/** Reads an account. */
export const readAccount: Reader<WireAccount> = object<WireAccount>({
  id: word,
  live: maybe(flag),
  mode: oneOf("netting", "hedging"),
  currency: word,
  cash: maybe(number),
  equity: maybe(number),
  limits: maybe(object<{ readonly in_flight_max: number }>({
    in_flight_max: count,
  })),
  epoch: maybe(word),
});

/** Reads a position. */
export const readPosition: Reader<WirePosition> = object<WirePosition>({
  id: word,
  symbol: word,
  side: oneOf("long", "short"),
  qty: positive,
  entry_price: number,
  net_profit: maybe(number),
  gross_profit: maybe(number),
  profit_currency: maybe(word),
  opened_at: maybe(instant),
  tag: maybe(text),
});

/** Reads an order. */
export const readOrder: Reader<WireOrder> = object<WireOrder>({
  order_id: word,
  client_order_id: maybe(word),
  status: oneOf("working", "filled", "canceled", "rejected"),
  symbol: word,
  side: orderSide,
  qty: number,
  filled_qty: number,
  average_price: maybe(number),
  limit_price: maybe(number),
  position_id: maybe(word),
  tag: maybe(text),
  reason: maybe(text),
  message: maybe(text),
});

/** Reads an execution. */
export const readFill: Reader<WireFill> = object<WireFill>({
  seq: count,
  order_id: word,
  client_order_id: maybe(word),
  position_id: word,
  symbol: word,
  side: orderSide,
  qty: positive,
  price: number,
  at: instant,
});

/** Reads a list of positions. */
export const readPositions: Reader<WirePositions> = object<WirePositions>({
  seq: count,
  positions: list(readPosition),
});

/** Reads a list of orders. */
export const readOrders: Reader<WireOrders> = object<WireOrders>({
  seq: count,
  orders: list(readOrder),
});

/** Reads a list of fills. */
export const readFills: Reader<WireFills> = object<WireFills>({
  seq: count,
  fills: list(readFill),
});

/** Reads prices. */
export const readQuotes: Reader<WireQuotes> = object<WireQuotes>({
  quotes: list(object<WireQuote>({
    symbol: word,
    bid: number,
    ask: number,
    at: instant,
    market: maybe(oneOf("open", "closed")),
  })),
});

/** Reads the body of a new order. */
export const readOrderRequest: Reader<WireOrderRequest> = object<
  WireOrderRequest
>({
  client_order_id: word,
  symbol: word,
  side: orderSide,
  qty: number,
  type: orderType,
  limit_price: maybe(number),
  tag: maybe(text),
});

/** Reads the body of a request to close. */
export const readCloseRequest: Reader<WireCloseRequest> = object<
  WireCloseRequest
>({
  client_order_id: word,
  symbol: word,
  side: orderSide,
  qty: maybe(number),
  type: orderType,
  limit_price: maybe(number),
  tag: maybe(text),
});

/** Reads the body of a failure. */
export function readError(value: unknown, path: string): WireError {
  const fields = object<WireError>({
    code: word,
    message: text,
    retry_after_ms: maybe(count),
  });
  return object<{ readonly error: WireError }>({ error: fields })(value, path)
    .error;
}

const readHello = object<{ readonly seq: number }>({ seq: count });
const readOrderFrame = object<{ readonly order: WireOrder }>({
  order: readOrder,
});
const readFillFrame = object<{ readonly fill: WireFill }>({ fill: readFill });

/** Reads a frame of the stream. */
export function readFrame(value: unknown, path: string): WireFrame {
  const type = word(isRecord(value) ? value.type : value, `${path}.type`);
  switch (type) {
    case "hello":
      return { type, ...readHello(value, path) };
    case "order":
      return { type, ...readOrderFrame(value, path) };
    case "fill":
      return { type, ...readFillFrame(value, path) };
    case "heartbeat":
      return { type };
    default:
      return { type: "other" };
  }
}
