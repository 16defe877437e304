/**
 * One round of a close: what is cancelled and what is sent, after a look and before the next.
 *
 * @module
 */

import {
  type AccountState,
  isSentBy,
  type OrderOwner,
  type TrackedOrder,
} from "./account.ts";
import {
  attemptsFor,
  type Closing,
  openTargets,
  ownSession,
  type Target,
} from "./closing.ts";
import { compare, type Decimal, isZero, least, ZERO } from "./decimal.ts";
import { invariant } from "./error.ts";
import {
  closableQty,
  mayStillArrive,
  ordersOf,
  trackOrder,
  updateOrder,
} from "./exposure.ts";
import { closableShare } from "./session_share.ts";
import { closeOrderId, shareOrderId } from "./id.ts";
import { moveOrder, type OrderIntent, submitOrder } from "./order.ts";
import {
  closingSide,
  type Position,
  type Snapshot,
  type WorkingOrder,
} from "./position.ts";
import { accountOf, ask, putAccount, tell, type Turn } from "./turn.ts";

/** Cancels what works, closes what is open; idle where neither can be done now. */
export function sendRound(
  turn: Turn,
  closing: Closing,
  working: readonly WorkingOrder[],
  snapshot: Snapshot,
): { readonly closing: Closing; readonly busy: boolean } {
  const cancels = working.map((order) => order.orderId);
  const fresh = cancels.some((id) => !closing.triedCancels.includes(id));
  const cancelled = sendCancels(turn, closing, cancels);
  // What still works may still fill: cancel first, see what came of it, then close what is open.
  if (fresh) return { closing: cancelled, busy: true };
  const sent = sendOrders(turn, cancelled, snapshot);
  if (sent.phase.kind !== "acting") return { closing: sent, busy: false };
  // An order that goes on working after its cancellation is asked again, but not at once.
  const troubled = sent.phase.orders.length === 0;
  return { closing: { ...sent, troubled }, busy: true };
}

/** Whether a round would send anything: a cancellation, or an order. */
export function canSend(
  account: AccountState,
  closing: Closing,
  working: readonly WorkingOrder[],
  { positions }: Snapshot,
): boolean {
  if (working.length > 0) return true;
  return openTargets(closing).some((target) => {
    const position = positions.find(({ id }) => id === target.line.id);
    return position !== undefined && !target.marketClosed &&
      !isZero(sendableQty(account, closing, { position, target }));
  });
}

function sendCancels(
  turn: Turn,
  closing: Closing,
  orderIds: readonly string[],
): Closing {
  if (orderIds.length === 0) return closing;
  for (const orderId of orderIds) {
    ask(turn, { type: "order.cancel", account: closing.account, orderId });
  }
  return {
    ...closing,
    blind: true,
    triedCancels: [...new Set([...closing.triedCancels, ...orderIds])],
    phase: { kind: "acting", orders: [], cancels: orderIds },
  };
}

/** Sends an order for every open target that may be closed now. */
function sendOrders(
  turn: Turn,
  closing: Closing,
  snapshot: Snapshot,
): Closing {
  const listed = new Map(snapshot.positions.map((p) => [p.id, p]));
  const sent: string[] = [];
  const attempts = new Map<string, number>();
  for (const target of openTargets(closing)) {
    const position = listed.get(target.line.id);
    if (position === undefined) continue;
    const qty = sendableQty(accountOf(turn, closing.account), closing, {
      position,
      target,
    });
    if (isZero(qty)) continue;
    const attempt = sendOrder(turn, closing, position, qty);
    sent.push(attempt.clientOrderId);
    attempts.set(position.id, attempt.number);
  }
  if (sent.length === 0) return closing;
  const cancels = closing.phase.kind === "acting" ? closing.phase.cancels : [];
  return {
    ...closing,
    blind: true,
    phase: { kind: "acting", orders: sent, cancels },
    targets: (closing.targets ?? []).map((target) => ({
      ...target,
      attempts: attempts.get(target.line.id) ?? target.attempts,
    })),
  };
}

/** How much of a position a close may send for now: never more than its target's own part. */
function sendableQty(
  account: AccountState,
  { order }: Closing,
  { position, target }: {
    readonly position: Position;
    readonly target: Target;
  },
): Decimal {
  const qty = closableQty(account, position);
  const session = ownSession(order);
  return session === null
    ? qty
    : least(qty, closableShare(account, session, target.line));
}

function sendOrder(
  turn: Turn,
  closing: Closing,
  position: Position,
  qty: Decimal,
): { readonly clientOrderId: string; readonly number: number } {
  const account = accountOf(turn, closing.account);
  const again = repeatableOrder(account, closing, position, qty);
  const number = again !== undefined && isSentBy(again, closing.id)
    ? attemptOf(again)
    : attemptsFor(closing, position.id) + 1;
  const owner: OrderOwner = {
    kind: "close",
    job: closing.job,
    closing: closing.id,
    attempt: number,
    session: again?.owner.session ?? ownSession(closing.order),
  };
  const cause = [closing.cause, position.id, number] as const;
  const intent = again?.order.intent ?? {
    clientOrderId: owner.session === null
      ? closeOrderId(...cause)
      : shareOrderId(owner.session, ...cause),
    symbol: position.symbol,
    side: closingSide(position.side),
    qty,
    limitPrice: null,
    closes: position.id,
    tag: position.tag,
  };
  putAccount(
    turn,
    again === undefined
      ? trackOrder(
        account,
        newOrder(closing, position, intent, owner),
        position,
      )
      : updateOrder(account, resubmitted(again, owner)),
  );
  ask(turn, { type: "order.submit", account: closing.account, intent });
  tell(turn, {
    type: "order.sent",
    at: turn.at,
    edge: closing.job,
    account: closing.account,
    intent,
    attempt: number,
  });
  return { clientOrderId: intent.clientOrderId, number };
}

/**
 * An order that may be sent again under its own id, which no broker carries out twice.
 *
 * One whose answer was lost, and that the broker did not know when it was asked, may be on its way
 * all the same: whichever close comes next takes it over rather than send another beside it.
 */
function repeatableOrder(
  account: AccountState,
  closing: Closing,
  position: Position,
  qty: Decimal,
): TrackedOrder | undefined {
  const session = ownSession(closing.order);
  const unsent = ordersOf(account, position.id).filter(({ order, owner }) =>
    order.status === "unsent" && owner.kind === "close"
  );
  return unsent.find((tracked) =>
    mayStillArrive(tracked) &&
    compare(tracked.order.intent.qty, qty) <= 0 &&
    tracked.order.intent.side === closingSide(position.side) &&
    (session === null || session === tracked.owner.session)
  ) ?? unsent.find((tracked) =>
    isSentBy(tracked, closing.id) && tracked.order.intent.qty === qty
  );
}

function attemptOf({ owner }: TrackedOrder): number {
  return owner.kind === "close" ? owner.attempt : 1;
}

function newOrder(
  closing: Closing,
  position: Position,
  intent: OrderIntent,
  owner: OrderOwner,
): TrackedOrder {
  return {
    order: submitOrder(intent),
    account: closing.account,
    positionId: position.id,
    owner,
    asks: 0,
    confirmedQty: ZERO,
  };
}

function resubmitted(again: TrackedOrder, owner: OrderOwner): TrackedOrder {
  const moved = moveOrder(again.order, "resubmitted");
  invariant(moved.ok, "an unsent order may be sent again");
  return { ...again, owner, order: moved.order, asks: 0 };
}
