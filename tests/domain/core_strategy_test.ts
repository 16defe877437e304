import assert from "node:assert/strict";
import { decimal } from "../../src/domain/decimal.ts";
import type { Hook, Session } from "../../src/domain/definition.ts";
import type { HookRun } from "../../src/domain/effect.ts";
import type { StrategyEnded } from "../../src/domain/notice.ts";
import { decodeState, encodeState } from "../../src/domain/state_codec.ts";
import {
  KEPT_MAX,
  readKept,
  strategiesOf,
  strategyOfCall,
} from "../../src/domain/strategy.ts";
import { getRow } from "../../src/domain/table.ts";
import { MINUTE_MS } from "../../src/domain/time.ts";
import {
  clockSession,
  clockWindow,
  instant,
  isoText,
} from "../support/clock_session.ts";
import { CoreRun, plainDefinition } from "../support/core_run.ts";

const HOOK: Hook = {
  source: { kind: "module", module: "strategies/ema.ts", export: "default" },
  permissions: { net: [], read: [], write: [], env: [], import: [] },
  isolation: "auto",
  timeoutMs: 10_000,
  onFailure: "continue",
  overlap: "skip",
  params: "{}",
};

/** A session of ten minutes whose one strategy is called every two. */
function desk(hook: Partial<Hook> = {}): Partial<Session> {
  return {
    name: "desk",
    window: clockWindow("08:00", "08:10", "UTC"),
    onEnd: ["close_all"],
    strategies: [{
      hook: { ...HOOK, ...hook },
      everyMs: 2 * MINUTE_MS,
      symbols: ["A"],
    }],
  };
}

function open(hook: Partial<Hook> = {}): CoreRun {
  return new CoreRun([desk(hook)], "2026-11-23T07:00:00Z");
}

/** The calls that left, in order. */
function calls(run: CoreRun): readonly HookRun[] {
  return run.effects.filter((effect) => effect.type === "hook.run");
}

/** When calls left, as the time of the day. */
function times(run: CoreRun): readonly string[] {
  return calls(run).map(({ dueAt }) => isoText(dueAt).slice(11, 16));
}

/** The last call comes back. */
function back(run: CoreRun, value: unknown = null): void {
  const call = calls(run).at(-1)?.call ?? "";
  run.take({
    type: "hook.returned",
    call,
    elapsedMs: 1,
    value: value === null ? null : JSON.stringify(value),
    logs: [],
  });
}

/** The last call fails. */
function fail(run: CoreRun, outcome: "failed" | "cancelled" = "failed"): void {
  const call = calls(run).at(-1)?.call ?? "";
  const message = "boom";
  run.take({ type: "hook.failed", call, elapsedMs: 1, outcome, message });
}

function ends(run: CoreRun): readonly StrategyEnded[] {
  return run.notices.filter((notice) => notice.type === "strategy.ended");
}

/** The next run of the same journal begins. */
function reload(
  run: CoreRun,
  given: { readonly armed?: boolean; readonly dryRun?: boolean } = {},
): void {
  // What the last run waits for ended with it.
  for (const effect of [...run.effects]) {
    if (effect.type !== "timer.set") continue;
    run.effects.push({ ...effect, type: "timer.drop" });
  }
  run.take({
    type: "file.loaded",
    runId: "next",
    hash: "",
    definition: plainDefinition([clockSession(desk())]),
    dryRun: false,
    fromAt: run.now,
    armed: true,
    ...given,
  });
}

/** The file is edited while the run goes on. */
function edit(run: CoreRun, session: Partial<Session>): void {
  run.take({
    type: "file.reloaded",
    hash: "edited",
    definition: plainDefinition([clockSession(session)]),
    fromAt: run.now,
  });
}

function row(run: CoreRun) {
  const found = getRow(run.state.strategies, "desk/ema");
  assert.ok(found !== undefined, "the strategy is not remembered");
  return found;
}

Deno.test("a strategy is called on its grid while its session is open, and not at the close", () => {
  const run = open();
  for (let tick = 0; tick < 6; tick++) {
    run.wake("strategy");
    back(run);
  }
  assert.deepEqual(calls(run).map(({ call }) => call), [
    "desk/2026-11-23/ema@2026-11-23T08:00:00Z",
    "desk/2026-11-23/ema@2026-11-23T08:02:00Z",
    "desk/2026-11-23/ema@2026-11-23T08:04:00Z",
    "desk/2026-11-23/ema@2026-11-23T08:06:00Z",
    "desk/2026-11-23/ema@2026-11-23T08:08:00Z",
    "desk/2026-11-24/ema@2026-11-24T08:00:00Z",
  ]);
  assert.deepEqual(ends(run), [], "what went well is not told");
  assert.equal(row(run).counts.returned, 6);
});

