/**
 * Sessions in a run: edges, actions by hand, and leaving, against the paper broker.
 *
 * @module
 */

import assert from "node:assert/strict";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { replay } from "../../src/runtime/engine.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import { Session } from "../../src/sessions/session.ts";
import { instant } from "../support/clock_session.ts";
import { held, openDesk, settled, WIN_EVEN_LOSS } from "./open_paper.ts";

function desk(onEnd: "close_all" | "close_win" = "close_all"): Session {
  return new Session({ name: "desk", start: 8, end: 16, onEnd });
}

Deno.test("a session closes everything at its end, proven by the broker", async () => {
  const run = await openDesk({
    sessions: [desk()],
    at: "2026-11-23T07:00:00Z",
    positions: WIN_EVEN_LOSS,
  });
  await run.runTo("2026-11-23T15:59:59Z");
  assert.equal(run.symbols().length, 3);
  await run.runTo("2026-11-23T16:00:01Z");
  assert.deepEqual(run.symbols(), []);
  assert.deepEqual(settled(run), [
    "desk/2026-11-23/start done",
    "desk/2026-11-23/end flat_verified",
  ]);
  await run.sessions.leave();
});

Deno.test("a session over midnight ends once, on the next day", async () => {
  const night = new Session({
    name: "night",
    start: 22,
    end: 6,
    onEnd: "close_all",
  });
  const run = await openDesk({
    sessions: [night],
    at: "2026-11-23T21:00:00Z",
    positions: [held("EURUSD", "1")],
  });
  await run.runTo("2026-11-24T12:00:00Z");
  assert.deepEqual(settled(run), [
    "night/2026-11-23/start done",
    "night/2026-11-23/end flat_verified",
  ]);
  await run.sessions.leave();
});

Deno.test("sessions that overlap are both current, and both end", async () => {
  const london = new Session({ name: "london", start: 8, end: 16 });
  const newYork = new Session({ name: "new-york", start: 13, end: 21 });
  const run = await openDesk({
    sessions: [newYork, london],
    at: "2026-11-23T07:00:00Z",
  });
  await run.runTo("2026-11-23T14:00:00Z");
  assert.deepEqual(run.sessions.current(), [london, newYork]);
  await run.runTo("2026-11-23T22:00:00Z");
  assert.deepEqual(settled(run), [
    "london/2026-11-23/start done",
    "new-york/2026-11-23/start done",
    "london/2026-11-23/end done",
    "new-york/2026-11-23/end done",
  ]);
  await run.sessions.leave();
});

Deno.test("begin() and close() carry out the edges' actions by hand", async () => {
  const session = new Session({
    name: "desk",
    start: 8,
    end: 16,
    onStart: "close_loss",
    onEnd: "close_all",
  });
  const run = await openDesk({
    sessions: [session],
    at: "2026-11-23T12:00:00Z",
    positions: WIN_EVEN_LOSS,
  });
  const begun = await session.begin();
  assert.equal(begun.outcome, "closed_verified");
  assert.deepEqual(begun.leftOpen.map(({ symbol }) => symbol), [
    "EURUSD",
    "GBPUSD",
  ]);
  const closed = await session.close();
  assert.equal(closed.outcome, "flat_verified");
  assert.equal(closed.closed, 2);
  assert.equal(closed.dueAt.toString(), "2026-11-23T12:00:00Z");
  assert.deepEqual(run.symbols(), []);
  await run.sessions.leave();
});

Deno.test("closeWin() takes a profit of exactly 0 for a win", async () => {
  const session = desk();
  const run = await openDesk({
    sessions: [session],
    at: "2026-11-23T12:00:00Z",
    positions: WIN_EVEN_LOSS,
  });
  const won = await session.closeWin();
  assert.equal(won.outcome, "closed_verified");
  assert.equal(won.closed, 2);
  assert.deepEqual(run.symbols(), ["AUDUSD"]);
  await run.sessions.leave();
});

Deno.test("closeLoss() takes only what is below 0", async () => {
  const session = desk();
  const run = await openDesk({
    sessions: [session],
    at: "2026-11-23T12:00:00Z",
    positions: WIN_EVEN_LOSS,
  });
  const lost = await session.closeLoss();
  assert.equal(lost.closed, 1);
  assert.deepEqual(run.symbols(), ["EURUSD", "GBPUSD"]);
  await run.sessions.leave();
});

