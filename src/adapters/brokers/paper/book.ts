/**
 * The orders: known by two ids, working until they end, claiming what they will close.
 *
 * @module
 */

import {
  add,
  compare,
  type Decimal,
  divide,
  isZero,
  least,
  multiply,
  subtract,
  sum,
  ZERO,
} from "../../../domain/decimal.ts";
import { type OrderIntent, REJECT_REASONS } from "../../../domain/order.ts";
import type { Fill } from "../../../domain/position.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { enter, lookUp } from "./ledger.ts";
import { MONEY_PLACES } from "./money.ts";
import { openingSide, trade } from "./positions.ts";
import type {
  EngineEvent,
  PaperOrder,
  PaperState,
  PaperWorld,
} from "./state.ts";

/** The order of a client order id, whatever became of it. */
export function findByClientId(
  state: PaperState,
  clientOrderId: string,
): PaperOrder | undefined {
  const orderId = lookUp(state.byClientId, clientOrderId);
  return orderId === undefined ? undefined : lookUp(state.orders, orderId);
}

/** The orders that can still fill, in order of arrival. */
export function workingOrders(state: PaperState): readonly PaperOrder[] {
  return state.working.flatMap((orderId) =>
    lookUp(state.orders, orderId) ?? []
  );
}

/** A new order, not yet in the book. */
export function draftOrder(
  state: PaperState,
  intent: OrderIntent,
  at: EpochMs,
): PaperOrder {
  return {
    orderId: `P${state.orderCount + 1}`,
    intent,
    status: "working",
    filledQty: ZERO,
    filledValue: ZERO,
    reason: null,
    message: null,
    createdAt: at,
    held: null,
  };
}

/** The state with an order entered or brought up to date. */
export function enterOrder(state: PaperState, order: PaperOrder): PaperState {
  const { clientOrderId } = order.intent;
  const known = lookUp(state.byClientId, clientOrderId) !== undefined;
  const others = state.working.filter((id) => id !== order.orderId);
  const wasWorking = others.length < state.working.length;
  return {
    ...state,
    orderCount: known ? state.orderCount : state.orderCount + 1,
    orders: enter(state.orders, order.orderId, order),
    byClientId: known
      ? state.byClientId
      : enter(state.byClientId, clientOrderId, order.orderId),
    working: order.status !== "working"
      ? others
      : wasWorking
      ? state.working
      : [...state.working, order.orderId],
  };
}

/** What is still to fill. */
export function leftOf(order: PaperOrder): Decimal {
  return subtract(order.intent.qty, order.filledQty);
}

/** What its fills cost on average; `null` without one. */
export function averagePriceOf(order: PaperOrder): Decimal | null {
  if (isZero(order.filledQty)) return null;
  return divide(order.filledValue, order.filledQty, MONEY_PLACES);
}

/** How much of a position no working closing order claims yet. */
export function availableToClose(
  state: PaperState,
  positionId: string,
): Decimal {
  const open = state.positions.get(positionId)?.qty ?? ZERO;
  const claimed = workingOrders(state)
    .filter((order) => order.intent.closes === positionId)
    .map(leftOf);
  return subtract(open, least(open, sum(claimed)));
}

/** An order ended without filling, or without filling whole. */
export function endOrder(
  order: PaperOrder,
  status: "canceled" | "rejected",
  reason: string | null,
  message: string | null,
): PaperOrder {
  return { ...order, status, reason, message, held: null };
}

/**
 * Fills an order at a price, up to a quantity, and tells of it.
 *
 * A closing order takes no more than is open: if that is less than it wanted, the rest ends.
 *
 * @units `at`: EpochMs
 */
export function fillOrder(
  world: PaperWorld,
  state: PaperState,
  order: PaperOrder,
  wanted: Decimal,
  price: Decimal,
  at: EpochMs,
): readonly [PaperState, PaperOrder, readonly EngineEvent[]] {
  const qty = least(wanted, closable(state, order));
  if (isZero(qty)) {
    const gone = endAsGone(order);
    return [enterOrder(state, gone), gone, [{ type: "order", order: gone }]];
  }
  const { orderId, intent } = order;
  const [traded, positionId] = trade(world, state, {
    orderId,
    clientOrderId: intent.clientOrderId,
    symbol: intent.symbol,
    side: intent.side,
    qty,
    price,
    closes: intent.closes,
    tag: intent.tag,
    fee: world.commission,
    at,
  });
  const fill: Fill = {
    seq: state.seq + 1,
    orderId,
    clientOrderId: intent.clientOrderId,
    positionId,
    symbol: intent.symbol,
    side: intent.side,
    qty,
    price,
    at,
  };
  const filledQty = add(order.filledQty, qty);
  const grown: PaperOrder = {
    ...order,
    filledQty,
    filledValue: add(order.filledValue, multiply(qty, price)),
    status: filledQty === intent.qty ? "filled" : "working",
  };
  const cut = compare(qty, wanted) < 0;
  const after = cut ? endAsGone(grown) : grown;
  const counted = {
    ...traded,
    seq: fill.seq,
    fills: enter(traded.fills, fill.seq, fill),
  };
  const next = enterOrder(counted, after);
  return [next, after, [{ type: "fill", fill }, {
    type: "order",
    order: after,
  }]];
}

/** Ends what is left of a closing order whose position went another way. */
function endAsGone(order: PaperOrder): PaperOrder {
  return endOrder(
    order,
    "canceled",
    REJECT_REASONS.unknownPosition,
    `position "${order.intent.closes}" is not open any more`,
  );
}

/** How much of an order can trade: for a closing one, no more than is open on the other side. */
function closable(state: PaperState, order: PaperOrder): Decimal {
  const { closes, side } = order.intent;
  if (closes === null) return leftOf(order);
  const held = state.positions.get(closes);
  const gone = held === undefined || held.side === openingSide(side);
  return gone ? ZERO : least(held.qty, leftOf(order));
}
