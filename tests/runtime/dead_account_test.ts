import assert from "node:assert/strict";
import { createPaperBroker } from "../../src/adapters/brokers/paper/paper_broker.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import type { RemoteAccount } from "../../src/domain/definition.ts";
import { CarillonError, type ErrorCode } from "../../src/domain/error.ts";
import type { AccountNotReady, Notice } from "../../src/domain/notice.ts";
import type { Broker } from "../../src/runtime/ports.ts";
import { replay } from "../../src/runtime/engine.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import { Runtime } from "../../src/runtime/runtime.ts";
import { clockSession, instant } from "../support/clock_session.ts";
import {
  CLOSE_ALL,
  held,
  PAPER,
  paperDefinition,
} from "../support/paper_run.ts";

/** What stands against an account; `null` for nothing. */
type Trouble = ErrorCode | "silence" | null;

const ACCOUNTS = ["fx", "demo"] as const;

/** Two accounts with a holding each, both closed at 16:30, whose brokers can be lost. */
class TwoDesks implements AsyncDisposable {
  readonly clock = new VirtualClock(instant("2026-11-23T16:00:00Z"));
  readonly journal = new MemoryJournal();
  readonly troubles = new Map<string, Trouble>();
  /** What each account was asked, in the run that was opened last. */
  readonly asked: string[] = [];
  #notices: Notice[] = [];
  readonly #papers = new Map(ACCOUNTS.map((name) => [
    name,
    createPaperBroker({
      account: { ...PAPER, name, positions: [held("EURUSD")] },
      prices: [],
      clock: this.clock,
    }),
  ]));

  /** Opens a run, plays it up to an instant, and lets go of it. */
  async run(until: string): Promise<Runtime> {
    this.asked.length = 0;
    const runtime = await this.clock.runFor(this.open());
    this.#notices = [];
    runtime.listen((notice) => this.#notices.push(notice));
    runtime.start();
    await this.clock.run(instant(until));
    runtime.abandon();
    assert.deepEqual(replay(this.journal.read()), runtime.state);
    return runtime;
  }

  open(): Promise<Runtime> {
    const brokers = [...this.#papers].map(([name, paper]) =>
      [name, this.#breakable(name, paper.openBroker())] as const
    );
    return Runtime.open({
      definition: {
        ...paperDefinition(
          ACCOUNTS.map((account) =>
            clockSession({ ...CLOSE_ALL, name: `${account}-desk`, account })
          ),
        ),
        accounts: ACCOUNTS.map(bridge),
      },
      runId: "run",
      dryRun: false,
      brokers: new Map(brokers),
      hooks: { run: () => Promise.reject(new Error("no hook was expected")) },
      clock: this.clock,
      journal: this.journal,
    });
  }

  /** How edges ended in the last run. */
  settled(): readonly string[] {
    return this.#notices.filter((notice) => notice.type === "edge.settled")
      .map(({ at, edge, outcome, reason }) =>
        [iso(at), edge, outcome, reason ?? ""].join(" ").trim()
      );
  }

  /** Which accounts were told as not ready in the last run. */
  notReady(): readonly AccountNotReady[] {
    return this.#notices.filter((notice) =>
      notice.type === "account.not_ready"
    );
  }

  readyAt(account: string): readonly string[] {
    return this.#notices.filter((notice) =>
      notice.type === "account.ready" && notice.account === account
    ).map(({ at }) => iso(at));
  }

  #breakable(name: string, broker: Broker): Broker {
    const ask = async <T>(what: string, call: () => Promise<T>): Promise<T> => {
      this.asked.push(`${name} ${what}`);
      const trouble = this.troubles.get(name) ?? null;
      if (trouble === "silence") return await new Promise<never>(() => {});
      if (trouble === null || trouble === "broker/wrong-account") {
        return await call();
      }
      throw new CarillonError(trouble, "Cannot ask the broker: it is lost", {
        details: { outcome: "unsent" },
      });
    };
    return {
      open: (watch) =>
        ask("open", async () => ({
          ...await broker.open(watch),
          live: false,
          id: this.troubles.get(name) === "broker/wrong-account" ? "X" : name,
        })),
      read: (since) => ask("read", () => broker.read(since)),
      submit: (intent) => ask("submit", () => broker.submit(intent)),
      cancel: (order) => ask("cancel", () => broker.cancel(order)),
      find: (order) => ask("find", () => broker.find(order)),
      [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const paper of this.#papers.values()) {
      await paper[Symbol.asyncDispose]();
    }
  }
}

function bridge(name: string): RemoteAccount {
  return {
    kind: "http",
    name,
    id: name,
    live: false,
    url: null,
    token: null,
    options: {},
  };
}

function iso(at: number): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString();
}

Deno.test("Runtime.open() begins without a dead account where an earlier run may owe something", async () => {
  await using desks = new TwoDesks();
  await desks.run("2026-11-23T16:10:00Z");
  desks.troubles.set("demo", "broker/unreachable");
  await desks.run("2026-11-23T16:40:00Z");
  assert.deepEqual(desks.settled(), [
    "2026-11-23T16:30:00Z fx-desk/2026-11-23/end flat_verified",
    "2026-11-23T16:31:00Z demo-desk/2026-11-23/end unknown unreadable",
  ]);
  const [told, ...more] = desks.notReady();
  assert.deepEqual(more, []);
  assert.deepEqual(
    [told?.account, told?.code, told?.message],
    [
      "demo",
      "broker/unreachable",
      'Cannot open account "demo": cannot ask the broker: it is lost',
    ],
  );
  // Nothing but the question who it is goes to an account that is not open.
  const ofDemo = desks.asked.filter((what) => what.startsWith("demo"));
  assert.deepEqual(new Set(ofDemo), new Set(["demo open"]));
});

