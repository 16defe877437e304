import assert from "node:assert/strict";
import type {
  Fault,
  FaultRule,
} from "../../src/adapters/brokers/paper/faults.ts";
import { decimal } from "../../src/domain/decimal.ts";
import { withoutSecrets } from "../../src/domain/redact.ts";
import { MINUTE_MS, SECOND_MS } from "../../src/domain/time.ts";
import { replay } from "../../src/runtime/engine.ts";
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
import type { Broker } from "../../src/runtime/ports.ts";
import { Runtime } from "../../src/runtime/runtime.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";

const END = "desk/2026-11-23/end";

async function play(
  setup: PaperRunSetup,
  until = "2026-11-23T16:40:00Z",
): Promise<PaperRun> {
  const run = await openPaperRun(setup);
  await run.playUntil(until);
  return run;
}

/** What the broker itself says: never closed twice, and what is left. */
function brokerTruth(run: PaperRun) {
  assert.deepEqual(run.paper.audit().duplicates, []);
  return [...run.paper.state.positions.values()].map(({ symbol, qty }) =>
    `${symbol} ${qty}`
  );
}

function fault(
  on: FaultRule["on"],
  kind: Fault,
  more: Partial<FaultRule> = {},
): FaultRule {
  return { on, do: kind, ...more };
}

Deno.test("close_all ends flat, proven by a read after the last fill", async () => {
  await using run = await play({
    account: {
      positions: [held("EURUSD"), held("USDJPY", "500", { side: "short" })],
    },
  });
  const end = run.edge(END);
  assert.equal(end.outcome, "flat_verified");
  assert.deepEqual([end.closed, end.remaining, end.attempts], [2, 0, 1]);
  assert.equal(end.dueAt, instant("2026-11-23T16:30:00Z"));
  assert.deepEqual(brokerTruth(run), []);
  const entries = [...run.journal.read()];
  const lastFill = entries.findLastIndex(({ event }) =>
    event.type === "order.reported"
  );
  const lastRead = entries.findLastIndex(({ event }) =>
    event.type === "positions.read"
  );
  assert.ok(lastRead > lastFill);
});

Deno.test("close_all of an account with nothing in it is flat after one look", async () => {
  await using run = await play({});
  assert.deepEqual([run.edge(END).outcome, run.edge(END).closed], [
    "flat_verified",
    0,
  ]);
});

Deno.test("close_win takes profit of zero for a win, close_loss leaves it", async () => {
  for (const action of ["close_win", "close_loss"] as const) {
    // No spread costs: the entry price is far away on either side for two, and the mark for one.
    await using run = await openPaperRun({
      sessions: [{ ...CLOSE_ALL, onEnd: [action] }],
      account: {
        positions: [
          held("EURUSD", "1000", { price: decimal("0.1") }),
          held("GBPUSD", "1000", { price: decimal("9") }),
        ],
      },
    });
    await run.playUntil("2026-11-23T16:40:00Z");
    const end = run.edge(END);
    assert.equal(end.outcome, "closed_verified");
    assert.deepEqual(end.leftOpen.map((line) => line.symbol), [
      action === "close_win" ? "GBPUSD" : "EURUSD",
    ]);
    assert.deepEqual(brokerTruth(run), [
      action === "close_win" ? "GBPUSD 1000" : "EURUSD 1000",
    ]);
  }
});

Deno.test("scope keeps a close to its symbols, exceptions and tag", async () => {
  const positions = [
    held("EURUSD", "1", { tag: "swing" }),
    held("GBPUSD", "1", { tag: "swing" }),
    held("USDJPY", "1"),
    held("VTI", "1", { tag: "swing" }),
  ];
  const scope = {
    written: true,
    symbols: null,
    except: ["VTI"],
    tag: "swing",
    session: null,
  };
  await using run = await play({
    account: { positions },
    sessions: [{ ...CLOSE_ALL, scope }],
  });
  assert.equal(run.edge(END).outcome, "flat_verified");
  assert.deepEqual(brokerTruth(run), ["USDJPY 1", "VTI 1"]);
});

