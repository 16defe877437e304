import assert from "node:assert/strict";
import fc from "fast-check";
import type {
  Fault,
  FaultRule,
} from "../../src/adapters/brokers/paper/faults.ts";
import type {
  AccountMode,
  Action,
  PaperPosition,
} from "../../src/domain/definition.ts";
import {
  compare,
  type Decimal,
  decimal,
  sum,
} from "../../src/domain/decimal.ts";
import { replay } from "../../src/runtime/engine.ts";
import {
  CLOSE_ALL,
  held,
  openPaperRun,
  type PaperRun,
} from "../support/paper_run.ts";

/** How many schedules of faults are tried. */
const SCHEDULES = 1_500;

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

const faultRule: fc.Arbitrary<FaultRule> = fc.record({
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

const position: fc.Arbitrary<PaperPosition> = fc.record({
  symbol: fc.constantFrom(...SYMBOLS),
  qty: fc.integer({ min: 1, max: 5_000 }),
  side: fc.constantFrom("long" as const, "short" as const),
  price: fc.constantFrom(null, decimal("0.5"), decimal("200")),
}).map(({ symbol, qty, side, price }) =>
  held(symbol, String(qty), { side, price })
);

const schedule = fc.record({
  mode: fc.constantFrom<AccountMode>("netting", "hedging"),
  positions: fc.array(position, { maxLength: 5 }),
  faults: fc.array(faultRule, { maxLength: 5 }),
  latencyMs: fc.constantFrom(0, 50, 3_000),
  first: fc.constantFrom<Action>("close_all", "close_win", "close_loss"),
  second: fc.option(
    fc.constantFrom<Action>("close_all", "close_win", "close_loss"),
  ),
});

/** A netting account has one side of a symbol. */
function oneSided(mode: AccountMode, positions: readonly PaperPosition[]) {
  if (mode === "hedging") return positions;
  return positions.filter((one, index) =>
    positions.findIndex(({ symbol }) => symbol === one.symbol) === index
  );
}

/** What the broker said it executed of our orders is never more than what was there. */
function assertNothingOrderedTwice(run: PaperRun): void {
  const positionOf = new Map<string, string>();
  const filled = new Map<string, Decimal>();
  const there = new Map<string, Decimal>();
  for (const { event } of run.journal.read()) {
    if (event.type !== "positions.read") continue;
    for (const { id, qty } of event.snapshot.positions) {
      if (!there.has(id)) there.set(id, qty);
    }
  }
  for (const notice of run.notices) {
    if (notice.type === "order.sent") {
      const { clientOrderId, closes } = notice.intent;
      positionOf.set(clientOrderId, closes ?? "");
    }
    if (notice.type === "order.changed") {
      filled.set(notice.clientOrderId, notice.filledQty);
    }
  }
  for (const [position, qty] of there) {
    const executed = sum(
      [...filled].filter(([id]) => positionOf.get(id) === position)
        .map(([, filledQty]) => filledQty),
    );
    assert.ok(
      compare(executed, qty) <= 0,
      `${executed} of ${position} executed by the broker's word, ${qty} was there`,
    );
  }
}

Deno.test(`no schedule of faults closes anything twice, or is told flat when it is not (${SCHEDULES} schedules)`, async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      schedule,
      async ({ mode, positions, faults, latencyMs, first, second }) => {
        await using run = await openPaperRun({
          account: { mode, positions: oneSided(mode, positions), latencyMs },
          sessions: [
            { ...CLOSE_ALL, onEnd: [first] },
            ...(second === null
              ? []
              : [{ ...CLOSE_ALL, name: "second", onEnd: [second] }]),
          ],
          faults,
        });
        await run.playUntil("2026-11-23T16:45:00Z");
        assert.deepEqual(
          run.paper.audit().duplicates,
          [],
          "the broker counts what is closed twice",
        );
        assertNothingOrderedTwice(run);
        const ends = run.settled();
        assert.equal(
          ends.length,
          second === null ? 1 : 2,
          "every edge ends once",
        );
        for (const end of ends) {
          seen.set(end.outcome, (seen.get(end.outcome) ?? 0) + 1);
          if (end.outcome === "flat_verified") {
            assert.equal(
              run.paper.state.positions.size,
              0,
              "flat is only said of what is flat",
            );
          }
        }
        assert.deepEqual(replay(run.journal.read()), run.runtime.state);
      },
    ),
    { numRuns: SCHEDULES, seed: 20261123 },
  );
  // A test whose faults never bite, or always do, would show nothing.
  for (
    const outcome of [
      "flat_verified",
      "closed_verified",
      "partially_closed",
      "failed",
      "unknown",
    ]
  ) {
    assert.ok(
      (seen.get(outcome) ?? 0) > 3,
      `${outcome}: ${seen.get(outcome) ?? 0} of ${SCHEDULES}`,
    );
  }
});
