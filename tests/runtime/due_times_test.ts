import assert from "node:assert/strict";
import { DueTimes } from "../../src/runtime/due_times.ts";
import { StepClock } from "../support/step_clock.ts";

const FROM_AT = Date.UTC(2026, 10, 23, 8);
const HOUR_MS = 3_600_000;

function times() {
  const clock = new StepClock(FROM_AT);
  const due = new DueTimes(clock);
  due.set({ what: "edge", key: "edge", dueAt: FROM_AT + 1_000, rank: 0 });
  due.set({ what: "timer", key: "wait", dueAt: FROM_AT + 1_000, rank: 3 });
  const popped = () => {
    const keys: string[] = [];
    for (
      let item = due.popDue(clock.now());
      item !== null;
      item = due.popDue(clock.now())
    ) {
      keys.push(`${item.key} ${item.dueAt - FROM_AT}`);
    }
    return keys;
  };
  return { clock, due, popped };
}

Deno.test("DueTimes ends a wait by elapsed time where the wall clock was set back, and leaves the edge", async () => {
  const { clock, due, popped } = times();
  await clock.set(FROM_AT - HOUR_MS, 400);
  assert.equal(due.nextAt(), FROM_AT - HOUR_MS + 600);
  assert.deepEqual(popped(), []);
  await clock.set(FROM_AT - HOUR_MS + 600, 600);
  assert.deepEqual(popped(), ["wait 1000"]);
  assert.equal(due.nextAt(), FROM_AT + 1_000);
});

Deno.test("DueTimes ends a wait by the wall clock where a machine slept", async () => {
  const { clock, popped } = times();
  await clock.set(FROM_AT + HOUR_MS, 1);
  assert.deepEqual(popped(), ["edge 1000", "wait 1000"]);
  await clock.set(FROM_AT + HOUR_MS, HOUR_MS);
  assert.deepEqual(popped(), [], "and not once more by the other clock");
});

Deno.test("DueTimes forgets a wait that is dropped, by both clocks, and moves one that is set anew", async () => {
  const { clock, due, popped } = times();
  due.drop({ what: "edge", key: "edge" });
  due.set({ what: "timer", key: "wait", dueAt: FROM_AT + 5_000, rank: 3 });
  await clock.set(FROM_AT, 4_999);
  assert.deepEqual(popped(), []);
  due.drop({ what: "timer", key: "wait" });
  await clock.set(FROM_AT + HOUR_MS, HOUR_MS);
  assert.deepEqual(popped(), []);
  assert.equal(due.nextAt(), null);
});
