/**
 * Orders that are asked for in a run at the paper broker.
 *
 * @module
 */

import { decimal } from "../../src/domain/decimal.ts";
import type { OrderAnswered, OrderRefused } from "../../src/domain/notice.ts";
import type { OrderRequest } from "../../src/runtime/runtime.ts";
import type { PaperRun } from "./paper_run.ts";

/** A market order to buy 1000 EURUSD in the name of the session `desk`, where nothing else is said. */
export function orderRequest(more: Partial<OrderRequest> = {}): OrderRequest {
  return {
    account: "main",
    session: "desk",
    symbol: "EURUSD",
    side: "buy",
    qty: decimal("1000"),
    limitPrice: null,
    closes: null,
    ...more,
  };
}

/** Asks for an order now, and plays the time that its answer takes. */
export function place(
  run: PaperRun,
  more: Partial<OrderRequest> = {},
): Promise<OrderRefused | OrderAnswered> {
  return run.clock.runFor(run.runtime.place(orderRequest(more)));
}

/** An answer in one word: that of the broker, or why nothing was sent. */
export function answerWord(answer: OrderRefused | OrderAnswered): string {
  return answer.type === "order.refused" ? answer.reason : answer.answer;
}

/** What the paper broker holds, as `EURUSD +1000`, in the order of its ids. */
export function holdings(run: PaperRun): readonly string[] {
  return [...run.paper.state.positions.values()].map(({ symbol, side, qty }) =>
    `${symbol} ${side === "long" ? "+" : "-"}${qty}`
  ).sort();
}