Deno.test("Runtime.open() refuses a journal's first run where one account is dead", async () => {
  await using desks = new TwoDesks();
  desks.troubles.set("demo", "broker/unreachable");
  await assert.rejects(desks.clock.runFor(desks.open()), {
    code: "broker/unreachable",
  });
  assert.deepEqual([...desks.journal.read()], []);
});

Deno.test("a dead account is tried with growing waits, and its edges run once it is open", async () => {
  await using desks = new TwoDesks();
  await desks.run("2026-11-23T16:10:00Z");
  desks.troubles.set("demo", "broker/unreachable");
  const runtime = await desks.clock.runFor(desks.open());
  runtime.start();
  await desks.clock.run(instant("2026-11-23T16:12:00Z"));
  // After 0, 1, 3, 7, 15, 31, 61, 91 seconds.
  assert.deepEqual(
    desks.asked.filter((what) => what === "demo open").length,
    9,
  );
  runtime.abandon();
  desks.troubles.set("demo", null);
  await desks.run("2026-11-23T16:40:00Z");
  assert.deepEqual(desks.settled(), [
    "2026-11-23T16:30:00Z fx-desk/2026-11-23/end flat_verified",
    "2026-11-23T16:30:00Z demo-desk/2026-11-23/end flat_verified",
  ]);
});

Deno.test("what a dead account missed before the start is caught up as soon as it opens", async () => {
  await using desks = new TwoDesks();
  await desks.run("2026-11-23T16:10:00Z");
  desks.troubles.set("demo", "broker/unreachable");
  await desks.clock.run(instant("2026-11-23T16:45:00Z"));
  const runtime = await desks.clock.runFor(desks.open());
  const told: string[] = [];
  runtime.listen((notice) => {
    if (notice.type === "edge.settled") {
      told.push(`${iso(notice.at)} ${notice.edge} ${notice.outcome}`);
    }
  });
  runtime.start();
  await desks.clock.run(instant("2026-11-23T16:45:20Z"));
  desks.troubles.set("demo", null);
  await desks.clock.run(instant("2026-11-23T16:50:00Z"));
  runtime.abandon();
  assert.deepEqual(told, [
    "2026-11-23T16:45:00Z fx-desk/2026-11-23/end flat_verified",
    "2026-11-23T16:45:31Z demo-desk/2026-11-23/end flat_verified",
  ]);
  assert.deepEqual(replay(desks.journal.read()), runtime.state);
});

Deno.test("an account that does not answer holds up the others for five seconds", async () => {
  await using desks = new TwoDesks();
  await desks.run("2026-11-23T16:29:58Z");
  desks.troubles.set("demo", "silence");
  await desks.run("2026-11-23T16:40:00Z");
  assert.deepEqual(desks.settled(), [
    "2026-11-23T16:30:03Z fx-desk/2026-11-23/end flat_verified",
    "2026-11-23T16:31:03Z demo-desk/2026-11-23/end unknown unreadable",
  ]);
  const [told] = desks.notReady();
  assert.match(told?.message ?? "", /"demo": no answer within 5 s/);
});

for (const code of ["broker/wrong-account", "broker/refused"] as const) {
  Deno.test(`${code} ends only its own account where an earlier run may owe something`, async () => {
    await using desks = new TwoDesks();
    await desks.run("2026-11-23T16:10:00Z");
    desks.troubles.set("demo", code);
    await desks.run("2026-11-23T16:40:00Z");
    const [told, ...more] = desks.notReady();
    assert.deepEqual([told?.account, told?.code, told?.nextAt, more], [
      "demo",
      code,
      null,
      [],
    ]);
    assert.deepEqual(desks.readyAt("demo"), []);
    // It is asked who it is once, and nothing else ever.
    assert.deepEqual(desks.asked.filter((what) => what.startsWith("demo")), [
      "demo open",
    ]);
    assert.equal(
      desks.settled()[0],
      "2026-11-23T16:30:00Z fx-desk/2026-11-23/end flat_verified",
    );
  });

  Deno.test(`${code} of every account ends the run before it begins`, async () => {
    await using desks = new TwoDesks();
    await desks.run("2026-11-23T16:10:00Z");
    for (const name of ACCOUNTS) desks.troubles.set(name, code);
    await assert.rejects(desks.clock.runFor(desks.open()), { code });
    assert.equal(desks.clock.sleeping, 0);
  });
}

Deno.test("an account that stays dead is told again every hour, and when it is dead for another reason", async () => {
  await using desks = new TwoDesks();
  await desks.run("2026-11-23T17:00:00Z");
  desks.troubles.set("demo", "broker/unreachable");
  await desks.run("2026-11-23T19:30:00Z");
  assert.deepEqual(
    desks.notReady().map(({ at }) => iso(at).slice(11, 16)),
    ["17:00", "18:00", "19:00"],
  );
});
