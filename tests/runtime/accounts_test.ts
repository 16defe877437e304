import assert from "node:assert/strict";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { decimal } from "../../src/domain/decimal.ts";
import type { Account, RemoteAccount } from "../../src/domain/definition.ts";
import { CarillonError } from "../../src/domain/error.ts";
import { openAccounts, verifyAccount } from "../../src/runtime/accounts.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import { Runtime } from "../../src/runtime/runtime.ts";
import { plainDefinition, plainInfo } from "../support/core_run.ts";
import { StubBroker } from "../support/stub_broker.ts";

function remote(more: Partial<RemoteAccount>): RemoteAccount {
  return {
    kind: "http",
    name: "main",
    id: "A-1",
    live: null,
    url: null,
    token: null,
    options: {},
    ...more,
  };
}

/** What the file says, what the broker says, and what is wrong with it; `null` for nothing. */
const LIVE:
  readonly (readonly [boolean | null, boolean | null, RegExp | null])[] = [
    [true, true, null],
    [true, false, /says "live: true", the broker says that it is a demo/],
    [true, null, null],
    [false, true, /the broker says that it is live/],
    [false, false, null],
    [false, null, /does not say that it is a demo, so it counts as live/],
    [null, true, /the broker says that it is live/],
    [null, false, null],
    [null, null, /does not say that it is a demo, so it counts as live/],
  ];

for (const kind of ["http", "alpaca"] as const) {
  for (const [live, said, wrong] of LIVE) {
    Deno.test(`verifyAccount() of ${kind}: the file says live ${live}, the broker ${said}`, () => {
      const verify = () =>
        verifyAccount(remote({ kind, live }), { ...plainInfo(), live: said });
      if (wrong === null) return verify();
      assert.throws(verify, { code: "broker/wrong-account", message: wrong });
    });
  }
}

Deno.test("verifyAccount() compares the id before anything else, character by character", () => {
  for (const id of ["a-1", "A-1 ", "A-10", ""]) {
    assert.throws(
      () => verifyAccount(remote({ id, live: true }), plainInfo()),
      { code: "broker/wrong-account", message: /the broker says "A-1"/ },
    );
  }
  verifyAccount(remote({ id: null }), plainInfo());
});

Deno.test("verifyAccount() asks nothing of a paper account", () => {
  const paper: Account = {
    kind: "paper",
    name: "main",
    mode: "netting",
    cash: decimal("1"),
    currency: "USD",
    positions: [],
    prices: [],
    seed: 1,
    commission: decimal("0"),
    latencyMs: 0,
  };
  verifyAccount(paper, { ...plainInfo(), id: "any", live: true });
});

Deno.test("openAccounts() opens all at once and gives each answer under its name", async () => {
  const gate = Promise.withResolvers<void>();
  const brokers = new Map(["a", "b"].map((name) => [
    name,
    new StubBroker({
      open: () => gate.promise.then(() => ({ ...plainInfo(), id: name })),
    }),
  ]));
  const opening = openAccounts(
    ["a", "b"].map((name) => remote({ name, id: name })),
    brokers,
    () => () => {},
  );
  assert.deepEqual([...brokers.values()].map(({ asked }) => asked), [
    ["open"],
    ["open"],
  ]);
  gate.resolve();
  assert.deepEqual((await opening).map(({ name, info }) => [name, info.id]), [
    ["a", "a"],
    ["b", "b"],
  ]);
});

Deno.test("openAccounts() names an account that no broker was given for", async () => {
  await assert.rejects(
    openAccounts([remote({ name: "fx" })], new Map(), () => () => {}),
    { code: "broker/unreachable", message: /account "fx"/ },
  );
});

Deno.test("openAccounts() names the account whose broker fails, and keeps code, details and cause", async () => {
  const cause = new Error("connection refused");
  const failing = new CarillonError(
    "broker/unreachable",
    "Cannot read the account at http://127.0.0.1:1: nobody answers there",
    { cause, details: { outcome: "unsent", status: 502 } },
  );
  const broker = new StubBroker({ open: () => Promise.reject(failing) });
  await assert.rejects(
    openAccounts(
      [remote({ name: "fx" })],
      new Map([["fx", broker]]),
      () => () => {},
    ),
    {
      code: "broker/unreachable",
      message:
        'Cannot open account "fx": cannot read the account at http://127.0.0.1:1: nobody answers there',
      details: { outcome: "unsent", status: 502, account: "fx" },
      cause,
    },
  );
});

Deno.test("Runtime.unopened() opens account by account, and one that fails holds up no other", async () => {
  const good = new StubBroker();
  const failing = new CarillonError("broker/unreachable", "Nobody answers");
  const bad = new StubBroker({ open: () => Promise.reject(failing) });
  const accounts = [remote({ live: false }), remote({ name: "other" })];
  const runtime = Runtime.unopened({
    definition: { ...plainDefinition([]), accounts },
    runId: "run",
    dryRun: false,
    armed: false,
    brokers: new Map([["main", good], ["other", bad]]),
    hooks: { run: () => Promise.reject(new Error("no hook")) },
    clock: new VirtualClock(0),
    journal: new MemoryJournal(),
  });
  const told: string[] = [];
  runtime.listen((notice) => {
    if (notice.type === "account.ready") told.push(notice.account);
  });
  runtime.start();
  const opened = await Promise.allSettled(
    accounts.map((account) => runtime.openAccount(account)),
  );
  runtime.abandon();
  assert.deepEqual(opened.map(({ status }) => status), [
    "fulfilled",
    "rejected",
  ]);
  assert.deepEqual(told, ["main"]);
});

Deno.test("Runtime.open() starts nothing and records nothing where one account is not what the file means", async () => {
  const unreachable = new CarillonError("broker/unreachable", "Nobody answers");
  const wrong = [
    { open: () => Promise.reject(unreachable), code: "broker/unreachable" },
    {
      open: () => Promise.resolve({ ...plainInfo(), id: "B-2" }),
      code: "broker/wrong-account",
    },
    {
      open: () => Promise.resolve({ ...plainInfo(), live: true }),
      code: "broker/wrong-account",
    },
  ];
  for (const { open, code } of wrong) {
    const good = new StubBroker();
    const bad = new StubBroker({ open });
    const journal = new MemoryJournal();
    const clock = new VirtualClock(0);
    await assert.rejects(
      Runtime.open({
        definition: {
          ...plainDefinition([]),
          accounts: [remote({ live: false }), remote({ name: "other" })],
        },
        runId: "run",
        dryRun: false,
        brokers: new Map([["main", good], ["other", bad]]),
        hooks: { run: () => Promise.reject(new Error("no hook")) },
        clock,
        journal,
      }),
      { code },
    );
    good.tell({ type: "stream", state: "up", message: "" });
    await clock.settle();
    assert.deepEqual([...journal.read()], []);
    assert.deepEqual([good.asked, bad.asked], [["open"], ["open"]]);
    assert.equal(clock.sleeping, 0);
  }
});