Deno.test("closeAll() keeps to the session's scope", async () => {
  const session = new Session({
    name: "desk",
    start: 8,
    end: 16,
    scope: { except: ["GBPUSD"] },
  });
  const run = await openDesk({
    sessions: [session],
    at: "2026-11-23T12:00:00Z",
    positions: WIN_EVEN_LOSS,
  });
  const closed = await session.closeAll();
  assert.equal(closed.outcome, "flat_verified");
  assert.deepEqual(run.symbols(), ["GBPUSD"]);
  await run.sessions.leave();
});

Deno.test("closePositions() closes those named and no other", async () => {
  const session = desk();
  const run = await openDesk({
    sessions: [session],
    at: "2026-11-23T12:00:00Z",
    positions: WIN_EVEN_LOSS,
  });
  const closed = await session.closePositions({ positions: ["GBPUSD"] });
  assert.equal(closed.closed, 1);
  assert.equal(closed.remaining, 0);
  assert.deepEqual(run.symbols(), ["EURUSD", "AUDUSD"]);
  const none = await session.closePositions({ positions: [] });
  assert.equal(none.closed, 0);
  assert.deepEqual(run.symbols(), ["EURUSD", "AUDUSD"]);
  await run.sessions.leave();
});

Deno.test("action() carries out one action, and refuses one without its function", async () => {
  const called: string[] = [];
  const session = new Session({
    name: "desk",
    start: 8,
    end: 16,
    customStart: ({ edge }) => called.push(edge),
  });
  const run = await openDesk({
    sessions: [session],
    at: "2026-11-23T12:00:00Z",
    positions: WIN_EVEN_LOSS,
  });
  const ran = await session.action("custom_start");
  assert.deepEqual(ran.hooks.map(({ outcome }) => outcome), ["returned"]);
  assert.deepEqual(called, [ran.edge]);
  assert.equal((await session.action("close_win")).closed, 2);
  await assert.rejects(session.action("custom_end"), {
    code: "session/invalid",
    message: /it has no customEnd/,
  });
  await run.sessions.leave();
});

Deno.test("an order that only says that it is filled is never called closed", async () => {
  const session = desk();
  const run = await openDesk({
    sessions: [session],
    at: "2026-11-23T12:00:00Z",
    positions: [held("EURUSD", "1")],
    faults: [{ on: "close", do: { kind: "lie_filled" } }, {
      on: "submit",
      do: { kind: "lie_filled" },
    }],
  });
  const closing = session.closeAll();
  await run.runTo("2026-11-23T12:05:00Z");
  const closed = await closing;
  assert.notEqual(closed.outcome, "flat_verified");
  assert.deepEqual(closed.stillOpen.map(({ symbol }) => symbol), ["EURUSD"]);
  assert.equal(closed.remaining, 1);
});

Deno.test("await using fires the end of the open session, once", async () => {
  const session = desk();
  let run;
  {
    run = await openDesk({
      sessions: [session],
      at: "2026-11-23T07:00:00Z",
      positions: WIN_EVEN_LOSS,
    });
    await using _sessions = run.sessions;
    await run.runTo("2026-11-23T12:00:00Z");
  }
  assert.deepEqual(run.symbols(), []);
  const told = settled(run);
  assert.deepEqual(told, [
    "desk/2026-11-23/start done",
    "desk/2026-11-23/end flat_verified",
  ]);
  await run.runTo("2026-11-23T17:00:00Z");
  assert.deepEqual(settled(run), told);
  assert.equal(run.clock.sleeping, 0);
  await assert.rejects(session.closeAll(), { code: "session/detached" });
});

Deno.test("leaving at the end's own instant, before the engine woke, still ends the session once", async () => {
  const clock = new VirtualClock(instant("2026-11-23T15:00:00Z"));
  // Asleep before the engine is, so awake before it.
  const atEnd = clock.sleepUntil(instant("2026-11-23T16:00:00Z"));
  const run = await openDesk({
    sessions: [desk()],
    at: "2026-11-23T15:00:00Z",
    positions: [held("EURUSD", "1")],
    clock,
  });
  const left = atEnd.then(() => run.sessions.leave());
  await run.runTo("2026-11-23T16:10:00Z");
  const edges = (await left).map(({ edge, outcome }) => `${edge} ${outcome}`);
  assert.deepEqual(edges, ["desk/2026-11-23/end flat_verified"]);
  assert.deepEqual(settled(run), edges);
});

