/**
 * Whatever a broker can do wrong, and whatever it can hold, drawn at random.
 *
 * @module
 */

import fc from "fast-check";
import type {
  Fault,
  FaultRule,
} from "../../src/adapters/brokers/paper/faults.ts";
import type {
  AccountMode,
  PaperPosition,
} from "../../src/domain/definition.ts";
import { decimal } from "../../src/domain/decimal.ts";
import { held } from "./paper_run.ts";

const SYMBOLS = ["EURUSD", "GBPUSD", "USDJPY"] as const;

const faultKind: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    kind: fc.constant("status" as const),
    status: fc.constantFrom(500, 503, 404, 400),
    carry_out: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("status" as const),
    status: fc.constant(429),
    retry_after_ms: fc.integer({ min: 0, max: 20_000 }),
  }),
  fc.constant({ kind: "no_answer" as const }),
  fc.constant({ kind: "lost" as const }),
  fc.record({
    kind: fc.constant("delay" as const),
    ms: fc.integer({ min: 1, max: 15_000 }),
  }),
  fc.record({
    kind: fc.constant("partial" as const),
    percent: fc.integer({ min: 0, max: 99 }),
    rest: fc.constantFrom("cancel" as const, "working" as const),
    fill_after_ms: fc.option(fc.integer({ min: 1, max: 90_000 })),
  }),
  fc.record({
    kind: fc.constant("reject" as const),
    reason: fc.constantFrom("order/held", "order/busy"),
  }),
  fc.constant({ kind: "market_closed" as const }),
  fc.constant({ kind: "lie_filled" as const }),
  fc.record({
    kind: fc.constant("working" as const),
    fill_after_ms: fc.option(fc.integer({ min: 1, max: 90_000 })),
  }),
  fc.record({
    kind: fc.constant("stale_positions" as const),
    reads: fc.integer({ min: 1, max: 4 }),
    as_of_now: fc.boolean(),
  }),
  fc.constant({ kind: "garbage" as const }),
  fc.constant({ kind: "empty_500" as const }),
);

/** A rule by which the paper broker goes wrong. */
export const faultRule: fc.Arbitrary<FaultRule> = fc.record({
  on: fc.constantFrom(
    "close",
    "close",
    "find",
    "positions",
    "orders",
    "fills",
    "cancel",
    "any",
  ),
  after: fc.integer({ min: 0, max: 6 }),
  times: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(null)),
  do: faultKind,
});

/** A position of any size, side and price. */
export const paperPosition: fc.Arbitrary<PaperPosition> = fc.record({
  symbol: fc.constantFrom(...SYMBOLS),
  qty: fc.integer({ min: 1, max: 5_000 }),
  side: fc.constantFrom("long" as const, "short" as const),
  price: fc.constantFrom(null, decimal("0.5"), decimal("200")),
}).map(({ symbol, qty, side, price }) =>
  held(symbol, String(qty), { side, price })
);

/** A netting account has one side of a symbol. */
export function oneSided(
  mode: AccountMode,
  positions: readonly PaperPosition[],
): readonly PaperPosition[] {
  if (mode === "hedging") return positions;
  return positions.filter((one, index) =>
    positions.findIndex(({ symbol }) => symbol === one.symbol) === index
  );
}
