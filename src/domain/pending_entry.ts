/**
 * Orders that were asked for before a close began, and that may still open what it is to close.
 *
 * @module
 */

import type { AccountState, TrackedOrder } from "./account.ts";
import { type Closing, inScope } from "./closing.ts";
import { isUnseen } from "./exposure.ts";

/** What of the orders asked for a close has to wait for. */
export interface PendingEntries {
  /** Sent, and not answered yet. */
  readonly unanswered: readonly TrackedOrder[];
  /** Said to work at the broker. */
  readonly working: readonly TrackedOrder[];
  /** Said to have done more than the lists show. */
  readonly unseen: readonly TrackedOrder[];
}

/**
 * The orders asked for that a close of everything in its scope has to see the end of: without that,
 * an empty list proves nothing.
 *
 * Those that work count where the close cancels them; elsewhere they are meant to go on.
 */
export function pendingEntries(
  account: AccountState,
  closing: Closing,
): PendingEntries {
  const { order } = closing;
  const reached = order.action === "close_all" && order.positions === null
    ? Object.values(account.orders).filter((tracked) =>
      isEntryIn(closing, tracked)
    )
    : [];
  return {
    unanswered: reached.filter(({ order: { status } }) =>
      status === "submitted" || status === "unknown"
    ),
    working: reached.filter(({ order: { status } }) =>
      status === "working" && order.cancelOrders
    ),
    unseen: reached.filter(isUnseen),
  };
}

function isEntryIn({ order }: Closing, tracked: TrackedOrder): boolean {
  const { owner, positionId } = tracked;
  if (owner.kind !== "request" || positionId !== null) return false;
  const { scope } = order;
  return inScope(scope, tracked.order.intent) &&
    (scope.session === null || scope.session === owner.session);
}
