import assert from "node:assert/strict";
import { clockWindow } from "../support/clock_session.ts";
import { MINUTE_MS } from "../../src/domain/time.ts";
import { replay } from "../../src/runtime/engine.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import {
  CLOSE_ALL,
  held,
  openPaperRun,
  type PaperRun,
} from "../support/paper_run.ts";

const START = "desk/2026-11-23/start";
const END = "desk/2026-11-23/end";
const DAY = { ...CLOSE_ALL, onStart: ["close_loss"] as const };

/** What is told of an edge, run by run. */
function told(run: PaperRun): readonly string[] {
  return run.settled().map((end) => `${end.edge} ${end.outcome}`);
}

Deno.test("an edge that was armed and slept through by a dead process is told as missed", async () => {
  const journal = new MemoryJournal();
  {
    await using first = await openPaperRun({
      journal,
      sessions: [DAY],
      from: "2026-11-23T07:00:00Z",
    });
    await first.playUntil("2026-11-23T12:00:00Z");
    assert.deepEqual(told(first), [`${START} closed_verified`]);
  }
  await using second = await openPaperRun({
    journal,
    sessions: [DAY],
    from: "2026-11-23T18:00:00Z",
    account: { positions: [held("EURUSD")] },
  });
  await second.playUntil("2026-11-23T18:10:00Z");
  assert.deepEqual(told(second), [`${END} missed`]);
  assert.equal(second.edge(END).reason, "not_running");
  assert.deepEqual(replay(journal.read()), second.runtime.state);
});

Deno.test("an edge that was fired is neither fired nor told again after a restart", async () => {
  const journal = new MemoryJournal();
  const early = { ...DAY, leadMs: 10 * MINUTE_MS };
  {
    await using first = await openPaperRun({
      journal,
      sessions: [early],
      from: "2026-11-23T07:00:00Z",
    });
    await first.playUntil("2026-11-23T16:25:00Z");
    assert.equal(first.edge(END).outcome, "flat_verified");
  }
  await using second = await openPaperRun({
    journal,
    sessions: [early],
    from: "2026-11-23T16:26:00Z",
    account: { positions: [held("EURUSD")] },
  });
  await second.playUntil("2026-11-23T17:00:00Z");
  assert.deepEqual(told(second), []);
  assert.equal(second.paper.state.positions.size, 1);
});

Deno.test("an edge that was moved after it fired is another one, and fires at its new instant", async () => {
  const journal = new MemoryJournal();
  {
    await using first = await openPaperRun({ journal, sessions: [DAY] });
    await first.playUntil("2026-11-23T16:31:00Z");
    assert.equal(first.edge(END).outcome, "flat_verified");
  }
  await using second = await openPaperRun({
    journal,
    sessions: [{ ...DAY, window: clockWindow("08:00", "17:00", "UTC") }],
    from: "2026-11-23T16:35:00Z",
    account: { positions: [held("EURUSD")] },
  });
  await second.playUntil("2026-11-23T17:01:00Z");
  assert.equal(second.edge(END).outcome, "flat_verified");
});

Deno.test("what an orderly stop left out is not told as missed", async () => {
  const journal = new MemoryJournal();
  {
    await using first = await openPaperRun({
      journal,
      from: "2026-11-23T12:00:00Z",
    });
    await first.playUntil("2026-11-23T12:01:00Z");
    await first.stop();
  }
  await using second = await openPaperRun({
    journal,
    from: "2026-11-23T18:00:00Z",
  });
  await second.playUntil("2026-11-23T18:01:00Z");
  assert.deepEqual(told(second), []);
});
