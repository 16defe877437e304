import assert from "node:assert/strict";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { decimal } from "../../src/domain/decimal.ts";
import type { Hook } from "../../src/domain/definition.ts";
import type { Effect } from "../../src/domain/effect.ts";
import { CarillonError } from "../../src/domain/error.ts";
import type { Notice } from "../../src/domain/notice.ts";
import { SECOND_MS } from "../../src/domain/time.ts";
import { Engine, type NewEvent, replay } from "../../src/runtime/engine.ts";
import { UNWRITTEN_MAX } from "../../src/runtime/recorder.ts";
import { refusalOf } from "../../src/runtime/while_unwritable.ts";
import { clockSession, instant } from "../support/clock_session.ts";
import { plainDefinition, plainInfo } from "../support/core_run.ts";
import { diskFull, FaultyJournal } from "../support/faulty_journal.ts";
import { CLOSE_ALL } from "../support/paper_run.ts";

const FROM_AT = instant("2026-11-23T12:00:00Z");

const FUNCTION: Hook = {
  source: { kind: "inline", code: "export default () => {};" },
  permissions: { net: [], read: [], write: [], env: [], import: [] },
  isolation: "auto",
  timeoutMs: 10_000,
  onFailure: "continue",
  overlap: "skip",
  params: "{}",
};

const LOADED: readonly NewEvent[] = [
  {
    type: "file.loaded",
    runId: "run",
    hash: "",
    definition: plainDefinition([
      clockSession({ ...CLOSE_ALL, customStart: FUNCTION }),
    ]),
    dryRun: false,
    fromAt: FROM_AT,
    armed: true,
  },
  { type: "account.opened", account: "main", info: plainInfo() },
];

const CLOSE: NewEvent = {
  type: "close.requested",
  request: "a",
  session: null,
  account: "main",
  action: "close_all",
  positions: null,
  ordersOnly: false,
};

const HOOK: NewEvent = {
  type: "actions.requested",
  request: "b",
  session: "desk",
  actions: ["custom_start"],
};

const STOP: NewEvent = {
  type: "stop.requested",
  policy: "leave",
  reason: "user",
};

/** Leads to nothing at all. */
const IDLE: NewEvent = { type: "timer.due", timer: "x", dueAt: 0 };

function openBench() {
  const clock = new VirtualClock(FROM_AT);
  const journal = new FaultyJournal();
  const performed: Effect[] = [];
  const failures: unknown[] = [];
  const told: Notice[] = [];
  const engine = new Engine({
    clock,
    journal,
    perform: (effect) => performed.push(effect),
    onFailure: (error) => failures.push(error),
  });
  engine.listen((notice) => told.push(notice));
  engine.post(...LOADED);
  performed.length = 0;
  told.length = 0;
  const journalNotices = () =>
    told.filter(({ type }) => type.startsWith("journal."));
  return { clock, journal, engine, performed, failures, told, journalNotices };
}

Deno.test("Engine closes what is due although nothing can be recorded, and says so once", () => {
  const bench = openBench();
  bench.journal.fault = diskFull();
  bench.engine.post(CLOSE);
  bench.engine.post(IDLE);
  assert.deepEqual(bench.performed.map(({ type }) => type).sort(), [
    "positions.read",
    "timer.set",
  ]);
  assert.deepEqual(bench.journalNotices(), [{
    type: "journal.unwritable",
    at: FROM_AT,
    message: diskFull().message,
  }]);
  assert.ok(bench.told.some(({ type }) => type === "edge.fired"));
  assert.deepEqual(bench.failures, []);
  assert.equal([...bench.journal.read()].length, LOADED.length);
  assert.equal(bench.engine.unwritten, 2);
});

Deno.test("Engine writes what it held as soon as it can, in order, and says so", async () => {
  const bench = openBench();
  bench.journal.fault = diskFull();
  bench.engine.post(CLOSE);
  bench.engine.post(IDLE, IDLE);
  await bench.clock.run(FROM_AT + 2 * SECOND_MS);
  bench.journal.fault = null;
  assert.equal(bench.engine.unwritten, 3);
  await bench.clock.run(FROM_AT + 10 * SECOND_MS);
  const entries = [...bench.journal.read()];
  assert.deepEqual(entries.map(({ event }) => event.type), [
    "file.loaded",
    "account.opened",
    "close.requested",
    "timer.due",
    "timer.due",
  ]);
  const late = entries.at(-1);
  assert.equal(late?.event.at, FROM_AT, "it happened then");
  assert.ok(late.recordedAt > FROM_AT, "and was written later");
  assert.deepEqual(bench.journalNotices().at(-1), {
    type: "journal.restored",
    at: late.recordedAt,
    entries: 3,
    sinceAt: FROM_AT,
  });
  assert.deepEqual(replay(bench.journal.read()), bench.engine.state);
  bench.engine.post(IDLE);
  assert.equal([...bench.journal.read()].length, entries.length + 1);
  assert.equal(bench.clock.sleeping, 0, "nobody tries any more");
});

Deno.test("Engine tries ever more rarely, and at most once a second when something happens", async () => {
  const bench = openBench();
  bench.journal.fault = diskFull();
  bench.engine.post(IDLE);
  assert.equal(bench.journal.refused, 1);
  bench.engine.post(IDLE);
  assert.equal(bench.journal.refused, 1, "not again within the same second");
  await bench.clock.run(FROM_AT + 60 * SECOND_MS);
  // After 1, 3, 7, 15, 31 and 47 seconds.
  assert.equal(bench.journal.refused, 7);
  await bench.clock.run(FROM_AT + 63 * SECOND_MS);
  bench.journal.fault = null;
  bench.engine.post(IDLE);
  assert.equal(bench.engine.unwritten, 3, "the timer has just tried");
  await bench.clock.run(FROM_AT + 64 * SECOND_MS);
  bench.engine.post(IDLE);
  assert.equal(bench.engine.unwritten, 0);
});

