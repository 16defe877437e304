import assert from "node:assert/strict";
import { replay } from "../../src/runtime/engine.ts";
import { CarillonError } from "../../src/domain/error.ts";
import { diskFull, FaultyJournal } from "../support/faulty_journal.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import { Runtime } from "../../src/runtime/runtime.ts";
import {
  CLOSE_ALL,
  held,
  openPaperRun,
  paperDefinition,
  type PaperRun,
  type PaperRunSetup,
} from "../support/paper_run.ts";
import {
  clockSession,
  clockWindow,
  instant,
} from "../support/clock_session.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";

const END = "desk/2026-11-23/end";
const NEXT_END = "desk/2026-11-24/end";

/** A run with a position that its close would close. */
function openHeld(setup: PaperRunSetup = {}): Promise<PaperRun> {
  return openPaperRun({ account: { positions: [held("EURUSD")] }, ...setup });
}

/** What is asked of a journal while nothing runs. */
async function askBetween(
  journal: MemoryJournal,
  at: string,
  ask: (runtime: Runtime) => Promise<unknown>,
): Promise<void> {
  const runtime = Runtime.unopened({
    definition: paperDefinition([clockSession(CLOSE_ALL)]),
    runId: "between",
    dryRun: false,
    brokers: new Map(),
    hooks: { run: () => Promise.reject(new Error("no hook")) },
    clock: new VirtualClock(instant(at)),
    journal,
  });
  await ask(runtime);
  runtime.abandon();
}

function told(run: PaperRun): readonly string[] {
  return run.settled().map(({ edge, outcome, reason }) =>
    `${edge} ${outcome} ${reason ?? ""}`.trim()
  );
}

Deno.test("a skip leaves out one edge, which settles when it is due, and the next one runs", async () => {
  await using run = await openHeld();
  await run.playUntil("2026-11-23T16:29:30Z");
  const noted = await run.runtime.control({
    type: "edge.skip_requested",
    edge: END,
    wish: "skip",
  });
  assert.deepEqual(noted, {
    type: "edge.skip_noted",
    at: instant("2026-11-23T16:29:30Z"),
    edge: END,
    wish: "skip",
    dueAt: instant("2026-11-23T16:30:00Z"),
    actions: ["close_all"],
  });
  await run.playUntil("2026-11-23T16:31:00Z");
  const { outcome, reason, message, firedAt } = run.edge(END);
  assert.deepEqual([outcome, reason, firedAt], [
    "skipped",
    "user",
    instant("2026-11-23T16:30:00Z"),
  ]);
  assert.equal(
    message,
    "close_all was left out: skipped by hand at 2026-11-23T16:29:30Z",
  );
  assert.equal(run.paper.state.positions.size, 1);
  assert.deepEqual(run.runtime.state.controls.skips, []);
  await run.playUntil("2026-11-24T16:31:00Z");
  assert.equal(run.edge(NEXT_END).outcome, "flat_verified");
  assert.deepEqual(replay(run.journal.read()), run.runtime.state);
});

Deno.test("a skip that is taken back lets the edge run", async () => {
  await using run = await openHeld();
  await run.playUntil("2026-11-23T16:29:30Z");
  for (const wish of ["skip", "skip", "run"] as const) {
    const request = { type: "edge.skip_requested", edge: END, wish } as const;
    await run.runtime.control(request);
  }
  await run.playUntil("2026-11-23T16:31:00Z");
  assert.equal(run.edge(END).outcome, "flat_verified");
});

