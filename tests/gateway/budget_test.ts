import assert from "node:assert/strict";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { CarillonError } from "../../src/domain/error.ts";
import { MemoryStartStore } from "../../src/gateway/memory_start_store.ts";
import { BEGIN_AT, openFleet } from "../support/gateway_fleet.ts";
import { MemoryGateway } from "../support/memory_gateway.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

Deno.test("GatewayClient does not let a loop of lost sessions eat the budget", async () => {
  const store = new MemoryStartStore();
  await using fleet = await openFleet({
    server: { shards: 16, maxConcurrency: 16, total: 1_000 },
    client: { store },
  });
  const { gateway, clock } = fleet;
  await clock.advance(MINUTE_MS);
  // Every session from now on ends as soon as it was begun.
  gateway.manners.onIdentify = 4009;
  gateway.restart("without sessions");
  await clock.advance(24 * HOUR_MS - 2 * MINUTE_MS);
  assert.ok(gateway.identifies.length < 100, `${gateway.identifies.length}`);
  assert.ok(fleet.told("parked").some(({ why }) => why === "breaker"));
  assert.equal(store.read()?.remaining, gateway.remaining);
  assert.deepEqual(gateway.violations, []);
  gateway.manners.onIdentify = "ready";
  await clock.advance(3 * HOUR_MS);
  assert.ok(fleet.client.shards.every(({ state }) => state === "ready"));
});

Deno.test("GatewayClient keeps the reserve for the shards that a close needs", async () => {
  await using fleet = await openFleet({
    server: { shards: 2, maxConcurrency: 2, total: 5 },
    client: { reserve: 2 },
  });
  const { gateway, clock, client } = fleet;
  await clock.advance(MINUTE_MS);
  // One spends what is not reserved, the other is then refused.
  for (let times = 0; times < 2; times++) {
    gateway.forget(0);
    gateway.forget(1);
    gateway.restart("without sessions");
    await clock.advance(2 * MINUTE_MS);
  }
  assert.equal(gateway.remaining, 2);
  const parked = fleet.told("parked").filter(({ why }) => why === "reserve");
  assert.ok(parked.length >= 1);
  const waiting = client.shards.filter(({ state }) => state === "parked");
  assert.ok(waiting.length >= 1);
  {
    using _need = client.needForClose(waiting.map(({ shard }) => shard));
    await clock.advance(6_000);
    assert.ok(client.shards.every(({ state }) => state === "ready"));
    assert.equal(gateway.remaining, 2 - waiting.length);
  }
  // The close is over: the reserve is the reserve again.
  gateway.restart("without sessions");
  await clock.advance(2 * MINUTE_MS);
  assert.equal(gateway.remaining, 2 - waiting.length);
  assert.deepEqual(gateway.violations, []);
});

Deno.test("GatewayClient lets a shard that a close needs go before those that wait", async () => {
  await using fleet = await openFleet({
    server: { shards: 8, maxConcurrency: 1 },
  });
  const { gateway, clock, client } = fleet;
  await clock.advance(2 * MINUTE_MS);
  gateway.restart("without sessions");
  await clock.advance(10_000);
  const waiting = client.shards.filter(({ state }) => state === "queued");
  const last = waiting.at(-1)?.shard ?? -1;
  assert.ok(waiting.length > 2);
  using _need = client.needForClose([last]);
  const before = gateway.identifies.length;
  await clock.advance(5_000);
  assert.equal(gateway.identifies[before]?.shard, last);
  await clock.advance(2 * MINUTE_MS);
  assert.ok(client.shards.every(({ state }) => state === "ready"));
  assert.deepEqual(gateway.violations, []);
});

Deno.test("GatewayClient comes through a storm of invalid sessions within the limits", async () => {
  await using fleet = await openFleet({
    server: { shards: 32, maxConcurrency: 8, total: 500 },
  });
  const { gateway, clock, client } = fleet;
  await clock.advance(MINUTE_MS);
  for (let storm = 0; storm < 3; storm++) {
    for (let shard = 0; shard < 32; shard++) {
      gateway.say(shard, { op: 9, d: false });
      gateway.forget(shard);
    }
    await clock.advance(5 * MINUTE_MS);
    assert.ok(client.shards.every(({ state }) => state === "ready"));
  }
  assert.equal(gateway.identifies.length, 4 * 32);
  assert.deepEqual(gateway.violations, []);
});

Deno.test("GatewayClient spends one start for each shard when a server loses its sessions, none when it keeps them", async () => {
  await using fleet = await openFleet({
    server: { shards: 16, maxConcurrency: 4, total: 100 },
  });
  const { gateway, clock } = fleet;
  await clock.advance(MINUTE_MS);
  gateway.restart("keeping sessions");
  await clock.advance(MINUTE_MS);
  assert.equal(gateway.remaining, 84);
  assert.equal(fleet.told("resumed").length, 16);
  gateway.restart("without sessions");
  await clock.advance(2 * MINUTE_MS);
  assert.equal(gateway.remaining, 68);
  assert.equal(fleet.told("ready").length, 32);
  assert.deepEqual(gateway.violations, []);
});

