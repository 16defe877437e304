/**
 * `Sessions.open()`: what it takes, what it refuses, what it lets go.
 *
 * @module
 */

import assert from "node:assert/strict";
import { defineSessions, unsupported } from "../../dsl/mod.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import type {
  Definition,
  Session as SessionDefinition,
} from "../../src/domain/definition.ts";
import type { AccountInfo } from "../../src/domain/position.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import type { Broker, BrokerWatch } from "../../src/runtime/ports.ts";
import { refuseUnsupported } from "../../src/sessions/refuse_unsupported.ts";
import { type HookContext, Session } from "../../src/sessions/session.ts";
import { Sessions } from "../../src/sessions/sessions.ts";
import { instant } from "../support/clock_session.ts";
import { held, openDesk, openPaper, settled } from "./open_paper.ts";

const NOON = "2026-11-23T12:00:00Z";

/** The paper broker, but for who it says it is and what becomes of it. */
class ToldBroker implements Broker {
  readonly #inner: Broker;
  readonly #said: Partial<AccountInfo>;
  disposals = 0;

  constructor(inner: Broker, said: Partial<AccountInfo> = {}) {
    this.#inner = inner;
    this.#said = said;
  }

  async open(watch: BrokerWatch): Promise<AccountInfo> {
    return { ...await this.#inner.open(watch), ...this.#said };
  }

  read(...args: Parameters<Broker["read"]>): ReturnType<Broker["read"]> {
    return this.#inner.read(...args);
  }

  submit(...args: Parameters<Broker["submit"]>): ReturnType<Broker["submit"]> {
    return this.#inner.submit(...args);
  }

  cancel(...args: Parameters<Broker["cancel"]>): ReturnType<Broker["cancel"]> {
    return this.#inner.cancel(...args);
  }

  find(...args: Parameters<Broker["find"]>): ReturnType<Broker["find"]> {
    return this.#inner.find(...args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disposals++;
    await this.#inner[Symbol.asyncDispose]();
  }
}

function toldBroker(said: Partial<AccountInfo> = {}): ToldBroker {
  const clock = new VirtualClock(instant(NOON));
  return new ToldBroker(openPaper(clock, []).openBroker(), said);
}

Deno.test("Session gives the very definition that a session file would", () => {
  const rules = {
    start: 22,
    end: "06:30",
    name: "night",
    timezone: "europe/london",
    days: "sun-thu",
    onStart: "close_loss",
    onEnd: ["close_win", "close_all"],
    scope: { symbols: ["EURUSD"], except: ["VTI"], tag: "swing" },
    cancelOrders: false,
    profit: "gross",
    dst: { gap: "shift", overlap: "last" },
  } as const;
  const { definition } = defineSessions({
    sessions: [
      { start: 8, end: 24 },
      { ...rules, lead: "2m", deadline: "30s" },
    ],
  });
  const made = [
    new Session({ start: 8, end: 24 }),
    new Session({ ...rules, lead: "PT2M", deadline: { seconds: 30 } }),
  ];
  assert.deepEqual(
    made.map((session) => session.definition),
    definition.sessions,
  );
});

Deno.test("open() carries out a definition with its functions", async () => {
  const called: string[] = [];
  const defined = defineSessions({
    onStop: "close",
    sessions: [{
      name: "desk",
      start: 8,
      end: 16,
      onEnd: "custom_end",
      customEnd: ({ edge, session }: HookContext) =>
        void called.push(`${session.name} ${edge}`),
      moments: [{ name: "lunch", at: "12:30", do: "close_all" }],
    }],
  });
  const run = await openDesk({
    sessions: defined,
    at: NOON,
    positions: [held("EURUSD", "1")],
  });
  assert.equal(run.sessions.currentSession?.name, "desk");
  await run.runTo("2026-11-23T13:00:00Z");
  assert.deepEqual(run.symbols(), []);
  await run.sessions.leave();
  assert.deepEqual(called, ["desk desk/2026-11-23/end"]);
  assert.deepEqual(settled(run).filter((line) => !line.includes("request")), [
    "desk/2026-11-23/lunch flat_verified",
    "desk/2026-11-23/end done",
  ]);
});

Deno.test("open() carries out several accounts, each with its own broker", async () => {
  const clock = new VirtualClock(instant(NOON));
  const [here, there] = [
    openPaper(clock, [held("EURUSD", "1")]),
    openPaper(clock, [held("EURUSD", "1")]),
  ];
  const sessions = await Sessions.open({
    sessions: [
      new Session({ name: "a", start: 8, end: 16, account: "here" }),
      new Session({
        name: "b",
        start: 8,
        end: 16,
        account: "there",
        onEnd: "close_all",
      }),
    ],
    brokers: { here: here.openBroker(), there: there.openBroker() },
    clock,
  });
  await sessions.leave();
  assert.equal(here.state.positions.size, 1);
  assert.equal(there.state.positions.size, 0);
});

Deno.test("open() refuses one broker for two accounts", async () => {
  const broker = toldBroker();
  const sessions = ["here", "there"].map((account) =>
    new Session({ name: account, start: 8, end: 16, account })
  );
  await assert.rejects(Sessions.open({ sessions, broker }), {
    code: "session/invalid",
  });
  assert.equal(broker.disposals, 1);
});

Deno.test("open() refuses an account that nobody gave a broker for", async () => {
  const sessions = [new Session({ start: 8, end: 16 })];
  await assert.rejects(Sessions.open({ sessions }), {
    code: "broker/unreachable",
  });
});

Deno.test("open() refuses two sessions of one name, and one that is in a run", async () => {
  const session = new Session({ start: 8, end: 16 });
  const twins = [session, new Session({ start: 8, end: 16 })];
  const broker = toldBroker();
  await assert.rejects(Sessions.open({ sessions: twins, broker }), {
    code: "session/invalid",
  });
  assert.equal(broker.disposals, 1);
  const run = await openDesk({ sessions: [session], at: NOON });
  const second = Sessions.open({ sessions: [session], broker: toldBroker() });
  await assert.rejects(second, { code: "session/invalid" });
  await run.sessions.leave();
  const again = await openDesk({ sessions: [session], at: NOON });
  await again.sessions.leave();
});

Deno.test("leaving lets the broker and the journal go, once", async () => {
  const journal = new MemoryJournal();
  let disposals = 0;
  journal[Symbol.dispose] = () => void disposals++;
  const broker = toldBroker();
  const sessions = await Sessions.open({
    sessions: [new Session({ start: 8, end: 9 })],
    broker,
    journal,
    clock: new VirtualClock(instant(NOON)),
  });
  await sessions.leave();
  await sessions.leave();
  assert.equal(broker.disposals, 1);
  assert.equal(disposals, 1);
});

Deno.test("a run that cannot write its journal ends, and leaving says why", async () => {
  const journal = new MemoryJournal();
  const run = await openDesk({
    sessions: [new Session({ start: 8, end: 16 })],
    at: NOON,
    journal,
  });
  journal.append = () => {
    throw new Error("disk full");
  };
  await run.runTo("2026-11-23T16:00:01Z");
  await assert.rejects(run.sessions.leave(), /disk full/);
});

Deno.test("open() refuses a live account that does not say so, or would be forgotten", async () => {
  const live = { live: true, id: "U-1" };
  const session = () => new Session({ name: "desk", start: 8, end: 16 });
  const open = (options: Partial<Parameters<typeof Sessions.open>[0]>) =>
    Sessions.open({
      sessions: [session()],
      broker: toldBroker(live),
      ...options,
    });
  await assert.rejects(open({}), { code: "broker/wrong-account" });
  const told = { main: live };
  await assert.rejects(open({ accounts: told }), {
    code: "journal/memory-live",
  });
  await assert.rejects(open({ accounts: { main: { live: true } } }), {
    code: "session/invalid",
    message: /give its id/,
  });
  const clock = new VirtualClock(instant(NOON));
  await assert.rejects(open({ accounts: told, clock }), {
    code: "session/invalid",
    message: /virtual clock/,
  });
  const unnamed = [new Session({ start: 8, end: 16 })];
  await assert.rejects(open({ accounts: told, sessions: unnamed }), {
    code: "session/invalid",
    message: /name of its own/,
  });
});

Deno.test("a dry run reads the account and sends nothing", async () => {
  const session = new Session({ start: 8, end: 16, onEnd: "close_all" });
  const run = await openDesk({
    sessions: [session],
    at: NOON,
    positions: [held("EURUSD", "1")],
    dryRun: true,
  });
  assert.equal((await session.closeAll()).outcome, "skipped");
  await run.sessions.leave();
  assert.deepEqual(run.symbols(), ["EURUSD"]);
});

const PLAIN = defineSessions({ sessions: [{ start: 8, end: 16 }] }).definition;

function withSession(change: Partial<SessionDefinition>): Definition {
  const sessions = PLAIN.sessions.map((one) => ({ ...one, ...change }));
  return { ...PLAIN, sessions };
}

const market = {
  kind: "market",
  side: "close",
  offsetMs: 0,
  calendar: null,
} as const;

/** One definition for each thing that is decoded and not carried out. */
/** What no run carries out. */
const ASKING: readonly Definition[] = [
  defineSessions({
    limits: { dailyLoss: "4%" },
    sessions: [{ start: 8, end: 16, onEnd: "close_all" }],
  }).definition,
];

/** What every run carries out, from a file or from a program. */
const CARRIED: readonly Definition[] = [
  PLAIN,
  withSession({ noNewEntriesMs: 60_000 }),
  withSession({ entries: { from: market, until: null } }),
  ...PLAIN.sessions.map(({ scope }) =>
    withSession({ scope: { ...scope, session: "desk" } })
  ),
];

Deno.test("open() refuses what a file's run refuses as not carried out yet, and nothing else", () => {
  for (const definition of CARRIED) {
    assert.deepEqual(unsupported(definition), []);
    refuseUnsupported(definition, false);
  }
  for (const definition of ASKING) {
    assert.equal(unsupported(definition).length, 1);
    assert.throws(() => refuseUnsupported(definition, false), {
      code: "support/not-yet",
    });
  }
});

Deno.test("open() refuses alarms, which a file's run sends and a program's does not", () => {
  const url = "https://x.example.com/s3cret";
  for (
    const definition of [
      { ...PLAIN, heartbeat: { url, everyMs: 60_000 } },
      { ...PLAIN, notify: [{ webhook: url, form: "json", events: [] }] },
    ] satisfies readonly Definition[]
  ) {
    assert.deepEqual(unsupported(definition), []);
    assert.throws(() => refuseUnsupported(definition, false), {
      code: "support/not-yet",
      message: /(notify|heartbeat): .* from a program(?!.*s3cret)/,
    });
  }
});

Deno.test("open() refuses code in a sandbox, unless a runner for it is given", () => {
  const { definition } = defineSessions({
    sessions: [{ start: 8, end: 16, customEnd: "hooks/report.ts" }],
  });
  assert.throws(() => refuseUnsupported(definition, false), {
    code: "support/not-yet",
    message: /customEnd: code of a file/,
  });
  refuseUnsupported(definition, true);
});

Deno.test("open() refuses strategies that are functions, and those of a file without a runner", () => {
  const defined = (module: string | (() => void)) =>
    defineSessions({
      sessions: [{ start: 8, end: 16, strategies: [{ module, every: "5m" }] }],
    }).definition;
  const refusal = { code: "support/not-yet", message: /run the definition/ };
  assert.throws(() => refuseUnsupported(defined(() => {}), true), refusal);
  assert.throws(() => refuseUnsupported(defined("ema.ts"), false), refusal);
  refuseUnsupported(defined("ema.ts"), true);
});

Deno.test("open() refuses a definition whose functions were left behind", async () => {
  const { definition } = defineSessions({
    sessions: [{ start: 8, end: 16, customEnd: () => {} }],
  });
  const broker = toldBroker();
  await assert.rejects(Sessions.open({ sessions: definition, broker }), {
    code: "session/invalid",
    message: /there is no function/,
  });
});
