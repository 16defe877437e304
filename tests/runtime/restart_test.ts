import assert from "node:assert/strict";
import type { Session } from "../../src/domain/definition.ts";
import { MINUTE_MS } from "../../src/domain/time.ts";
import { replay } from "../../src/runtime/engine.ts";
import { clockWindow, closeMoment, instant } from "../support/clock_session.ts";
import {
  CLOSE_ALL,
  held,
  openPaperRun,
  type PaperRun,
  type PaperRunSetup,
} from "../support/paper_run.ts";

const END = "desk/2026-11-23/end";
const DAY = { ...CLOSE_ALL, onStart: ["close_loss"] as const };

function isoText(at: number): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString();
}

/** What is told of an edge, run by run. */
function told(run: PaperRun): readonly string[] {
  return run.settled().map((end) =>
    [end.edge, end.outcome, ...end.reason === null ? [] : [end.reason]]
      .join(" ")
  );
}

/** Begins a run, kills it at an instant, and gives it back dead. */
async function killedAt(
  iso: string,
  setup: PaperRunSetup,
): Promise<PaperRun> {
  const run = await openPaperRun({
    from: "2026-11-23T07:00:00Z",
    sessions: [DAY],
    account: { positions: [held("EURUSD")] },
    ...setup,
  });
  await run.playUntil(iso);
  run.runtime.abandon();
  return run;
}

/** Starts again in the world of a dead run, at an instant, and plays ten minutes. */
async function restartedAt(
  iso: string,
  after: PaperRun,
  setup: PaperRunSetup = {},
): Promise<PaperRun> {
  await after.clock.run(Math.max(instant(iso), after.clock.now()));
  const run = await openPaperRun({ sessions: [DAY], ...setup, after });
  await run.playUntil(isoText(run.clock.now()));
  await run.clock.run(instant(iso) + 10 * MINUTE_MS);
  assert.deepEqual(replay(run.journal.read()), run.runtime.state);
  assert.deepEqual(run.paper.audit().duplicates, [], "nothing is closed twice");
  return run;
}

/** Somebody else buys 5 of a symbol in the world of a dead run, at an instant. */
async function openByHand(
  iso: string,
  { clock, paper }: PaperRun,
  symbol: string,
): Promise<void> {
  await clock.run(Math.max(instant(iso), clock.now()));
  const stranger = paper.openBroker();
  await clock.runFor(stranger.submit({
    clientOrderId: `by-hand-${symbol}`,
    symbol,
    side: "buy",
    qty: held(symbol, "5").qty,
    limitPrice: null,
    closes: null,
    tag: null,
  }));
}

Deno.test("an end that passed while nothing ran is caught up until the session opens again", async () => {
  await using first = await killedAt("2026-11-23T12:00:00Z", {});
  await using second = await restartedAt("2026-11-23T18:00:00Z", first);
  assert.deepEqual(told(second), [`${END} flat_verified`]);
  assert.equal(second.edge(END).closed, 1);
  assert.equal(first.paper.state.positions.size, 0);
  const fired = second.notices.find(({ type }) => type === "edge.fired");
  assert.ok(fired?.type === "edge.fired" && fired.lateMs === 90 * MINUTE_MS);
});

Deno.test("an end whose session has opened again since is told as missed, and closes nothing", async () => {
  const sessions = [{ ...CLOSE_ALL, onStart: [] }];
  await using first = await killedAt("2026-11-23T12:00:00Z", { sessions });
  await using second = await restartedAt("2026-11-24T09:00:00Z", first, {
    sessions,
  });
  assert.deepEqual(told(second), [`${END} missed not_running`]);
  assert.equal(first.paper.state.positions.size, 1);
});

Deno.test("a start is caught up within its budget, and told as missed after it", async () => {
  for (
    const [iso, outcome] of [
      ["2026-11-24T08:04:00Z", "closed_verified"],
      ["2026-11-24T08:06:00Z", "missed not_running"],
    ] as const
  ) {
    const sessions = [{
      ...DAY,
      catchUp: { written: true, startMs: 5 * MINUTE_MS, endMs: null },
      onEnd: [],
    }];
    await using first = await killedAt("2026-11-23T20:00:00Z", { sessions });
    await using second = await restartedAt(iso, first, { sessions });
    assert.deepEqual(told(second), [`desk/2026-11-24/start ${outcome}`]);
  }
});