Deno.test("a pause leaves out every edge until it is over, and says which", async () => {
  await using run = await openHeld();
  await run.playUntil("2026-11-23T16:29:30Z");
  const asked = { type: "pause.requested", session: null } as const;
  const paused = await run.runtime.control(asked);
  assert.deepEqual(paused.type === "run.paused" && paused.willNotRun, [
    {
      edge: END,
      dueAt: instant("2026-11-23T16:30:00Z"),
      actions: ["close_all"],
    },
  ]);
  await run.playUntil("2026-11-23T18:00:00Z");
  const again = await run.runtime.control(asked);
  assert.equal(again.type === "run.paused" && again.sinceAt, paused.at);
  await run.playUntil("2026-11-24T09:00:00Z");
  await run.runtime.control({ type: "resume.requested", session: null });
  await run.playUntil("2026-11-24T16:31:00Z");
  assert.deepEqual(told(run).filter((line) => line.includes("/end")), [
    `${END} skipped paused`,
    `${NEXT_END} flat_verified`,
  ]);
  assert.deepEqual(replay(run.journal.read()), run.runtime.state);
});

Deno.test("a pause of one session leaves the others alone", async () => {
  const other = { ...CLOSE_ALL, name: "other" };
  await using run = await openHeld({ sessions: [CLOSE_ALL, other] });
  await run.playUntil("2026-11-23T16:29:30Z");
  await run.runtime.control({ type: "pause.requested", session: "desk" });
  await run.playUntil("2026-11-23T16:31:00Z");
  assert.equal(run.edge(END).reason, "paused");
  assert.equal(run.edge("other/2026-11-23/end").outcome, "flat_verified");
});

Deno.test("a pause and a skip outlive the run, and the next one says so when it begins", async () => {
  const journal = new MemoryJournal();
  {
    await using first = await openHeld({ journal });
    await first.playUntil("2026-11-23T16:29:10Z");
    await first.runtime.control({ type: "pause.requested", session: "desk" });
  }
  await askBetween(
    journal,
    "2026-11-23T16:29:20Z",
    (runtime) =>
      runtime.control({
        type: "edge.skip_requested",
        edge: NEXT_END,
        wish: "skip",
      }),
  );
  await using second = await openHeld({
    journal,
    from: "2026-11-23T16:29:30Z",
  });
  await second.playUntil("2026-11-23T16:31:00Z");
  assert.deepEqual(
    second.notices.filter(({ type }) =>
      type === "run.paused" || type === "edge.skip_noted"
    ).map((notice) => notice.type),
    ["run.paused", "edge.skip_noted"],
  );
  assert.equal(second.edge(END).reason, "paused");
  await second.runtime.control({ type: "resume.requested", session: "desk" });
  await second.playUntil("2026-11-24T16:31:00Z");
  assert.equal(second.edge(NEXT_END).reason, "user");
  assert.equal(second.paper.state.positions.size, 1);
  assert.deepEqual(replay(journal.read()), second.runtime.state);
});

for (const how of ["skip", "pause"] as const) {
  Deno.test(`an edge that came due while nothing ran, after a ${how}, is left out and not missed`, async () => {
    const journal = new MemoryJournal();
    {
      await using first = await openHeld({ journal });
      await first.playUntil("2026-11-23T16:29:10Z");
    }
    await askBetween(
      journal,
      "2026-11-23T16:29:20Z",
      (runtime) =>
        runtime.control(
          how === "skip"
            ? { type: "edge.skip_requested", edge: END, wish: "skip" }
            : { type: "pause.requested", session: null },
        ),
    );
    await using second = await openHeld({
      journal,
      from: "2026-11-23T16:45:00Z",
    });
    await second.playUntil("2026-11-23T17:00:00Z");
    assert.deepEqual(told(second), [
      `${END} skipped ${how === "skip" ? "user" : "paused"}`,
    ]);
    assert.equal(second.paper.state.positions.size, 1);
    assert.deepEqual(replay(journal.read()), second.runtime.state);
  });
}

