import assert from "node:assert/strict";
import type { Session } from "../../src/domain/definition.ts";
import { decimal } from "../../src/domain/decimal.ts";
import type { EdgeSettled, Notice } from "../../src/domain/notice.ts";
import type { OrderIntent, OrderReport } from "../../src/domain/order.ts";
import type { Snapshot } from "../../src/domain/position.ts";
import { replay } from "../../src/runtime/engine.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import type { Journal } from "../../src/runtime/ports.ts";
import { Runtime, type RuntimeParts } from "../../src/runtime/runtime.ts";
import { clockSession, instant } from "../support/clock_session.ts";
import { plainDefinition, position } from "../support/core_run.ts";
import { CLOSE_ALL } from "../support/paper_run.ts";
import { StepClock } from "../support/step_clock.ts";
import { StubBroker } from "../support/stub_broker.ts";

const NOON = "2026-11-23T12:00:00Z";
const END = "desk/2026-11-23/end";

interface Bench {
  readonly clock: StepClock;
  readonly broker: StubBroker;
  readonly runtime: Runtime;
  readonly journal: Journal;
  readonly notices: readonly Notice[];
}

async function openBench(
  more: Partial<RuntimeParts> & {
    readonly broker?: StubBroker;
    readonly clock?: StepClock;
    readonly sessions?: readonly Partial<Session>[];
  } = {},
): Promise<Bench> {
  const clock = more.clock ?? new StepClock(instant(NOON));
  const broker = more.broker ?? new StubBroker();
  const journal = more.journal ?? new MemoryJournal();
  const runtime = await Runtime.open({
    runId: "run",
    dryRun: false,
    hooks: { run: () => Promise.reject(new Error("no hook")) },
    ...more,
    definition: plainDefinition(
      (more.sessions ?? [CLOSE_ALL]).map(clockSession),
    ),
    brokers: new Map([["main", broker]]),
    clock,
    journal,
  });
  const notices: Notice[] = [];
  runtime.listen((notice) => notices.push(notice));
  return { clock, broker, runtime, journal, notices };
}

const CLOSE_MAIN = {
  session: null,
  account: "main",
  action: "close_all",
  positions: null,
  ordersOnly: false,
} as const;

function report(
  intent: OrderIntent,
  status: OrderReport["status"],
): OrderReport {
  const { clientOrderId, symbol, side, qty } = intent;
  return {
    orderId: `o-${clientOrderId}`,
    clientOrderId,
    status,
    symbol,
    side,
    qty,
    filledQty: status === "filled" ? qty : decimal("0"),
    averagePrice: null,
    reason: null,
    message: null,
  };
}

/** A promise's end as text; `pending` where there is none yet. */
async function endOf(promise: Promise<unknown>, clock: StepClock) {
  let end = "pending";
  promise.then(() => end = "resolved", (error) => end = error.code);
  await clock.settle();
  return end;
}

function fired(notices: readonly Notice[]) {
  return notices.flatMap((notice) =>
    notice.type === "edge.fired" ? [[notice.edge, notice.lateMs]] : []
  );
}

Deno.test("Runtime tells how late an edge fires after the machine was suspended", async () => {
  const bench = await openBench({
    sessions: [CLOSE_ALL, {
      ...CLOSE_ALL,
      name: "other",
      onEnd: ["close_all"],
      leadMs: 60_000,
    }],
  });
  bench.runtime.start();
  await bench.clock.settle();
  // Nothing went by on the monotonic clock; the wall clock stands hours later at waking up.
  await bench.clock.set(instant("2026-11-23T19:00:00Z"), 0);
  assert.deepEqual(fired(bench.notices), [
    ["other/2026-11-23/end", (2.5 * 60 + 1) * 60_000],
    [END, 2.5 * 3_600_000],
  ]);
  bench.runtime.abandon();
});

