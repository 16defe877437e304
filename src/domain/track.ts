/**
 * Follows our orders through the broker's answers, and asks where there was none.
 *
 * @module
 */

import { findTimer, orderOf, ownerKey, type TrackedOrder } from "./account.ts";
import { finishJob } from "./carry_job.ts";
import { cancelAnswered, orderAnswered, type Trouble } from "./close.ts";
import { CLOSE_RETRY_MS, retryDelayMs } from "./closing.ts";
import type { Closing } from "./closing.ts";
import type {
  CancelAnswered,
  Failure,
  OrderAbsent,
  OrderLost,
  OrderReported,
} from "./event.ts";
import { isZero } from "./decimal.ts";
import { answerRequest } from "./order_answer.ts";
import { updateOrder } from "./exposure.ts";
import { sinceOurs } from "./older_order.ts";
import { MINUTE_MS } from "./time.ts";
import type { DurationMs } from "./time.ts";
import {
  isSettled,
  moveOrder,
  type MoveResult,
  type Order,
  reportOrder,
} from "./order.ts";
import {
  accountOf,
  ask,
  dropTimer,
  putAccount,
  setTimer,
  tell,
  type Turn,
} from "./turn.ts";

/** The broker said something of an order: its answer, its stream, or our question. */
export function takeReport(turn: Turn, event: OrderReported): void {
  const tracked = orderOf(accountOf(turn, event.account), event.clientOrderId);
  // The stream tells of every order in the account; those that are not ours are not our business.
  if (tracked === undefined) {
    return answerForgotten(turn, event.account, event.clientOrderId);
  }
  const moved = reportOrder(tracked.order, sinceOurs(tracked, event.report));
  const order = takeMove(turn, tracked, moved, event.report.status);
  if (order === null) return;
  const nothing = order.status === "rejected" ||
    (order.status === "canceled" && isZero(order.filledQty));
  const trouble = nothing
    ? {
      message: order.message ?? order.reason ?? order.status,
      retryAfterMs: 0,
    }
    : null;
  tellOwner(turn, tracked, order, trouble);
}

/** A request about an order failed. */
export function takeLoss(turn: Turn, event: OrderLost): void {
  if (event.during === "cancel") return loseCancel(turn, event);
  const tracked = orderOf(accountOf(turn, event.account), event.order);
  if (tracked === undefined) {
    return answerForgotten(turn, event.account, event.order);
  }
  if (event.during === "find") return askLater(turn, tracked);
  const moved = event.failure.outcome === "refused"
    ? refuse(tracked.order, event.failure)
    : moveOrder(
      tracked.order,
      event.failure.outcome === "unsent" ? "not_sent" : "lost",
    );
  const order = takeMove(turn, tracked, moved, event.failure.outcome);
  if (order?.status === "unknown") askNow(turn, tracked);
  tellOwner(turn, tracked, order, {
    message: event.failure.message,
    retryAfterMs: event.failure.retryAfterMs ?? 0,
  });
}

/**
 * The answer to an order that needs no more reckoning: another close has read a list whose executions
 * explain it. Its own close still waits for that answer, and must not wait until its deadline.
 */
function answerForgotten(
  turn: Turn,
  account: string,
  clientOrderId: string,
): void {
  const closing = closingsOf(turn, account).find(({ phase }) =>
    phase.kind === "acting" && phase.orders.includes(clientOrderId)
  );
  if (closing === undefined) return;
  orderAnswered(turn, closing, clientOrderId, null);
  finishJob(turn, closing.job);
}

/** The broker has no order of that id: it never arrived. */
export function takeAbsence(turn: Turn, event: OrderAbsent): void {
  const tracked = orderOf(accountOf(turn, event.account), event.clientOrderId);
  if (tracked === undefined) return;
  const moved = moveOrder(tracked.order, "not_found");
  const order = takeMove(turn, tracked, moved, "not found");
  if (order === null) return askLater(turn, tracked);
  putTracked(turn, { ...current(turn, tracked), absentAt: turn.at });
}

/** The broker said how an order ended that a close asked to cancel. */
export function takeCancelAnswer(turn: Turn, event: CancelAnswered): void {
  takeCancelled(turn, event);
  for (
    const closing of closingsCancelling(turn, event.account, event.orderId)
  ) {
    cancelAnswered(turn, closing, event.orderId, null);
    finishJob(turn, closing.job);
  }
}

/** An order that was asked for may be among those that a close cancels. */
function takeCancelled(turn: Turn, event: CancelAnswered): void {
  const { orderId, account, report } = event;
  const tracked = Object.values(accountOf(turn, account).orders)
    .find(({ order }) => order.orderId === orderId);
  if (tracked === undefined) return;
  const moved = reportOrder(tracked.order, sinceOurs(tracked, report));
  takeMove(turn, tracked, moved, report.status);
}

function loseCancel(turn: Turn, event: OrderLost): void {
  for (const closing of closingsCancelling(turn, event.account, event.order)) {
    cancelAnswered(turn, closing, event.order, {
      message: event.failure.message,
      retryAfterMs: event.failure.retryAfterMs ?? 0,
    });
    finishJob(turn, closing.job);
  }
}

