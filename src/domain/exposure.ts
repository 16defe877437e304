/**
 * How much of a position may still be closed.
 *
 * A broker's list can lag behind its executions, an answer can get lost, and a bridge can say
 * "filled" of an order that did nothing. So the list alone never decides what is sent: from the
 * moment our first order touches a position, what it *should* be is reckoned from that snapshot
 * and every execution since, and only what both the list and the reckoning show may be closed.
 * A list that shows more than the reckoning is waited for and then reported, never traded on.
 *
 * @module
 */

import {
  dropShares,
  foldMarkedShare,
  foldShare,
  settleShare,
  unconfirmedQty,
} from "./session_share.ts";
import { exposureOf, orderOf } from "./account.ts";
import type { AccountState, Exposure, TrackedOrder } from "./account.ts";
import {
  absolute,
  add,
  compare,
  type Decimal,
  isZero,
  least,
  negate,
  subtract,
  sum,
  ZERO,
} from "./decimal.ts";
import { executedQty, isSettled, moveOrder } from "./order.ts";
import type { Fill, OrderSide, Position, Snapshot } from "./position.ts";
import { MINUTE_MS } from "./time.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** How long a position that we closed is remembered as gone; no list is older than that. */
const GONE_KEPT_MS: DurationMs = 5 * MINUTE_MS;

/** How long an order that the broker did not know is remembered as ours, should it arrive after all. */
const ABSENT_KEPT_MS: DurationMs = 60 * MINUTE_MS;

/** As much of a position as the reckoning needs. */
export type Held = Pick<Position, "id" | "side" | "qty">;

/** A position's quantity with its sign: short below zero. */
export function signedQty(position: Held): Decimal {
  return position.side === "long" ? position.qty : negate(position.qty);
}

/**
 * How much of a position an order may close now.
 *
 * Zero while one of our orders for it is unsettled, and where the reckoning says that nothing
 * should be left.
 */
export function closableQty(
  account: AccountState,
  position: Held,
): Decimal {
  const exposure = exposureOf(account, position.id);
  if (exposure === undefined) return position.qty;
  const ours = ordersOf(account, position.id);
  if (ours.some((tracked) => !isSettled(tracked.order))) return ZERO;
  const expected = expectedQty(exposure, ours);
  return sameSign(expected, signedQty(position))
    ? least(position.qty, absolute(expected))
    : ZERO;
}

/** Whether the list shows more of a position than the broker's own executions explain. */
export function isDisputed(account: AccountState, position: Held): boolean {
  const ours = ordersOf(account, position.id);
  return ours.every((tracked) => isSettled(tracked.order)) &&
    compare(closableQty(account, position), position.qty) < 0;
}

/** Remembers an order of ours, and what its position was when it was decided. */
export function trackOrder(
  account: AccountState,
  tracked: TrackedOrder,
  position: Position,
): AccountState {
  const id = tracked.order.intent.clientOrderId;
  const exposure = exposureOf(account, position.id) ??
    freshExposure(position);
  return {
    ...account,
    orders: { ...account.orders, [id]: tracked },
    exposures: { ...account.exposures, [position.id]: exposure },
  };
}

function freshExposure(position: Held): Exposure {
  return { baseQty: signedQty(position), othersQty: ZERO, goneAt: null };
}

/** Takes in what became of an order of ours. */
export function updateOrder(
  account: AccountState,
  tracked: TrackedOrder,
): AccountState {
  const id = tracked.order.intent.clientOrderId;
  return { ...account, orders: { ...account.orders, [id]: tracked } };
}

/** Whether a snapshot shows an older state of the account than one we already have. */
export function isStale(account: AccountState, snapshot: Snapshot): boolean {
  return account.seq !== null && snapshot.seq < account.seq;
}

/** Takes in a snapshot: its executions first, then what they explain. @units `at`: EpochMs */
export function absorbSnapshot(
  account: AccountState,
  snapshot: Snapshot,
  at: EpochMs,
): AccountState {
  const since = account.seq ?? snapshot.seq;
  const counted = snapshot.fills
    .filter((fill) => fill.seq > since && fill.seq <= snapshot.seq)
    .reduce(absorbFill, account);
  const known = rebaseOnLists({ ...counted, seq: snapshot.seq }, snapshot);
  return forgetRequests(forgetExplained(known, snapshot, at), at);
}

