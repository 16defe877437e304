import assert from "node:assert/strict";
import fc from "fast-check";
import { SeededRandom } from "../../src/adapters/clock/random.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { CarillonError } from "../../src/domain/error.ts";
import { MemoryStartStore } from "../../src/gateway/memory_start_store.ts";
import { RESET_JITTER_MS } from "../../src/gateway/shard_life.ts";
import { BEGIN_AT, openFleet } from "../support/gateway_fleet.ts";
import { MemoryGateway } from "../support/memory_gateway.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

Deno.test("openGateway() brings 64 shards up in the time that 16 buckets dictate, and never faster", async () => {
  await using fleet = await openFleet({
    server: { shards: 64, maxConcurrency: 16 },
  });
  const { clock, gateway, client } = fleet;
  const startAt = clock.now();
  await clock.advance(14_999);
  assert.equal(fleet.told("ready").length, 48);
  await clock.advance(1);
  assert.equal(fleet.told("ready").length, 64);
  assert.ok(client.shards.every(({ state }) => state === "ready"));
  assert.deepEqual(gateway.violations, []);
  assert.deepEqual(
    gateway.identifies.map(({ at, shard }) => [shard, at - startAt]),
    Array.from({ length: 64 }, (_, id) => [id, Math.floor(id / 16) * 5_000]),
  );
});