Deno.test("a partial fill is followed by an order for the rest", async () => {
  await using run = await play({
    account: { positions: [held("EURUSD")] },
    faults: [fault("close", { kind: "partial", percent: 40 }, { times: 1 })],
  });
  const end = run.edge(END);
  assert.deepEqual([end.outcome, end.closed, end.attempts], [
    "flat_verified",
    1,
    2,
  ]);
  assert.deepEqual(brokerTruth(run), []);
});

Deno.test("an answer lost after acceptance is asked for and never sent again", async () => {
  await using run = await play({
    account: { positions: [held("EURUSD")] },
    faults: [fault("close", { kind: "no_answer" }, { times: 1 })],
  });
  const end = run.edge(END);
  assert.deepEqual([end.outcome, end.attempts], ["flat_verified", 1]);
  assert.deepEqual(brokerTruth(run), []);
  assert.equal(
    run.notices.filter((notice) => notice.type === "order.sent").length,
    1,
  );
});

Deno.test("an order that never arrived is sent again under the same id", async () => {
  await using run = await play({
    account: { positions: [held("EURUSD")] },
    faults: [fault("close", { kind: "lost" }, { times: 1 })],
  });
  const end = run.edge(END);
  const sent = run.notices.filter((notice) => notice.type === "order.sent");
  assert.deepEqual([end.outcome, end.attempts, sent.length], [
    "flat_verified",
    1,
    2,
  ]);
  assert.equal(
    new Set(sent.map((notice) => notice.intent.clientOrderId)).size,
    1,
  );
  assert.deepEqual(brokerTruth(run), []);
});

Deno.test("a 500 that carried the order out does not lead to a second one", async () => {
  await using run = await play({
    account: { positions: [held("EURUSD"), held("GBPUSD")] },
    faults: [
      fault("close", { kind: "status", status: 500, carry_out: true }, {
        times: 2,
      }),
    ],
  });
  assert.equal(run.edge(END).outcome, "flat_verified");
  assert.deepEqual(brokerTruth(run), []);
});

Deno.test("a broker that says filled and keeps the position gets one order and no false flat", async () => {
  await using run = await play({
    account: { positions: [held("EURUSD")] },
    faults: [fault("close", { kind: "lie_filled" })],
  });
  const end = run.edge(END);
  assert.deepEqual([end.outcome, end.reason, end.remaining], [
    "failed",
    "disputed",
    1,
  ]);
  assert.equal(
    run.notices.filter((notice) => notice.type === "order.sent").length,
    1,
  );
  assert.deepEqual(brokerTruth(run), ["EURUSD 1000"]);
});

Deno.test("a list that lags behind its executions is waited for", async () => {
  for (const as_of_now of [false, true]) {
    await using run = await play({
      account: { positions: [held("EURUSD")] },
      faults: [
        fault("positions", { kind: "stale_positions", reads: 1, as_of_now }, {
          after: 1,
          times: 3,
        }),
      ],
    });
    assert.equal(run.edge(END).outcome, "flat_verified");
    assert.equal(
      run.notices.filter((notice) => notice.type === "order.sent").length,
      1,
    );
    assert.deepEqual(brokerTruth(run), []);
  }
});

Deno.test("lists that cannot be read are never taken for empty ones", async () => {
  for (
    const kind of [{ kind: "empty_500" }, { kind: "garbage" }, {
      kind: "no_answer",
    }] as const
  ) {
    await using run = await play({
      account: { positions: [held("EURUSD")] },
      faults: [fault("positions", kind)],
    });
    const end = run.edge(END);
    assert.deepEqual([end.outcome, end.reason, end.closed], [
      "unknown",
      "unreadable",
      0,
    ], kind.kind);
    assert.deepEqual(brokerTruth(run), ["EURUSD 1000"]);
  }
});

Deno.test("a proof that cannot be read after the fill is unknown, not flat", async () => {
  await using run = await play({
    account: { positions: [held("EURUSD")] },
    faults: [fault("positions", { kind: "status", status: 500 }, { after: 1 })],
  });
  assert.equal(run.edge(END).outcome, "unknown");
});