function absorbFill(account: AccountState, fill: Fill): AccountState {
  const ours = orderBehind(account, fill);
  if (ours === undefined) {
    return countOthers(foldMarkedShare(account, fill), fill);
  }
  const confirmed = foldShare(
    updateOrder(account, confirm(ours, fill)),
    ours,
    fill,
  );
  // What may open a position counts by its executions alone, as everybody else's orders do.
  return ours.positionId === null ? countOthers(confirmed, fill) : confirmed;
}

/** Our order that an execution belongs to; a broker may know it by its own name for it only. */
function orderBehind(
  account: AccountState,
  { clientOrderId, orderId }: Fill,
): TrackedOrder | undefined {
  if (clientOrderId !== null) return orderOf(account, clientOrderId);
  return Object.values(account.orders).find(({ order }) =>
    order.orderId === orderId
  );
}

function countOthers(account: AccountState, fill: Fill): AccountState {
  const exposure = exposureOf(account, fill.positionId);
  if (exposure === undefined) return account;
  // What the book had counted when it said how much there was is not counted again.
  if (exposure.baseSeq !== undefined && fill.seq <= exposure.baseSeq) {
    return account;
  }
  return {
    ...account,
    exposures: {
      ...account.exposures,
      [fill.positionId]: {
        ...exposure,
        othersQty: add(exposure.othersQty, signed(fill.side, fill.qty)),
      },
    },
  };
}

/** An execution proves an order, even one whose answer was lost. */
function confirm(tracked: TrackedOrder, fill: Fill): TrackedOrder {
  const confirmedQty = add(tracked.confirmedQty, fill.qty);
  const whole = compare(confirmedQty, tracked.order.intent.qty) >= 0;
  if (!whole) return { ...tracked, confirmedQty };
  const moved = moveOrder(tracked.order, "reported_filled");
  const order = moved.ok
    ? { ...moved.order, filledQty: confirmedQty }
    : tracked.order;
  return { ...tracked, order, confirmedQty };
}

/** Remembers that what is new among the exposures was decided on a book's word. */
export function rememberBookBase(
  account: AccountState,
  before: AccountState,
  baseSeq: number,
): AccountState {
  const exposures = Object.entries(account.exposures).map(([id, exposure]) =>
    [
      id,
      exposureOf(before, id) === undefined
        ? { ...exposure, baseSeq }
        : exposure,
    ] as const
  );
  return { ...account, exposures: Object.fromEntries(exposures) };
}

/** Whether a book's word is still what some position is reckoned from. */
export function hasBookBase({ exposures }: AccountState): boolean {
  return Object.values(exposures).some(({ baseSeq }) => baseSeq !== undefined);
}

/**
 * Reckons from the lists what was reckoned from a book, where they show the position as it was before
 * any of our executions: then they say what the book should have said.
 *
 * With an execution of ours among theirs an old list could not be told from a book that was wrong, so
 * the book's word stays, and less is closed rather than more.
 */
function rebaseOnLists(
  account: AccountState,
  snapshot: Snapshot,
): AccountState {
  if (!hasBookBase(account)) return account;
  const listed = new Map(snapshot.positions.map((p) => [p.id, p]));
  const exposures = Object.entries(account.exposures).map(([id, exposure]) => {
    const isUntouched = exposure.baseSeq !== undefined &&
      ordersOf(account, id).every(({ confirmedQty }) => isZero(confirmedQty));
    if (!isUntouched) return [id, exposure] as const;
    const position = listed.get(id);
    const rebased: Exposure = position === undefined
      ? { baseQty: ZERO, othersQty: ZERO, goneAt: null }
      : freshExposure(position);
    return [id, rebased] as const;
  });
  return { ...account, exposures: Object.fromEntries(exposures) };
}

/** Drops what needs no more reckoning: the list shows no more than the executions explain. */
function forgetExplained(
  account: AccountState,
  snapshot: Snapshot,
  at: EpochMs,
): AccountState {
  const listed = new Map(snapshot.positions.map((p) => [p.id, p]));
  const explained = Object.keys(account.exposures).reduce((result, id) => {
    const ours = ordersOf(result, id);
    if (ours.some((tracked) => !isSettled(tracked.order))) return result;
    const position = listed.get(id);
    if (position === undefined) return rememberGone(result, id, at);
    if (isReopened(result, position)) {
      return forgetPosition(result, id, () => true);
    }
    if (isDisputed(result, position)) return result;
    const rebased = forgetPosition(
      result,
      id,
      ({ order }) => order.status !== "unsent",
    );
    return {
      ...rebased,
      exposures: {
        ...rebased.exposures,
        [id]: freshExposure(position),
      },
    };
  }, account);
  return dropShares(explained, listed);
}

