import assert from "node:assert/strict";
import type { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import type { Hook, Session } from "../../src/domain/definition.ts";
import type { HookRun } from "../../src/domain/effect.ts";
import { CarillonError } from "../../src/domain/error.ts";
import { replay } from "../../src/runtime/engine.ts";
import type { HookRunner } from "../../src/runtime/ports.ts";
import { instant } from "../support/clock_session.ts";
import { CLOSE_ALL, held, openPaperRun } from "../support/paper_run.ts";

const END = "desk/2026-11-23/end";

const HOOK: Hook = {
  source: { kind: "function", handle: "f" },
  permissions: { net: [], read: [], write: [], env: [], import: [] },
  isolation: "auto",
  timeoutMs: 60_000,
  onFailure: "continue",
  overlap: "skip",
  params: "{}",
};

const HOOKED: Partial<Session> = {
  ...CLOSE_ALL,
  onEnd: ["custom_end", "close_all"],
  customEnd: HOOK,
};

type Behaviour = (call: HookRun, clock: VirtualClock) => Promise<void>;

/** A run with one position, whose hooks behave as told. */
async function openHooked(behaviour: Behaviour, session = HOOKED) {
  const calls: HookRun[] = [];
  let clock: VirtualClock | null = null;
  const hooks: HookRunner = {
    run(call) {
      calls.push(call);
      if (clock === null) throw new Error("the run has not begun");
      return behaviour(call, clock);
    },
  };
  const run = await openPaperRun({
    account: { positions: [held("EURUSD")], latencyMs: 200 },
    sessions: [session],
    hooks,
  });
  clock = run.clock;
  return { run, calls };
}

/** When the position was seen to be gone. */
function flatAt(run: Awaited<ReturnType<typeof openHooked>>["run"]): number {
  const gone = [...run.journal.read()].find(({ event }) =>
    event.type === "positions.read" && event.snapshot.positions.length === 0
  );
  assert.ok(gone !== undefined, "the position was never seen to be gone");
  return gone.event.at;
}

const FAILURES: readonly {
  readonly name: string;
  readonly behaviour: Behaviour;
  readonly outcome: "failed" | "timed_out";
  readonly message: RegExp;
}[] = [
  {
    name: "throws before it begins",
    behaviour: () => {
      throw new Error("no such export");
    },
    outcome: "failed",
    message: /no such export/,
  },
  {
    name: "rejects",
    behaviour: () => Promise.reject(new CarillonError("hook/failed", "boom")),
    outcome: "failed",
    message: /boom/,
  },
  {
    name: "throws what is no error",
    behaviour: () => Promise.reject("just text"),
    outcome: "failed",
    message: /just text/,
  },
  {
    name: "does not come back in time",
    behaviour: async (_, clock) => {
      await clock.sleepUntil(instant("2026-11-23T16:32:00Z"));
      throw new CarillonError("hook/timed-out", "gave up after 60 s");
    },
    outcome: "timed_out",
    message: /gave up after 60 s/,
  },
];

for (const { name, behaviour, outcome, message } of FAILURES) {
  Deno.test(`a hook that ${name} makes its edge failed, and the close beside it is proven all the same`, async () => {
    const { run, calls } = await openHooked(behaviour);
    await using _ = run;
    await run.playUntil("2026-11-23T16:40:00Z");
    const end = run.edge(END);
    assert.equal(end.outcome, "failed");
    assert.equal(end.reason, `hook_${outcome}`);
    assert.match(end.message ?? "", message);
    assert.deepEqual([end.closed, end.remaining, end.attempts], [1, 0, 1]);
    assert.deepEqual(end.hooks.map(({ name, outcome }) => [name, outcome]), [
      ["custom_end", outcome],
    ]);
    assert.equal(calls.length, 1);
    assert.equal(run.paper.state.positions.size, 0);
    assert.ok(flatAt(run) < instant("2026-11-23T16:30:05Z"));
    assert.deepEqual(replay(run.journal.read()), run.runtime.state);
  });
}

Deno.test("a close does not wait for a hook, and its edge waits for both", async () => {
  const gate = Promise.withResolvers<void>();
  const { run } = await openHooked(() => gate.promise);
  await using _ = run;
  await run.playUntil("2026-11-23T16:40:00Z");
  assert.equal(run.paper.state.positions.size, 0);
  assert.ok(flatAt(run) < instant("2026-11-23T16:30:05Z"));
  assert.deepEqual(run.settled(), [], "the hook has not come back");
  gate.resolve();
  await run.clock.settle();
  assert.equal(run.edge(END).outcome, "flat_verified");
  assert.equal(run.edge(END).at, instant("2026-11-23T16:40:00Z"));
});

Deno.test("a hook's call says which edge it is for, and when that was due", async () => {
  const { run, calls } = await openHooked(() => Promise.resolve());
  await using _ = run;
  await run.playUntil("2026-11-23T16:40:00Z");
  assert.deepEqual(calls, [{
    type: "hook.run",
    call: `${END}/custom_end`,
    session: "desk",
    edge: END,
    name: "custom_end",
    hook: HOOK,
    occurrence: {
      key: "desk/2026-11-23",
      tradeDate: "2026-11-23",
      opensAt: instant("2026-11-23T08:00:00Z"),
      closesAt: instant("2026-11-23T16:30:00Z"),
    },
    dueAt: instant("2026-11-23T16:30:00Z"),
  }]);
  assert.equal(run.edge(END).outcome, "flat_verified");
});

Deno.test("a function asked for twice is called twice, and each call has its own answer", async () => {
  const ends = [Promise.resolve(), Promise.reject(new Error("the second"))];
  ends[1]?.catch(() => {});
  const { run, calls } = await openHooked(
    () => ends.shift() ?? Promise.reject(new Error("a third call")),
  );
  await using _ = run;
  await run.playUntil("2026-11-23T16:29:30Z");
  const asked = run.runtime.act("desk", ["custom_end", "custom_end"]);
  await run.clock.settle();
  const { hooks, outcome } = await asked;
  assert.equal(calls.length, 2);
  assert.equal(new Set(calls.map(({ call }) => call)).size, 2);
  assert.deepEqual(hooks.map(({ outcome, message }) => [outcome, message]), [
    ["returned", null],
    ["failed", "the second"],
  ]);
  assert.equal(outcome, "failed");
});

Deno.test("a hook whose run is left hears of it by its signal", async () => {
  let heard: AbortSignal | null = null;
  const run = await openPaperRun({
    sessions: [HOOKED],
    hooks: {
      run(_, signal) {
        heard = signal;
        return new Promise(() => {});
      },
    },
  });
  await using _ = run;
  await run.playUntil("2026-11-23T16:31:00Z");
  const signal: AbortSignal | null = heard;
  assert.equal((signal as AbortSignal | null)?.aborted, false);
  run.runtime.abandon();
  assert.equal((signal as AbortSignal | null)?.aborted, true);
});

Deno.test("an edge that its own code failed says what became of the close beside it", async () => {
  const { run } = await openHooked(() => Promise.reject(new Error("no")));
  await using _run = run;
  await run.playUntil("2026-11-23T16:32:00Z");
  const { outcome, reason, close } = run.edge(END);
  assert.deepEqual([outcome, reason, close], ["failed", "hook_failed", {
    outcome: "flat_verified",
    reason: null,
    message: null,
  }]);
});

Deno.test("an edge whose code came back, or that closes nothing, says nothing of a close by itself", async () => {
  const fine = await openHooked(() => Promise.resolve());
  const alone = { ...HOOKED, onEnd: ["custom_end"] } as const;
  const failing = () => Promise.reject(new Error("no"));
  const codeOnly = await openHooked(failing, alone);
  for (const { run } of [fine, codeOnly]) {
    await using _run = run;
    await run.playUntil("2026-11-23T16:32:00Z");
    assert.ok(!("close" in run.edge(END)));
  }
});