Deno.test("a market that stays closed is asked until the deadline, and then refused", async () => {
  await using run = await play({
    account: { positions: [held("EURUSD")] },
    faults: [fault("close", { kind: "market_closed" })],
  });
  const end = run.edge(END);
  assert.deepEqual([end.outcome, end.reason, end.remaining], [
    "refused",
    "market_closed",
    1,
  ]);
  assert.ok(end.attempts > 5, "a broker can be a moment behind at the open");
  assert.equal(end.at, instant("2026-11-23T16:31:00Z"));
});

Deno.test("a rejected order is tried again with longer and longer waits until the deadline", async () => {
  await using run = await play({
    account: { positions: [held("EURUSD"), held("GBPUSD")] },
    faults: [
      fault("close", {
        kind: "reject",
        reason: "order/held",
        message: "held by order 9",
      }, { symbol: "EURUSD" }),
    ],
  });
  const end = run.edge(END);
  assert.deepEqual([end.outcome, end.closed, end.remaining], [
    "partially_closed",
    1,
    1,
  ]);
  assert.equal(end.at, instant("2026-11-23T16:31:00Z"));
  assert.match(end.message ?? "", /EURUSD \+1000.*held by order 9/);
  assert.ok(end.attempts > 3 && end.attempts < 20, `${end.attempts} attempts`);
  assert.deepEqual(brokerTruth(run), ["EURUSD 1000"]);
});

Deno.test("a broker that is too busy is asked again when it said", async () => {
  await using run = await play({
    account: { positions: [held("EURUSD")] },
    faults: [
      fault("close", { kind: "status", status: 429, retry_after_ms: 7_000 }, {
        times: 1,
      }),
    ],
  });
  const end = run.edge(END);
  assert.equal(end.outcome, "flat_verified");
  assert.ok(end.at >= instant("2026-11-23T16:30:07Z"));
  assert.deepEqual(brokerTruth(run), []);
});

/** A client of the run's broker that has left two orders working there, far from the market. */
async function brokerWithWorkingOrders(run: PaperRun): Promise<Broker> {
  const broker = run.paper.openBroker();
  await broker.open(() => {});
  for (const symbol of ["EURUSD", "GBPUSD"]) {
    await broker.submit({
      clientOrderId: `mine-${symbol}`,
      symbol,
      side: "buy",
      qty: decimal("10"),
      limitPrice: decimal("0.0001"),
      closes: null,
      tag: null,
    });
  }
  return broker;
}

Deno.test("working orders in scope are cancelled before the close, and none is left", async () => {
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD")] },
  });
  await using broker = await brokerWithWorkingOrders(run);
  await run.playUntil("2026-11-23T16:40:00Z");
  assert.deepEqual([run.edge(END).outcome, run.edge(END).workingOrders], [
    "flat_verified",
    0,
  ]);
  assert.equal((await broker.find("mine-GBPUSD"))?.status, "canceled");
});

Deno.test("close_win cancels only the working orders of what it closes", async () => {
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD", "1000", { price: decimal("0.1") })] },
    sessions: [{ ...CLOSE_ALL, onEnd: ["close_win"] }],
  });
  await using broker = await brokerWithWorkingOrders(run);
  await run.playUntil("2026-11-23T16:40:00Z");
  assert.equal((await broker.find("mine-EURUSD"))?.status, "canceled");
  assert.equal((await broker.find("mine-GBPUSD"))?.status, "working");
});

Deno.test("a close order that only works is waited for and its fill is proven", async () => {
  await using run = await play({
    account: { positions: [held("EURUSD")] },
    faults: [
      fault("close", { kind: "working", fill_after_ms: 20_000 }, { times: 1 }),
    ],
  });
  const end = run.edge(END);
  assert.deepEqual([end.outcome, end.attempts], ["flat_verified", 1]);
  assert.ok(end.at >= instant("2026-11-23T16:30:20Z"));
});

Deno.test("a hedging account closes every ticket", async () => {
  await using run = await play({
    account: {
      mode: "hedging",
      positions: [
        held("EURUSD"),
        held("EURUSD", "300", { side: "short" }),
        held("EURUSD", "5"),
      ],
    },
  });
  assert.deepEqual([run.edge(END).outcome, run.edge(END).closed], [
    "flat_verified",
    3,
  ]);
  assert.deepEqual(brokerTruth(run), []);
});

