import assert from "node:assert/strict";
import { Verdict } from "../../src/app/cli/run_verdict.ts";
import { EXIT } from "../../src/app/cli/console.ts";
import type { StopReason } from "../../src/domain/state.ts";

const AT = Date.UTC(2026, 10, 20, 22);

function exitAfter(reason: StopReason, dueAt: number): number {
  const verdict = new Verdict();
  const edge = "nyse/2026-11-20/end";
  verdict.hear({
    type: "run.stopped",
    at: AT,
    reason,
    open: [],
    notRun: [{ edge, dueAt, actions: ["close_all"] }],
  });
  return verdict.exitCode(reason === "user" ? 1 : 0);
}

Deno.test("Verdict takes a close that still waits for its market for one that did not come true", () => {
  assert.equal(exitAfter("until", AT - 3_600_000), EXIT.failed);
  assert.equal(exitAfter("library", AT - 3_600_000), EXIT.failed);
});

Deno.test("Verdict holds nothing against a run that was not due yet, or that the user stopped", () => {
  assert.equal(exitAfter("until", AT + 3_600_000), EXIT.done);
  assert.equal(exitAfter("user", AT - 3_600_000), EXIT.stopped);
});