Deno.test("winners and losers are not judged more than five minutes late", async () => {
  for (
    const [iso, outcome] of [
      ["2026-11-23T16:34:00Z", "closed_verified"],
      ["2026-11-23T16:36:00Z", "missed not_running"],
    ] as const
  ) {
    const sessions = [{ ...CLOSE_ALL, onEnd: ["close_win"] as const }];
    await using first = await killedAt("2026-11-23T12:00:00Z", { sessions });
    await using second = await restartedAt(iso, first, { sessions });
    assert.deepEqual(told(second), [`${END} ${outcome}`]);
  }
});

Deno.test("what was opened after the edge is not caught up, and is said to be open", async () => {
  await using first = await killedAt("2026-11-23T12:00:00Z", {
    account: { mode: "hedging", positions: [held("EURUSD")] },
  });
  await openByHand("2026-11-23T17:00:00Z", first, "GBPUSD");
  await using second = await restartedAt("2026-11-23T18:00:00Z", first);
  assert.deepEqual(told(second), [`${END} partially_closed opened_after`]);
  const { closed, leftOpen } = second.edge(END);
  assert.equal(closed, 1);
  assert.deepEqual(leftOpen.map(({ symbol }) => symbol), ["GBPUSD"]);
});

Deno.test("a close that a crash cut off at any moment is taken up, and ends once", async () => {
  const begun = new Set<string>();
  for (let cutMs = 0; cutMs <= 2_400; cutMs += 60) {
    const iso = isoText(instant("2026-11-23T16:30:00Z") + cutMs);
    await using first = await killedAt(iso, {
      sessions: [CLOSE_ALL],
      account: {
        positions: [held("EURUSD"), held("GBPUSD")],
        latencyMs: 300,
      },
      faults: [
        { on: "close", after: 1, times: 1, do: { kind: "no_answer" } },
      ],
    });
    await using second = await restartedAt("2026-11-23T16:31:00Z", first, {
      sessions: [CLOSE_ALL],
    });
    const ends = [...first.settled(), ...second.settled()]
      .filter(({ edge }) => edge === END);
    assert.deepEqual(
      ends.map(({ outcome, closed }) => [outcome, closed]),
      [["flat_verified", 2]],
      `cut ${cutMs} ms after it was due`,
    );
    assert.equal(first.paper.state.positions.size, 0);
    for (const { type } of second.notices) begun.add(type);
  }
  assert.ok(begun.has("edge.resumed"), "it is taken up, not fired");
  assert.ok(!begun.has("edge.fired"));
});

Deno.test("a close that a crash cut off is not taken up once its session has opened again", async () => {
  await using first = await killedAt("2026-11-23T16:30:02Z", {
    faults: [{
      on: "positions",
      after: 0,
      times: null,
      do: { kind: "no_answer" },
    }],
    sessions: [CLOSE_ALL],
  });
  await using second = await restartedAt("2026-11-24T09:00:00Z", first, {
    faults: [],
    sessions: [CLOSE_ALL],
  });
  assert.deepEqual(told(second), [`${END} unknown interrupted`]);
  assert.equal(first.paper.state.positions.size, 1);
});

Deno.test("a close that a crash cut off leaves what was opened after its deadline, and says so", async () => {
  for (
    const [iso, outcome, open] of [
      ["2026-11-23T16:30:40Z", "flat_verified", 0],
      ["2026-11-23T17:00:00Z", "partially_closed opened_after", 1],
    ] as const
  ) {
    await using first = await killedAt("2026-11-23T16:30:02Z", {
      // Closed, and nothing heard any more: the same position can be opened anew meanwhile.
      faults: [{ on: "positions", after: 1, do: { kind: "no_answer" } }],
      sessions: [CLOSE_ALL],
    });
    assert.equal(first.paper.state.positions.size, 0);
    await openByHand(iso, first, "EURUSD");
    await using second = await restartedAt("2026-11-23T18:00:00Z", first, {
      faults: [],
      sessions: [CLOSE_ALL],
    });
    assert.deepEqual(told(second), [`${END} ${outcome}`], iso);
    assert.equal(first.paper.state.positions.size, open);
  }
});

Deno.test("a start that a crash kept from beginning closes nothing that was opened after it", async () => {
  const next: Partial<Session> = {
    ...CLOSE_ALL,
    name: "next",
    window: clockWindow("16:30", "20:00", "UTC"),
    onStart: ["close_all"],
    onEnd: [],
    catchUp: { written: true, startMs: 60 * MINUTE_MS, endMs: null },
  };
  const sessions = [CLOSE_ALL, next];
  await using first = await killedAt("2026-11-23T16:30:02Z", {
    faults: [{ on: "positions", times: null, do: { kind: "no_answer" } }],
    sessions,
    account: { mode: "hedging", positions: [held("EURUSD")] },
  });
  await openByHand("2026-11-23T16:50:00Z", first, "GBPUSD");
  await using second = await restartedAt("2026-11-23T17:00:00Z", first, {
    faults: [],
    sessions,
  });
  assert.deepEqual(told(second), [
    `${END} partially_closed opened_after`,
    "next/2026-11-23/start partially_closed opened_after",
  ]);
  assert.equal(first.paper.state.positions.size, 1);
});