Deno.test("Runtime fires no edge twice when the clock is set back behind it", async () => {
  const bench = await openBench({
    sessions: [{ ...CLOSE_ALL, onStart: ["close_loss"] }],
  });
  bench.runtime.start();
  const walk = [
    "2026-11-23T16:30:00Z",
    "2026-11-23T07:00:00Z",
    "2026-11-23T16:31:00Z",
    "2026-11-22T12:00:00Z",
    "2026-11-24T08:00:00Z",
    "2026-11-23T16:29:59Z",
    "2026-11-24T09:00:00Z",
  ];
  for (const iso of walk) await bench.clock.set(instant(iso));
  assert.deepEqual(fired(bench.notices).map(([edge]) => edge), [
    END,
    "desk/2026-11-24/start",
  ]);
  await bench.clock.set(instant("2026-11-24T16:30:00Z"));
  assert.equal(fired(bench.notices).at(-1)?.[0], "desk/2026-11-24/end");
  assert.deepEqual(replay(bench.journal.read()), bench.runtime.state);
  bench.runtime.abandon();
});

Deno.test("Runtime.close() and act() settle once each, with their own answer", async () => {
  const reads: (() => void)[] = [];
  const broker = new StubBroker({
    read: () =>
      new Promise<Snapshot>((resolve) =>
        reads.push(() =>
          resolve({ seq: 0, positions: [], orders: [], fills: [] })
        )
      ),
  });
  const bench = await openBench({ broker });
  bench.runtime.start();
  const told: string[] = [];
  const asks = [
    bench.runtime.close(CLOSE_MAIN),
    bench.runtime.act("desk", "end"),
    bench.runtime.act("desk", "start"),
    bench.runtime.act("desk", ["close_win", "close_loss"]),
  ];
  asks.forEach((ask, index) =>
    ask.then(({ outcome }) => told.push(`${index} ${outcome}`))
  );
  await bench.clock.settle();
  assert.deepEqual(told, ["2 done"]);
  for (const answer of reads.splice(0).reverse()) {
    answer();
    await bench.clock.settle();
  }
  assert.deepEqual(told.sort(), [
    "0 flat_verified",
    "1 flat_verified",
    "2 done",
    "3 closed_verified",
  ]);
  const ends = await Promise.all(asks);
  assert.equal(new Set(ends.map(({ edge }) => edge)).size, 4);
  const settled = bench.notices.filter(({ type }) => type === "edge.settled");
  assert.equal(settled.length, 4);
  bench.runtime.abandon();
});

Deno.test("Runtime refuses what it cannot know, and the run goes on", async () => {
  const bench = await openBench();
  bench.runtime.start();
  const ends = await Promise.all([
    bench.runtime.close({ ...CLOSE_MAIN, account: "nobody" }),
    bench.runtime.close({ ...CLOSE_MAIN, account: "constructor" }),
    bench.runtime.close({ ...CLOSE_MAIN, session: "nothing" }),
    bench.runtime.act("nothing", "end"),
  ]);
  assert.deepEqual(
    ends.map(({ outcome, reason }) => [outcome, reason]),
    [
      ["failed", "unknown_account"],
      ["failed", "unknown_account"],
      ["failed", "unknown_session"],
      ["failed", "unknown_session"],
    ],
  );
  bench.runtime.addSession(
    clockSession({ ...CLOSE_ALL, name: "lost", account: "nobody" }),
  );
  const anomaly = bench.notices.at(-1);
  assert.equal(anomaly?.type === "anomaly" && anomaly.about, "lost");
  assert.deepEqual(bench.broker.asked, ["open"]);
  await bench.clock.set(instant("2026-11-23T16:30:00Z"));
  assert.deepEqual(fired(bench.notices), [[END, 0]]);
  bench.runtime.abandon();
});