Deno.test("leaving while the end is under way waits for it and does not repeat it", async () => {
  const run = await openDesk({
    sessions: [desk()],
    at: "2026-11-23T15:00:00Z",
    positions: [held("EURUSD", "1")],
    faults: [{ on: "positions", after: 0, do: { kind: "delay", ms: 5_000 } }],
  });
  await run.runTo("2026-11-23T16:00:01Z");
  assert.deepEqual(run.symbols(), ["EURUSD"]);
  const left = run.sessions.leave();
  await run.runTo("2026-11-23T16:01:00Z");
  assert.deepEqual(await left, []);
  assert.deepEqual(
    settled(run).filter((line) => line.includes("/end")),
    ["desk/2026-11-23/end flat_verified"],
  );
});

Deno.test("leaving outside of every session closes nothing", async () => {
  const run = await openDesk({
    sessions: [desk()],
    at: "2026-11-23T07:00:00Z",
    positions: WIN_EVEN_LOSS,
  });
  assert.deepEqual(await run.sessions.leave(), []);
  assert.equal(run.symbols().length, 3);
});

Deno.test("leaving gives a close no more time than its deadline, and is not silent", async () => {
  const run = await openDesk({
    sessions: [desk()],
    at: "2026-11-23T12:00:00Z",
    positions: [held("EURUSD", "1")],
    faults: [{
      on: "submit",
      do: { kind: "reject", reason: "no_liquidity" },
    }, { on: "close", do: { kind: "reject", reason: "no_liquidity" } }],
  });
  const left = run.sessions[Symbol.asyncDispose]();
  const failed = assert.rejects(left, {
    code: "session/not-closed",
    message: /desk\/2026-11-23\/end is .*, 1 still open/,
  });
  await run.runTo("2026-11-23T12:01:30Z");
  await failed;
  assert.deepEqual(run.symbols(), ["EURUSD"]);
});

Deno.test("leaving is on record: a replay ends where the run did", async () => {
  const journal = new MemoryJournal();
  const run = await openDesk({
    sessions: [desk()],
    at: "2026-11-23T12:00:00Z",
    positions: WIN_EVEN_LOSS,
    journal,
  });
  await run.sessions.leave();
  const entries = [...journal.read()];
  assert.equal(
    entries.filter(({ event }) => event.type === "edge.advanced").length,
    1,
  );
  const state = replay(entries);
  assert.deepEqual(state.stopping, { phase: "stopped", reason: "library" });
  assert.deepEqual(state.jobs, {});
  const timers = entries.flatMap(({ effects }) => effects);
  const dropped = timers.some((effect) =>
    effect.type === "timer.drop" && effect.key === "desk/2026-11-23/end"
  );
  assert.ok(dropped, "the scheduled end is taken off the time line");
});

Deno.test("leaving carries out the stop policy", async () => {
  const run = await openDesk({
    sessions: [desk("close_win")],
    at: "2026-11-23T12:00:00Z",
    positions: WIN_EVEN_LOSS,
    onStop: "close",
  });
  const [end] = await run.sessions.leave();
  assert.equal(end?.outcome, "closed_verified");
  assert.deepEqual(run.symbols(), []);
});

Deno.test("add() puts a session on the time line; remove() takes one off", async () => {
  const early = new Session({ name: "early", start: 9, end: 10 });
  const late = new Session({ name: "late", start: 11, end: 12 });
  const run = await openDesk({
    sessions: [early],
    at: "2026-11-23T07:00:00Z",
  });
  run.sessions.add(late);
  run.sessions.remove(early);
  await run.runTo("2026-11-23T13:00:00Z");
  assert.deepEqual(settled(run), [
    "late/2026-11-23/start done",
    "late/2026-11-23/end done",
  ]);
  await assert.rejects(early.closeAll(), { code: "session/detached" });
  const foreign = new Session({
    name: "other",
    start: 1,
    end: 2,
    account: "other",
  });
  assert.throws(() => run.sessions.add(foreign), { code: "session/invalid" });
  await run.sessions.leave();
});

Deno.test("a listener that throws harms nobody, and the others hear of it", async () => {
  const run = await openDesk({
    sessions: [desk()],
    at: "2026-11-23T07:00:00Z",
    positions: [held("EURUSD", "1")],
  });
  run.sessions.listen(() => {
    throw new Error("no");
  });
  await run.runTo("2026-11-23T16:00:01Z");
  assert.deepEqual(run.symbols(), []);
  assert.ok(
    run.notices.some((notice) =>
      notice.type === "anomaly" && notice.message === "A listener threw: no"
    ),
  );
  await run.sessions.leave();
});
