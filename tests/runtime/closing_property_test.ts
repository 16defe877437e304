import assert from "node:assert/strict";
import fc from "fast-check";
import type { AccountMode, Action } from "../../src/domain/definition.ts";
import { compare, type Decimal, sum } from "../../src/domain/decimal.ts";
import { replay } from "../../src/runtime/engine.ts";
import { faultRule, oneSided, paperPosition } from "../support/any_fault.ts";
import {
  CLOSE_ALL,
  openPaperRun,
  type PaperRun,
} from "../support/paper_run.ts";

/** How many schedules of faults are tried. */
const SCHEDULES = 1_500;

const schedule = fc.record({
  mode: fc.constantFrom<AccountMode>("netting", "hedging"),
  positions: fc.array(paperPosition, { maxLength: 5 }),
  faults: fc.array(faultRule, { maxLength: 5 }),
  latencyMs: fc.constantFrom(0, 50, 3_000),
  first: fc.constantFrom<Action>("close_all", "close_win", "close_loss"),
  second: fc.option(
    fc.constantFrom<Action>("close_all", "close_win", "close_loss"),
  ),
});

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
