import assert from "node:assert/strict";
import {
  createPaperBroker,
  type PaperBroker,
} from "../../src/adapters/brokers/paper/paper_broker.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import type {
  Definition,
  PaperAccount,
  Scope,
  Session,
} from "../../src/domain/definition.ts";
import { decimal, ZERO } from "../../src/domain/decimal.ts";
import { replay } from "../../src/runtime/engine.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import type { Broker } from "../../src/runtime/ports.ts";
import { Runtime } from "../../src/runtime/runtime.ts";
import { clockSession, instant } from "../support/clock_session.ts";
import { CLOSE_ALL, held } from "../support/paper_run.ts";

const PAPER: PaperAccount = {
  kind: "paper",
  name: "main",
  mode: "netting",
  cash: decimal("100000"),
  currency: "USD",
  positions: [],
  prices: [],
  seed: 7,
  commission: ZERO,
  latencyMs: 0,
};

/** Several accounts of several brokers, in runs that follow one another on one journal. */
class Desk implements AsyncDisposable {
  readonly clock: VirtualClock;
  readonly journal = new MemoryJournal();
  readonly #papers = new Map<string, PaperBroker>();
  #runs = 0;

  constructor(iso: string) {
    this.clock = new VirtualClock(instant(iso));
  }

  /** A broker's account; the file may call it by any name. */
  account(id: string, symbols: readonly string[] = []): PaperBroker {
    const positions = symbols.map((symbol) => held(symbol));
    const paper = createPaperBroker({
      account: { ...PAPER, positions },
      prices: [],
      clock: this.clock,
    });
    this.#papers.set(id, paper);
    return paper;
  }

