import assert from "node:assert/strict";
import { decimal } from "../../src/domain/decimal.ts";
import type { Blackout, Session } from "../../src/domain/definition.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import { clock } from "../support/clock_session.ts";
import { CLOSE_ALL, held, openPaperRun } from "../support/paper_run.ts";
import { answerWord, holdings, place } from "../support/place_order.ts";

const BLACKOUT: Blackout = {
  from: clock("13:25"),
  to: clock("13:40"),
  refuseEntries: true,
  actions: ["close_loss"],
};

const DESK: Partial<Session> = {
  ...CLOSE_ALL,
  onEnd: [],
  blackouts: [BLACKOUT],
};

const EDGE = "desk/2026-11-23/blackout-13:25";

const LOSER = held("EURUSD", "1000", { price: decimal("9") });
const WINNER = held("GBPUSD", "1000", { price: decimal("0.1") });

Deno.test("a blackout closes at its beginning, by an edge that has one outcome", async () => {
  await using run = await openPaperRun({
    account: { positions: [LOSER, WINNER] },
    sessions: [DESK],
    from: "2026-11-23T13:00:00Z",
  });
  await run.playUntil("2026-11-23T13:24:59Z");
  assert.equal(run.settled().length, 0);
  await run.playUntil("2026-11-23T13:26:00Z");
  const { outcome, closed, leftOpen } = run.edge(EDGE);
  assert.deepEqual([outcome, closed, leftOpen.length], [
    "closed_verified",
    1,
    1,
  ]);
  assert.deepEqual(holdings(run), ["GBPUSD +1000"]);
  assert.equal(answerWord(await place(run)), "blackout");
  await run.playUntil("2026-11-23T13:40:00Z");
  assert.equal(answerWord(await place(run)), "accepted");
});

Deno.test("a blackout that allows entries closes all the same", async () => {
  await using run = await openPaperRun({
    account: { positions: [LOSER] },
    sessions: [{ ...DESK, blackouts: [{ ...BLACKOUT, refuseEntries: false }] }],
    from: "2026-11-23T13:00:00Z",
  });
  await run.playUntil("2026-11-23T13:30:00Z");
  assert.equal(run.edge(EDGE).outcome, "closed_verified");
  assert.equal(answerWord(await place(run)), "accepted");
});

Deno.test("a blackout begins its lead early, and lets nothing in from then on", async () => {
  await using run = await openPaperRun({
    account: { positions: [LOSER] },
    sessions: [{ ...DESK, leadMs: 120_000 }],
    from: "2026-11-23T13:00:00Z",
  });
  await run.playUntil("2026-11-23T13:22:59Z");
  assert.equal(answerWord(await place(run, { symbol: "GBPUSD" })), "accepted");
  await run.playUntil("2026-11-23T13:24:00Z");
  assert.equal(answerWord(await place(run)), "close_due");
  assert.equal(run.edge(EDGE).outcome, "closed_verified");
});

Deno.test("a blackout that has closed does not close again after a restart", async () => {
  const journal = new MemoryJournal();
  for (const [from, until] of [["13:20", "13:26"], ["13:27", "13:39"]]) {
    await using run = await openPaperRun({
      account: { positions: [LOSER] },
      sessions: [DESK],
      from: `2026-11-23T${from}:00Z`,
      journal,
    });
    await run.playUntil(`2026-11-23T${until}:00Z`);
    const told = run.settled().filter(({ edge }) => edge === EDGE);
    assert.equal(told.length, from === "13:20" ? 1 : 0);
  }
});
