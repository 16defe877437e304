import assert from "node:assert/strict";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import type { Effect } from "../../src/domain/effect.ts";
import type { Notice } from "../../src/domain/notice.ts";
import { Engine, type NewEvent, replay } from "../../src/runtime/engine.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import type { Entry, Journal } from "../../src/runtime/ports.ts";
import { clockSession, instant } from "../support/clock_session.ts";
import { plainDefinition, plainInfo } from "../support/core_run.ts";
import { CLOSE_ALL } from "../support/paper_run.ts";

const FROM_AT = instant("2026-11-23T12:00:00Z");

const LOADED: readonly NewEvent[] = [
  {
    type: "file.loaded",
    runId: "run",
    hash: "",
    definition: plainDefinition([clockSession(CLOSE_ALL)]),
    dryRun: false,
    fromAt: FROM_AT,
    armed: true,
  },
  { type: "account.opened", account: "main", info: plainInfo() },
];

/** Asks for a close, which asks for the positions. */
function closeRequest(request: string): NewEvent {
  return {
    type: "close.requested",
    request,
    session: null,
    account: "main",
    action: "close_all",
    positions: null,
    ordersOnly: false,
  };
}

/** Leads to nothing at all. */
function idle(timer: string): NewEvent {
  return { type: "timer.due", timer, dueAt: 0 };
}

interface Bench {
  readonly engine: Engine;
  readonly journal: Journal;
  readonly performed: Effect[];
  readonly failures: unknown[];
  readonly faults: unknown[];
}

function openBench(
  more: {
    readonly journal?: Journal;
    readonly perform?: (effect: Effect) => void;
  } = {},
): Bench {
  const journal = more.journal ?? new MemoryJournal();
  const performed: Effect[] = [];
  const failures: unknown[] = [];
  const faults: unknown[] = [];
  const engine = new Engine({
    clock: new VirtualClock(FROM_AT),
    journal,
    perform(effect) {
      performed.push(effect);
      more.perform?.(effect);
    },
    onFailure: (error) => failures.push(error),
    onListenerFault: (error) => faults.push(error),
  });
  return { engine, journal, performed, failures, faults };
}

/** A record in memory whose n-th writing fails, as a full disk does. */
class FailingJournal extends MemoryJournal {
  #left: number;

  constructor(failsAt: number) {
    super();
    this.#left = failsAt;
  }

