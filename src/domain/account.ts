/**
 * What we know of an account and of our own orders in it.
 *
 * @module
 */

import type { Decimal } from "./decimal.ts";
import type { Order } from "./order.ts";
import type { AccountInfo } from "./position.ts";

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
}

/** A close that waits for the account's lists. */
export interface Reader {
  readonly job: string;
  readonly closing: string;
}

/** A position that our orders have touched; quantities are signed, short below zero. */
export interface Exposure {
  /** What the list showed when our first order for it was decided. */
  readonly baseQty: Decimal;
  /** What executions that are not ours did to it since. */
  readonly othersQty: Decimal;
}

/** One of our orders, and for which close it was sent. */
export interface TrackedOrder {
  readonly order: Order;
  readonly account: string;
  readonly positionId: string;
  readonly job: string;
  readonly closing: string;
  readonly attempt: number;
  /** How often we have asked the broker what became of it. */
  readonly asks: number;
  /** How much of it the broker's list of executions shows. */
  readonly confirmedQty: Decimal;
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
  };
}