Deno.test("at a shared instant the close of one session ends before the next opens", async () => {
  const next = {
    ...CLOSE_ALL,
    name: "next",
    window: {
      start: CLOSE_ALL.window!.end,
      end: {
        kind: "clock",
        weekday: null,
        timeMs: 20 * 60 * MINUTE_MS,
        timezone: "UTC",
      } as const,
    },
    onStart: ["close_loss"] as const,
  };
  await using run = await play({
    account: { positions: [held("EURUSD")], latencyMs: 2 * SECOND_MS },
    sessions: [next, CLOSE_ALL],
  });
  const told = run.notices.filter((notice) =>
    notice.type === "edge.fired" || notice.type === "edge.settled"
  ).map((notice) => `${notice.type} ${notice.edge}`);
  assert.deepEqual(told, [
    "edge.fired desk/2026-11-23/end",
    "edge.settled desk/2026-11-23/end",
    "edge.fired next/2026-11-23/start",
    "edge.settled next/2026-11-23/start",
  ]);
});

Deno.test("two closes of the same positions at one instant send one order for each", async () => {
  await using run = await play({
    account: { positions: [held("EURUSD"), held("GBPUSD")], latencyMs: 500 },
    sessions: [CLOSE_ALL, { ...CLOSE_ALL, name: "twin" }],
    faults: [fault("close", { kind: "no_answer" }, { times: 1 })],
  });
  assert.equal(run.edge(END).outcome, "flat_verified");
  assert.equal(run.edge("twin/2026-11-23/end").outcome, "flat_verified");
  assert.equal(
    run.notices.filter((notice) => notice.type === "order.sent").length,
    2,
  );
  assert.deepEqual(brokerTruth(run), []);
});

Deno.test("a run that joins in the middle fires nothing that lay before it", async () => {
  await using run = await play({
    from: "2026-11-23T12:00:00Z",
    sessions: [{ ...CLOSE_ALL, onStart: ["close_all"] }],
    account: { positions: [held("EURUSD")] },
  }, "2026-11-23T13:00:00Z");
  assert.deepEqual([
    run.edge("desk/2026-11-23/start").outcome,
    run.edge("desk/2026-11-23/start").reason,
  ], ["skipped", "joined_late"]);
  assert.deepEqual(brokerTruth(run), ["EURUSD 1000"]);
});

Deno.test("a dry run says what it would close and sends nothing", async () => {
  await using run = await play({
    dryRun: true,
    account: { positions: [held("EURUSD")] },
  });
  assert.deepEqual([
    run.edge(END).outcome,
    run.edge(END).reason,
    run.edge(END).remaining,
  ], ["skipped", "dry_run", 1]);
  assert.deepEqual(brokerTruth(run), ["EURUSD 1000"]);
});

Deno.test("lead makes a closing edge due earlier, and it is told with both times", async () => {
  await using run = await play({
    from: "2026-11-23T16:20:00Z",
    sessions: [{ ...CLOSE_ALL, leadMs: 2 * MINUTE_MS }],
    account: { positions: [held("EURUSD")] },
  });
  assert.equal(run.edge(END).firedAt, instant("2026-11-23T16:28:00Z"));
});

Deno.test("stop finishes what is under way, closes where the policy says so, and reports", async () => {
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD"), held("GBPUSD")] },
    from: "2026-11-23T12:00:00Z",
  });
  await run.playUntil("2026-11-23T13:00:00Z");
  await run.stop("close");
  const stopped = run.notices.at(-1);
  assert.equal(stopped?.type, "run.stopped");
  assert.deepEqual(stopped?.type === "run.stopped" && stopped.open, [{
    account: "main",
    positions: [],
  }]);
  assert.deepEqual(
    stopped?.type === "run.stopped" && stopped.notRun.map(({ edge }) => edge),
    [END],
  );
  assert.deepEqual(brokerTruth(run), []);
});