  override append(entries: readonly Entry[]): void {
    this.#left -= 1;
    if (this.#left === 0) throw new Error("the disk is full");
    super.append(entries);
  }
}

Deno.test("Engine performs nothing of a batch that could not be recorded, and takes nothing in afterwards", () => {
  for (const failsAt of [1, 2, 3]) {
    const bench = openBench({ journal: new FailingJournal(failsAt) });
    const told: Notice[] = [];
    bench.engine.listen((notice) => told.push(notice));
    const batches = [LOADED, [closeRequest("a"), idle("x")], [
      closeRequest("b"),
    ]];
    batches.slice(0, failsAt - 1).forEach((batch) =>
      bench.engine.post(...batch)
    );
    const before = {
      state: bench.engine.state,
      performed: bench.performed.length,
      told: told.length,
    };
    bench.engine.post(...batches[failsAt - 1] ?? []);
    const after = {
      state: bench.engine.state,
      performed: bench.performed.length,
      told: told.length,
    };
    assert.deepEqual(after, before);
    assert.equal(after.state, before.state);
    assert.deepEqual(bench.failures, [new Error("the disk is full")]);
    bench.engine.post(closeRequest("late"));
    bench.engine.post(idle("late"));
    assert.equal(bench.performed.length, before.performed);
    assert.equal(bench.failures.length, 1);
    assert.deepEqual(replay(bench.journal.read()), bench.engine.state);
  }
});

Deno.test("Engine stops at an event that it has no step for, and keeps nothing of its batch", () => {
  const bench = openBench();
  bench.engine.post(...LOADED);
  const { state } = bench.engine;
  const before = bench.performed.length;
  bench.engine.post(
    closeRequest("a"),
    { type: "account.opened", account: "nobody", info: plainInfo() },
  );
  assert.match(String(bench.failures[0]), /Broken invariant: account "nobody"/);
  assert.equal(bench.engine.state, state);
  assert.equal(bench.performed.length, before);
  assert.equal([...bench.journal.read()].length, LOADED.length);
});

Deno.test("Engine lets an effect out only once its entry is on record, effects in order", () => {
  const journal = new MemoryJournal();
  const seen: Effect[] = [];
  const bench = openBench({
    journal,
    perform(effect) {
      const onRecord = [...journal.read()].flatMap(({ effects }) => effects);
      assert.ok(onRecord.includes(effect), effect.type);
      seen.push(effect);
    },
  });
  bench.engine.listen((notice) => {
    const onRecord = [...journal.read()].flatMap(({ effects }) => effects);
    const told = onRecord.find((effect) =>
      effect.type === "tell" && effect.notice === notice
    );
    assert.ok(told !== undefined, notice.type);
    seen.push(told);
  });
  bench.engine.post(...LOADED, closeRequest("a"), closeRequest("b"));
  bench.engine.post({
    type: "stop.requested",
    policy: "leave",
    reason: "user",
  });
  assert.deepEqual(bench.faults, []);
  assert.deepEqual(bench.failures, []);
  assert.ok(seen.length > 8);
  assert.deepEqual(
    seen,
    [...journal.read()].flatMap(({ effects }) => effects),
  );
});

Deno.test("Engine takes what is posted from inside in the order in which it came, one after the other", () => {
  const depth = { now: 0, most: 0 };
  const bench = openBench({
    perform(effect) {
      depth.now += 1;
      depth.most = Math.max(depth.most, depth.now);
      if (effect.type === "positions.read") {
        bench.engine.post(idle("perform 1"), idle("perform 2"));
        bench.engine.post(idle("perform 3"));
      }
      depth.now -= 1;
    },
  });
  bench.engine.listen((notice) => {
    if (notice.type === "account.ready") {
      bench.engine.post(idle("listener 1"));
      assert.equal(
        [...bench.journal.read()].length,
        3,
        "it waits for the batch to be done",
      );
      bench.engine.post(idle("listener 2"));
    }
  });
  bench.engine.post(...LOADED, closeRequest("a"));
  bench.engine.post(idle("after"));
  assert.deepEqual(bench.faults, []);
  const order = [...bench.journal.read()].map(({ event }) =>
    event.type === "timer.due" ? event.timer : event.type
  );
  assert.deepEqual(order, [
    "file.loaded",
    "account.opened",
    "close.requested",
    "listener 1",
    "listener 2",
    "perform 1",
    "perform 2",
    "perform 3",
    "after",
  ]);
  assert.equal(depth.most, 1);
});

Deno.test("Engine does not grow its stack however long one thing leads to the next", () => {
  let left = 5_000;
  const bench = openBench({
    perform(effect) {
      const isEnd = effect.type === "timer.drop" &&
        effect.key === "desk/2026-11-23/end";
      if (isEnd && left-- > 0) again();
    },
  });
  const session = clockSession(CLOSE_ALL);
  const again = () =>
    bench.engine.post(
      { type: "session.added", session },
      { type: "session.removed", session: session.name },
    );
  bench.engine.post(...LOADED, { type: "session.removed", session: "desk" });
  assert.deepEqual(bench.failures, []);
  assert.equal(left, -1);
});

Deno.test("Engine goes on when a listener throws, and says what it threw", () => {
  const bench = openBench();
  const heard: string[] = [];
  bench.engine.listen(() => {
    throw new Error("a listener's own fault");
  });
  bench.engine.listen((notice) => heard.push(notice.type));
  bench.engine.post(...LOADED, closeRequest("a"));
  assert.deepEqual(bench.failures, []);
  assert.ok(heard.includes("account.ready") && heard.includes("edge.fired"));
  assert.ok(bench.performed.some(({ type }) => type === "positions.read"));
  assert.equal(bench.faults.length, heard.length);
  bench.engine.post(closeRequest("b"));
  assert.equal(heard.filter((type) => type === "edge.fired").length, 2);
});

Deno.test("Engine tells a notice to those who listened when it was told", () => {
  const bench = openBench();
  const heard: string[] = [];
  const leaveLast = () => last();
  bench.engine.listen(({ type }) => {
    heard.push(`first ${type}`);
    leaveLast();
    if (type === "run.started") {
      bench.engine.listen((notice) => heard.push(`joined ${notice.type}`));
    }
  });
  const last = bench.engine.listen(({ type }) => heard.push(`last ${type}`));
  bench.engine.post(...LOADED);
  assert.deepEqual(heard, [
    "first run.started",
    "last run.started",
    "first occurrence.armed",
    "joined occurrence.armed",
    "first occurrence.armed",
    "joined occurrence.armed",
    "first account.ready",
    "joined account.ready",
  ]);
});

Deno.test("Engine.close() takes nothing in any more and leaves undone what is left", () => {
  const bench = openBench({
    perform(effect) {
      if (effect.type === "positions.read") bench.engine.close();
    },
  });
  bench.engine.post(...LOADED, closeRequest("a"), closeRequest("b"));
  const reads = bench.performed.filter(({ type }) => type === "positions.read");
  assert.equal(reads.length, 1);
  assert.equal(bench.performed.at(-1)?.type, "positions.read");
  bench.engine.post(closeRequest("c"));
  assert.equal([...bench.journal.read()].length, 4);
  assert.deepEqual(bench.failures, []);
});

Deno.test("Engine goes on from what its journal holds, without a gap in its numbers", () => {
  const journal = new MemoryJournal();
  openBench({ journal }).engine.post(...LOADED, closeRequest("a"));
  const second = openBench({ journal });
  assert.equal(second.engine.state.seq, 3);
  second.engine.post(...LOADED);
  openBench({ journal }).engine.post(idle("x"), ...LOADED);
  const seqs = [...journal.read()].map(({ seq }) => seq);
  assert.deepEqual(seqs, [1, 2, 3, 4, 5, 6, 7, 8]);
});