function closingsCancelling(
  turn: Turn,
  account: string,
  orderId: string,
): readonly Closing[] {
  return closingsOf(turn, account).filter(({ phase }) =>
    phase.kind === "acting" && phase.cancels.includes(orderId)
  );
}

function closingsOf(turn: Turn, account: string): readonly Closing[] {
  return Object.values(turn.state.jobs)
    .filter(({ plan }) => plan.account === account)
    .flatMap((job) => job.closings);
}

/** The wait before the next question about an order is over. */
export function askAgain(turn: Turn, about: string): void {
  const space = about.indexOf(" ");
  const clientOrderId = about.slice(0, space);
  const account = about.slice(space + 1);
  const known = turn.state.accounts[account];
  const tracked = known && orderOf(known, clientOrderId);
  if (tracked === undefined || isSettled(tracked.order)) return;
  askNow(turn, tracked);
}

/**
 * Asks for an order whose end an earlier run did not live to see; says whether there was a need.
 *
 * One that was on record as about to leave may have left or not: that is unknown, not unsent.
 */
export function askAfterRestart(turn: Turn, tracked: TrackedOrder): boolean {
  if (isSettled(tracked.order)) return false;
  const moved = moveOrder(tracked.order, "lost");
  const order = moved.ok ? moved.order : tracked.order;
  const asked = { ...tracked, order };
  putTracked(turn, asked);
  askNow(turn, asked);
  return true;
}

function askNow(turn: Turn, tracked: TrackedOrder): void {
  const { clientOrderId } = tracked.order.intent;
  putTracked(turn, { ...current(turn, tracked), asks: tracked.asks + 1 });
  ask(turn, {
    type: "order.find",
    account: tracked.account,
    clientOrderId,
  });
}

function askLater(turn: Turn, tracked: TrackedOrder): void {
  if (isSettled(tracked.order)) return;
  const delayMs = isResting(turn, tracked)
    ? Math.min(CLOSE_RETRY_MS * 2 ** Math.min(tracked.asks, 20), REST_MS_MAX)
    : retryDelayMs(tracked.asks);
  setTimer(turn, findTimer(tracked), turn.at + delayMs);
}

/** The longest wait between two questions about an order that rests; the broker's stream tells sooner. */
const REST_MS_MAX: DurationMs = 15 * MINUTE_MS;

/** Whether an order may work for days, with no close that waits for its end. */
function isResting(turn: Turn, { order, owner }: TrackedOrder): boolean {
  if (order.status !== "working") return false;
  return owner.kind !== "close" || !Object.hasOwn(turn.state.jobs, owner.job);
}

function takeMove(
  turn: Turn,
  tracked: TrackedOrder,
  moved: MoveResult,
  word: string,
): Order | null {
  const { clientOrderId } = tracked.order.intent;
  if (!moved.ok) {
    tell(turn, {
      type: "anomaly",
      at: turn.at,
      about: clientOrderId,
      message:
        `An order that is ${moved.from} was said to be "${word}"; it stays ${moved.from}`,
    });
    return null;
  }
  const next = { ...tracked, order: moved.order };
  putTracked(turn, next);
  if (isSettled(next.order)) dropTimer(turn, findTimer(next));
  else if (next.order.status === "working") askLater(turn, next);
  if (hasChanged(tracked.order, moved.order)) tellChange(turn, next);
  return moved.order;
}

function refuse(order: Order, failure: Failure): MoveResult {
  const moved = moveOrder(order, "reported_rejected");
  if (!moved.ok) return moved;
  return {
    ok: true,
    order: { ...moved.order, reason: failure.code, message: failure.message },
  };
}

function hasChanged(before: Order, after: Order): boolean {
  return before.status !== after.status || before.filledQty !== after.filledQty;
}

function tellChange(turn: Turn, tracked: TrackedOrder): void {
  const { order, account } = tracked;
  tell(turn, {
    type: "order.changed",
    at: turn.at,
    edge: ownerKey(tracked),
    account,
    clientOrderId: order.intent.clientOrderId,
    symbol: order.intent.symbol,
    status: order.status,
    filledQty: order.filledQty,
    reason: order.reason,
    message: order.message,
  });
}

/** Lets whoever sent the order know that there was an answer. */
function tellOwner(
  turn: Turn,
  tracked: TrackedOrder,
  after: Order | null,
  trouble: Trouble | null,
): void {
  const { owner } = tracked;
  if (owner.kind !== "close") {
    if (after === null) return;
    return answerRequest(turn, tracked, after, trouble?.message ?? null);
  }
  const closing = turn.state.jobs[owner.job]?.closings
    .find(({ id }) => id === owner.closing);
  if (closing === undefined) return;
  orderAnswered(turn, closing, tracked.order.intent.clientOrderId, trouble);
  finishJob(turn, closing.job);
}

function current(turn: Turn, tracked: TrackedOrder): TrackedOrder {
  const { clientOrderId } = tracked.order.intent;
  return orderOf(accountOf(turn, tracked.account), clientOrderId) ?? tracked;
}

function putTracked(turn: Turn, tracked: TrackedOrder): void {
  putAccount(turn, updateOrder(accountOf(turn, tracked.account), tracked));
}