  /** Runs sessions over accounts, by their name in the file and their id, and kills the run. */
  async run(
    accounts: Readonly<Record<string, string>>,
    sessions: readonly Partial<Session>[],
    until: string,
    act: (runtime: Runtime) => Promise<void> = () => Promise.resolve(),
  ): Promise<readonly string[]> {
    const runtime = await this.clock.runFor(Runtime.open({
      definition: definitionOf(accounts, sessions),
      runId: `run${++this.#runs}`,
      dryRun: false,
      brokers: new Map(
        Object.entries(accounts).map((
          [name, id],
        ) => [name, this.#brokerOf(id)]),
      ),
      hooks: { run: () => Promise.reject(new Error("no hook was expected")) },
      clock: this.clock,
      journal: this.journal,
    }));
    const told: string[] = [];
    runtime.listen((notice) => {
      if (notice.type !== "edge.settled") return;
      const { edge, outcome, reason } = notice;
      told.push([edge, outcome, reason ?? ""].join(" ").trim());
    });
    runtime.start();
    await this.clock.run(this.clock.now());
    await this.clock.runFor(act(runtime));
    await this.clock.run(instant(until));
    runtime.abandon();
    assert.deepEqual(replay(this.journal.read()), runtime.state);
    return told;
  }

  #brokerOf(id: string): Broker {
    const paper = this.#papers.get(id);
    if (paper === undefined) throw new Error(`there is no account "${id}"`);
    const broker = paper.openBroker();
    return {
      open: async (watch) => ({ ...await broker.open(watch), id }),
      read: (since) => broker.read(since),
      submit: (intent) => broker.submit(intent),
      cancel: (order) => broker.cancel(order),
      find: (order) => broker.find(order),
      [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const paper of this.#papers.values()) {
      await paper[Symbol.asyncDispose]();
    }
  }
}

function definitionOf(
  accounts: Readonly<Record<string, string>>,
  sessions: readonly Partial<Session>[],
): Definition {
  return {
    version: 1,
    timezone: "UTC",
    accounts: Object.entries(accounts).map(([name, id]) => ({
      kind: "http",
      name,
      id,
      live: false,
      url: "http://127.0.0.1:1/",
      token: null,
      options: {},
    })),
    journal: null,
    onStop: "leave",
    sessions: sessions.map(clockSession),
    calendars: [],
    notify: [],
    heartbeat: null,
    limits: null,
  };
}

const END = "desk/2026-11-23/end";

Deno.test("an edge that was armed for one account is not caught up on another of that name", async () => {
  await using desk = new Desk("2026-11-23T12:00:00Z");
  desk.account("DEMO");
  const live = desk.account("LIVE", ["EURUSD"]);
  await desk.run({ main: "DEMO" }, [CLOSE_ALL], "2026-11-23T12:01:00Z");
  await desk.clock.run(instant("2026-11-23T17:00:00Z"));
  const told = await desk.run(
    { main: "LIVE" },
    [CLOSE_ALL],
    "2026-11-23T17:05:00Z",
  );
  assert.deepEqual(told, [`${END} missed other_account`]);
  assert.equal(live.state.positions.size, 1);
});

Deno.test("an edge whose session moved to another account is not caught up there", async () => {
  await using desk = new Desk("2026-11-23T12:00:00Z");
  desk.account("DEMO");
  const live = desk.account("LIVE", ["EURUSD"]);
  const ids = { demo: "DEMO", fx: "LIVE" };
  const on = (account: string) => [{ ...CLOSE_ALL, account }];
  await desk.run(ids, on("demo"), "2026-11-23T12:01:00Z");
  await desk.clock.run(instant("2026-11-23T17:00:00Z"));
  const told = await desk.run(ids, on("fx"), "2026-11-23T17:05:00Z");
  assert.deepEqual(told, [`${END} missed edited`]);
  assert.equal(live.state.positions.size, 1);
});

Deno.test("a close that was cut off is not taken up on another account of that name, nor are its orders asked for there", async () => {
  await using desk = new Desk("2026-11-23T16:29:00Z");
  const demo = desk.account("DEMO", ["EURUSD"]);
  const live = desk.account("LIVE", ["EURUSD"]);
  demo.setFaults([{
    on: "close",
    do: { kind: "reject", reason: "order/held" },
    times: null,
  }]);
  const first = await desk.run(
    { main: "DEMO" },
    [CLOSE_ALL],
    "2026-11-23T16:30:02Z",
  );
  assert.deepEqual(first, []);
  const told = await desk.run(
    { main: "LIVE" },
    [CLOSE_ALL],
    "2026-11-23T16:35:00Z",
  );
  assert.deepEqual(told, [`${END} unknown interrupted`]);
  assert.equal(live.state.positions.size, 1);
  assert.equal(live.state.orderCount, 0);
});

/** Only what the session itself has opened. */
const OWN: Scope = {
  written: true,
  symbols: null,
  except: [],
  tag: null,
  session: "desk",
};

async function buy(runtime: Runtime, account: string): Promise<void> {
  await runtime.place({
    account,
    session: "desk",
    symbol: "EURUSD",
    side: "buy",
    qty: decimal("1000"),
    limitPrice: null,
    closes: null,
  });
}

Deno.test("what a session holds is not forgotten while its account is out of the file", async () => {
  await using desk = new Desk("2026-11-23T12:00:00Z");
  desk.account("DEMO");
  const fx = desk.account("FX");
  const own = { ...CLOSE_ALL, account: "fx", scope: OWN };
  const other = { ...CLOSE_ALL, name: "other", account: "demo" };
  const ids = { demo: "DEMO", fx: "FX" };
  await desk.run(
    ids,
    [own, other],
    "2026-11-23T12:02:00Z",
    (runtime) => buy(runtime, "fx"),
  );
  assert.equal(fx.state.positions.size, 1);
  await desk.run({ demo: "DEMO" }, [other], "2026-11-23T12:03:00Z");
  const told = await desk.run(ids, [own, other], "2026-11-23T16:35:00Z");
  assert.ok(told.includes(`${END} flat_verified`), told.join());
  assert.equal(fx.state.positions.size, 0);
});

Deno.test("what a session holds is not forgotten while its name leads to another account", async () => {
  await using desk = new Desk("2026-11-23T12:00:00Z");
  const right = desk.account("RIGHT");
  desk.account("WRONG");
  const own = [{ ...CLOSE_ALL, scope: OWN }];
  await desk.run(
    { main: "RIGHT" },
    own,
    "2026-11-23T12:02:00Z",
    (runtime) => buy(runtime, "main"),
  );
  await desk.run({ main: "WRONG" }, own, "2026-11-23T12:03:00Z");
  const told = await desk.run({ main: "RIGHT" }, own, "2026-11-23T16:35:00Z");
  assert.deepEqual(told, [`${END} flat_verified`]);
  assert.equal(right.state.positions.size, 0);
});

Deno.test("a session that left the file and came back neither fires nor tells an edge twice", async () => {
  await using desk = new Desk("2026-11-23T16:20:00Z");
  desk.account("DEMO");
  const early = [{ ...CLOSE_ALL, leadMs: 300_000 }];
  const ids = { main: "DEMO" };
  const other = [{ ...CLOSE_ALL, name: "other" }];
  const first = await desk.run(ids, early, "2026-11-23T16:26:00Z");
  assert.deepEqual(first, [`${END} flat_verified`]);
  await desk.run(ids, other, "2026-11-23T16:27:00Z");
  await desk.run(ids, other, "2026-11-23T16:28:00Z");
  const back = await desk.run(ids, early, "2026-11-23T16:40:00Z");
  assert.deepEqual(back, []);
});

Deno.test("a close of a session that left the file is finished as it was begun, however often the run starts anew", async () => {
  await using desk = new Desk("2026-11-23T16:29:00Z");
  const demo = desk.account("DEMO", ["EURUSD"]);
  demo.setFaults([{ on: "positions", do: { kind: "no_answer" }, times: 3 }]);
  const ids = { main: "DEMO" };
  const other = [{ ...CLOSE_ALL, name: "other", onEnd: [] }];
  const runs = [
    await desk.run(ids, [CLOSE_ALL], "2026-11-23T16:30:01Z"),
    await desk.run(ids, other, "2026-11-23T16:30:02Z"),
    await desk.run(ids, other, "2026-11-23T16:30:03Z"),
    await desk.run(ids, other, "2026-11-23T16:31:30Z"),
  ];
  assert.deepEqual(
    runs.flat().filter((line) => line.startsWith("desk")),
    [`${END} flat_verified`],
  );
  assert.equal(demo.state.positions.size, 0);
});
