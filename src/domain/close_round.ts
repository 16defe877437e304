/**
 * One round of a close: what is cancelled and what is sent, after a look and before the next.
 *
 * @module
 */

import { type AccountState, isSentBy, type TrackedOrder } from "./account.ts";
import {
  attemptsFor,
  type Closing,
  openTargets,
  ownSession,
  type Target,
} from "./closing.ts";
import { type Decimal, isZero, least, ZERO } from "./decimal.ts";
import { closableQty, ordersOf, trackOrder, updateOrder } from "./exposure.ts";
import { closableShare } from "./session_share.ts";
import { closeOrderId } from "./id.ts";
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
    if (position === undefined || target.marketClosed) continue;
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
  const again = ordersOf(account, position.id).find((tracked) =>
    tracked.order.status === "unsent" && isSentBy(tracked, closing.id) &&
    tracked.order.intent.qty === qty
  );
  const number = again?.owner.kind === "close"
    ? again.owner.attempt
    : attemptsFor(closing, position.id) + 1;
  const intent: OrderIntent = again?.order.intent ?? {
    clientOrderId: closeOrderId(closing.cause, position.id, number),
    symbol: position.symbol,
    side: closingSide(position.side),
    qty,
    limitPrice: null,
    closes: position.id,
    tag: position.tag,
  };
  const tracked: TrackedOrder = {
    order: submitOrder(intent),
    account: closing.account,
    positionId: position.id,
    owner: {
      kind: "close",
      job: closing.job,
      closing: closing.id,
      attempt: number,
      session: ownSession(closing.order),
    },
    asks: 0,
    confirmedQty: ZERO,
  };
  if (again === undefined) {
    putAccount(turn, trackOrder(account, tracked, position));
  } else {
    const moved = moveOrder(again.order, "resubmitted");
    if (moved.ok) {
      putAccount(
        turn,
        updateOrder(account, { ...again, order: moved.order, asks: 0 }),
      );
    }
  }
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
