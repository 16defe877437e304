/**
 * The life of one of our orders, as a table.
 *
 * @module
 */

import { compare, type Decimal, ZERO } from "./decimal.ts";
import type { OrderSide } from "./position.ts";

/**
 * Why an order was rejected or ended unfilled, in the words of our own protocol; a broker may have
 * others.
 */
export const REJECT_REASONS = {
  /** The market takes no orders now. */
  marketClosed: "order/market-closed",
  /** There is no such position, or none any more. */
  unknownPosition: "order/unknown-position",
  /** More than is open, less what other closing orders already claim. */
  exceedsPosition: "order/exceeds-position",
  /** The quantity is no multiple of the symbol's step. */
  step: "order/step",
  /** The quantity is not above zero. */
  quantity: "order/quantity",
  /** The limit price is missing or not above zero. */
  price: "order/price",
  /** Nothing of that name is traded here. */
  unknownSymbol: "order/unknown-symbol",
  /** The market had no more to give; the rest of the order is gone. */
  noLiquidity: "order/no-liquidity",
} as const;

/** An order as we ask for it; the client order id makes a repeat harmless. */
export interface OrderIntent {
  /** Our own name for it; a repeat carries the same. */
  readonly clientOrderId: string;
  /** What is traded. */
  readonly symbol: string;
  /** Which way. */
  readonly side: OrderSide;
  /** How much, above zero. */
  readonly qty: Decimal;
  /** `null` for a market order. */
  readonly limitPrice: Decimal | null;
  /** The position that this order may only reduce; `null` for an order that may open one. */
  readonly closes: string | null;
  /** The mark that its position shall carry; `null` for none. */
  readonly tag: string | null;
}

/** What a broker says of an order. */
export interface OrderReport {
  /** The broker's name for it. */
  readonly orderId: string;
  /** The name it was sent under; `null` where the broker gives none. */
  readonly clientOrderId: string | null;
  /** Where it stands. */
  readonly status: ReportedStatus;
  /** What is traded. */
  readonly symbol: string;
  /** Which way. */
  readonly side: OrderSide;
  /** How much was asked for. */
  readonly qty: Decimal;
  /** How much of it is filled. */
  readonly filledQty: Decimal;
  /** The average price of its fills; `null` before the first. */
  readonly averagePrice: Decimal | null;
  /** Why it was rejected or cancelled: a code of `REJECT_REASONS` or the broker's own. */
  readonly reason: string | null;
  /** The broker's own words; `null` for none. */
  readonly message: string | null;
}

/** The statuses a broker's word is translated into. */
export type ReportedStatus = "working" | "filled" | "canceled" | "rejected";

/** Where one of our orders stands, as far as we know. */
export type OrderStatus =
  /** Recorded and on its way; no answer yet. */
  | "submitted"
  /** Sent, no answer: it may or may not exist. */
  | "unknown"
  /** Surely never sent. */
  | "unsent"
  | "working"
  | "filled"
  | "canceled"
  | "rejected";

/** What can happen to one of our orders. */
export type OrderMove =
  | "reported_working"
  | "reported_filled"
  | "reported_canceled"
  | "reported_rejected"
  | "lost"
  | "not_sent"
  | "not_found"
  | "resubmitted";

/** Where an order may go; absent means: not a legal move. */
export const ORDER_MOVES: Readonly<
  Record<OrderStatus, Readonly<Partial<Record<OrderMove, OrderStatus>>>>
> = {
  submitted: {
    reported_working: "working",
    reported_filled: "filled",
    reported_canceled: "canceled",
    reported_rejected: "rejected",
    lost: "unknown",
    not_sent: "unsent",
  },
  unknown: {
    reported_working: "working",
    reported_filled: "filled",
    reported_canceled: "canceled",
    reported_rejected: "rejected",
    lost: "unknown",
    not_found: "unsent",
  },
  unsent: {
    // The stream may bring an answer after the request was given up for lost.
    reported_working: "working",
    reported_filled: "filled",
    reported_canceled: "canceled",
    reported_rejected: "rejected",
    resubmitted: "submitted",
  },
  working: {
    reported_working: "working",
    reported_filled: "filled",
    reported_canceled: "canceled",
    reported_rejected: "rejected",
    lost: "working",
  },
  // A late answer may repeat what the stream already said.
  filled: {
    reported_filled: "filled",
    reported_working: "filled",
    lost: "filled",
  },
  canceled: {
    reported_canceled: "canceled",
    reported_working: "canceled",
    // The venue matched before our cancel arrived.
    reported_filled: "filled",
    lost: "canceled",
  },
  rejected: { reported_rejected: "rejected", lost: "rejected" },
};

/** One of our orders and what we know of it. */
export interface Order {
  readonly intent: OrderIntent;
  readonly status: OrderStatus;
  readonly orderId: string | null;
  readonly filledQty: Decimal;
  readonly reason: string | null;
  readonly message: string | null;
}

/** The result of a move: the order after it, or the fact that the table does not allow it. */
export type MoveResult =
  | { readonly ok: true; readonly order: Order }
  | { readonly ok: false; readonly from: OrderStatus; readonly by: OrderMove };

/** An order that was just recorded and is about to be sent. */
export function submitOrder(intent: OrderIntent): Order {
  return {
    intent,
    status: "submitted",
    orderId: null,
    filledQty: ZERO,
    reason: null,
    message: null,
  };
}

/** Moves an order by something that happened on our side. */
export function moveOrder(order: Order, by: OrderMove): MoveResult {
  const to = ORDER_MOVES[order.status][by];
  if (to === undefined) return { ok: false, from: order.status, by };
  return { ok: true, order: { ...order, status: to } };
}

/** Moves an order by what the broker said; a filled quantity never goes down. */
export function reportOrder(order: Order, report: OrderReport): MoveResult {
  const moved = moveOrder(order, `reported_${report.status}`);
  if (!moved.ok) return moved;
  const grew = compare(report.filledQty, order.filledQty) > 0;
  return {
    ok: true,
    order: {
      ...moved.order,
      orderId: report.orderId,
      filledQty: grew ? report.filledQty : order.filledQty,
      reason: report.reason ?? order.reason,
      message: report.message ?? order.message,
    },
  };
}

/** What an order did, by its own report or by the list of executions, whichever says more. */
export function executedQty(order: Order, confirmedQty: Decimal): Decimal {
  return compare(order.filledQty, confirmedQty) >= 0
    ? order.filledQty
    : confirmedQty;
}

/** Whether nothing more can come of the order. */
export function isSettled(order: Order): boolean {
  return order.status === "filled" || order.status === "canceled" ||
    order.status === "rejected" || order.status === "unsent";
}