/**
 * A list can show again what an earlier one showed as gone, and call itself as new. So what we
 * closed is remembered as gone for a while: only an execution brings it back.
 */
function rememberGone(
  account: AccountState,
  id: string,
  at: EpochMs,
): AccountState {
  const goneAt = exposureOf(account, id)?.goneAt ?? at;
  const forgotten = forgetPosition(account, id, () => true);
  if (at - goneAt > GONE_KEPT_MS) return forgotten;
  const gone: Exposure = { baseQty: ZERO, othersQty: ZERO, goneAt };
  return { ...forgotten, exposures: { ...forgotten.exposures, [id]: gone } };
}

/** Whether a position that was gone is listed again as one that was opened since. */
function isReopened(
  account: AccountState,
  { id, openedAt }: Position,
): boolean {
  const goneAt = exposureOf(account, id)?.goneAt ?? null;
  return goneAt !== null && openedAt !== null && openedAt > goneAt;
}

/** Drops orders that were asked for, once the executions show all that came of them. */
function forgetRequests(account: AccountState, at: EpochMs): AccountState {
  const kept = Object.entries(account.orders).filter(([, tracked]) =>
    tracked.positionId !== null || !isSettled(tracked.order) ||
    isUnseen(tracked) ||
    (mayStillArrive(tracked) && wasAbsentWithin(tracked, at, ABSENT_KEPT_MS))
  );
  return { ...account, orders: Object.fromEntries(kept) };
}

/** Drops orders whatever became of them. */
export function forgetOrders(
  account: AccountState,
  dropped: readonly TrackedOrder[],
): AccountState {
  const ids = new Set(dropped.map(({ order }) => order.intent.clientOrderId));
  const kept = Object.entries(account.orders).filter(([id]) => !ids.has(id));
  return { ...account, orders: Object.fromEntries(kept) };
}

/** Whether an order is said to have done more than the broker's list of executions shows. */
export function isUnseen(tracked: TrackedOrder): boolean {
  return !isZero(unconfirmedQty(tracked));
}

/** An order whose answer was lost may be late, even where the broker did not know it when asked. */
export function mayStillArrive({ order, asks }: TrackedOrder): boolean {
  return order.status === "unsent" && asks > 0;
}

/** Whether the broker said within a length of time that it has no such order. @units `at`: EpochMs */
export function wasAbsentWithin(
  { absentAt }: TrackedOrder,
  at: EpochMs,
  ms: DurationMs,
): boolean {
  return absentAt !== undefined && at - absentAt < ms;
}

function forgetPosition(
  account: AccountState,
  positionId: string,
  which: (tracked: TrackedOrder) => boolean,
): AccountState {
  const [kept, dropped] = [false, true].map((isDropped) =>
    Object.entries(account.orders).filter(([, tracked]) =>
      (tracked.positionId === positionId && which(tracked)) === isDropped
    )
  );
  const { [positionId]: _, ...exposures } = account.exposures;
  const settled = (dropped ?? []).reduce(
    (result, [, tracked]) => settleShare(result, tracked),
    account,
  );
  return { ...settled, orders: Object.fromEntries(kept ?? []), exposures };
}

/** Our orders for one position. */
export function ordersOf(
  account: AccountState,
  positionId: string,
): TrackedOrder[] {
  return Object.values(account.orders).filter((tracked) =>
    tracked.positionId === positionId
  );
}

function expectedQty(
  exposure: Exposure,
  ours: readonly TrackedOrder[],
): Decimal {
  const own = sum(
    ours.map(({ order, confirmedQty }) =>
      signed(order.intent.side, executedQty(order, confirmedQty))
    ),
  );
  return add(add(exposure.baseQty, exposure.othersQty), own);
}

function signed(side: OrderSide, qty: Decimal): Decimal {
  return side === "buy" ? qty : subtract(ZERO, qty);
}

function sameSign(a: Decimal, b: Decimal): boolean {
  return !isZero(a) && !isZero(b) &&
    (compare(a, ZERO) > 0) === (compare(b, ZERO) > 0);
}
