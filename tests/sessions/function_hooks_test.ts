/**
 * Functions as hooks: outcomes, never harm.
 *
 * @module
 */
import { NO_DESK } from "../support/no_desk.ts";

import assert from "node:assert/strict";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import type { HookRun } from "../../src/domain/effect.ts";
import type { Hook } from "../../src/domain/definition.ts";
import { FunctionHooks } from "../../src/sessions/function_hooks.ts";
import {
  type HookContext,
  Session,
  type SessionFunction,
} from "../../src/sessions/session.ts";
import { held, openDesk, settled } from "./open_paper.ts";

/** A session of 8 to 16 whose end runs a function and closes everything. */
function desk(customEnd: SessionFunction): Session {
  return new Session({
    name: "desk",
    start: 8,
    end: 16,
    onEnd: ["custom_end", "close_all"],
    customEnd,
  });
}

Deno.test("a hook is told its session, its edge and the time", async () => {
  const told: HookContext[] = [];
  const session = desk((context) => void told.push(context));
  const run = await openDesk({
    sessions: [session],
    at: "2026-11-23T15:00:00Z",
  });
  await run.runTo("2026-11-23T16:00:00Z");
  const [context] = told;
  assert.equal(context?.session, session);
  assert.equal(context?.edge, "desk/2026-11-23/end");
  assert.equal(context?.dueAt.toString(), "2026-11-23T16:00:00Z");
  assert.equal(context?.now().toString(), "2026-11-23T16:00:00Z");
  assert.equal(context?.signal.aborted, false);
  await run.sessions.leave();
});

Deno.test("a hook that throws is an outcome, and the close goes on", async () => {
  const run = await openDesk({
    sessions: [desk(() => {
      throw new Error("out of paper");
    })],
    at: "2026-11-23T15:00:00Z",
    positions: [held("EURUSD", "1")],
  });
  await run.runTo("2026-11-23T16:00:01Z");
  assert.deepEqual(run.symbols(), []);
  assert.deepEqual(settled(run), ["desk/2026-11-23/end failed"]);
  const last = run.notices.findLast(({ type }) => type === "edge.settled");
  assert.ok(last?.type === "edge.settled");
  assert.equal(last.closed, 1);
  assert.equal(
    last.hooks[0]?.message,
    'Cannot finish "custom_end" of session "desk": out of paper',
  );
  await run.sessions.leave();
});

