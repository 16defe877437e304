import assert from "node:assert/strict";
import fc from "fast-check";
import { openFleet } from "../support/gateway_fleet.ts";
import type { Manners } from "../support/memory_gateway.ts";

Deno.test("GatewayClient leaves no wait and no connection behind, whenever it is left", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 90_000 }),
      fc.constantFrom<Manners["onIdentify"]>(
        "ready",
        "invalid",
        "nothing",
        4009,
        4000,
      ),
      fc.boolean(),
      fc.nat(),
      async (leftAfterMs, onIdentify, isCut, seed) => {
        const fleet = await openFleet({
          seed,
          server: { shards: 6, maxConcurrency: 2, latencyMs: () => 30 },
        });
        const { clock, gateway, client } = fleet;
        gateway.manners.onIdentify = onIdentify;
        await clock.advance(leftAfterMs / 2);
        if (isCut) gateway.restart("keeping sessions");
        await clock.advance(leftAfterMs / 2);
        await fleet[Symbol.asyncDispose]();
        await clock.settle();
        // Frames under way are the network's, not ours.
        await clock.advance(30);
        assert.deepEqual([clock.sleeping, gateway.open], [0, 0]);
        assert.ok(client.shards.every(({ state }) => state === "stopped"));
        await client[Symbol.asyncDispose]();
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("GatewayClient tells the gateway that it leaves for good", async () => {
  const fleet = await openFleet();
  await fleet.clock.advance(1);
  await fleet[Symbol.asyncDispose]();
  assert.deepEqual(fleet.gateway.leftWith, [1000]);
});

Deno.test("GatewayClient.suspend() keeps the sessions, and a later run resumes them without a start", async () => {
  const first = await openFleet({ server: { shards: 3, maxConcurrency: 3 } });
  const { clock, gateway } = first;
  await clock.advance(1);
  gateway.emit(1, "QUOTE", "before");
  await clock.advance(1);
  const sessions = await clock.runFor(first.client.suspend());
  assert.deepEqual(gateway.leftWith, [4000, 4000, 4000]);
  assert.deepEqual([...sessions.values()].map(({ seq }) => seq), [1, 2, 1]);
  gateway.emit(1, "QUOTE", "meanwhile");
  gateway.remaining = 0;
  await using second = await openFleet({
    clock,
    gateway,
    client: { sessions },
  });
  await clock.advance(10);
  assert.deepEqual(second.told("dispatch").map(({ data }) => data), [
    "meanwhile",
  ]);
  assert.equal(second.told("resumed").length, 3);
  assert.equal(gateway.identifies.length, 3);
});

Deno.test("GatewayClient opens nothing any more once it was left, though the gateway answers late", async () => {
  const fleet = await openFleet({ server: { shards: 2, total: 2 } });
  const { clock, gateway, client } = fleet;
  await clock.advance(24 * 3_600_000);
  gateway.manners.informMs = 14_000;
  gateway.restart("without sessions");
  await clock.advance(6_000);
  assert.equal(gateway.asked, 2, "it is asking");
  const opened = gateway.connectedTo.length;
  await fleet[Symbol.asyncDispose]();
  await clock.advance(60_000);
  assert.equal(gateway.connectedTo.length, opened);
  assert.deepEqual([clock.sleeping, gateway.open], [0, 0]);
  assert.ok(client.shards.every(({ state }) => state === "stopped"));
});
