/**
 * Orders that somebody asks for: whether they may go, and how they leave.
 *
 * An order that may open exposure goes only where its session lets entries in and no close is under
 * way that it would work against. One that only reduces a position is held to what is there.
 *
 * @module
 */

import type { AccountState, TrackedOrder } from "./account.ts";
import { compare, isPositive, ZERO } from "./decimal.ts";
import type { Session } from "./definition.ts";
import { inScope } from "./closing.ts";
import { entryRefusal, type OrderRefusal } from "./order_right.ts";
import type { Failure, OrderRequested } from "./event.ts";
import {
  absorbSnapshot,
  closableQty,
  isStale,
  trackOrder,
  updateOrder,
} from "./exposure.ts";
import { requestKey, requestOrderId } from "./id.ts";
import { type OrderIntent, submitOrder } from "./order.ts";
import { closingSide, type Position, type Snapshot } from "./position.ts";
import { closableShare, ownPart, tagOf } from "./session_share.ts";
import type { WaitingOrder } from "./state.ts";
import { getRow } from "./table.ts";
import {
  accountOf,
  ask,
  askForPositions,
  putAccount,
  tell,
  type Turn,
} from "./turn.ts";

/**
 * Takes a request for an order: refuses it, sends it, or reads the account's lists first.
 *
 * The lists are read where the order closes something, and before the first order of all: only from
 * a known count of executions on can ours be told from what was there.
 */
export function requestOrder(turn: Turn, event: OrderRequested): void {
  const key = requestKey(turn.state.run?.runId ?? "", turn.state.seq);
  const refusal = refusalOf(turn, event);
  if (refusal !== null) return refuse(turn, { key, event }, refusal);
  const account = accountOf(turn, event.account);
  if (event.closes === null && account.seq !== null) {
    return sendOrder(turn, { key, event }, null);
  }
  turn.state = {
    ...turn.state,
    waitingOrders: { ...turn.state.waitingOrders, [key]: { key, event } },
  };
  askForPositions(turn, event.account, { kind: "request", key });
}

/** Takes in the lists that a request waited for; what it asks for is judged anew. */
export function takeRequestedLists(
  turn: Turn,
  key: string,
  snapshot: Snapshot,
): void {
  const waiting = takeWaiting(turn, key);
  if (waiting === null) return;
  const { event } = waiting;
  const account = accountOf(turn, event.account);
  if (isStale(account, snapshot)) {
    return refuse(
      turn,
      waiting,
      unreadable("they are older than the last ones"),
    );
  }
  putAccount(turn, absorbSnapshot(account, snapshot, turn.at));
  const refusal = refusalOf(turn, event);
  if (refusal !== null) return refuse(turn, waiting, refusal);
  if (event.closes === null) return sendOrder(turn, waiting, null);
  const closed = closedPosition(turn, event, snapshot);
  if (!closed.ok) return refuse(turn, waiting, closed.refusal);
  sendOrder(turn, waiting, closed.position);
}

/** The lists that a request waited for could not be read: nothing is sent. */
export function missRequestedLists(
  turn: Turn,
  key: string,
  { message }: Failure,
): void {
  const waiting = takeWaiting(turn, key);
  if (waiting !== null) refuse(turn, waiting, unreadable(message));
}

function takeWaiting(turn: Turn, key: string): WaitingOrder | null {
  const { [key]: waiting, ...waitingOrders } = turn.state.waitingOrders;
  if (waiting === undefined) return null;
  turn.state = { ...turn.state, waitingOrders };
  return waiting;
}

function unreadable(why: string): OrderRefusal {
  const message = `The account's lists could not be read: ${why}`;
  return { reason: "unreadable", message, untilAt: null };
}

/** Why an order may not go, by all that is known without asking; `null` where it may. */
function refusalOf(turn: Turn, event: OrderRequested): OrderRefusal | null {
  const no = (reason: OrderRefusal["reason"], message: string) => ({
    reason,
    message,
    untilAt: null,
  });
  const { state } = turn;
  if (!Object.hasOwn(state.accounts, event.account)) {
    const message = `There is no account "${event.account}" in this run`;
    return no("unknown_account", message);
  }
  const session = sessionOf(turn, event);
  if (event.session !== null && session === null) {
    const message = `There is no session "${event.session}" in this run`;
    return no("unknown_session", message);
  }
  if (session !== null && session.account !== event.account) {
    const message =
      `Session "${session.name}" acts on account "${session.account}", not on "${event.account}"`;
    return no("wrong_account", message);
  }
  if (!isPositive(event.qty)) {
    return no("quantity", `Quantity "${event.qty}" is not above 0`);
  }
  if (event.limitPrice !== null && !isPositive(event.limitPrice)) {
    return no("price", `Limit price "${event.limitPrice}" is not above 0`);
  }
  if (state.run?.dryRun ?? true) {
    return no("dry_run", "Dry run: nothing is sent");
  }
  const { stopping } = state;
  if (stopping?.phase === "reading" || stopping?.phase === "stopped") {
    return no("stopping", "The run has come to its end");
  }
  if (session !== null && !reachesSymbol(session, event.symbol)) {
    const message =
      `"${event.symbol}" is outside the scope of session "${session.name}"`;
    return no("out_of_scope", message);
  }
  return event.closes === null ? entryRefusal(turn, event, session) : null;
}