Deno.test("openGateway() keeps to every limit there may be, in exactly the time it takes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 20 }),
      async (shards, maxConcurrency) => {
        await using fleet = await openFleet({
          server: { shards, maxConcurrency },
        });
        const dueMs = (Math.ceil(shards / maxConcurrency) - 1) * 5_000;
        await fleet.clock.advance(dueMs);
        assert.equal(fleet.told("ready").length, shards);
        const last = fleet.gateway.identifies.at(-1);
        assert.equal((last?.at ?? 0) - BEGIN_AT, dueMs);
        assert.deepEqual(fleet.gateway.violations, []);
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("openGateway() never comes too early for the server, however long frames are under way", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 3_000 }),
      fc.nat(),
      async (shards, maxConcurrency, slowestMs, seed) => {
        const random = new SeededRandom(seed);
        await using fleet = await openFleet({
          seed,
          server: {
            shards,
            maxConcurrency,
            latencyMs: () => Math.floor(random.fraction() * slowestMs),
          },
        });
        await fleet.clock.advance(shards * 20_000);
        assert.equal(fleet.told("ready").length, shards);
        assert.deepEqual(fleet.gateway.violations, []);
        assert.equal(fleet.gateway.identifies.length, shards);
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("openGateway() takes ids that share a bucket one after the other, wherever they stand in the list", async () => {
  await using fleet = await openFleet({
    server: { shards: 32, maxConcurrency: 16 },
    client: { shardIds: [16, 0, 5], shardCount: 32 },
  });
  await fleet.clock.advance(5_000);
  assert.deepEqual(
    fleet.gateway.identifies.map(({ at, shard }) => [shard, at - BEGIN_AT]),
    [[16, 0], [5, 0], [0, 5_000]],
  );
});

Deno.test("openGateway() waits out the window of a run before it, by the record", async () => {
  const store = new MemoryStartStore();
  const clock = new VirtualClock(BEGIN_AT);
  const gateway = new MemoryGateway({ clock });
  const setup = { clock, gateway, client: { store } };
  {
    await using first = await openFleet(setup);
    await clock.advance(1_000);
    assert.equal(first.told("ready").length, 1);
  }
  await using second = await openFleet(setup);
  await clock.advance(3_999);
  assert.equal(gateway.identifies.length, 1);
  await clock.advance(1);
  assert.equal(second.told("ready").length, 1);
  assert.deepEqual(gateway.violations, []);
});

Deno.test("openGateway() keeps to the window of a run before it, although the clock was set back since", async () => {
  const store = new MemoryStartStore();
  const clock = new VirtualClock(BEGIN_AT);
  const gateway = new MemoryGateway({ clock });
  {
    await using first = await openFleet({ clock, gateway, client: { store } });
    await clock.advance(1_000);
    assert.equal(first.told("ready").length, 1);
  }
  // As the run after it finds it: the time of its start is an hour ahead.
  store.update((record) => {
    assert.ok(record !== null);
    const recent = record.recent.map((one) => ({
      ...one,
      at: one.at + HOUR_MS,
    }));
    return { ...record, recent };
  });
  await using second = await openFleet({ clock, gateway, client: { store } });
  await clock.advance(10_000);
  assert.equal(
    second.told("ready").length,
    1,
    "it does not wait for that hour",
  );
  assert.deepEqual(gateway.violations, []);
});

Deno.test("openGateway() refuses before the first connection where fewer starts remain than shards", async () => {
  const clock = new VirtualClock(BEGIN_AT);
  const server = { shards: 5, total: 1_000, remaining: 4 };
  const gateway = new MemoryGateway({ clock, ...server });
  await assert.rejects(openFleet({ clock, gateway }), {
    code: "gateway/no-starts",
    message:
      'Cannot start 5 shards: 4 of 1000 session starts remain until 2026-11-24T08:00:00Z; wait until then, or set "startAnyway"',
  });
  assert.deepEqual([gateway.connectedTo, gateway.open], [[], 0]);
});

Deno.test("openGateway() starts what it can where it is told to, and the rest after the reset", async () => {
  await using fleet = await openFleet({
    server: { shards: 5, maxConcurrency: 5, remaining: 3 },
    client: { startAnyway: true },
  });
  await fleet.clock.advance(MINUTE_MS);
  assert.equal(fleet.told("ready").length, 3);
  const parked = fleet.told("parked");
  assert.deepEqual(parked.map(({ why }) => why), ["spent", "spent"]);
  const resetAt = BEGIN_AT + DAY_MS;
  for (const { untilAt } of parked) {
    assert.ok(untilAt >= resetAt && untilAt <= resetAt + RESET_JITTER_MS);
  }
  await fleet.clock.run(resetAt - 1);
  assert.equal(fleet.gateway.identifies.length, 3);
  await fleet.clock.run(resetAt + 2 * RESET_JITTER_MS);
  assert.equal(fleet.told("ready").length, 5);
  assert.equal(fleet.gateway.asked, 2, "the limit was asked for once more");
  assert.deepEqual(fleet.gateway.violations, []);
});

Deno.test("openGateway() waits for the reset where nothing remains, says so, and connects to nobody", async () => {
  await using fleet = await openFleet({
    server: { shards: 2, remaining: 0, resetAfterMs: 10 * MINUTE_MS },
  });
  await fleet.clock.advance(10 * MINUTE_MS - 1);
  assert.deepEqual(fleet.told("parked").map(({ why }) => why), [
    "spent",
    "spent",
  ]);
  assert.deepEqual(fleet.gateway.connectedTo, []);
  assert.deepEqual(fleet.client.shards.map(({ state }) => state), [
    "parked",
    "parked",
  ]);
  await fleet.clock.advance(MINUTE_MS);
  assert.equal(fleet.told("ready").length, 2);
});

Deno.test("openGateway() counts the starts of earlier runs that the server does not know of yet", async () => {
  const store = new MemoryStartStore();
  const clock = new VirtualClock(BEGIN_AT);
  const gateway = new MemoryGateway({ clock, total: 10, shards: 3 });
  const setup = { clock, gateway, client: { store } };
  for (let run = 0; run < 3; run++) {
    await using _ = await openFleet(setup);
    await clock.advance(MINUTE_MS);
    // A server that answers from a cache.
    gateway.remaining = 10;
  }
  assert.equal(store.read()?.remaining, 1);
  await assert.rejects(openFleet(setup), { code: "gateway/no-starts" });
  assert.equal(gateway.identifies.length, 9);
});

Deno.test("openGateway() sends no identify that could not be recorded", async () => {
  const store = new MemoryStartStore();
  let isFull = false;
  const failing = {
    read: () => store.read(),
    update: (change: Parameters<typeof store.update>[0]) => {
      if (isFull) throw new CarillonError("journal/unwritable", "disk full");
      return store.update(change);
    },
  };
  await using fleet = await openFleet({
    server: { shards: 2 },
    client: { store: failing },
  });
  isFull = true;
  await fleet.clock.advance(5_000);
  assert.equal(fleet.gateway.identifies.length, 1, "the first was on record");
  assert.deepEqual(fleet.told("parked").map(({ why }) => why), ["unrecorded"]);
  isFull = false;
  await fleet.clock.advance(MINUTE_MS);
  assert.equal(fleet.told("ready").length, 2);
});

Deno.test("openGateway() tells a token that is refused from a gateway that cannot be reached", async () => {
  const clock = new VirtualClock(BEGIN_AT);
  const gateway = new MemoryGateway({ clock });
  gateway.manners.status = 401;
  await assert.rejects(openFleet({ clock, gateway }), {
    code: "gateway/unauthorized",
  });
  assert.equal(gateway.asked, 1);
  gateway.manners.status = 503;
  await assert.rejects(openFleet({ clock, gateway }), {
    code: "gateway/unreachable",
    message: 'Cannot ask gateway "memory" what it allows: it answered with 503',
  });
  assert.equal(gateway.asked, 5);
  gateway.manners.up = false;
  await assert.rejects(openFleet({ clock, gateway }), {
    code: "gateway/unreachable",
  });
  assert.deepEqual(gateway.connectedTo, []);
  assert.equal(clock.sleeping, 0);
});

Deno.test("openGateway() refuses ids that cannot be", async () => {
  for (const shardIds of [[0, 0], [-1], [2], [0.5]]) {
    await assert.rejects(
      openFleet({ client: { shardCount: 2, shardIds } }),
      RangeError,
    );
  }
});

Deno.test("openGateway() gives no turn to a connection that is gone", async () => {
  await using fleet = await openFleet({ server: { shards: 3 } });
  const { gateway, clock } = fleet;
  await clock.advance(2_000);
  assert.equal(fleet.client.shards[1]?.state, "queued");
  gateway.restart("keeping sessions");
  await clock.advance(MINUTE_MS);
  const shards = gateway.identifies.map(({ shard }) => shard);
  assert.deepEqual(shards.sort(), [0, 1, 2]);
  assert.deepEqual(fleet.told("anomaly"), []);
  assert.ok(fleet.client.shards.every(({ state }) => state === "ready"));
});