Deno.test("a hook that hangs runs out of real time, however much virtual time goes by", async () => {
  const signals: AbortSignal[] = [];
  const run = await openDesk({
    sessions: [desk(({ signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    })],
    at: "2026-11-23T15:00:00Z",
    positions: [held("EURUSD", "1")],
  });
  await run.runTo("2026-11-23T20:00:00Z");
  assert.deepEqual(run.symbols(), [], "the close waits for no hook");
  assert.deepEqual(settled(run), []);
  await run.realClock.advance(9_999);
  assert.deepEqual(settled(run), []);
  await run.realClock.advance(1);
  await run.realClock.settle();
  assert.deepEqual(settled(run), ["desk/2026-11-23/end failed"]);
  assert.equal(signals[0]?.aborted, true);
  assert.equal(run.realClock.sleeping, 0);
  await run.sessions.leave();
});

Deno.test("a hook may close by hand from inside its own run", async () => {
  const outcomes: string[] = [];
  const session = new Session({
    name: "desk",
    start: 8,
    end: 16,
    customEnd: async ({ session }) => {
      outcomes.push((await session.closeAll()).outcome);
    },
  });
  const run = await openDesk({
    sessions: [session],
    at: "2026-11-23T12:00:00Z",
    positions: [held("EURUSD", "1")],
  });
  const [end] = await run.sessions.leave();
  assert.equal(end?.outcome, "done");
  assert.deepEqual(outcomes, ["flat_verified"]);
  assert.deepEqual(run.symbols(), []);
});

Deno.test("a hook that closes its own session does not call itself for ever", async () => {
  let calls = 0;
  const session = new Session({
    name: "desk",
    start: 8,
    end: 16,
    customEnd: async ({ session }) => {
      calls++;
      const inner = await session.close();
      assert.equal(inner.outcome, "failed");
      assert.match(inner.message ?? "", /its last call still runs/);
    },
  });
  const run = await openDesk({
    sessions: [session],
    at: "2026-11-23T12:00:00Z",
  });
  const [end] = await run.sessions.leave();
  assert.equal(calls, 1);
  assert.equal(end?.outcome, "done");
});

const HOOK: Hook = {
  source: { kind: "function", handle: "desk/custom_end" },
  permissions: { net: [], read: [], write: [], env: [], import: [] },
  isolation: "auto",
  timeoutMs: 1_000,
  onFailure: "continue",
  overlap: "skip",
  params: "{}",
};

function call(overlap: Hook["overlap"], source = HOOK.source): HookRun {
  return {
    type: "hook.run",
    call: "desk/2026-11-23/end/custom_end",
    session: "desk",
    edge: "desk/2026-11-23/end",
    name: "custom_end",
    hook: { ...HOOK, overlap, source },
    dueAt: 0,
  };
}

/** A runner whose one function ends when the test says so. */
function controlled(): {
  readonly runner: FunctionHooks;
  readonly realClock: VirtualClock;
  readonly signals: readonly AbortSignal[];
  readonly end: (index: number) => void;
} {
  const signals: AbortSignal[] = [];
  const ends: (() => void)[] = [];
  const session = new Session({ start: 8, end: 16 });
  const realClock = new VirtualClock(0);
  const runner = new FunctionHooks({
    find: () => ({
      session,
      run: ({ signal }) => {
        signals.push(signal);
        return new Promise<void>((resolve) => ends.push(resolve));
      },
    }),
    clock: new VirtualClock(0),
    realClock,
    otherwise: null,
  });
  return { runner, realClock, signals, end: (index) => ends[index]?.() };
}

const NEVER = new AbortController().signal;

Deno.test('overlap "skip" refuses a call while the last one runs', async () => {
  const { runner, end, signals, realClock } = controlled();
  const first = runner.run(call("skip"), NEVER, NO_DESK);
  await assert.rejects(runner.run(call("skip"), NEVER, NO_DESK), {
    code: "hook/failed",
    message: /its last call still runs/,
  });
  end(0);
  await first;
  const third = runner.run(call("skip"), NEVER, NO_DESK);
  await realClock.settle();
  assert.equal(signals.length, 2);
  end(1);
  await third;
});

Deno.test('overlap "buffer_one" lets one call wait, and a further one fail', async () => {
  const { runner, end, signals, realClock } = controlled();
  const first = runner.run(call("buffer_one"), NEVER, NO_DESK);
  const second = runner.run(call("buffer_one"), NEVER, NO_DESK);
  await assert.rejects(runner.run(call("buffer_one"), NEVER, NO_DESK), {
    code: "hook/failed",
  });
  assert.equal(signals.length, 1);
  end(0);
  await first;
  await realClock.settle();
  assert.equal(signals.length, 2);
  end(1);
  await second;
});

Deno.test('overlap "buffer_one" waits no longer than its own time', async () => {
  const { runner, realClock } = controlled();
  const calls = [
    runner.run(call("buffer_one"), NEVER, NO_DESK),
    runner.run(call("buffer_one"), NEVER, NO_DESK),
  ].map((run) => assert.rejects(run, { code: "hook/timed-out" }));
  await realClock.advance(1_000);
  await Promise.all(calls);
});

Deno.test('overlap "cancel_other" aborts the last call and begins', async () => {
  const { runner, end, signals } = controlled();
  const first = runner.run(call("cancel_other"), NEVER, NO_DESK);
  const second = runner.run(call("cancel_other"), NEVER, NO_DESK);
  assert.equal(signals[0]?.aborted, true);
  assert.equal(signals[1]?.aborted, false);
  end(0);
  end(1);
  await Promise.all([first, second]);
});

Deno.test("a call ends with the run that it belongs to", async () => {
  const { runner, realClock } = controlled();
  const run = new AbortController();
  const ended = assert.rejects(runner.run(call("skip"), run.signal, NO_DESK), {
    code: "hook/failed",
    message: /over and out/,
  });
  run.abort(new Error("over and out"));
  await ended;
  assert.equal(realClock.sleeping, 0);
});

Deno.test("a hook that is no function goes to the runner that was given for it", async () => {
  const ran: string[] = [];
  const parts = {
    find: () => null,
    clock: new VirtualClock(0),
    realClock: new VirtualClock(0),
  };
  const source = { kind: "inline", code: "1" } as const;
  const otherwise = {
    run: ({ edge }: HookRun) => Promise.resolve(void ran.push(edge)),
  };
  await new FunctionHooks({ ...parts, otherwise }).run(
    call("skip", source),
    NEVER,
    NO_DESK,
  );
  assert.deepEqual(ran, ["desk/2026-11-23/end"]);
  const alone = new FunctionHooks({ ...parts, otherwise: null });
  await assert.rejects(alone.run(call("skip", source), NEVER, NO_DESK), {
    code: "hook/failed",
  });
});
