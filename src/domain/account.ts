/**
 * What we know of an account and of our own orders in it.
 *
 * @module
 */

import type { Decimal } from "./decimal.ts";
import type { Order } from "./order.ts";
import type { AccountInfo } from "./position.ts";
import type { EpochMs } from "./time.ts";

/** What we know of an account and of our own orders in it. */
export interface AccountState {
  readonly name: string;
  readonly info: AccountInfo | null;
  /** The last execution that a snapshot told us of; `null` before the first. */
  readonly seq: number | null;
  /** Counts the questions for positions, so that answers can be told apart. */
  readonly reads: number;
  /** Who waits for which answer. */
  readonly readers: Readonly<Record<number, Reader>>;
  /** Our orders by client order id, until what they did is seen in the broker's own lists. */
  readonly orders: Readonly<Record<string, TrackedOrder>>;
  /** By position id: what the position should be after all executions we know of. */
  readonly exposures: Readonly<Record<string, Exposure>>;
  /** By position id, then by session: what the session's own orders made of it, short below zero. */
  readonly shares: Readonly<Record<string, Readonly<Record<string, Decimal>>>>;
}

/** Who waits for the account's lists: a close, an order that somebody asked for, or who only looks. */
export type Reader =
  | { readonly kind: "close"; readonly job: string; readonly closing: string }
  | { readonly kind: "request"; readonly key: string }
  | {
    readonly kind: "look";
    /** The caller's own word for it. */
    readonly request: string;
  };

/** A position that our orders have touched; quantities are signed, short below zero. */
export interface Exposure {
  /** What the list showed when our first order for it was decided. */
  readonly baseQty: Decimal;
  /** What executions that are not ours did to it since. */
  readonly othersQty: Decimal;
  /**
   * Since when the list shows it no more; `null` while it does. A list that shows it again without
   * an execution is an old one.
   *
   * @units EpochMs
   */
  readonly goneAt: EpochMs | null;
  /**
   * The execution up to which `baseQty` counts them by a book's word, which may be ahead of the lists;
   * absent where the lists showed it.
   */
  readonly baseSeq?: number;
}

/** One of our orders, and what it was sent for. */
export interface TrackedOrder {
  readonly order: Order;
  readonly account: string;
  /** The position that it may only reduce; `null` for an order that may open one. */
  readonly positionId: string | null;
  readonly owner: OrderOwner;
  /** How often we have asked the broker what became of it. */
  readonly asks: number;
  /** When the broker last said that it has no such order. @units EpochMs */
  readonly absentAt?: EpochMs;
  /** How much of it the broker's list of executions shows. */
  readonly confirmedQty: Decimal;
}

/** What an order was sent for. */
export type OrderOwner =
  | {
    readonly kind: "close";
    readonly job: string;
    readonly closing: string;
    /** Which order it is for its position, from 1. */
    readonly attempt: number;
    /** The session whose share alone it closes; `null` where it closes whatever is in scope. */
    readonly session: string | null;
  }
  | {
    readonly kind: "request";
    /** `request/<run>/<seq>` */
    readonly key: string;
    /** The caller's word for it. */
    readonly request: string;
    /** The session that asked for it; `null` for none. */
    readonly session: string | null;
  };

/** The name of the wait before the next question about an order. */
export function findTimer({ order, account }: TrackedOrder): string {
  return `find ${order.intent.clientOrderId} ${account}`;
}

/** What the order was sent for, by its key: the edge's, or that of a request by hand. */
export function ownerKey({ owner }: TrackedOrder): string {
  return owner.kind === "close" ? owner.job : owner.key;
}

/** Whether an order was sent by this close. */
export function isSentBy({ owner }: TrackedOrder, closing: string): boolean {
  return owner.kind === "close" && owner.closing === closing;
}

/**
 * An order of ours; `undefined` where it is not ours.
 *
 * Ids come from outside: one that is called like a property of every object must not be taken for
 * an order.
 */
export function orderOf(
  account: AccountState,
  clientOrderId: string,
): TrackedOrder | undefined {
  return Object.hasOwn(account.orders, clientOrderId)
    ? account.orders[clientOrderId]
    : undefined;
}

/** What a position should be; `undefined` where our orders have not touched it. */
export function exposureOf(
  account: AccountState,
  positionId: string,
): Exposure | undefined {
  return Object.hasOwn(account.exposures, positionId)
    ? account.exposures[positionId]
    : undefined;
}

/** An account that nothing is known of. */
export function emptyAccount(name: string): AccountState {
  return {
    name,
    info: null,
    seq: null,
    reads: 0,
    readers: {},
    orders: {},
    exposures: {},
    shares: {},
  };
}
