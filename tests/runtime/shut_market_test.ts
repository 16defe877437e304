import assert from "node:assert/strict";
import { decimal } from "../../src/domain/decimal.ts";
import type { Session } from "../../src/domain/definition.ts";
import { MINUTE_MS } from "../../src/domain/time.ts";
import { clockWindow, instant } from "../support/clock_session.ts";
import {
  CLOSE_ALL,
  held,
  openPaperRun,
  type PaperRun,
  type PaperRunSetup,
} from "../support/paper_run.ts";
import { answerWord, holdings, place } from "../support/place_order.ts";

const NEW_YORK = "America/New_York";
const FRIDAY = "nyse/2026-11-20/end";

/** Ends two minutes before the market does; what is caught up later finds it closed. */
const NYSE: Partial<Session> = {
  name: "nyse",
  timezone: NEW_YORK,
  calendar: [{ kind: "code", code: "XNYS" }],
  window: clockWindow("10:00", "16:00", NEW_YORK),
  leadMs: 2 * MINUTE_MS,
  onEnd: ["close_all"],
};
const WAITS = { kind: "next_open", offsetMs: 5 * MINUTE_MS } as const;
const WAITING: Partial<Session> = { ...NYSE, ifClosed: WAITS };

function told(run: PaperRun): readonly string[] {
  return run.settled().map(({ edge, outcome, reason }) =>
    [edge, outcome, ...reason === null ? [] : [reason]].join(" ")
  );
}

/** A run that is killed just before Friday's end. */
async function killed(setup: PaperRunSetup): Promise<PaperRun> {
  const run = await openPaperRun({
    from: "2026-11-20T14:00:00Z",
    account: { positions: [held("AAPL", "1")] },
    ...setup,
  });
  await run.playUntil("2026-11-20T20:57:00Z");
  run.runtime.abandon();
  return run;
}

/** Another run in the same world, from one instant to another. */
async function restarted(
  after: PaperRun,
  fromIso: string,
  untilIso: string,
  setup: PaperRunSetup,
): Promise<PaperRun> {
  await after.clock.run(instant(fromIso));
  const run = await openPaperRun({ ...setup, after });
  await run.playUntil(untilIso);
  return run;
}

for (const session of [NYSE, WAITING]) {
  const { kind } = session.ifClosed ?? { kind: "report" };
  Deno.test(`a close in a closed market cancels nothing that may protect the position (if_closed: ${kind})`, async () => {
    const sessions = [session];
    await using first = await killed({ sessions });
    const stranger = first.paper.openBroker();
    await first.clock.runFor(stranger.submit({
      clientOrderId: "by-hand",
      symbol: "AAPL",
      side: "sell",
      qty: decimal("1"),
      limitPrice: decimal("100000"),
      closes: "AAPL",
      tag: null,
    }));
    await using second = await restarted(
      first,
      "2026-11-20T21:30:00Z",
      "2026-11-20T22:00:00Z",
      { sessions },
    );
    const started = second.notices.find(({ type }) => type === "close.started");
    assert.ok(started?.type === "close.started");
    assert.equal(started.cancels, 0);
    assert.equal(first.paper.state.working.length, 1);
    assert.deepEqual(holdings(second), ["AAPL +1"]);
  });
}

Deno.test("one early word that the market is closed is not the last while its calendar has it open", async () => {
  await using run = await openPaperRun({
    from: "2026-11-23T14:00:00Z",
    sessions: [{
      ...WAITING,
      window: clockWindow("09:30", "15:55", NEW_YORK),
      leadMs: 0,
      onStart: ["close_all"],
      onEnd: [],
    }],
    account: { positions: [held("AAPL", "1")] },
    faults: [{ on: "close", times: 1, do: { kind: "market_closed" } }],
  });
  await run.playUntil("2026-11-23T15:00:00Z");
  assert.deepEqual(told(run), ["nyse/2026-11-23/start flat_verified"]);
  assert.deepEqual(holdings(run), []);
});

Deno.test("a broker that goes on saying closed has a close wait for the next open, at its deadline", async () => {
  await using run = await openPaperRun({
    from: "2026-11-20T14:00:00Z",
    sessions: [WAITING],
    account: { positions: [held("AAPL", "1")] },
    faults: [{ on: "close", do: { kind: "market_closed" } }],
  });
  await run.playUntil("2026-11-20T21:30:00Z");
  const waits = run.notices.find(({ type }) => type === "close.deferred");
  assert.ok(waits?.type === "close.deferred");
  assert.equal(waits.at, instant("2026-11-20T20:59:00Z"));
  assert.equal(waits.untilAt, instant("2026-11-23T14:35:00Z"));
});

Deno.test("a close that waits for its market holds no start up, and no stop", async () => {
  const sessions: Partial<Session>[] = [WAITING, {
    name: "evening",
    window: clockWindow("21:00", "23:00", "UTC"),
    onStart: ["close_loss"],
    onEnd: [],
  }];
  await using first = await killed({ sessions });
  await using second = await restarted(
    first,
    "2026-11-20T21:01:00Z",
    "2026-11-20T21:02:00Z",
    { sessions },
  );
  assert.deepEqual(told(second), ["evening/2026-11-20/start closed_verified"]);
  await second.stop();
  const stopped = second.notices.at(-1);
  assert.ok(stopped?.type === "run.stopped");
  assert.deepEqual(stopped.notRun[0]?.edge, FRIDAY);
});

Deno.test("a close that waits for its market is not made up for once its session has opened again", async () => {
  const sessions = [WAITING];
  await using first = await killed({ sessions });
  await using second = await restarted(
    first,
    "2026-11-20T21:30:00Z",
    "2026-11-20T22:00:00Z",
    { sessions },
  );
  await second.stop();
  await using third = await restarted(
    first,
    "2026-12-03T18:00:00Z",
    "2026-12-03T18:10:00Z",
    { sessions },
  );
  const end = third.edge(FRIDAY);
  assert.deepEqual([end.outcome, end.reason], ["missed", "too_late"]);
  assert.deepEqual(end.stillOpen.map(({ symbol }) => symbol), ["AAPL"]);
  assert.deepEqual(holdings(third), ["AAPL +1"]);
});

Deno.test("a close that waits for its market keeps only what it will close from being added to", async () => {
  const sessions: Partial<Session>[] = [WAITING, {
    ...CLOSE_ALL,
    window: clockWindow("00:00", "24:00", "UTC"),
    onEnd: [],
  }];
  await using first = await killed({ sessions });
  await using second = await restarted(
    first,
    "2026-11-20T21:30:00Z",
    "2026-11-21T12:00:00Z",
    { sessions },
  );
  assert.equal(answerWord(await place(second)), "accepted");
  assert.equal(
    answerWord(await place(second, { symbol: "AAPL" })),
    "close_under_way",
  );
});