Deno.test("Runtime rejects what is asked after its end, and what the end overtakes", async () => {
  for (const how of ["abandon", "stop"] as const) {
    const broker = new StubBroker({
      // Under way for ever, but for the last look of an orderly stop.
      read: () =>
        how === "stop"
          ? Promise.resolve({ seq: 0, positions: [], orders: [], fills: [] })
          : new Promise(() => {}),
    });
    const bench = await openBench({ broker });
    bench.runtime.start();
    const asked = how === "abandon" ? [bench.runtime.close(CLOSE_MAIN)] : [];
    const ends = asked.map((promise) => endOf(promise, bench.clock));
    if (how === "abandon") bench.runtime.abandon();
    else await bench.runtime.stop("leave", "user");
    await bench.runtime.ended;
    const { length } = [...bench.journal.read()];
    const asks = [
      () => bench.runtime.close(CLOSE_MAIN),
      () => bench.runtime.act("desk", "end"),
      () => bench.runtime.advance(END),
    ];
    ends.push(...asks.map((ask) => endOf(ask(), bench.clock)));
    assert.deepEqual(
      new Set(await Promise.all(ends)),
      new Set(["runtime/stopped"]),
      how,
    );
    bench.runtime.addSession(clockSession({ ...CLOSE_ALL, name: "late" }));
    bench.runtime.removeSession("desk");
    await bench.runtime.stop("close", "user");
    assert.equal([...bench.journal.read()].length, length);
  }
});

Deno.test("Runtime.abandon() starts nothing more, whatever still comes back", async () => {
  const looks: PromiseWithResolvers<Snapshot>[] = [];
  const broker = new StubBroker({
    read: () => {
      const look = Promise.withResolvers<Snapshot>();
      looks.push(look);
      return look.promise;
    },
  });
  const bench = await openBench({ broker });
  bench.runtime.start();
  bench.runtime.close(CLOSE_MAIN).catch(() => {});
  await bench.clock.settle();
  bench.runtime.abandon();
  const { length } = [...bench.journal.read()];
  const { state } = bench.runtime;
  for (const look of looks) {
    look.resolve({
      seq: 1,
      positions: [position("EURUSD", "5")],
      orders: [],
      fills: [],
    });
  }
  await bench.clock.set(instant("2026-11-24T17:00:00Z"));
  assert.deepEqual(broker.asked, ["open", "read"]);
  assert.equal([...bench.journal.read()].length, length);
  assert.equal(bench.runtime.state, state);
  assert.deepEqual(bench.clock.sleeping, [], "nobody is left asleep");
  bench.runtime.abandon();
});

Deno.test("Runtime ends with what broke it, and says it to everybody who waits", async () => {
  class FullJournal extends MemoryJournal {
    full = false;
    override append(entries: Parameters<MemoryJournal["append"]>[0]): void {
      if (this.full) throw new Error("the disk is full");
      super.append(entries);
    }
  }
  const journal = new FullJournal();
  const bench = await openBench({
    journal,
    broker: new StubBroker({ read: () => new Promise(() => {}) }),
  });
  bench.runtime.start();
  const under = bench.runtime.close(CLOSE_MAIN);
  journal.full = true;
  const broken = bench.runtime.act("desk", "end");
  await assert.rejects(under, /the disk is full/);
  await assert.rejects(broken, /the disk is full/);
  await assert.rejects(bench.runtime.ended, /the disk is full/);
  await assert.rejects(bench.runtime.stop("leave", "user"), /the disk is full/);
  await bench.clock.set(instant("2026-11-24T17:00:00Z"));
  assert.deepEqual(bench.clock.sleeping, []);
});

Deno.test("Runtime records what a stream says of our orders, and nothing of anybody else's", async () => {
  const sent: OrderIntent[] = [];
  const broker = new StubBroker({
    read: () =>
      Promise.resolve({
        seq: 1,
        positions: [position("EURUSD", "5")],
        orders: [],
        fills: [],
      }),
    submit: (intent) => {
      sent.push(intent);
      return new Promise(() => {});
    },
  });
  const streams: string[] = [];
  const bench = await openBench({
    broker,
    onStream: (account, { type }) => streams.push(`${account} ${type}`),
  });
  bench.runtime.start();
  bench.runtime.close(CLOSE_MAIN).catch(() => {});
  await bench.clock.settle();
  const ours = sent[0];
  assert.ok(ours !== undefined);
  const before = [...bench.journal.read()].length;
  const names = [
    "somebody's",
    "constructor",
    "toString",
    "__proto__",
    "hasOwnProperty",
    "",
    null,
  ];
  for (const clientOrderId of names) {
    broker.tell({
      type: "order",
      report: { ...report(ours, "filled"), clientOrderId },
    });
  }
  broker.tell({ type: "stream", state: "down", message: "cut" });
  assert.equal([...bench.journal.read()].length, before);
  broker.tell({ type: "order", report: report(ours, "working") });
  const entries = [...bench.journal.read()];
  assert.equal(entries.length, before + 1);
  assert.equal(entries.at(-1)?.event.type, "order.reported");
  assert.equal(streams.length, names.length + 2);
  bench.runtime.abandon();
});

