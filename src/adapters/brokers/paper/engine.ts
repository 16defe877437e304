/**
 * The paper broker as a pure function: what it is asked, and what it answers and tells.
 *
 * @module
 */

import {
  compare,
  decimal,
  divide,
  floorToStep,
  isZero,
  multiply,
} from "../../../domain/decimal.ts";
import { type OrderIntent, REJECT_REASONS } from "../../../domain/order.ts";
import type { EpochMs } from "../../../domain/time.ts";
import {
  draftOrder,
  endOrder,
  enterOrder,
  fillOrder,
  findByClientId,
  leftOf,
} from "./book.ts";
import { auditRefusal, checkOrder, type Refusal } from "./checks.ts";
import { lookUp } from "./ledger.ts";
import { advance } from "./matching.ts";
import type { Quote } from "./prices/price_series.ts";
import type {
  EngineEvent,
  EngineReply,
  EngineRequest,
  FillPlan,
  PaperOrder,
  PaperState,
  PaperWorld,
} from "./state.ts";
import { instrumentOf } from "./symbols.ts";

/** What a step of the engine gives. */
export type EngineStep = readonly [
  PaperState,
  EngineReply,
  readonly EngineEvent[],
];

/**
 * Answers one request at an instant; working orders that the prices reached before it come first.
 *
 * @shape (world, state, request, at) -> [state, reply, events]; nothing given is changed
 * @units `at`: EpochMs; an instant before the last one asked for counts as that one
 */
export function stepPaper(
  world: PaperWorld,
  state: PaperState,
  request: EngineRequest,
  at: EpochMs,
): EngineStep {
  const now = Math.max(at, state.lookedAt);
  const [current, before] = advance(world, state, now);
  const [next, reply, after] = answer(world, current, request, now);
  return [next, reply, [...before, ...after]];
}

function answer(
  world: PaperWorld,
  state: PaperState,
  request: EngineRequest,
  at: EpochMs,
): EngineStep {
  switch (request.type) {
    case "submit":
      return submit(world, state, request.intent, request.plan, at);
    case "cancel":
      return cancel(state, request.orderId);
    case "release":
      return release(world, state, request.orderId, at);
    case "advance":
      return [state, { type: "done" }, []];
  }
}

function submit(
  world: PaperWorld,
  state: PaperState,
  intent: OrderIntent,
  plan: FillPlan,
  at: EpochMs,
): EngineStep {
  const known = findByClientId(state, intent.clientOrderId);
  if (known !== undefined) {
    return [state, { type: "order", order: known, created: false }, []];
  }
  const draft = draftOrder(state, intent, at);
  if (plan.kind === "reject") return reject(state, draft, plan);
  const refusal = checkOrder(world, state, intent, at);
  if (refusal === null) return place(world, state, draft, plan, at);
  const audited = auditRefusal(state, intent, refusal, at);
  return reject(audited, draft, refusal);
}

function reject(
  state: PaperState,
  draft: PaperOrder,
  refusal: Refusal,
): EngineStep {
  const order = endOrder(draft, "rejected", refusal.reason, refusal.message);
  return answered(enterOrder(state, order), order, []);
}

function place(
  world: PaperWorld,
  state: PaperState,
  draft: PaperOrder,
  plan: Exclude<FillPlan, { readonly kind: "reject" }>,
  at: EpochMs,
): EngineStep {
  const entered = enterOrder(state, draft);
  if (plan.kind === "lie") return lie(world, state, draft, at);
  if (plan.kind === "hold") {
    const order = { ...draft, held: { untilAt: plan.untilAt } };
    return answered(enterOrder(state, order), order, []);
  }
  const quote = world.prices.series(draft.intent.symbol).quoteAt(at);
  if (!isReached(draft.intent, quote)) return answered(entered, draft, []);
  const price = draft.intent.side === "buy" ? quote.ask : quote.bid;
  if (plan.kind === "market") {
    const whole = leftOf(draft);
    const filled = fillOrder(world, entered, draft, whole, price, at);
    return replied(filled[0], filled[1], filled[2]);
  }
  const step = instrumentOf(draft.intent.symbol, world.seed).step;
  const [numerator, denominator] = plan.part;
  const exact = divide(
    multiply(draft.intent.qty, decimal(String(numerator))),
    decimal(String(denominator)),
    18,
  );
  const part = floorToStep(exact, step);
  const [filled, partly, events] = isZero(part)
    ? [entered, draft, []] as const
    : fillOrder(world, entered, draft, part, price, at);
  if (partly.status !== "working") return replied(filled, partly, events);
  const rest: PaperOrder = plan.rest === "cancel"
    ? endOrder(
      partly,
      "canceled",
      REJECT_REASONS.noLiquidity,
      "the market had no more to give",
    )
    : { ...partly, held: plan.rest };
  return answered(enterOrder(filled, rest), rest, events.slice(0, -1));
}

/** The order says filled; nothing was executed. */
function lie(
  world: PaperWorld,
  state: PaperState,
  draft: PaperOrder,
  at: EpochMs,
): EngineStep {
  const quote = world.prices.series(draft.intent.symbol).quoteAt(at);
  const price = draft.intent.side === "buy" ? quote.ask : quote.bid;
  const order: PaperOrder = {
    ...draft,
    status: "filled",
    filledQty: draft.intent.qty,
    filledValue: multiply(draft.intent.qty, price),
  };
  return answered(enterOrder(state, order), order, []);
}

function cancel(state: PaperState, orderId: string): EngineStep {
  const order = lookUp(state.orders, orderId);
  if (order === undefined) return [state, { type: "absent", orderId }, []];
  if (order.status !== "working") return replied(state, order, []);
  const ended = endOrder(order, "canceled", null, null);
  return answered(enterOrder(state, ended), ended, []);
}

function release(
  world: PaperWorld,
  state: PaperState,
  orderId: string | null,
  at: EpochMs,
): EngineStep {
  let freed = state;
  for (const id of state.working) {
    const order = lookUp(state.orders, id);
    if (order?.held && (orderId === null || orderId === id)) {
      freed = enterOrder(freed, { ...order, held: { untilAt: at } });
    }
  }
  const [next, events] = advance(world, freed, at);
  return [next, { type: "done" }, events];
}

/** Whether an order fills at these prices. */
function isReached(intent: OrderIntent, quote: Quote): boolean {
  if (intent.limitPrice === null) return true;
  return intent.side === "buy"
    ? compare(quote.ask, intent.limitPrice) <= 0
    : compare(quote.bid, intent.limitPrice) >= 0;
}

/** An answer whose order is told to those who listen as well. */
function answered(
  state: PaperState,
  order: PaperOrder,
  before: readonly EngineEvent[],
): EngineStep {
  return replied(state, order, [...before, { type: "order", order }]);
}

function replied(
  state: PaperState,
  order: PaperOrder,
  events: readonly EngineEvent[],
): EngineStep {
  return [state, { type: "order", order, created: true }, events];
}
