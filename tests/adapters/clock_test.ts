import assert from "node:assert/strict";
import fc from "fast-check";
import { SeededRandom, SystemRandom } from "../../src/adapters/clock/random.ts";
import { ScaledClock } from "../../src/adapters/clock/scaled_clock.ts";
import { SystemClock } from "../../src/adapters/clock/system_clock.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { clockContract } from "../contracts/clock_contract.ts";

const START_AT = Date.UTC(2026, 10, 23, 8);
const byItself = () => Promise.resolve();

clockContract(
  "SystemClock",
  () => ({ clock: new SystemClock(), pass: byItself }),
  12,
);
clockContract(
  "ScaledClock",
  () => ({ clock: new ScaledClock(START_AT, 1000), pass: byItself }),
  12_000,
);
clockContract("VirtualClock", () => {
  const clock = new VirtualClock(START_AT);
  return { clock, pass: (ms) => clock.advance(ms) };
}, 3_600_000);

Deno.test("ScaledClock refuses a speed that is not above zero", () => {
  for (const factor of [0, -1, NaN, Infinity]) {
    assert.throws(() => new ScaledClock(START_AT, factor), RangeError);
  }
});

Deno.test("VirtualClock.run() shows each sleeper its own due time", async () => {
  const waits = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(waits, async (delays) => {
      const clock = new VirtualClock(START_AT);
      const seen: number[] = [];
      const sleeping = delays.map((ms) =>
        clock.sleepUntil(START_AT + ms).then(() => seen.push(clock.now()))
      );
      await clock.run(START_AT + 50);
      await Promise.all(sleeping);
      const due = delays.map((ms) => START_AT + ms).sort((a, b) => a - b);
      assert.deepEqual(seen, due);
    }),
    { numRuns: 30 },
  );
});

Deno.test("VirtualClock.run() wakes sleepers of one instant one after the other", async () => {
  const clock = new VirtualClock(START_AT);
  const told: string[] = [];
  const one = async (who: string) => {
    await clock.sleepUntil(START_AT + 5);
    told.push(`${who} wakes`);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    told.push(`${who} is done`);
  };
  const both = [one("first"), one("second")];
  await clock.run(START_AT + 5);
  await Promise.all(both);
  assert.deepEqual(told, [
    "first wakes",
    "first is done",
    "second wakes",
    "second is done",
  ]);
});

Deno.test("VirtualClock.run() wakes those who lie down again within the run", async () => {
  const clock = new VirtualClock(START_AT);
  let woken = 0;
  const ticking = (async () => {
    for (let tick = 1; tick <= 10; tick++) {
      await clock.sleepUntil(START_AT + tick * 1000);
      woken = tick;
    }
  })();
  await clock.run(START_AT + 9_999);
  assert.equal(woken, 9);
  assert.equal(clock.now(), START_AT + 9_999);
  await clock.run(START_AT + 10_000);
  await ticking;
  assert.equal(woken, 10);
  assert.equal(clock.sleeping, 0);
});

Deno.test("VirtualClock.run() refuses to go back", async () => {
  const clock = new VirtualClock(START_AT);
  await assert.rejects(clock.run(START_AT - 1), { code: "clock/backwards" });
  assert.equal(clock.now(), START_AT);
});

Deno.test("VirtualClock.run() stops between two wake-ups once its signal is aborted", async () => {
  const clock = new VirtualClock(START_AT);
  const abort = new AbortController();
  const sleeping = clock.sleepUntil(START_AT + 1_000).then(() => abort.abort());
  const never = new AbortController();
  const later = clock.sleepUntil(START_AT + 2_000, never.signal);
  await assert.rejects(clock.run(START_AT + 5_000, { signal: abort.signal }));
  await sleeping;
  assert.equal(clock.now(), START_AT + 1_000);
  never.abort(new Error("done"));
  await assert.rejects(later, /done/);
});

Deno.test("VirtualClock.hold() keeps time standing still until outside work is done", async () => {
  const clock = new VirtualClock(START_AT);
  const outside = Promise.withResolvers<void>();
  const working = clock.hold(outside.promise).then(() => clock.now());
  let ran = false;
  const running = clock.run(START_AT + 1_000).then(() => ran = true);
  const slept = clock.sleepUntil(START_AT + 500);
  const real = new SystemClock();
  await real.sleepUntil(real.now() + 10);
  assert.equal(ran, false);
  assert.equal(clock.now(), START_AT);
  outside.resolve();
  assert.equal(await working, START_AT);
  await Promise.all([running, slept]);
  assert.equal(clock.now(), START_AT + 1_000);
});

Deno.test("SeededRandom.id() gives the same row for the same seed, without repeats", () => {
  const row = (seed: number) => {
    const random = new SeededRandom(seed);
    return Array.from({ length: 1_000 }, () => random.id());
  };
  assert.deepEqual(row(7), row(7));
  assert.notDeepEqual(row(7), row(8));
  assert.equal(new Set(row(7)).size, 1_000);
});

Deno.test("SystemRandom.id() never gives a name twice", () => {
  const random = new SystemRandom();
  assert.notEqual(random.id(), random.id());
});