Deno.test("Runtime is not deafened by whoever only looks on", async () => {
  const faults: unknown[] = [];
  const bench = await openBench({
    onStream: () => {
      throw new Error("of a stream's listener");
    },
    onListenerFault: (error) => faults.push(error),
  });
  bench.runtime.listen(() => {
    throw new Error("of a listener");
  });
  bench.runtime.start();
  bench.broker.tell({ type: "stream", state: "up", message: "" });
  const end: EdgeSettled = await bench.runtime.close(CLOSE_MAIN);
  assert.equal(end.outcome, "flat_verified");
  assert.ok(faults.length > 3);
  await bench.runtime.stop("leave", "user");
});

Deno.test("Runtime.stop() can be asked for twice, and the run ends once", async () => {
  const bench = await openBench();
  bench.runtime.start();
  await Promise.all([
    bench.runtime.stop("close", "user"),
    bench.runtime.stop("leave", "until"),
  ]);
  await bench.runtime.stop("leave", "user");
  const ends = bench.notices.filter(({ type }) => type === "run.stopped");
  assert.equal(ends.length, 1);
  assert.deepEqual(replay(bench.journal.read()), bench.runtime.state);
});

Deno.test("Runtime takes up the close that the run before it left unfinished, calls no hook twice, and counts on", async () => {
  const journal = new MemoryJournal();
  const hanging = new StubBroker({ read: () => new Promise(() => {}) });
  const clock = new StepClock(instant(NOON));
  const hook = {
    source: { kind: "function", handle: "h" },
    permissions: { net: [], read: [], write: [], env: [], import: [] },
    isolation: "auto",
    timeoutMs: 1_000,
    onFailure: "continue",
    overlap: "skip",
    params: "{}",
  } as const;
  const sessions = [CLOSE_ALL, {
    ...CLOSE_ALL,
    name: "hooked",
    onEnd: ["custom_end"] as const,
    customEnd: hook,
  }];
  const first = await openBench({
    journal,
    clock,
    sessions,
    broker: hanging,
    hooks: { run: () => new Promise(() => {}) },
  });
  first.runtime.start();
  await clock.set(instant("2026-11-23T16:30:00Z"));
  first.runtime.abandon();
  assert.deepEqual(replay(journal.read()), first.runtime.state);

  await clock.set(instant("2026-11-23T16:31:00Z"));
  const second = await openBench({
    journal,
    clock,
    sessions,
    runId: "second",
  });
  assert.equal(second.runtime.state.seq, first.runtime.state.seq);
  second.runtime.start();
  const told = second.notices.flatMap((notice) =>
    notice.type === "edge.settled"
      ? [[notice.edge, notice.outcome, notice.reason]]
      : []
  );
  assert.deepEqual(told, [
    ["hooked/2026-11-23/end", "failed", "hook_interrupted"],
  ]);
  assert.deepEqual(second.broker.asked, ["open", "read"]);
  await clock.set(instant("2026-11-24T16:30:00Z"));
  assert.ok(
    fired(second.notices).some(([edge]) => edge === "desk/2026-11-24/end"),
  );
  second.runtime.abandon();
  assert.deepEqual(replay(journal.read()), second.runtime.state);
  const seqs = [...journal.read()].map(({ seq }) => seq);
  assert.deepEqual(seqs, seqs.map((_, index) => index + 1));
});

Deno.test("Runtime.advance() refuses an edge that is not armed, and does not wait for it", async () => {
  const { runtime, journal } = await openBench();
  runtime.start();
  const { length } = [...journal.read()];
  for (const edge of ["desk/2026-11-22/end", "nobody/2026-11-23/end", ""]) {
    await assert.rejects(runtime.advance(edge), {
      code: "edge/unknown",
      message: `Cannot fire edge "${edge}": it is not armed`,
    });
  }
  assert.equal([...journal.read()].length, length);
  runtime.abandon();
});
