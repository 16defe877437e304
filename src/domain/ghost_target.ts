/**
 * Targets that a book showed and that never were.
 *
 * @module
 */

import { type AccountState, isSentBy, type TrackedOrder } from "./account.ts";
import type { Closing, Target } from "./closing.ts";
import { isZero } from "./decimal.ts";
import { ordersOf } from "./exposure.ts";
import { isSettled } from "./order.ts";
import type { Snapshot } from "./position.ts";

/**
 * A close as the broker's lists have it: targets that they show are theirs from now on, and those
 * that only a book showed and that none of our orders met were none, and do not count as closed.
 *
 * @shape `account` is what was known before the snapshot: it still has the orders
 */
export function withoutGhosts(
  account: AccountState,
  closing: Closing,
  snapshot: Snapshot,
): Closing {
  if (closing.targets === null) return closing;
  if (closing.targets.every(({ byBook }) => byBook === undefined)) {
    return closing;
  }
  const listed = new Set(snapshot.positions.map(({ id }) => id));
  const targets = closing.targets.flatMap((target): readonly Target[] => {
    if (target.byBook === undefined) return [target];
    const { byBook: _, ...known } = target;
    const ours = ordersOf(account, target.line.id)
      .filter((tracked) => isSentBy(tracked, closing.id));
    if (listed.has(target.line.id) || hasMet(ours, snapshot)) return [known];
    return ours.every(({ order }) => isSettled(order)) ? [] : [target];
  });
  return { ...closing, targets };
}

/** Whether one of these orders has found something to close, by its own report or by the executions. */
function hasMet(
  orders: readonly TrackedOrder[],
  { fills }: Snapshot,
): boolean {
  return orders.some(({ order, confirmedQty }) =>
    !isZero(order.filledQty) || !isZero(confirmedQty) ||
    fills.some(({ clientOrderId, orderId }) =>
      clientOrderId === order.intent.clientOrderId || orderId === order.orderId
    )
  );
}
