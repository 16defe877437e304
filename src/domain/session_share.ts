/**
 * What a session opened itself, and how much of it is left.
 *
 * Where the account hedges, a ticket is of the session whose name it carries as its tag, or whose
 * order it was that opened it. Where it nets, all sessions and everybody else share one position for
 * each symbol; there the executions of a session's own orders add up to its share, and no more than
 * that is its own.
 *
 * @module
 */

import { orderOf } from "./account.ts";
import type { AccountState, TrackedOrder } from "./account.ts";
import {
  absolute,
  add,
  compare,
  type Decimal,
  divide,
  isZero,
  least,
  multiply,
  negate,
  subtract,
  sum,
  ZERO,
} from "./decimal.ts";
import type { Session } from "./definition.ts";
import { isShareOrderId } from "./id.ts";
import { executedQty } from "./order.ts";
import type {
  Fill,
  OrderSide,
  Position,
  Snapshot,
  WorkingOrder,
} from "./position.ts";

/** Digits after the point of a profit that is told of a part of a position. */
const PROFIT_PLACES = 10;

/**
 * The tag that a session's orders carry: the one that its scope asks for, so that its own closes
 * reach what it opens, else its name.
 */
export function tagOf({ name, scope }: Session): string {
  return scope.tag ?? name;
}

/** Adds an execution to the share of the session whose order it was. */
export function foldShare(
  account: AccountState,
  { owner, positionId }: TrackedOrder,
  { side, qty, positionId: changedId }: Pick<
    Fill,
    "side" | "qty" | "positionId"
  >,
): AccountState {
  const { session } = owner;
  if (session === null) return account;
  // Whoever takes something off another's ticket does not own it for that.
  const isForeign = isHedging(account) && positionId !== null &&
    shareOf(account, changedId, session) === null;
  if (isForeign) return account;
  const before = shareOf(account, changedId, session) ?? ZERO;
  const share = add(before, signedBy(side, qty));
  const shares = Object.hasOwn(account.shares, changedId)
    ? account.shares[changedId]
    : {};
  return {
    ...account,
    shares: { ...account.shares, [changedId]: { ...shares, [session]: share } },
  };
}

/**
 * Takes an execution off the share whose session its order names: a close by hand in a process of
 * its own closed it, and whoever goes on here must not close as much again.
 */
export function foldMarkedShare(
  account: AccountState,
  { clientOrderId, positionId, side, qty }: Fill,
): AccountState {
  const shares = Object.hasOwn(account.shares, positionId)
    ? account.shares[positionId] ?? {}
    : {};
  const marked = Object.entries(shares).find(([session]) =>
    clientOrderId !== null && isShareOrderId(clientOrderId, session)
  );
  if (marked === undefined) return account;
  const [session, share] = marked;
  const left = add(share, signedBy(side, qty));
  return {
    ...account,
    shares: { ...account.shares, [positionId]: { ...shares, [session]: left } },
  };
}

/** Forgets the shares of positions that a list shows no more. */
export function dropShares(
  account: AccountState,
  listed: ReadonlyMap<string, unknown>,
): AccountState {
  const kept = Object.entries(account.shares).filter(([id]) => listed.has(id));
  if (kept.length === Object.keys(account.shares).length) return account;
  return { ...account, shares: Object.fromEntries(kept) };
}

/** Counts as executed what an order of ours is said to have done, before it is forgotten. */
export function settleShare(
  account: AccountState,
  tracked: TrackedOrder,
): AccountState {
  const { positionId, order } = tracked;
  const qty = unconfirmedQty(tracked);
  if (positionId === null || isZero(qty)) return account;
  return foldShare(account, tracked, {
    positionId,
    side: order.intent.side,
    qty,
  });
}

/** The part of an account's lists that is a session's own. */
export function ownPart(
  account: AccountState,
  session: string,
  snapshot: Snapshot,
): Snapshot {
  const positions = snapshot.positions.flatMap((position) => {
    const qty = ownQty(account, session, position);
    return isZero(qty) ? [] : [partOf(position, qty)];
  });
  const tickets = new Set(
    isHedging(account) ? positions.map(({ id }) => id) : [],
  );
  const orders = snapshot.orders.filter((order) =>
    isOwnOrder(account, session, order) ||
    (order.positionId !== null && tickets.has(order.positionId))
  );
  return { ...snapshot, positions, orders };
}

/**
 * How much of a position is a session's own, by the broker's list and by its executions.
 *
 * @shape zero to the position's quantity
 */
export function ownQty(
  account: AccountState,
  session: string,
  position: Position,
): Decimal {
  const share = shareOf(account, position.id, session);
  if (isHedging(account)) {
    return share !== null || position.tag === session ? position.qty : ZERO;
  }
  const way = position.side === "long" ? share : share && negate(share);
  return way === null || compare(way, ZERO) <= 0
    ? ZERO
    : least(position.qty, absolute(way));
}

/**
 * How much of its own part of a position a session may still close: what its orders are said to
 * have closed, and the list of executions does not show yet, is not closed again.
 */
export function closableShare(
  account: AccountState,
  session: string,
  { id, qty }: Pick<Position, "id" | "qty">,
): Decimal {
  const said = sum(
    Object.values(account.orders)
      .filter(({ owner, positionId }) =>
        positionId === id && owner.session === session
      )
      .map(unconfirmedQty),
  );
  const left = subtract(qty, said);
  return compare(left, ZERO) > 0 ? left : ZERO;
}

/** What an order is said to have done, beyond what the broker's list of executions shows. */
export function unconfirmedQty(tracked: TrackedOrder): Decimal {
  return subtract(
    executedQty(tracked.order, tracked.confirmedQty),
    tracked.confirmedQty,
  );
}

/** What a session's orders made of a position, short below zero; `null` where they never touched it. */
function shareOf(
  { shares }: AccountState,
  positionId: string,
  session: string,
): Decimal | null {
  if (!Object.hasOwn(shares, positionId)) return null;
  const ofPosition = shares[positionId] ?? {};
  return Object.hasOwn(ofPosition, session)
    ? ofPosition[session] ?? null
    : null;
}

function isOwnOrder(
  account: AccountState,
  session: string,
  { clientOrderId, tag }: WorkingOrder,
): boolean {
  const tracked = clientOrderId === null
    ? undefined
    : orderOf(account, clientOrderId);
  return tracked === undefined
    ? tag === session
    : tracked.owner.session === session;
}

/** A part of a position, with as much of its profit. */
function partOf(position: Position, qty: Decimal): Position {
  if (qty === position.qty) return position;
  const part = (profit: Decimal | null) =>
    profit === null
      ? null
      : divide(multiply(profit, qty), position.qty, PROFIT_PLACES);
  return {
    ...position,
    qty,
    netProfit: part(position.netProfit),
    grossProfit: part(position.grossProfit),
  };
}

function isHedging({ info }: AccountState): boolean {
  return info?.mode === "hedging";
}

function signedBy(side: OrderSide, qty: Decimal): Decimal {
  return side === "buy" ? qty : negate(qty);
}