function reachesSymbol({ scope }: Session, symbol: string): boolean {
  // What an order opens carries the tag that the scope asks for.
  return inScope(scope, { symbol, tag: scope.tag });
}

function sessionOf(
  turn: Turn,
  { session }: OrderRequested,
): Session | null {
  return session === null
    ? null
    : getRow(turn.state.sessions, session)?.session ?? null;
}

type Closed =
  | { readonly ok: true; readonly position: Position }
  | { readonly ok: false; readonly refusal: OrderRefusal };

/** The position that an order is to reduce, as the lists show it. */
function closedPosition(
  turn: Turn,
  event: OrderRequested,
  snapshot: Snapshot,
): Closed {
  const no = (reason: OrderRefusal["reason"], message: string): Closed => ({
    ok: false,
    refusal: { reason, message, untilAt: null },
  });
  const account = accountOf(turn, event.account);
  const { closes, symbol, side, qty } = event;
  const position = snapshot.positions.find(({ id }) => id === closes);
  const fits = position !== undefined && position.symbol === symbol &&
    closingSide(position.side) === side;
  if (!fits) {
    return no(
      "unknown_position",
      `No position "${closes}" is open that a ${side} of "${symbol}" would close`,
    );
  }
  const session = sessionOf(turn, event);
  const left = session === null
    ? closableQty(account, position)
    : leftInScope(account, session, { position, snapshot });
  if (left === null) {
    const message =
      `Position "${closes}" is outside the scope of session "${session?.name}"`;
    return no("out_of_scope", message);
  }
  if (compare(qty, left) > 0) {
    return no(
      "exceeds_position",
      `"${qty}" asked, "${left}" of position "${closes}" can still be closed`,
    );
  }
  return { ok: true, position };
}

/** How much of a position a session may close; `null` where it may not touch it at all. */
function leftInScope(
  account: AccountState,
  { scope }: Session,
  { position, snapshot }: {
    readonly position: Position;
    readonly snapshot: Snapshot;
  },
) {
  if (!inScope(scope, position)) return null;
  const left = closableQty(account, position);
  if (scope.session === null) return left;
  const own = ownPart(account, scope.session, snapshot).positions
    .find(({ id }) => id === position.id);
  if (own === undefined) return null;
  const share = closableShare(account, scope.session, own);
  return compare(share, left) < 0 ? share : left;
}

function sendOrder(
  turn: Turn,
  { key, event }: WaitingOrder,
  position: Position | null,
): void {
  const session = sessionOf(turn, event);
  const { symbol, side, qty, limitPrice, closes } = event;
  const ownTag = session === null ? null : tagOf(session);
  const intent: OrderIntent = {
    clientOrderId: requestOrderId(key),
    symbol,
    side,
    qty,
    limitPrice,
    closes,
    tag: position === null ? ownTag : position.tag,
  };
  const { request } = event;
  const tracked: TrackedOrder = {
    order: submitOrder(intent),
    account: event.account,
    positionId: closes,
    owner: { kind: "request", key, request, session: event.session },
    asks: 0,
    confirmedQty: ZERO,
  };
  const account = accountOf(turn, event.account);
  putAccount(
    turn,
    position === null
      ? updateOrder(account, tracked)
      : trackOrder(account, tracked, position),
  );
  ask(turn, { type: "order.submit", account: event.account, intent });
  const { at } = turn;
  const sent = { edge: key, account: event.account, intent, attempt: 1 };
  tell(turn, { type: "order.sent", at, ...sent });
}

function refuse(
  turn: Turn,
  { key, event }: WaitingOrder,
  { reason, message, untilAt }: OrderRefusal,
): void {
  const { request, account, session, symbol, side, qty } = event;
  tell(turn, {
    type: "order.refused",
    at: turn.at,
    order: key,
    request,
    account,
    session,
    symbol,
    side,
    qty,
    reason,
    message,
    untilAt,
  });
}
