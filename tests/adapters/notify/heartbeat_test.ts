import assert from "node:assert/strict";
import { VirtualClock } from "../../../src/adapters/clock/virtual_clock.ts";
import {
  Heartbeat,
  type HeartbeatChange,
  pingLimitMs,
} from "../../../src/adapters/notify/heartbeat.ts";
import { never, serveHooks } from "../../support/hook_server.ts";

/** What is told, each when it comes. */
function listener() {
  const told: HeartbeatChange[] = [];
  let next = Promise.withResolvers<void>();
  return {
    told,
    report: (change: HeartbeatChange) => {
      told.push(change);
      next.resolve();
      next = Promise.withResolvers();
    },
    heard: () => next.promise,
  };
}

Deno.test("pingLimitMs() is always less than until the next beat", () => {
  assert.deepEqual(
    [1_000, 10_000, 60_000, 3_600_000].map(pingLimitMs),
    [500, 5_000, 10_000, 10_000],
  );
});

Deno.test("Heartbeat asks for its address, and never twice at once", async () => {
  const held = Promise.withResolvers<void>();
  let [open, openMost] = [0, 0];
  await using server = serveHooks(async () => {
    openMost = Math.max(openMost, ++open);
    await held.promise;
    open--;
    return new Response(null);
  });
  const clock = new VirtualClock(0);
  const { told, report } = listener();
  const url = `${server.url}/ping/s3cret`;
  using heartbeat = new Heartbeat({ url, everyMs: 60_000, clock, report });
  heartbeat.beat();
  heartbeat.beat();
  await server.arrived(1);
  heartbeat.beat();
  // A second request would have arrived by then.
  for (let turn = 0; turn < 50; turn++) await clock.settle();
  held.resolve();
  // The answer is on its way through a real socket; beats are dropped until it is here.
  while (server.received.length < 2) {
    heartbeat.beat();
    await clock.settle();
  }
  assert.deepEqual(
    server.received.map(({ method, path }) => `${method} ${path}`),
    ["GET /ping/s3cret", "GET /ping/s3cret"],
  );
  assert.deepEqual([openMost, told], [1, []]);
});

Deno.test("Heartbeat tells once that nobody answers, and once that somebody does again", async () => {
  const answers = [500, 404, 200, 200];
  await using server = serveHooks((n) =>
    new Response(null, { status: answers[n] ?? 200 })
  );
  const clock = new VirtualClock(0);
  const { told, report, heard } = listener();
  const { url } = server;
  using heartbeat = new Heartbeat({ url, everyMs: 60_000, clock, report });
  const lost = heard();
  heartbeat.beat();
  await lost;
  const restored = heard();
  while (server.received.length < 3) {
    heartbeat.beat();
    await clock.settle();
  }
  await restored;
  assert.deepEqual(told, [
    { state: "lost", why: "it answered 500" },
    { state: "restored" },
  ]);
});

Deno.test("Heartbeat gives up on an answer before the next beat, and ends with its run", async () => {
  await using server = serveHooks(never);
  const clock = new VirtualClock(0);
  const { told, report } = listener();
  const { url } = server;
  using heartbeat = new Heartbeat({ url, everyMs: 4_000, clock, report });
  heartbeat.beat();
  await server.arrived(1);
  await clock.run(2_000);
  assert.deepEqual(told, [{ state: "lost", why: "no answer within 2000 ms" }]);
  heartbeat.beat();
  await server.arrived(2);
  heartbeat[Symbol.dispose]();
  await clock.settle();
  heartbeat.beat();
  await clock.settle();
  assert.deepEqual([clock.sleeping, server.received.length, told.length], [
    0,
    2,
    1,
  ]);
});