Deno.test("a crash during recovery is recovered from like any other", async () => {
  await using first = await killedAt("2026-11-23T16:30:00.010Z", {
    account: { positions: [held("EURUSD")], latencyMs: 2_500 },
  });
  let last = first;
  const others: PaperRun[] = [];
  for (let second = 1; second <= 12; second++) {
    const iso = `2026-11-23T16:30:${String(second).padStart(2, "0")}Z`;
    await first.clock.run(Math.max(instant(iso), first.clock.now()));
    const next = await openPaperRun({ sessions: [DAY], after: last });
    others.push(next);
    next.runtime.start();
    await first.clock.run(first.clock.now() + 900);
    next.runtime.abandon();
    last = next;
  }
  await using end = await restartedAt("2026-11-23T16:31:00Z", last);
  const ends = [...others, end].flatMap((run) =>
    run.settled().filter(({ edge }) => edge === END)
  );
  assert.deepEqual(ends.map(({ outcome }) => outcome), ["flat_verified"]);
  for (const run of others) await run[Symbol.asyncDispose]();
});

Deno.test("an edge that was fired is neither fired nor told again after a restart", async () => {
  const sessions = [{ ...DAY, leadMs: 10 * MINUTE_MS }];
  await using first = await killedAt("2026-11-23T16:25:00Z", { sessions });
  assert.equal(first.edge(END).outcome, "flat_verified");
  const stranger = first.paper.openBroker();
  await first.clock.runFor(stranger.submit({
    clientOrderId: "by-hand",
    symbol: "GBPUSD",
    side: "buy",
    qty: held("GBPUSD", "5").qty,
    limitPrice: null,
    closes: null,
    tag: null,
  }));
  await using second = await restartedAt("2026-11-23T16:26:00Z", first, {
    sessions,
  });
  assert.deepEqual(told(second), []);
  assert.equal(second.paper.state.positions.size, 1);
});

Deno.test("an edge is not told again after a restart, however many its session has", async () => {
  const sessions = [{
    ...CLOSE_ALL,
    moments: Array.from({ length: 100 }, (_, index) => {
      const at = Temporal.PlainTime.from("09:00").add({ minutes: index });
      return closeMoment(`m${index}`, at.toString().slice(0, 5), "UTC");
    }),
  }];
  await using first = await killedAt("2026-11-23T09:50:00Z", { sessions });
  await using second = await restartedAt("2026-11-23T10:20:00Z", first, {
    sessions,
  });
  await second.playUntil("2026-11-23T11:00:00Z");
  second.runtime.abandon();
  await using third = await restartedAt("2026-11-23T12:00:00Z", second, {
    sessions,
  });
  const ends = [...first.settled(), ...second.settled(), ...third.settled()]
    .filter(({ edge }) => edge.includes("/m"));
  assert.equal(ends.length, 100);
  assert.equal(new Set(ends.map(({ edge }) => edge)).size, 100);
});

Deno.test("an edge that an edit moved to a later hour fires there, and is not missed", async () => {
  const later = [{ ...DAY, window: clockWindow("08:00", "17:00", "UTC") }];
  await using first = await killedAt("2026-11-23T12:00:00Z", {});
  await using second = await restartedAt("2026-11-23T16:55:00Z", first, {
    sessions: later,
  });
  assert.deepEqual(told(second), [`${END} flat_verified`]);
  const fired = second.notices.find(({ type }) => type === "edge.fired");
  assert.equal(fired?.at, instant("2026-11-23T17:00:00Z"));
  assert.ok(recovery(second).edited);
});

Deno.test("an edge that an edit puts into the past does not fire back", async () => {
  const earlier = [{ ...DAY, window: clockWindow("08:00", "13:00", "UTC") }];
  await using first = await killedAt("2026-11-23T12:00:00Z", {});
  for (const iso of ["2026-11-23T14:00:00Z", "2026-11-23T17:00:00Z"]) {
    await using second = await restartedAt(iso, first, { sessions: earlier });
    assert.equal(first.paper.state.positions.size, 1);
    if (iso.includes("T14")) {
      assert.deepEqual(told(second), [`${END} skipped edited`]);
    } else assert.deepEqual(told(second), []);
    second.runtime.abandon();
  }
});