Deno.test("step over the journal gives the live state back, and the same effects", async () => {
  await using run = await play({
    account: {
      mode: "hedging",
      positions: [held("EURUSD"), held("GBPUSD"), held("USDJPY", "7")],
      latencyMs: 900,
    },
    sessions: [CLOSE_ALL, {
      ...CLOSE_ALL,
      name: "other",
      onStart: ["close_win"],
    }],
    faults: [
      fault("close", { kind: "no_answer" }, { times: 1 }),
      fault("positions", { kind: "status", status: 503 }, {
        after: 2,
        times: 2,
      }),
    ],
  }, "2026-11-25T09:00:00Z");
  assert.deepEqual(replay(run.journal.read()), run.runtime.state);
  const seqs = [...run.journal.read()].map(({ seq }) => seq);
  assert.deepEqual(seqs, seqs.map((_, index) => index + 1));
});

Deno.test("after a long sleep a close still runs, judging and opening come too late", async () => {
  const session = {
    ...CLOSE_ALL,
    onStart: ["close_all"] as const,
    moments: [{
      name: "noon",
      at: {
        kind: "clock",
        weekday: null,
        timeMs: 12 * 60 * MINUTE_MS,
        timezone: "UTC",
      } as const,
      actions: ["close_loss"] as const,
    }],
  };
  await using run = await openPaperRun({
    from: "2026-11-23T07:00:00Z",
    sessions: [session],
    account: { positions: [held("EURUSD")] },
  });
  await run.playUntil("2026-11-23T07:00:00Z");
  // The machine sleeps from 07:00 to 18:00 and wakes with everything due at once.
  run.clock.jump(instant("2026-11-23T18:00:00Z"));
  await run.playUntil("2026-11-23T18:10:00Z");
  assert.equal(run.edge("desk/2026-11-23/start").outcome, "missed");
  assert.equal(run.edge("desk/2026-11-23/noon").outcome, "missed");
  assert.equal(run.edge(END).outcome, "flat_verified");
  const late = run.notices.find((notice) =>
    notice.type === "edge.fired" && notice.edge === END
  );
  assert.equal(late?.type === "edge.fired" && late.lateMs, 90 * MINUTE_MS);
});

Deno.test("a close that was slept through until the session opened again is missed, and said so", async () => {
  await using run = await openPaperRun({
    from: "2026-11-23T16:00:00Z",
    account: { positions: [held("EURUSD")] },
  });
  await run.playUntil("2026-11-23T16:00:00Z");
  run.clock.jump(instant("2026-11-24T09:00:00Z"));
  await run.playUntil("2026-11-24T09:10:00Z");
  assert.deepEqual(
    [run.edge(END).outcome, run.edge(END).reason],
    ["missed", "too_late"],
  );
  assert.deepEqual(brokerTruth(run), ["EURUSD 1000"]);
});

Deno.test("a secret written into a definition is not in the journal", () => {
  const text = JSON.stringify(withoutSecrets({
    version: 1,
    timezone: "UTC",
    accounts: [{
      kind: "http",
      name: "desk",
      id: null,
      live: false,
      url: "https://user:pass-word@bridge.example",
      token: "Bearer s3cret ${env:TOKEN}",
      options: { key: "s3cret" },
    }],
    journal: null,
    onStop: "leave",
    sessions: [],
    calendars: [],
    notify: [{
      webhook: "https://hooks.example/s3cret",
      form: "json",
      events: ["flat"],
    }],
    heartbeat: { url: "${env:PING_URL}", everyMs: MINUTE_MS },
    limits: null,
  }));
  assert.ok(!/s3cret|pass-word/.test(text), text);
  assert.match(text, /\$\{env:TOKEN\}/);
  assert.match(text, /\$\{env:PING_URL\}/);
  assert.match(text, /bridge\.example/);
});

Deno.test("a close by hand of a session that is not known touches nothing", async () => {
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD")] },
    from: "2026-11-23T12:00:00Z",
  });
  await run.playUntil("2026-11-23T12:01:00Z");
  run.runtime.removeSession("desk");
  for (
    const asked of [
      run.runtime.close({
        session: "desk",
        account: "main",
        action: "close_all",
        positions: null,
        ordersOnly: false,
      }),
      run.runtime.act("desk", "end"),
    ]
  ) {
    const settled = await run.clock.runFor(asked);
    assert.deepEqual([settled.outcome, settled.reason], [
      "failed",
      "unknown_session",
    ]);
  }
  assert.deepEqual(brokerTruth(run), ["EURUSD 1000"]);
});

