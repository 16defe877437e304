import assert from "node:assert/strict";
import fc from "fast-check";
import { SeededRandom } from "../../src/adapters/clock/random.ts";
import type { GatewayEvent } from "../../src/gateway/gateway_event.ts";
import { openFleet, type RunningFleet } from "../support/gateway_fleet.ts";

const MINUTE_MS = 60_000;

/** What each shard was told, by the order in which the server said it. */
function newsOf(events: readonly GatewayEvent[], shard: number): unknown[] {
  return events.flatMap((event) =>
    event.type === "dispatch" && event.shard === shard ? [event.data] : []
  );
}

/** Says so many news a second, spread over the shards, and gives how many each was told. */
async function flood(
  fleet: RunningFleet,
  shards: number,
  seconds: number,
  perSecond: number,
  disturb: (tick: number) => void,
): Promise<readonly number[]> {
  const said = new Array<number>(shards).fill(0);
  const perTick = perSecond / 20;
  for (let tick = 0; tick < seconds * 20; tick++) {
    for (let news = 0; news < perTick; news++) {
      const shard = (tick * perTick + news) % shards;
      const number = said[shard] ?? 0;
      fleet.gateway.emit(shard, "QUOTE", number);
      said[shard] = number + 1;
    }
    disturb(tick);
    await fleet.clock.advance(50);
  }
  return said;
}

function assertAllToldOnce(
  events: readonly GatewayEvent[],
  said: readonly number[],
): void {
  said.forEach((count, shard) => {
    const told = newsOf(events, shard);
    assert.equal(told.length, count, `shard ${shard}`);
    assert.ok(told.every((number, index) => number === index));
  });
}

Deno.test("GatewayClient loses and doubles none of 4000 events a second, whatever is cut", async () => {
  const shards = 16;
  await using fleet = await openFleet({
    server: { shards, maxConcurrency: 16, latencyMs: () => 5 },
  });
  const { clock, gateway } = fleet;
  await clock.advance(MINUTE_MS);
  const random = new SeededRandom(7);
  let cuts = 0;
  const said = await flood(fleet, shards, 20, 4_000, () => {
    if (random.fraction() > 0.4) return;
    cuts += 1;
    gateway.close(
      Math.floor(random.fraction() * shards),
      random.fraction() < 0.5 ? 1006 : 4000,
    );
  });
  await clock.advance(5 * MINUTE_MS);
  assert.equal(said.reduce((sum, one) => sum + one, 0), 80_000);
  assert.ok(cuts > 100, `${cuts} cuts`);
  assertAllToldOnce(fleet.events, said);
  assert.deepEqual(fleet.told("gap"), []);
  assert.deepEqual(fleet.told("session.lost"), []);
  assert.equal(gateway.identifies.length, shards, "no cut cost a start");
  assert.deepEqual(gateway.violations, []);
});

Deno.test("GatewayClient loses and doubles nothing under cuts, half-open sockets and restarts, in any order", async () => {
  const fault = fc.constantFrom(
    "cut",
    "hush",
    "reconnect",
    "invalid",
    "restart",
    "slow",
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(99), fault, fc.nat(3)), { maxLength: 12 }),
      fc.nat(),
      async (faults, seed) => {
        const random = new SeededRandom(seed);
        let slowestMs = 20;
        await using fleet = await openFleet({
          seed,
          server: {
            shards: 4,
            maxConcurrency: 4,
            intervalMs: 5_000,
            latencyMs: () => Math.floor(random.fraction() * slowestMs),
          },
        });
        const { clock, gateway } = fleet;
        await clock.advance(MINUTE_MS);
        const said = await flood(fleet, 4, 5, 200, (tick) => {
          for (const [at, what, shard] of faults) {
            if (at !== tick) continue;
            if (what === "cut") gateway.close(shard, 1006);
            if (what === "hush") gateway.hush(shard);
            if (what === "reconnect") gateway.say(shard, { op: 7 });
            if (what === "invalid") gateway.say(shard, { op: 9, d: true });
            if (what === "restart") gateway.restart("keeping sessions");
            if (what === "slow") slowestMs = 300;
          }
        });
        await clock.advance(10 * MINUTE_MS);
        assertAllToldOnce(fleet.events, said);
        assert.equal(gateway.identifies.length, 4);
        assert.deepEqual(gateway.violations, []);
      },
    ),
    { numRuns: 25 },
  );
});

Deno.test("GatewayClient lets go of its connections while nobody reads, and tells everything once somebody does", async () => {
  await using fleet = await openFleet({
    server: { shards: 2, maxConcurrency: 2 },
    client: { bufferMax: 100 },
    unread: true,
  });
  const { clock, gateway, client } = fleet;
  await clock.advance(1);
  const said = await flood(fleet, 2, 1, 2_000, () => {});
  const states = client.shards.map(({ state }) => state);
  assert.deepEqual(states, ["held", "held"]);
  assert.deepEqual(gateway.leftWith, [4000, 4000]);
  assert.equal(gateway.open, 0);
  const reading = (async () => {
    for await (const event of client) fleet.events.push(event);
  })();
  await clock.advance(MINUTE_MS);
  assertAllToldOnce(fleet.events, said);
  assert.equal(gateway.identifies.length, 2);
  assert.ok(fleet.told("held").length >= 2);
  await clock.runFor(client[Symbol.asyncDispose]());
  await reading;
});

Deno.test("GatewayClient lets a loop be left and taken up again by another", async () => {
  await using fleet = await openFleet({ unread: true });
  const { clock, gateway, client } = fleet;
  await clock.advance(1);
  for (let number = 0; number < 4; number++) gateway.emit(0, "QUOTE", number);
  await clock.advance(1);
  for await (const event of client) {
    fleet.events.push(event);
    if (fleet.events.length === 3) break;
  }
  for await (const event of client) {
    fleet.events.push(event);
    if (fleet.events.length === 5) break;
  }
  assert.deepEqual(newsOf(fleet.events, 0), [0, 1, 2, 3]);
});
