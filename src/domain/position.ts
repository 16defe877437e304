/**
 * What a broker holds for us: positions, working orders, fills, read in one go.
 *
 * @module
 */

import type { AccountMode, PositionSide } from "./definition.ts";
import type { Decimal } from "./decimal.ts";
import type { EpochMs } from "./time.ts";

/** A position as the broker's list shows it. */
export interface Position {
  /** The ticket where the account hedges, the symbol where it nets. */
  readonly id: string;
  readonly symbol: string;
  readonly side: PositionSide;
  /** Always above zero; the side says which way. */
  readonly qty: Decimal;
  readonly entryPrice: Decimal;
  /** Profit with swap and commission in; `null` where the broker does not give it. */
  readonly netProfit: Decimal | null;
  /** Profit by price alone; `null` where the broker does not give it. */
  readonly grossProfit: Decimal | null;
  readonly profitCurrency: string | null;
  readonly openedAt: EpochMs | null;
  readonly tag: string | null;
}

/** An order that still can fill. */
export interface WorkingOrder {
  readonly orderId: string;
  readonly clientOrderId: string | null;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly qty: Decimal;
  readonly filledQty: Decimal;
  readonly limitPrice: Decimal | null;
  /** The position it belongs to, where the broker says so. */
  readonly positionId: string | null;
  readonly tag: string | null;
}

/** Which way an order trades. */
export type OrderSide = "buy" | "sell";

/** One execution. */
export interface Fill {
  /** The broker's own count of executions in this account. */
  readonly seq: number;
  readonly orderId: string;
  readonly clientOrderId: string | null;
  /** The position it changed. */
  readonly positionId: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly qty: Decimal;
  readonly price: Decimal;
  readonly at: EpochMs;
}

/** Everything in the account at one point of its count of executions. */
export interface Snapshot {
  /** The last execution that `positions` and `orders` reflect. */
  readonly seq: number;
  readonly positions: readonly Position[];
  readonly orders: readonly WorkingOrder[];
  /** Executions after the sequence number that was asked for, up to `seq`. */
  readonly fills: readonly Fill[];
}

/** What the broker says of the account itself. */
export interface AccountInfo {
  readonly id: string;
  /** `null` where the broker does not say; that counts as live. */
  readonly live: boolean | null;
  readonly mode: AccountMode;
  readonly currency: string;
  readonly equity: Decimal | null;
  /** How many requests may be under way at once. */
  readonly inFlightMax: number;
}

/** What closes a position of this side. */
export function closingSide(side: PositionSide): OrderSide {
  return side === "long" ? "sell" : "buy";
}
