/**
 * What the paper broker remembers: plain values that are replaced, never changed.
 *
 * @module
 */

import type { AccountMode, PositionSide } from "../../../domain/definition.ts";
import type { Decimal } from "../../../domain/decimal.ts";
import type { OrderIntent, ReportedStatus } from "../../../domain/order.ts";
import type { Fill } from "../../../domain/position.ts";
import type { EpochMs } from "../../../domain/time.ts";
import type { AuditState } from "./audit.ts";
import type { Ledger } from "./ledger.ts";
import type { Prices } from "./prices/price_series.ts";

/** What does not change while the broker runs. */
export interface PaperWorld {
  readonly accountId: string;
  /** Names this life of the broker: its counts begin anew with each. */
  readonly epoch: string;
  readonly mode: AccountMode;
  readonly currency: string;
  /** For each unit traded, in the account's currency. */
  readonly commission: Decimal;
  readonly seed: number;
  readonly prices: Prices;
}

/** Everything that changes. */
export interface PaperState {
  /** The count of executions so far. */
  readonly seq: number;
  /** The count of orders so far, rejected ones included. */
  readonly orderCount: number;
  /** The count of tickets so far (hedging). */
  readonly ticketCount: number;
  /** In the account's currency: realised profits in, commissions out. */
  readonly cash: Decimal;
  /** Prices up to here have been matched against working orders. */
  readonly lookedAt: EpochMs;
  readonly positions: ReadonlyMap<string, OpenPosition>;
  /** Ids of the orders that can still fill, in order of arrival. */
  readonly working: readonly string[];
  readonly orders: Ledger<string, PaperOrder>;
  /** Client order id to order id, for ever. */
  readonly byClientId: Ledger<string, string>;
  readonly fills: Ledger<number, Fill>;
  readonly audit: AuditState;
}

/** A position and the lots that it was put together from. */
export interface OpenPosition {
  /** The ticket where the account hedges, the symbol where it nets. */
  readonly id: string;
  readonly symbol: string;
  readonly side: PositionSide;
  /** The sum of the lots; always above zero. */
  readonly qty: Decimal;
  /** Oldest first, which is the order in which they are closed. */
  readonly lots: readonly Lot[];
  readonly tag: string | null;
  readonly openedAt: EpochMs;
  /** Tells this holding from an earlier one of the same id. */
  readonly exposure: string;
}

/** What one execution bought or sold and is still held. */
export interface Lot {
  readonly qty: Decimal;
  readonly price: Decimal;
  /** Commission paid for each unit when it was opened, in the account's currency. */
  readonly fee: Decimal;
}

/** An order and how far it came. */
export interface PaperOrder {
  readonly orderId: string;
  readonly intent: OrderIntent;
  readonly status: ReportedStatus;
  readonly filledQty: Decimal;
  /** The sum of quantity times price over its fills: their average without a division. */
  readonly filledValue: Decimal;
  readonly reason: string | null;
  readonly message: string | null;
  readonly createdAt: EpochMs;
  /** Held back by a fault until then; for ever with `null`. Absent for an order left to the market. */
  readonly held: { readonly untilAt: EpochMs | null } | null;
}

/** What the broker does to an order that it was made to treat otherwise. */
export type FillPlan =
  /** Fills as the market has it. */
  | { readonly kind: "market" }
  /** Fills this much now; the rest ends, or works on until then. */
  | {
    readonly kind: "partial";
    /** Numerator and denominator of the part that fills. */
    readonly part: readonly [number, number];
    readonly rest: "cancel" | { readonly untilAt: EpochMs | null };
  }
  /** Takes it, and lets it wait. */
  | { readonly kind: "hold"; readonly untilAt: EpochMs | null }
  /** Says that it filled, and does nothing. */
  | { readonly kind: "lie" }
  | {
    readonly kind: "reject";
    readonly reason: string;
    readonly message: string;
  };

/** What can be asked of the engine. */
export type EngineRequest =
  | {
    readonly type: "submit";
    readonly intent: OrderIntent;
    readonly plan: FillPlan;
  }
  | { readonly type: "cancel"; readonly orderId: string }
  /** Lets held orders go; all of them with `null`. */
  | { readonly type: "release"; readonly orderId: string | null }
  /** Lets time pass: working orders that the prices reached are filled. */
  | { readonly type: "advance" };

/** What the engine answers. */
export type EngineReply =
  | {
    readonly type: "order";
    readonly order: PaperOrder;
    /** Whether this request made it; false where the client order id was known. */
    readonly created: boolean;
  }
  | { readonly type: "absent"; readonly orderId: string }
  | { readonly type: "done" };

/** What the engine tells everybody who listens. */
export type EngineEvent =
  | { readonly type: "order"; readonly order: PaperOrder }
  | { readonly type: "fill"; readonly fill: Fill };

/** Told of everything that happens in the account. */
export type EngineListener = (event: EngineEvent) => void;
