/**
 * Orders that were asked for before a close began, and that may still open what it is to close.
 *
 * @module
 */

import type { AccountState, TrackedOrder } from "./account.ts";
import { type Closing, inScope } from "./closing.ts";
import { isUnseen, mayStillArrive, wasAbsentWithin } from "./exposure.ts";
import { SECOND_MS } from "./time.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** How long an order whose answer was lost may take to arrive where the broker did not know it. */
const ARRIVAL_MS: DurationMs = 10 * SECOND_MS;

/** What of the orders asked for a close has to wait for. */
export interface PendingEntries {
  /** Sent, and not answered yet; or lost, and perhaps still on the way. */
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
 *
 * @units `at`: EpochMs
 */
export function pendingEntries(
  account: AccountState,
  closing: Closing,
  at: EpochMs,
): PendingEntries {
  const { order } = closing;
  const reached = order.action === "close_all" && order.positions === null
    ? Object.values(account.orders).filter((tracked) =>
      isEntryIn(closing, tracked)
    )
    : [];
  return {
    unanswered: reached.filter((tracked) => isOnItsWay(tracked, at)),
    working: reached.filter(({ order: { status } }) =>
      status === "working" && order.cancelOrders
    ),
    unseen: reached.filter(isUnseen),
  };
}

function isOnItsWay(tracked: TrackedOrder, at: EpochMs): boolean {
  const { status } = tracked.order;
  return status === "submitted" || status === "unknown" ||
    (mayStillArrive(tracked) && wasAbsentWithin(tracked, at, ARRIVAL_MS));
}

function isEntryIn({ order }: Closing, tracked: TrackedOrder): boolean {
  const { owner, positionId } = tracked;
  if (owner.kind !== "request" || positionId !== null) return false;
  const { scope } = order;
  return inScope(scope, tracked.order.intent) &&
    (scope.session === null || scope.session === owner.session);
}
