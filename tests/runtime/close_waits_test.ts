import assert from "node:assert/strict";
import { replay } from "../../src/runtime/engine.ts";
import { instant } from "../support/clock_session.ts";
import { startStepRun } from "../support/step_run.ts";

const REJECTED = { kind: "reject", reason: "order/held" } as const;

Deno.test("a clock that is set back in the middle of a close does not make its waits longer", async () => {
  await using run = await startStepRun("2026-11-23T16:29:59Z");
  run.paper.setFaults([{ on: "close", times: 1, do: REJECTED }]);
  await run.pass(1);
  await run.clock.set(instant("2026-11-23T15:30:00.100Z"), 100);
  await run.pass(2);
  assert.ok(run.isFlat());
  assert.deepEqual(run.told(), ["flat_verified"]);
  assert.deepEqual(replay(run.journal.read()), run.runtime.state);
});

Deno.test("a deadline comes in its time although the clock was set back", async () => {
  await using run = await startStepRun("2026-11-23T16:29:59Z");
  run.paper.setFaults([{ on: "close", do: REJECTED }]);
  await run.pass(1);
  await run.clock.set(instant("2026-11-23T15:30:00.100Z"), 100);
  await run.pass(58);
  assert.deepEqual(run.told(), []);
  await run.pass(3);
  assert.deepEqual(run.told(), ["failed deadline"]);
});

Deno.test("a close whose deadline was slept through has its time anew", async () => {
  await using run = await startStepRun("2026-11-23T16:29:59Z");
  run.paper.setFaults([{ on: "close", times: 1, do: REJECTED }]);
  await run.pass(1);
  await run.clock.set(instant("2026-11-23T16:32:00Z"), 1_000);
  await run.pass(2);
  assert.deepEqual(run.told(), ["flat_verified"]);
  assert.deepEqual(run.paper.audit().duplicates, []);
  assert.deepEqual(replay(run.journal.read()), run.runtime.state);
});

Deno.test("a close whose deadline was slept through ends for good at its second", async () => {
  await using run = await startStepRun("2026-11-23T16:29:59Z");
  run.paper.setFaults([{ on: "close", do: REJECTED }]);
  await run.pass(1);
  await run.clock.set(instant("2026-11-23T16:32:00Z"), 1_000);
  await run.pass(59);
  assert.deepEqual(run.told(), []);
  await run.pass(2);
  assert.deepEqual(run.told(), ["failed deadline"]);
});

Deno.test("a close that was slept through until its session opened again ends by what is known", async () => {
  await using run = await startStepRun("2026-11-23T16:29:59Z");
  run.paper.setFaults([{ on: "close", do: REJECTED }]);
  await run.pass(1);
  await run.clock.set(instant("2026-11-24T09:00:00Z"), 1_000);
  await run.pass(1);
  assert.equal(run.told()[0], "failed deadline");
});