Deno.test("an edge that came due in a pause that ended while nothing ran is not caught up", async () => {
  const journal = new MemoryJournal();
  {
    await using first = await openHeld({ journal });
    await first.playUntil("2026-11-23T16:29:10Z");
    await first.runtime.control({ type: "pause.requested", session: null });
  }
  await askBetween(
    journal,
    "2026-11-23T16:40:00Z",
    (runtime) => runtime.control({ type: "resume.requested", session: null }),
  );
  await using second = await openHeld({
    journal,
    from: "2026-11-23T16:45:00Z",
  });
  await second.playUntil("2026-11-23T17:00:00Z");
  assert.deepEqual(told(second), [], "it was told when the pause ended");
  assert.equal(second.paper.state.positions.size, 1);
  const ends = [...journal.read()].flatMap(({ effects }) => effects)
    .flatMap((effect) =>
      effect.type === "tell" && effect.notice.type === "edge.settled"
        ? [effect.notice.reason]
        : []
    );
  assert.deepEqual(ends, ["paused"]);
});

Deno.test("a skip that never came due is forgotten a month after its date", async () => {
  const journal = new MemoryJournal();
  await askBetween(
    journal,
    "2026-11-23T10:00:00Z",
    (runtime) =>
      runtime.control({
        type: "edge.skip_requested",
        edge: "gone/2026-11-24/end",
        wish: "skip",
      }),
  );
  for (
    const { from, kept } of [
      { from: "2026-12-25T00:00:00Z", kept: 1 },
      { from: "2026-12-26T00:00:00Z", kept: 0 },
    ]
  ) {
    await using run = await openPaperRun({
      journal,
      from,
      sessions: [{
        ...CLOSE_ALL,
        window: clockWindow("10:00", "11:00", "UTC"),
      }],
    });
    await run.playUntil(from.replace("00:00:00", "00:00:01"));
    assert.equal(run.runtime.state.controls.skips.length, kept, from);
  }
});

Deno.test("Runtime.control() says that a run is over, and does not wait for it", async () => {
  await using run = await openPaperRun({});
  await run.playUntil("2026-11-23T16:29:10Z");
  run.runtime.abandon();
  await assert.rejects(
    run.runtime.control({ type: "pause.requested", session: null }),
    { code: "runtime/stopped" },
  );
});

Deno.test("Runtime.control() refuses what cannot be recorded, and says so of what is heeded all the same", async () => {
  const journal = new FaultyJournal();
  await using run = await openHeld({ journal });
  await run.playUntil("2026-11-23T16:29:10Z");
  journal.fault = diskFull();
  const pause = () =>
    run.runtime.control({ type: "pause.requested", session: null });
  await assert.rejects(pause(), {
    code: "journal/unwritable",
    message: /the run heeds it, and a restart .* would forget it$/,
  });
  await assert.rejects(
    run.runtime.control({ type: "resume.requested", session: null }),
    { message: "Cannot note this: the journal cannot be written" },
  );
  await run.playUntil("2026-11-23T16:31:00Z");
  assert.equal(run.edge(END).reason, "paused");
  journal.fault = null;
  await run.playUntil("2026-11-23T16:33:00Z");
  assert.equal((await pause()).type, "run.paused");
  assert.deepEqual(replay(journal.read()), run.runtime.state);
});

for (const before of ["nothing", "a full disk"] as const) {
  Deno.test(`a run that was overtaken closes nothing and ends, after ${before}`, async () => {
    const journal = new FaultyJournal();
    await using run = await openHeld({ journal });
    await run.playUntil("2026-11-23T16:29:10Z");
    if (before === "a full disk") {
      journal.fault = diskFull();
      await assert.rejects(
        run.runtime.control({
          type: "edge.skip_requested",
          edge: NEXT_END,
          wish: "skip",
        }),
      );
    }
    journal.fault = new CarillonError("journal/fenced", "Overtaken");
    await run.playUntil("2026-11-23T16:35:00Z");
    await assert.rejects(run.runtime.ended, { code: "journal/fenced" });
    assert.deepEqual(run.settled(), []);
    assert.deepEqual(run.paper.audit().duplicates, []);
    assert.equal(run.paper.state.positions.size, 1);
  });
}