Deno.test("an armed edge that passed, and that the edited file has at an earlier time, is told as missed", async () => {
  const earlier = [{ ...DAY, window: clockWindow("08:00", "13:00", "UTC") }];
  await using first = await killedAt("2026-11-23T12:00:00Z", {});
  await using second = await restartedAt("2026-11-23T17:00:00Z", first, {
    sessions: earlier,
  });
  assert.deepEqual(told(second), [`${END} missed edited`]);
  assert.equal(first.paper.state.positions.size, 1);
});

Deno.test("days that passed without a run are told as missed, edge by edge", async () => {
  await using first = await killedAt("2026-11-23T12:00:00Z", {});
  await using second = await restartedAt("2026-11-26T18:00:00Z", first);
  const days = ["23/end", "24/start", "24/end", "25/start", "25/end"];
  assert.deepEqual(
    told(second),
    [
      ...days.map((day) => `desk/2026-11-${day} missed not_running`),
      // Only what the dead run had armed is caught up, and that was the next day at most.
      "desk/2026-11-26/start missed not_running",
      "desk/2026-11-26/end missed not_running",
    ],
  );
  assert.equal(recovery(second).missed, 7);
});

Deno.test("what an orderly stop left out is caught up by the next run", async () => {
  await using first = await openPaperRun({
    from: "2026-11-23T16:29:00Z",
    account: { positions: [held("EURUSD")] },
  });
  await first.playUntil("2026-11-23T16:29:30Z");
  await first.stop();
  await using second = await restartedAt("2026-11-23T16:30:30Z", first, {
    sessions: [CLOSE_ALL],
  });
  assert.deepEqual(told(second), [`${END} flat_verified`]);
});

Deno.test("a broker whose books were begun anew is not judged by the old count", async () => {
  const sessions = [CLOSE_ALL];
  await using first = await killedAt("2026-11-23T16:31:00Z", { sessions });
  assert.equal(first.edge(END).outcome, "flat_verified");
  await using second = await openPaperRun({
    journal: first.journal,
    sessions,
    from: "2026-11-24T07:00:00Z",
    account: { positions: [held("EURUSD", "3"), held("GBPUSD", "3")] },
  });
  await second.playUntil("2026-11-24T16:31:00Z");
  assert.equal(second.edge("desk/2026-11-24/end").outcome, "flat_verified");
  assert.equal(second.edge("desk/2026-11-24/end").closed, 2);
});

const NYSE: Partial<Session> = {
  name: "nyse",
  timezone: "America/New_York",
  calendar: [{ kind: "code", code: "XNYS" }],
  window: {
    start: { kind: "market", side: "open", offsetMs: 0, calendar: null },
    end: {
      kind: "market",
      side: "close",
      offsetMs: -5 * MINUTE_MS,
      calendar: null,
    },
  },
  onEnd: ["close_all"],
};
const FRIDAY = "nyse/2026-11-20/end";

Deno.test("a close that comes when its market is closed sends nothing that would queue into the next day", async () => {
  await using first = await killedAt("2026-11-20T18:00:00Z", {
    from: "2026-11-20T14:00:00Z",
    sessions: [NYSE],
  });
  await using second = await restartedAt("2026-11-20T22:00:00Z", first, {
    sessions: [NYSE],
  });
  assert.deepEqual(told(second), [`${FRIDAY} refused market_closed`]);
  assert.ok(!second.notices.some(({ type }) => type === "order.sent"));
});

Deno.test("a close that is to wait for its market goes on after the weekend, across restarts, and leaves what was opened since", async () => {
  const sessions = [{
    ...NYSE,
    ifClosed: { kind: "next_open", offsetMs: 5 * MINUTE_MS } as const,
    catchUp: { written: true, startMs: 0, endMs: 72 * 60 * MINUTE_MS },
  }];
  await using first = await killedAt("2026-11-20T18:00:00Z", {
    from: "2026-11-20T14:00:00Z",
    sessions,
  });
  await using second = await restartedAt("2026-11-20T22:00:00Z", first, {
    sessions,
  });
  const waits = second.notices.find(({ type }) => type === "close.deferred");
  assert.ok(waits?.type === "close.deferred");
  assert.equal(waits.untilAt, instant("2026-11-23T14:35:00Z"));
  assert.deepEqual(told(second), []);
  await second.stop();
  await using third = await restartedAt("2026-11-22T12:00:00Z", second, {
    sessions,
  });
  assert.deepEqual(told(third), []);
  await third.clock.run(instant("2026-11-23T14:36:00Z"));
  assert.deepEqual(told(third), [
    "nyse/2026-11-23/start done",
    `${FRIDAY} flat_verified`,
  ]);
  assert.equal(third.edge(FRIDAY).closed, 1);
});