Deno.test("a strategy keeps what it returned as its state, and finds it at its next call", () => {
  const run = open();
  run.wake("strategy");
  assert.equal(calls(run)[0]?.strategy?.state, null);
  back(run, { state: { fast: "1.1" }, note: 7 });
  run.wake("strategy");
  assert.equal(calls(run)[1]?.strategy?.state, '{"fast":"1.1"}');
  back(run, { note: "no word of a state" });
  run.wake("strategy");
  assert.equal(calls(run)[2]?.strategy?.state, '{"fast":"1.1"}');
  back(run, { state: null });
  run.wake("strategy");
  assert.equal(calls(run)[3]?.strategy?.state, null);
});

Deno.test("a state that is too large is a failed call, and the old one stays", () => {
  const run = open();
  run.wake("strategy");
  back(run, { state: [1] });
  run.wake("strategy");
  back(run, { state: "x".repeat(KEPT_MAX) });
  assert.deepEqual(
    ends(run).map(({ outcome, message }) => [outcome, message]),
    [[
      "failed",
      "Cannot keep its state: it has 16386 characters as JSON, and 16384 are allowed",
    ]],
  );
  assert.equal(row(run).kept, "[1]");
});

Deno.test('overlap "skip" leaves a call out while the last one runs, counts it and tells it', () => {
  const run = open();
  run.wake("strategy");
  run.wake("strategy");
  assert.deepEqual(times(run), ["08:00"]);
  assert.deepEqual(
    ends(run).map(({ call, outcome }) => [call, outcome]),
    [["desk/2026-11-23/ema@2026-11-23T08:02:00Z", "skipped"]],
  );
  back(run);
  run.wake("strategy");
  assert.deepEqual(times(run), ["08:00", "08:04"]);
  assert.deepEqual(
    [row(run).counts.returned, row(run).counts.skipped],
    [1, 1],
  );
});

Deno.test('overlap "buffer_one" makes one call wait, and leaves a further one out', () => {
  const run = open({ overlap: "buffer_one" });
  run.wake("strategy");
  run.wake("strategy");
  run.wake("strategy");
  assert.deepEqual(times(run), ["08:00"]);
  assert.deepEqual(
    ends(run).map(({ call }) => call.slice(-20)),
    ["2026-11-23T08:04:00Z"],
  );
  // Two intervals late it would meet the prices of another call.
  back(run);
  assert.deepEqual(times(run), ["08:00"]);
  run.wake("strategy");
  run.wake("strategy");
  back(run);
  assert.deepEqual(times(run), ["08:00", "08:06", "08:08"]);
});

Deno.test('overlap "cancel_other" gives the last call up, and begins once that has ended', () => {
  const run = open({ overlap: "cancel_other" });
  run.wake("strategy");
  const [first] = calls(run);
  run.wake("strategy");
  const cancelled = run.effects.filter(({ type }) => type === "hook.cancel");
  assert.deepEqual(cancelled, [{ type: "hook.cancel", call: first?.call }]);
  assert.deepEqual(times(run), ["08:00"]);
  fail(run);
  assert.deepEqual(times(run), ["08:00", "08:02"]);
  assert.deepEqual(ends(run).map(({ outcome }) => outcome), ["cancelled"]);
  assert.equal(row(run).counts.cancelled, 1);
});

Deno.test("a strategy that runs holds no edge, and no end of the run", () => {
  const run = open();
  run.wake("strategy");
  run.fire("desk/2026-11-23/end");
  run.show(1, []);
  run.show(1, []);
  assert.deepEqual(run.settled.map(({ outcome }) => outcome), [
    "flat_verified",
  ]);
  run.take({ type: "stop.requested", policy: "leave", reason: "user" });
  assert.ok(
    run.effects.some(({ type }) => type === "hook.cancel"),
    "the call is given up",
  );
  run.show(2, []);
  assert.equal(run.effects.at(-1)?.type, "run.end");
});

Deno.test("no strategy is called while its session is paused, and the grid goes on", () => {
  const run = open();
  run.take({ type: "pause.requested", session: "desk" });
  run.wake("strategy");
  run.wake("strategy");
  run.take({ type: "resume.requested", session: "desk" });
  run.wake("strategy");
  assert.deepEqual(times(run), ["08:04"]);
});

Deno.test("no strategy is called in an occurrence whose start the user left out", () => {
  const run = open();
  const edge = "desk/2026-11-23/start";
  run.take({ type: "edge.skip_requested", edge, wish: "skip" });
  run.fire(edge);
  for (let tick = 0; tick < 6; tick++) run.wake("strategy");
  assert.deepEqual(calls(run).map(({ edge }) => edge), ["desk/2026-11-24"]);
});

