import assert from "node:assert/strict";
import { OUTBOX_MAX } from "../../src/gateway/outbox.ts";
import { openFleet } from "../support/gateway_fleet.ts";

const MINUTE_MS = 60_000;

Deno.test("GatewayClient.send() keeps to 120 frames a minute, heartbeats counted", async () => {
  for (const intervalMs of [41_250, 5_000, 1_000]) {
    await using fleet = await openFleet({ server: { intervalMs } });
    const { clock, gateway, client } = fleet;
    await clock.advance(1);
    let sent = 0;
    for (let number = 0; number < 400; number++) {
      client.send(0, { op: 3, d: number }).then(() => sent += 1);
    }
    await clock.advance(1);
    assert.ok(sent > 50 && sent < 120, `${sent} at once`);
    await clock.advance(8 * MINUTE_MS);
    assert.equal(sent, 400);
    const heard = gateway.heard.filter(({ op }) => op === 3);
    assert.deepEqual(
      heard.map(({ d }) => d),
      Array.from({ length: 400 }, (_, number) => number),
    );
    assert.deepEqual(gateway.violations, []);
    assert.deepEqual(fleet.told("lost"), []);
  }
});

Deno.test("GatewayClient.send() waits for a shard that is away, and sends once", async () => {
  await using fleet = await openFleet();
  const { clock, gateway, client } = fleet;
  await clock.advance(1);
  gateway.manners.up = false;
  gateway.close(0, 1006);
  await clock.advance(1);
  const sending = client.send(0, { op: 8, d: "who" });
  await clock.advance(10_000);
  gateway.manners.up = true;
  await clock.advance(MINUTE_MS);
  await sending;
  assert.equal(gateway.heard.filter(({ op }) => op === 8).length, 1);
});

Deno.test("GatewayClient.send() can be given up before it has left, and only then", async () => {
  await using fleet = await openFleet();
  const { clock, gateway, client } = fleet;
  await clock.advance(1);
  gateway.manners.up = false;
  gateway.close(0, 1006);
  await clock.advance(1);
  const reason = new Error("too late");
  const abort = new AbortController();
  const sending = client.send(0, { op: 8, d: "who" }, abort.signal);
  abort.abort(reason);
  await assert.rejects(sending, reason);
  await assert.rejects(client.send(0, { op: 8, d: 1 }, abort.signal), reason);
  gateway.manners.up = true;
  await clock.advance(MINUTE_MS);
  assert.deepEqual(gateway.heard.filter(({ op }) => op === 8), []);
});

Deno.test("GatewayClient.send() refuses what the gateway would not take", async () => {
  await using fleet = await openFleet();
  const { client } = fleet;
  await assert.rejects(client.send(0, { op: 3, d: "é".repeat(2_048) }), {
    code: "gateway/too-large",
    message: "Cannot send 4111 bytes by shard 0: a gateway takes at most 4096",
  });
  for (const op of [0, 1, 2, 6, 7, 9, 10, 11, 0.5]) {
    await assert.rejects(client.send(0, { op, d: null }), RangeError);
  }
  await assert.rejects(client.send(7, { op: 3, d: null }), RangeError);
});

Deno.test("GatewayClient.send() refuses more than may wait, and everything once the shard is over", async () => {
  await using fleet = await openFleet();
  const { clock, gateway, client } = fleet;
  await clock.advance(1);
  gateway.manners.up = false;
  gateway.close(0, 1006);
  await clock.advance(1);
  const sending = Array.from(
    { length: OUTBOX_MAX },
    (_, d) => client.send(0, { op: 3, d }),
  );
  await clock.settle();
  await assert.rejects(client.send(0, { op: 3, d: null }), {
    code: "gateway/closed",
  });
  const all = Promise.allSettled(sending);
  await clock.runFor(client[Symbol.asyncDispose]());
  for (const { status } of await all) assert.equal(status, "rejected");
  await assert.rejects(client.send(0, { op: 3, d: null }), {
    code: "gateway/closed",
    message: "Cannot send by shard 0: it was stopped",
  });
});
