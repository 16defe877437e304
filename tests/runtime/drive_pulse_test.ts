import assert from "node:assert/strict";
import { Drive } from "../../src/runtime/drive.ts";
import { DueTimes } from "../../src/runtime/due_times.ts";
import { StepClock } from "../support/step_clock.ts";

const FROM_AT = Date.UTC(2026, 10, 23, 8);
const EVERY_MS = 60_000;

/** A drive with a pulse, and what it did, each with its second. */
async function openPulse(onFire: () => void = () => {}) {
  const clock = new StepClock(FROM_AT);
  const due = new DueTimes(clock);
  const done: string[] = [];
  const ending = new AbortController();
  const note = (what: string) =>
    done.push(`${what} ${(clock.now() - FROM_AT) / 1000}`);
  const drive = new Drive({
    clock,
    due,
    post: (...events) => {
      for (const event of events) note(event.type);
      onFire();
    },
    signal: ending.signal,
    pulse: { everyMs: EVERY_MS, beat: () => note("beat") },
  });
  const running = drive.run();
  await clock.settle();
  return {
    clock,
    drive,
    done,
    ending,
    running,
    set(ms: number) {
      due.set({ what: "edge", key: `e${ms}`, dueAt: FROM_AT + ms, rank: 0 });
      drive.wake();
    },
    async [Symbol.asyncDispose]() {
      ending.abort();
      await running.catch(() => {});
      assert.deepEqual(clock.sleeping, [], "nobody is left asleep");
    },
  };
}

Deno.test("Drive beats when it begins and at its interval, although nothing is due", async () => {
  await using bench = await openPulse();
  for (const second of [59, 60, 61, 120]) {
    await bench.clock.set(FROM_AT + second * 1_000);
  }
  assert.deepEqual(bench.done, ["beat 0", "beat 60", "beat 120"]);
});

Deno.test("Drive does not beat sooner because it is woken", async () => {
  await using bench = await openPulse();
  for (let turn = 0; turn < 3; turn++) {
    bench.drive.wake();
    await bench.clock.settle();
  }
  await bench.clock.wakeEarly();
  assert.deepEqual(bench.done, ["beat 0"]);
  assert.deepEqual(bench.clock.sleeping, [FROM_AT + EVERY_MS]);
});

Deno.test("Drive beats after what was due, and never delays it", async () => {
  await using bench = await openPulse();
  bench.set(30_000);
  bench.set(60_000);
  await bench.clock.settle();
  await bench.clock.set(FROM_AT + 30_000);
  await bench.clock.set(FROM_AT + 60_000);
  assert.deepEqual(bench.done, [
    "beat 0",
    "edge.due 30",
    "edge.due 60",
    "beat 60",
  ]);
});

Deno.test("Drive does not beat where what was due broke the loop", async () => {
  await using bench = await openPulse(() => {
    throw new Error("the core is broken");
  });
  bench.set(60_000);
  await bench.clock.settle();
  const broken = assert.rejects(bench.running, /the core is broken/);
  await bench.clock.set(FROM_AT + 60_000);
  await broken;
  assert.deepEqual(bench.done, ["beat 0", "edge.due 60"]);
});

Deno.test("Drive does not beat once its run has ended", async () => {
  await using bench = await openPulse(() => bench.ending.abort());
  bench.set(60_000);
  await bench.clock.settle();
  await bench.clock.set(FROM_AT + 60_000);
  assert.deepEqual(bench.done, ["beat 0", "edge.due 60"]);
});

Deno.test("Drive beats once after a jump ahead, and goes on after one back", async () => {
  await using bench = await openPulse();
  await bench.clock.set(FROM_AT + 3_600_000);
  await bench.clock.set(FROM_AT + 600_000);
  await bench.clock.wakeEarly();
  await bench.clock.set(FROM_AT + 660_000);
  assert.deepEqual(bench.done, [
    "beat 0",
    "beat 3600",
    "beat 600",
    "beat 660",
  ]);
});