Deno.test("a stop with close reaches sessions that joined later, and none that left", async () => {
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD"), held("GBPUSD")] },
    from: "2026-11-23T12:00:00Z",
    sessions: [{ ...CLOSE_ALL, scope: onlySymbol("EURUSD") }],
  });
  await run.playUntil("2026-11-23T12:01:00Z");
  run.runtime.addSession(
    clockSession({ ...CLOSE_ALL, name: "late", scope: onlySymbol("GBPUSD") }),
  );
  run.runtime.removeSession("desk");
  await run.stop("close");
  assert.deepEqual(brokerTruth(run), ["EURUSD 1000"]);
});

function onlySymbol(symbol: string) {
  return {
    written: true,
    symbols: [symbol],
    except: [],
    tag: null,
    session: null,
  };
}

Deno.test("an edge that comes due while the accounts open is fired late, not lost", async () => {
  await using run = await openPaperRun({
    from: "2026-11-23T16:29:58Z",
    account: {
      positions: [held("EURUSD")],
      latencyMs: 9 * SECOND_MS,
      seed: 3,
    },
  });
  assert.ok(
    run.clock.now() > instant("2026-11-23T16:30:00Z"),
    "opening took longer than that",
  );
  await run.playUntil("2026-11-23T16:45:00Z");
  assert.equal(run.edge(END).dueAt, instant("2026-11-23T16:30:00Z"));
  assert.equal(run.edge(END).outcome, "flat_verified");
});

Deno.test("a file whose edge was moved to another hour of the same day still closes at that broker", async () => {
  await using first = await openPaperRun({
    account: { positions: [held("EURUSD")] },
  });
  await first.playUntil("2026-11-23T16:31:00Z");
  const broker = first.paper.openBroker();
  await broker.open(() => {});
  await broker.submit({
    clientOrderId: "again",
    symbol: "EURUSD",
    side: "buy",
    qty: decimal("500"),
    limitPrice: null,
    closes: null,
    tag: null,
  });
  const moved = clockSession({
    ...CLOSE_ALL,
    window: clockWindow("08:00", "17:00", "UTC"),
  });
  const second = await Runtime.open({
    definition: paperDefinition([moved]),
    runId: "second",
    dryRun: false,
    brokers: new Map([["main", first.paper.openBroker()]]),
    hooks: { run: () => Promise.resolve() },
    clock: first.clock,
    journal: new MemoryJournal(),
  }).catch((error) => error);
  assert.ok(second instanceof Runtime, String(second));
  const ends: string[] = [];
  second.listen((notice) => {
    if (notice.type === "edge.settled") ends.push(notice.outcome);
  });
  second.start();
  await first.playUntil("2026-11-23T17:01:00Z");
  assert.deepEqual(ends, ["flat_verified"]);
  assert.deepEqual(brokerTruth(first), []);
  second.abandon();
  await broker[Symbol.asyncDispose]();
});

Deno.test("a closing order of ours that still works at the deadline is named", async () => {
  await using run = await play({
    account: { positions: [held("EURUSD")] },
    faults: [
      fault("positions", { kind: "status", status: 500 }, { times: 1 }),
      fault("close", { kind: "working" }),
    ],
  });
  const end = run.edge(END);
  assert.deepEqual([end.outcome, end.reason], ["failed", "deadline"]);
  assert.match(end.message ?? "", /Our closing order \S+ still works there/);
  assert.doesNotMatch(
    end.message ?? "",
    /500/,
    "a look that failed long ago is no news",
  );
});

Deno.test("a last look is taken just before the deadline, and none is promised after it", async () => {
  await using run = await play({
    account: { positions: [held("EURUSD")] },
    sessions: [{ ...CLOSE_ALL, deadlineMs: 4 * SECOND_MS }],
    faults: [fault("close", { kind: "working", fill_after_ms: 3_000 })],
  });
  assert.equal(run.edge(END).outcome, "flat_verified");
  const promised = run.notices.filter((notice) =>
    notice.type === "close.retrying"
  );
  assert.ok(
    promised.every(({ nextAt }) => nextAt < instant("2026-11-23T16:30:04Z")),
  );
});
