import assert from "node:assert/strict";
import fc from "fast-check";
import {
  openBudget,
  startsLeft,
  type StartVerdict,
  takeStart,
} from "../../../../src/adapters/brokers/paper/gateway/session_starts.ts";

const LIMITS = {
  sessionStarts: 5,
  sessionStartsMs: 60_000,
  maxConcurrency: 2,
  identifyMs: 5_000,
};

function play(attempts: readonly (readonly [number, number])[]) {
  let budget = openBudget(0);
  const verdicts: StartVerdict[] = [];
  for (const [at, shardId] of attempts) {
    const [next, verdict] = takeStart(budget, LIMITS, shardId, at);
    budget = next;
    verdicts.push(verdict);
  }
  return { budget, verdicts };
}

Deno.test("takeStart() takes one identify of each bucket in a window", () => {
  const { budget, verdicts } = play([
    [0, 0],
    [0, 1],
    [0, 2],
    [4_999, 3],
    [5_000, 2],
    [5_000, 3],
  ]);
  assert.deepEqual(verdicts, [
    "taken",
    "taken",
    "too_soon",
    "too_soon",
    "taken",
    "taken",
  ]);
  assert.deepEqual(budget.tally, {
    taken: 4,
    tooSoon: 2,
    exhausted: 0,
    periodMax: 4,
    windowMax: 4,
    bucketMax: 2,
  });
});

Deno.test("takeStart() spends a budget and finds it whole in the next period", () => {
  const attempts = Array.from({ length: 7 }, (_, index) => [index * 5_000, 0]);
  const { budget, verdicts } = play(
    attempts.map(([at = 0, id = 0]) => [at, id] as const),
  );
  assert.deepEqual(verdicts.slice(4), ["taken", "exhausted", "exhausted"]);
  assert.deepEqual(startsLeft(budget, LIMITS, 30_000), {
    remaining: 0,
    resetAfterMs: 30_000,
  });
  assert.deepEqual(startsLeft(budget, LIMITS, 60_000), {
    remaining: 5,
    resetAfterMs: 60_000,
  });
  assert.equal(takeStart(budget, LIMITS, 0, 60_000)[1], "taken");
  assert.equal(budget.tally.periodMax, 6);
});

Deno.test("takeStart() is no stricter than the client's clock can be read", () => {
  // A client that reads whole milliseconds waits from 0.9 to 5000.0 for 5000.
  assert.deepEqual(play([[0.9, 0], [5_000, 0]]).verdicts, ["taken", "taken"]);
});

Deno.test("takeStart() never lets more through than a second count of what it took allows", () => {
  const attempt = fc.tuple(fc.nat(2_500), fc.nat(7));
  fc.assert(
    fc.property(fc.array(attempt, { maxLength: 80 }), (steps) => {
      let at = 0;
      const attempts = steps.map(([gapMs, id]) => [at += gapMs, id] as const);
      const { verdicts, budget } = play(attempts);
      const taken = attempts.filter((_, index) => verdicts[index] === "taken");
      for (const [untilAt, shardId] of taken) {
        const together = taken.filter(([other, id]) =>
          other <= untilAt && untilAt - other < LIMITS.identifyMs &&
          id % 2 === shardId % 2
        );
        assert.equal(together.length, 1);
      }
      const periods = Map.groupBy(taken, ([one]) => Math.floor(one / 60_000));
      for (const { length } of periods.values()) assert.ok(length <= 5);
      const { tally } = budget;
      assert.equal(
        tally.taken + tally.tooSoon + tally.exhausted,
        attempts.length,
      );
    }),
  );
});