Deno.test("Engine refuses a hook while nothing can be recorded, and nothing waits for it", () => {
  const bench = openBench();
  bench.journal.fault = diskFull();
  bench.engine.post(HOOK);
  assert.ok(!bench.performed.some(({ type }) => type === "hook.run"));
  const settled = bench.told.find(({ type }) => type === "edge.settled");
  assert.ok(settled?.type === "edge.settled");
  assert.equal(settled.outcome, "failed");
  assert.match(settled.hooks[0]?.message ?? "", /journal cannot be written/);
  assert.deepEqual(bench.engine.state.jobs, {});
});

Deno.test("refusalOf() lets through what closes, and answers what does not", () => {
  const submit = (closes: string | null): Effect => ({
    type: "order.submit",
    account: "main",
    intent: {
      clientOrderId: "c1",
      symbol: "EURUSD",
      side: "sell",
      qty: decimal("1"),
      limitPrice: null,
      closes,
      tag: null,
    },
  });
  assert.equal(refusalOf(submit("EURUSD")), null);
  const refusal = refusalOf(submit(null));
  assert.ok(refusal?.type === "order.lost");
  assert.deepEqual([refusal.order, refusal.failure.outcome], ["c1", "refused"]);
  assert.equal(refusalOf({ type: "run.end" }), null);
  assert.equal(
    refusalOf({ type: "order.cancel", account: "main", orderId: "9" }),
    null,
  );
});

/** Begins a run whose journal refuses from the start; what was performed, and what broke it. */
function beginRefused(journal: FaultyJournal, isEmergency: boolean) {
  journal.fault = diskFull();
  const failures: unknown[] = [];
  const performed: Effect[] = [];
  const engine = new Engine({
    clock: new VirtualClock(FROM_AT),
    journal,
    perform: (effect) => performed.push(effect),
    onFailure: (error) => failures.push(error),
    isEmergency,
  });
  engine.post(...LOADED, CLOSE);
  engine.close();
  return { failures, performed: performed.map(({ type }) => type) };
}

Deno.test("Engine does not begin a run that nothing is on record of", () => {
  const journal = new FaultyJournal();
  const { failures, performed } = beginRefused(journal, false);
  assert.deepEqual(failures, [journal.fault]);
  assert.deepEqual(performed, []);
});

Deno.test("Engine begins without a record in an emergency, and where the record says what is owed", () => {
  const emergency = beginRefused(new FaultyJournal(), true);
  assert.deepEqual(emergency.failures, []);
  assert.ok(emergency.performed.includes("positions.read"));
  const again = beginRefused(openBench().journal, false);
  assert.deepEqual(again.failures, []);
  assert.ok(again.performed.includes("positions.read"));
});

Deno.test("Engine stops at once when its journal belongs to another run by now", async () => {
  const fenced = new CarillonError("journal/fenced", "Cannot write journal");
  const direct = openBench();
  direct.journal.fault = fenced;
  direct.engine.post(CLOSE);
  assert.deepEqual(direct.failures, [fenced]);
  assert.deepEqual(direct.performed, []);
  const later = openBench();
  later.journal.fault = diskFull();
  later.engine.post(IDLE);
  later.journal.fault = fenced;
  await later.clock.run(FROM_AT + 5 * SECOND_MS);
  assert.deepEqual(later.failures, [fenced]);
  later.engine.post(CLOSE);
  assert.deepEqual(later.performed, []);
});

Deno.test("Engine ends a run that never got its last entries on record with an error that says so", () => {
  const bench = openBench();
  bench.journal.fault = diskFull();
  bench.engine.post(HOOK, STOP);
  const reads = bench.performed.filter(({ type }) => type === "positions.read");
  assert.equal(reads.length, 1, "the last look is taken all the same");
  const [look] = reads;
  assert.ok(look?.type === "positions.read");
  bench.engine.post({
    type: "positions.read",
    account: "main",
    request: look.request,
    snapshot: { seq: 1, positions: [], orders: [], fills: [] },
  });
  assert.ok(bench.told.some(({ type }) => type === "run.stopped"));
  assert.equal(bench.failures.length, 1);
  assert.match(
    String(bench.failures[0]),
    /Cannot put the last 4 entries of the run on record: .*disk is full; among them ended request\/run\/3/,
  );
});

Deno.test("Engine tries a last time when it is closed", () => {
  const bench = openBench();
  bench.journal.fault = diskFull();
  bench.engine.post(CLOSE);
  bench.journal.fault = null;
  bench.engine.close();
  assert.equal([...bench.journal.read()].length, LOADED.length + 1);
  assert.deepEqual(bench.failures, []);
});

Deno.test("Engine holds no more than it can, and stops then", () => {
  const bench = openBench();
  bench.journal.fault = diskFull();
  const batch = Array.from({ length: UNWRITTEN_MAX / 2 }, () => IDLE);
  bench.engine.post(...batch);
  bench.engine.post(...batch);
  assert.deepEqual(bench.failures, []);
  bench.engine.post(IDLE);
  assert.match(String(bench.failures[0]), /Cannot hold more than 50000/);
});
