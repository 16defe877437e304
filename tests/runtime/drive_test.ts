import assert from "node:assert/strict";
import { Drive } from "../../src/runtime/drive.ts";
import { DueTimes } from "../../src/runtime/due_times.ts";
import type { NewEvent } from "../../src/runtime/engine.ts";
import { StepClock } from "../support/step_clock.ts";

const FROM_AT = Date.UTC(2026, 10, 23, 8);

interface Bench extends AsyncDisposable {
  readonly clock: StepClock;
  readonly due: DueTimes;
  readonly drive: Drive;
  /** Keys in the order in which they fired, batches parted. */
  readonly fired: string[][];
  readonly ending: AbortController;
  readonly running: Promise<void>;
  /** Adds an item, so many milliseconds from the start. */
  set(key: string, ms: number, rank?: number): void;
}

async function openBench(
  onFire: (key: string, bench: Bench) => void = () => {},
): Promise<Bench> {
  const clock = new StepClock(FROM_AT);
  const due = new DueTimes(clock);
  const fired: string[][] = [];
  const ending = new AbortController();
  const post = (...events: readonly NewEvent[]) => {
    const keys = events.map((event) =>
      event.type === "edge.due"
        ? event.edge
        : event.type === "timer.due"
        ? event.timer
        : event.type
    );
    fired.push(keys);
    for (const key of keys) onFire(key, bench);
  };
  const drive = new Drive({ clock, due, post, signal: ending.signal });
  const running = drive.run();
  const bench: Bench = {
    clock,
    due,
    drive,
    fired,
    ending,
    running,
    set(key, ms, rank = 0) {
      due.set({ what: "edge", key, dueAt: FROM_AT + ms, rank });
      drive.wake();
    },
    async [Symbol.asyncDispose]() {
      ending.abort();
      await running;
      assert.deepEqual(clock.sleeping, [], "nobody is left asleep");
    },
  };
  await clock.settle();
  return bench;
}

Deno.test("Drive sleeps on when it is woken too early", async () => {
  await using bench = await openBench();
  bench.set("a", 1_000);
  await bench.clock.settle();
  for (let time = 0; time < 5; time++) await bench.clock.wakeEarly();
  await bench.clock.set(FROM_AT + 999);
  await bench.clock.wakeEarly();
  assert.deepEqual(bench.fired, []);
  assert.deepEqual(bench.clock.sleeping, [FROM_AT + 1_000]);
  await bench.clock.set(FROM_AT + 1_000);
  assert.deepEqual(bench.fired, [["a"]]);
});

Deno.test("Drive fires everything that a jump ahead went over, in order and in one batch", async () => {
  await using bench = await openBench();
  bench.set("start", 5_000, 2);
  bench.set("later", 9_000);
  bench.set("end", 5_000, 0);
  bench.set("moment", 5_000, 1);
  bench.set("first", 10);
  bench.set("tomorrow", 86_400_000);
  await bench.clock.set(FROM_AT + 3_600_000);
  assert.deepEqual(bench.fired, [[
    "first",
    "end",
    "moment",
    "start",
    "later",
  ]]);
  assert.deepEqual(bench.clock.sleeping, [FROM_AT + 86_400_000]);
});

Deno.test("Drive fires nothing twice when the clock jumps back", async () => {
  await using bench = await openBench();
  bench.set("a", 1_000);
  bench.set("b", 2_000);
  await bench.clock.set(FROM_AT + 1_500);
  await bench.clock.set(FROM_AT - 86_400_000);
  await bench.clock.wakeEarly();
  await bench.clock.set(FROM_AT + 1_999);
  assert.deepEqual(bench.fired, [["a"]]);
  await bench.clock.set(FROM_AT + 2_000);
  await bench.clock.set(FROM_AT);
  await bench.clock.set(FROM_AT + 2_000);
  assert.deepEqual(bench.fired, [["a"], ["b"]]);
});

Deno.test("Drive takes what is added, moved up and dropped while it sleeps", async () => {
  await using bench = await openBench();
  bench.set("late", 10_000);
  bench.set("dropped", 500);
  await bench.clock.settle();
  bench.due.drop({ what: "edge", key: "dropped" });
  bench.set("early", 1_000);
  bench.set("late", 2_000);
  await bench.clock.settle();
  assert.deepEqual(bench.clock.sleeping, [FROM_AT + 1_000]);
  await bench.clock.set(FROM_AT + 1_000);
  await bench.clock.set(FROM_AT + 2_000);
  assert.deepEqual(bench.fired, [["early"], ["late"]]);
});

Deno.test("Drive fires at once what is due when it is added, also by what it fires itself", async () => {
  await using bench = await openBench((key, { set }) => {
    if (key === "one") set("two", -5_000);
    if (key === "two") set("three", 0);
  });
  bench.set("one", 0);
  await bench.clock.settle();
  assert.deepEqual(bench.fired, [["one"], ["two"], ["three"]]);
});

Deno.test("Drive does not spin while nothing is due", async () => {
  await using bench = await openBench();
  await bench.clock.settle();
  const before = bench.clock.sleeps;
  await bench.clock.set(FROM_AT + 86_400_000);
  assert.equal(bench.clock.sleeps, before);
  assert.equal(bench.clock.sleeping.length, 1);
});

Deno.test("Drive ends when its signal is aborted, before, while and after it sleeps", async () => {
  const asleep = await openBench();
  asleep.set("a", 1_000);
  await asleep.clock.settle();
  await asleep[Symbol.asyncDispose]();
  await asleep.clock.set(FROM_AT + 5_000);
  assert.deepEqual(asleep.fired, []);

  const firing = await openBench(() => firing.ending.abort());
  firing.set("a", 0);
  firing.set("b", 1_000);
  await firing.clock.settle();
  await firing.running;
  assert.deepEqual(firing.fired, [["a"]]);

  const fired: string[] = [];
  const clock = new StepClock(FROM_AT);
  const due = new DueTimes(clock);
  due.set({ what: "edge", key: "a", dueAt: 0, rank: 0 });
  const never = new Drive({
    clock,
    due,
    post: () => fired.push("a"),
    signal: AbortSignal.abort(),
  });
  await never.run();
  assert.deepEqual(fired, []);
});

Deno.test("Drive does not hide that its clock broke", async () => {
  const clock = new StepClock(FROM_AT);
  clock.sleepUntil = () => Promise.reject(new Error("the clock broke"));
  const drive = new Drive({
    clock,
    due: new DueTimes(clock),
    post: () => {},
    signal: new AbortController().signal,
  });
  await assert.rejects(drive.run(), /the clock broke/);
});
