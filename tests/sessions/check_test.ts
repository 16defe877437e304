/**
 * `Sessions.check()`: it waits, and only waits.
 *
 * @module
 */

import assert from "node:assert/strict";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { backtestSleep } from "../../src/sessions/backtest_sleep.ts";
import { Session } from "../../src/sessions/session.ts";
import { held, openDesk, settled } from "./open_paper.ts";

Deno.test("check() gives the session that is open, at once", async () => {
  const session = new Session({ start: 8, end: 16 });
  const run = await openDesk({
    sessions: [session],
    at: "2026-11-23T12:00:00Z",
  });
  assert.equal(await run.sessions.check(), session);
  assert.equal(run.clock.elapsed(), 0);
  await run.sessions.leave();
});

Deno.test("check() waits for the next start, and nothing fires twice however many wait", async () => {
  let starts = 0;
  const session = new Session({
    name: "desk",
    start: 8,
    end: 16,
    customStart: () => void starts++,
  });
  const run = await openDesk({
    sessions: [session],
    at: "2026-11-23T07:00:00Z",
  });
  const waits = Array.from({ length: 5 }, async () => {
    const found = await run.sessions.check();
    return [found, run.clock.elapsed()];
  });
  await run.runTo("2026-11-23T09:00:00Z");
  for (const wait of waits) assert.deepEqual(await wait, [session, 3_600_000]);
  assert.equal(starts, 1);
  await run.sessions.leave();
});

Deno.test("check() comes back once the start's actions have ended", async () => {
  const session = new Session({
    name: "desk",
    start: 8,
    end: 16,
    onStart: "close_all",
  });
  const run = await openDesk({
    sessions: [session],
    at: "2026-11-23T07:59:00Z",
    positions: [held("EURUSD", "1")],
    faults: [{ on: "positions", do: { kind: "delay", ms: 3_000 } }],
  });
  const wait = run.sessions.check().then(() => run.symbols());
  await run.runTo("2026-11-23T08:01:00Z");
  assert.deepEqual(await wait, []);
  assert.deepEqual(settled(run), ["desk/2026-11-23/start flat_verified"]);
  const left = run.sessions.leave();
  await run.runTo("2026-11-23T08:02:00Z");
  await left;
});

Deno.test("check() is woken by leaving, not left waiting for hours", async () => {
  const run = await openDesk({
    sessions: [new Session({ start: 8, end: 16 })],
    at: "2026-11-23T17:00:00Z",
  });
  const woken = assert.rejects(run.sessions.check(), {
    code: "runtime/stopped",
  });
  await run.sessions.leave();
  await woken;
  await assert.rejects(run.sessions.check(), { code: "runtime/stopped" });
  assert.equal(run.clock.elapsed(), 0);
});

Deno.test("check() ends by the caller's signal, and the run goes on", async () => {
  const run = await openDesk({
    sessions: [new Session({ start: 8, end: 16 })],
    at: "2026-11-23T07:00:00Z",
  });
  const caller = new AbortController();
  const { signal } = caller;
  const woken = assert.rejects(run.sessions.check({ signal }), /enough/);
  caller.abort(new Error("enough"));
  await woken;
  await run.runTo("2026-11-23T08:00:01Z");
  assert.equal(settled(run).length, 1);
  await run.sessions.leave();
});

Deno.test("check() gives nothing where no session starts any more", async () => {
  const run = await openDesk({ sessions: [], at: "2026-11-23T07:00:00Z" });
  assert.equal(await run.sessions.check(), null);
  await run.sessions.leave();
});

Deno.test("check() waits for a session that is added, and no longer for one that is removed", async () => {
  const late = new Session({ name: "late", start: 20, end: 21 });
  const soon = new Session({ name: "soon", start: 9, end: 10 });
  const run = await openDesk({
    sessions: [late],
    at: "2026-11-23T07:00:00Z",
  });
  const first = run.sessions.check();
  run.sessions.add(soon);
  await run.runTo("2026-11-23T09:00:00Z");
  assert.equal(await first, soon);
  run.sessions.remove(soon);
  const second = run.sessions.check();
  run.sessions.remove(late);
  assert.equal(await second, null);
  await run.sessions.leave();
});

Deno.test("backtestSleep() lets others go on meanwhile, and ends by its signal", async () => {
  const clock = new VirtualClock(0);
  const order: string[] = [];
  const long = backtestSleep(60, clock).then(() => order.push("long"));
  const short = backtestSleep(0.0005, clock).then(() => order.push("short"));
  await clock.advance(60_000);
  await Promise.all([long, short]);
  assert.deepEqual(order, ["short", "long"]);
  const caller = new AbortController();
  const sleep = backtestSleep(60, clock, caller.signal);
  caller.abort(new Error("enough"));
  await assert.rejects(sleep, /enough/);
  assert.equal(clock.sleeping, 0);
  await assert.rejects(backtestSleep(-1, clock), RangeError);
});
