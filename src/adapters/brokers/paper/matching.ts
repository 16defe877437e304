/**
 * Working orders against the prices that went by.
 *
 * @module
 */

import { compare, type Decimal } from "../../../domain/decimal.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { fillOrder, leftOf, workingOrders } from "./book.ts";
import type {
  EngineEvent,
  PaperOrder,
  PaperState,
  PaperWorld,
} from "./state.ts";

/** An order that the prices reached. */
interface Crossing {
  readonly order: PaperOrder;
  readonly price: Decimal;
  readonly at: EpochMs;
}

/**
 * Fills what the prices reached since the last look, each at its own instant, in order of time.
 *
 * @units `at`: EpochMs
 */
export function advance(
  world: PaperWorld,
  state: PaperState,
  at: EpochMs,
): readonly [PaperState, readonly EngineEvent[]] {
  if (at < state.lookedAt) return [state, []];
  const events: EngineEvent[] = [];
  let next: PaperState = { ...state, lookedAt: at };
  for (const found of crossings(world, state, at)) {
    const [filled, , told] = fillOrder(
      world,
      next,
      found.order,
      leftOf(found.order),
      found.price,
      found.at,
    );
    next = filled;
    events.push(...told);
  }
  return [next, events];
}

/** When the next working order will fill, if one does up to `untilAt`. @units EpochMs */
export function nextFillAt(
  world: PaperWorld,
  state: PaperState,
  untilAt: EpochMs,
): EpochMs | null {
  return crossings(world, state, untilAt)[0]?.at ?? null;
}

function crossings(
  world: PaperWorld,
  state: PaperState,
  toAt: EpochMs,
): readonly Crossing[] {
  const found = workingOrders(state).flatMap((order) =>
    crossing(world, order, state.lookedAt, toAt) ?? []
  );
  // A stable sort: of two at one instant the one that came first fills first.
  return found.sort((a, b) => a.at - b.at);
}

function crossing(
  world: PaperWorld,
  order: PaperOrder,
  fromAt: EpochMs,
  toAt: EpochMs,
): Crossing | null {
  const series = world.prices.series(order.intent.symbol);
  const { held, intent } = order;
  if (held !== null) {
    if (held.untilAt === null || held.untilAt > toAt) return null;
    const at = Math.max(held.untilAt, fromAt);
    const quote = series.quoteAt(at);
    const price = intent.side === "buy" ? quote.ask : quote.bid;
    return { order, price: intent.limitPrice ?? price, at };
  }
  const limit = intent.limitPrice;
  if (limit === null) return null;
  for (const quote of series.changes(fromAt, toAt)) {
    const reached = intent.side === "buy"
      ? compare(quote.ask, limit) <= 0
      : compare(quote.bid, limit) >= 0;
    if (reached) return { order, price: limit, at: quote.at };
  }
  return null;
}
