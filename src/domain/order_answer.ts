/**
 * Tells whoever asked for an order what the broker first said of it.
 *
 * @module
 */

import type { TrackedOrder } from "./account.ts";
import type { OrderAnswer } from "./notice.ts";
import type { Order, OrderStatus } from "./order.ts";
import { tell, type Turn } from "./turn.ts";

/** Answers a request whose order was on its way; what comes of it later is told as a change. */
export function answerRequest(
  turn: Turn,
  before: TrackedOrder,
  after: Order,
  trouble: string | null,
): void {
  const { owner, account } = before;
  if (owner.kind !== "request" || before.order.status !== "submitted") return;
  tell(turn, {
    type: "order.answered",
    at: turn.at,
    order: owner.key,
    request: owner.request,
    account,
    session: owner.session,
    clientOrderId: after.intent.clientOrderId,
    answer: answerOf(after.status),
    status: after.status,
    filledQty: after.filledQty,
    reason: after.reason,
    message: after.message ?? trouble,
  });
}

function answerOf(status: OrderStatus): OrderAnswer {
  switch (status) {
    case "working":
    case "filled":
    case "canceled":
      return "accepted";
    case "rejected":
    case "unsent":
      return "refused";
    case "submitted":
    case "unknown":
      return "unknown";
  }
}
