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
  /** What is held. */
  readonly symbol: string;
  /** Which way it earns. */
  readonly side: PositionSide;
  /** Always above zero; the side says which way. */
  readonly qty: Decimal;
  /** The average price it was opened at. */
  readonly entryPrice: Decimal;
  /** Profit with swap and commission in; `null` where the broker does not give it. */
  readonly netProfit: Decimal | null;
  /** Profit by price alone; `null` where the broker does not give it. */
  readonly grossProfit: Decimal | null;
  /** The currency of both profits; `null` where the broker does not give it. */
  readonly profitCurrency: string | null;
  /** When it was opened; `null` where the broker does not give it. @units EpochMs */
  readonly openedAt: EpochMs | null;
  /** The mark it carries at the broker; `null` for none. */
  readonly tag: string | null;
}

/** An order that still can fill. */
export interface WorkingOrder {
  /** The broker's name for it. */
  readonly orderId: string;
  /** The name it was sent under; `null` where the broker gives none. */
  readonly clientOrderId: string | null;
  /** What is traded. */
  readonly symbol: string;
  /** Which way. */
  readonly side: OrderSide;
  /** How much was asked for. */
  readonly qty: Decimal;
  /** How much of it is filled. */
  readonly filledQty: Decimal;
  /** `null` for a market order. */
  readonly limitPrice: Decimal | null;
  /** The position it belongs to, where the broker says so. */
  readonly positionId: string | null;
  /** The mark it carries at the broker; `null` for none. */
  readonly tag: string | null;
}

/** Which way an order trades. */
export type OrderSide = "buy" | "sell";

/** One execution. */
export interface Fill {
  /** The broker's own count of executions in this account. */
  readonly seq: number;
  /** The broker's name for the order. */
  readonly orderId: string;
  /** The name the order was sent under; `null` where the broker gives none. */
  readonly clientOrderId: string | null;
  /** The position it changed. */
  readonly positionId: string;
  /** What was traded. */
  readonly symbol: string;
  /** Which way. */
  readonly side: OrderSide;
  /** How much, above zero. */
  readonly qty: Decimal;
  /** At what price. */
  readonly price: Decimal;
  /** When. @units EpochMs */
  readonly at: EpochMs;
}

/** Everything in the account at one point of its count of executions. */
export interface Snapshot {
  /** The last execution that `positions` and `orders` reflect. */
  readonly seq: number;
  /** All that are open. */
  readonly positions: readonly Position[];
  /** All that can still fill. */
  readonly orders: readonly WorkingOrder[];
  /** Executions after the sequence number that was asked for, up to `seq`. */
  readonly fills: readonly Fill[];
}

/** What the broker says of the account itself. */
export interface AccountInfo {
  /** The account's own id at the broker. */
  readonly id: string;
  /** `null` where the broker does not say; that counts as live. */
  readonly live: boolean | null;
  /** How its positions are counted. */
  readonly mode: AccountMode;
  /** The currency it counts in. */
  readonly currency: string;
  /** What it is worth with all profits in; `null` where the broker does not give it. */
  readonly equity: Decimal | null;
  /** How many requests may be under way at once. */
  readonly inFlightMax: number;
  /**
   * Names the life of the broker's books: counts of executions compare only within one; `null`
   * where the broker never begins them anew.
   */
  readonly epoch: string | null;
}

/** What closes a position of this side. */
export function closingSide(side: PositionSide): OrderSide {
  return side === "long" ? "sell" : "buy";
}
