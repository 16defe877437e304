import assert from "node:assert/strict";
import { runPulse } from "../../src/app/notify/run_pulse.ts";

Deno.test("runPulse() falls silent while nothing can be recorded", () => {
  let beats = 0;
  const { pulse, hear } = runPulse({ beat: () => beats++ }, 60_000);
  assert.equal(pulse.everyMs, 60_000);
  pulse.beat();
  hear({ type: "anomaly", at: 0, about: "c1", message: "odd" });
  pulse.beat();
  assert.equal(beats, 2);
  hear({ type: "journal.unwritable", at: 0, message: "the disk is full" });
  pulse.beat();
  pulse.beat();
  assert.equal(beats, 2);
  hear({ type: "journal.restored", at: 9, entries: 3, sinceAt: 0 });
  pulse.beat();
  assert.equal(beats, 3);
});