Deno.test("GatewayClient does not try a refused token with every shard, and lets those that are up be", async () => {
  await using fleet = await openFleet({
    server: { shards: 12, maxConcurrency: 2 },
  });
  const { gateway, clock, client } = fleet;
  await clock.advance(6_000);
  assert.equal(fleet.told("ready").length, 4);
  gateway.manners.onIdentify = 4004;
  await clock.advance(MINUTE_MS);
  const spent = gateway.identifies.length;
  assert.ok(spent <= 6, `${spent} identifies`);
  const states = client.shards.map(({ state }) => state);
  assert.deepEqual(states.slice(0, 4), ["ready", "ready", "ready", "ready"]);
  assert.ok(states.slice(4).every((state) => state === "dead"));
  assert.equal(fleet.told("failed").length, 8);
});

Deno.test("GatewayClient asks what it may again when a new day begins, before it starts anything", async () => {
  await using fleet = await openFleet({ server: { total: 3 } });
  const { gateway, clock } = fleet;
  for (let day = 0; day < 4; day++) {
    await clock.advance(24 * HOUR_MS);
    gateway.restart("without sessions");
    await clock.advance(MINUTE_MS);
    assert.equal(fleet.client.shards[0]?.state, "ready");
  }
  assert.equal(gateway.asked, 5);
  assert.deepEqual(gateway.violations, []);
});

Deno.test("GatewayClient goes on with another number of buckets, and never too fast for either", async () => {
  await using fleet = await openFleet({
    server: { shards: 12, maxConcurrency: 4, resetAfterMs: 10 * MINUTE_MS },
  });
  const { gateway, clock } = fleet;
  await clock.advance(10 * MINUTE_MS);
  for (const maxConcurrency of [1, 6, 3]) {
    gateway.maxConcurrency = maxConcurrency;
    gateway.restart("without sessions");
    await clock.advance(10 * MINUTE_MS);
    assert.ok(fleet.client.shards.every(({ state }) => state === "ready"));
    assert.equal(
      fleet.client.info.sessionStartLimit.maxConcurrency,
      maxConcurrency,
    );
  }
  assert.deepEqual(gateway.violations, []);
});

Deno.test("GatewayClient gives up where a new day finds its token refused, and lets what is up be", async () => {
  await using fleet = await openFleet({
    server: { shards: 2, maxConcurrency: 2 },
  });
  const { gateway, clock, client } = fleet;
  await clock.advance(24 * HOUR_MS + MINUTE_MS);
  gateway.manners.status = 401;
  gateway.forget(1);
  gateway.restart("keeping sessions");
  await clock.advance(10 * MINUTE_MS);
  assert.deepEqual(client.shards.map(({ state }) => state), ["ready", "dead"]);
  assert.match(fleet.told("failed")[0]?.reason ?? "", /401; check the token$/);
  assert.equal(gateway.identifies.length, 2);
});

Deno.test("GatewayClient shares the buckets with another process that keeps the same record", async () => {
  const store = new MemoryStartStore();
  const clock = new VirtualClock(BEGIN_AT);
  const gateway = new MemoryGateway({ clock, shards: 8, maxConcurrency: 2 });
  const open = (shardIds: readonly number[]) =>
    openFleet({ clock, gateway, client: { store, shardIds, shardCount: 8 } });
  await using _one = await open([0, 1, 2, 3]);
  await using _two = await open([4, 5, 6, 7]);
  await clock.advance(MINUTE_MS);
  assert.equal(gateway.identifies.length, 8);
  assert.deepEqual(gateway.violations, []);
  assert.equal(store.read()?.remaining, 992);
});

Deno.test("GatewayClient waits while its record cannot be read, and goes on when it can", async () => {
  const store = new MemoryStartStore();
  let isBroken = false;
  await using fleet = await openFleet({
    client: {
      store: {
        read() {
          if (isBroken) throw new CarillonError("journal/unreadable", "gone");
          return store.read();
        },
        update: (change) => store.update(change),
      },
    },
  });
  const { gateway, clock } = fleet;
  await clock.advance(MINUTE_MS);
  isBroken = true;
  gateway.restart("without sessions");
  await clock.advance(MINUTE_MS);
  assert.deepEqual(
    new Set(fleet.told("parked").map(({ why }) => why)),
    new Set(["unrecorded"]),
  );
  isBroken = false;
  await clock.advance(MINUTE_MS);
  assert.equal(fleet.told("ready").length, 2);
});