Deno.test("a call that comes a whole interval late is not made", () => {
  const run = open();
  run.pass(62 * MINUTE_MS);
  run.wake("strategy");
  assert.deepEqual(times(run), []);
  run.wake("strategy");
  assert.deepEqual(times(run), ["08:04"]);
});

Deno.test('a fault refuses entries where the file says "refuse_entries"', () => {
  const run = open({ onFailure: "refuse_entries" });
  run.wake("strategy");
  fail(run);
  assert.equal(ends(run)[0]?.refusedUntilAt, instant("2026-11-23T08:10:00Z"));
  run.take({
    type: "order.requested",
    request: "r1",
    account: "main",
    session: "desk",
    symbol: "A",
    side: "buy",
    qty: decimal("1"),
    limitPrice: null,
    closes: null,
  });
  const refused = run.notices.find(({ type }) => type === "order.refused");
  assert.equal(
    refused?.type === "order.refused" ? refused.reason : null,
    "hook_failed",
  );
});

Deno.test("a restart keeps the state, tells the call that broke off, and makes up for none", () => {
  const run = open();
  run.wake("strategy");
  back(run, { state: 1 });
  run.wake("strategy");
  // Through text, as a checkpoint keeps it.
  run.state = decodeState(encodeState(run.state));
  run.pass(3 * MINUTE_MS);
  reload(run);
  assert.deepEqual(ends(run).map(({ call, outcome }) => [call, outcome]), [
    ["desk/2026-11-23/ema@2026-11-23T08:02:00Z", "interrupted"],
  ]);
  run.wake("strategy");
  assert.deepEqual(times(run), ["08:00", "08:02", "08:06"]);
  assert.equal(calls(run)[2]?.strategy?.state, "1");
});

Deno.test("a restart within the same instant calls nothing twice", () => {
  const run = open();
  run.wake("strategy");
  reload(run);
  run.wake("strategy");
  assert.deepEqual(times(run), ["08:00", "08:02"]);
});

Deno.test("a run that calls nobody keeps what was kept", () => {
  for (const given of [{ armed: false }, { dryRun: true }]) {
    const run = open();
    run.wake("strategy");
    back(run, { state: "kept" });
    reload(run, given);
    assert.throws(() => run.wake("strategy"), /nothing waits/);
    assert.equal(row(run).kept, '"kept"');
  }
});

Deno.test("an edit of the file keeps what a strategy kept, and goes on by the new interval", () => {
  const run = open();
  run.wake("strategy");
  back(run, { state: "kept" });
  const session = desk();
  const [strategy] = session.strategies ?? [];
  assert.ok(strategy !== undefined);
  edit(run, { ...session, strategies: [{ ...strategy, everyMs: MINUTE_MS }] });
  run.wake("strategy");
  back(run);
  edit(run, { ...session, strategies: [] });
  assert.deepEqual(times(run), ["08:00", "08:01"]);
  assert.equal(calls(run)[1]?.strategy?.state, '"kept"');
  assert.throws(() => run.wake("strategy"), /nothing waits/);
  assert.equal(getRow(run.state.strategies, "desk/ema"), undefined);
});

Deno.test("a session that leaves the run takes its strategies with it", () => {
  const run = open();
  run.wake("strategy");
  run.take({ type: "session.removed", session: "desk" });
  assert.equal(getRow(run.state.strategies, "desk/ema"), undefined);
  assert.throws(() => run.wake("strategy"), /nothing waits/);
  fail(run, "cancelled");
  assert.deepEqual(ends(run), []);
});

Deno.test("strategiesOf() names strategies after their modules, and knows two of one apart", () => {
  const sources: readonly Hook["source"][] = [
    { kind: "module", module: "a/ema.ts", export: "default" },
    { kind: "module", module: "b/ema.js", export: "default" },
    { kind: "module", module: "b/ema.js", export: "fast" },
    { kind: "module", module: "odd name@x/y z@.ts", export: "default" },
    { kind: "inline", code: "" },
  ];
  const strategies = sources.map((source) => ({
    hook: { ...HOOK, source },
    everyMs: 1,
    symbols: [],
  }));
  const names = strategiesOf({ strategies }).map(({ name }) => name);
  assert.deepEqual(names, ["ema", "ema-2", "ema.fast", "y_z_", "strategy"]);
});

Deno.test("strategyOfCall() tells a strategy's call from a hook's", () => {
  assert.equal(
    strategyOfCall("desk/2026-11-23/ema@2026-11-23T08:00:00Z"),
    "desk/ema",
  );
  assert.equal(strategyOfCall("desk/2026-11-23/start/custom_start"), null);
  assert.equal(strategyOfCall("request/run@1/7/custom_end"), null);
});

Deno.test("readKept() takes what is no object for nothing said", () => {
  for (const value of [null, "1", '"a"', "[1]", "{", "null", "{}"]) {
    assert.deepEqual(readKept(value), { kind: "same" });
  }
});