function recovery(run: PaperRun) {
  const found = run.notices.find(({ type }) => type === "run.recovered");
  assert.ok(found?.type === "run.recovered");
  return found;
}

Deno.test("an edge that a run joined too late for is told once, however often it starts anew", async () => {
  const from = "2026-11-23T09:00:00Z";
  await using first = await killedAt("2026-11-23T09:01:00Z", { from });
  assert.deepEqual(told(first), ["desk/2026-11-23/start skipped joined_late"]);
  await using second = await restartedAt("2026-11-23T10:00:00Z", first);
  second.runtime.abandon();
  await using third = await restartedAt("2026-11-23T11:00:00Z", second);
  assert.deepEqual([...told(second), ...told(third)], []);
});

Deno.test("a start that its lead let fire before its instant is not missed behind it", async () => {
  const sessions = [{ ...DAY, leadMs: 10 * MINUTE_MS }];
  await using first = await killedAt("2026-11-23T07:51:00Z", { sessions });
  assert.deepEqual(told(first), ["desk/2026-11-23/start closed_verified"]);
  await using second = await restartedAt("2026-11-23T08:00:01Z", first, {
    sessions,
  });
  assert.deepEqual(told(second), []);
});

Deno.test("a close that is taken up leaves what was opened after its time had run out", async () => {
  await using first = await killedAt("2026-11-23T16:30:01Z", {
    sessions: [CLOSE_ALL],
    account: { mode: "hedging", positions: [held("EURUSD")] },
    faults: [{ on: "positions", do: { kind: "no_answer" }, times: null }],
  });
  await first.clock.run(instant("2026-11-23T19:00:00Z"));
  first.paper.setFaults([]);
  const stranger = first.paper.openBroker();
  await first.clock.runFor(stranger.submit({
    clientOrderId: "by-hand",
    symbol: "GBPUSD",
    side: "buy",
    qty: held("GBPUSD", "5").qty,
    limitPrice: null,
    closes: null,
    tag: null,
  }));
  await using second = await restartedAt("2026-11-23T22:00:00Z", first, {
    sessions: [CLOSE_ALL],
  });
  assert.deepEqual(told(second), [`${END} partially_closed opened_after`]);
  const left = [...first.paper.state.positions.values()];
  assert.deepEqual(left.map(({ symbol }) => symbol), ["GBPUSD"]);
});

Deno.test("a close that a crash cut off goes on although its session opens again at that instant", async () => {
  const round = [{
    ...CLOSE_ALL,
    window: clockWindow("00:00", "24:00", "UTC"),
  }];
  await using first = await killedAt("2026-11-24T00:00:01Z", {
    sessions: round,
    faults: [{ on: "positions", do: { kind: "no_answer" }, times: null }],
  });
  await using second = await restartedAt("2026-11-24T00:00:06Z", first, {
    sessions: round,
    faults: [],
  });
  assert.equal(second.edge(END).outcome, "flat_verified");
});

Deno.test("a pause that was noted after an edge was due does not leave it out", async () => {
  await using first = await killedAt("2026-11-23T12:00:00Z", {});
  await first.clock.run(instant("2026-11-23T16:40:00Z"));
  // As the command does where nothing runs: it notes the pause and leaves.
  const note = await openPaperRun({ sessions: [DAY], after: first });
  await note.clock.runFor(
    note.runtime.control({ type: "pause.requested", session: null }),
  );
  note.runtime.abandon();
  await using second = await restartedAt("2026-11-23T16:45:00Z", first);
  assert.deepEqual(told(second), [`${END} flat_verified`]);
});

Deno.test("an edge that an edit moves there and back after it fired is told once", async () => {
  const later = [{ ...DAY, window: clockWindow("08:00", "17:00", "UTC") }];
  await using first = await killedAt("2026-11-23T16:31:00Z", {});
  await using second = await restartedAt("2026-11-23T16:32:00Z", first, {
    sessions: later,
  });
  second.runtime.abandon();
  await using third = await restartedAt("2026-11-23T16:45:00Z", second);
  assert.deepEqual(told(third), []);
});
