import assert from "node:assert/strict";
import { mix } from "../../src/adapters/brokers/paper/prices/mix.ts";
import {
  createPaperBroker,
  type PaperBroker,
} from "../../src/adapters/brokers/paper/paper_broker.ts";
import type { GatewayFault } from "../../src/adapters/brokers/paper/gateway/gateway_faults.ts";
import type { PaperGatewayOptions } from "../../src/adapters/brokers/paper/gateway/limits.ts";
import { SeededRandom } from "../../src/adapters/clock/random.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { decimal } from "../../src/domain/decimal.ts";
import { openGateway } from "../../src/gateway/client.ts";
import type { GatewayOptions } from "../../src/gateway/gateway_options.ts";
import type { GatewayEvent } from "../../src/gateway/gateway_event.ts";
import { PLAIN_ACCOUNT } from "../adapters/brokers/paper_account.ts";
import { sameProcess } from "./same_process.ts";

const START_AT = Date.UTC(2026, 10, 23, 8);

/** Our client before the paper broker's gateway, which counts what it does. */
async function openFleet(
  server: PaperGatewayOptions,
  client: Partial<GatewayOptions> = {},
) {
  const clock = new VirtualClock(START_AT);
  const account = createPaperBroker({
    account: { ...PLAIN_ACCOUNT, mode: "netting" },
    prices: [],
    clock,
    gateway: { quotesMs: 0, ...server },
  });
  const fleet = await clock.runFor(openGateway({
    transport: sameProcess(account),
    clock,
    random: new SeededRandom(1),
    token: "none",
    intents: 15,
    ...client,
  }));
  const events: GatewayEvent[] = [];
  const reading = (async () => {
    for await (const event of fleet) events.push(event);
  })();
  return {
    clock,
    account,
    fleet,
    events,
    count: (type: GatewayEvent["type"]) =>
      events.filter((event) => event.type === type).length,
    async [Symbol.asyncDispose]() {
      await clock.runFor(fleet[Symbol.asyncDispose]());
      await reading;
      await account[Symbol.asyncDispose]();
    },
  };
}

function buy(account: PaperBroker, clientOrderId: string, symbol: string) {
  account.ask({
    type: "submit",
    plan: { kind: "market" },
    intent: {
      clientOrderId,
      symbol,
      side: "buy",
      qty: decimal("1"),
      limitPrice: null,
      closes: null,
      tag: null,
    },
  });
}

/** What the client was told of orders, in order, by shard. */
function ordersHeard(events: readonly GatewayEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.type === "dispatch" && event.name === "ORDER_UPDATE"
      ? [String(Object(event.data).order.client_order_id)]
      : []
  );
}

Deno.test("64 shards come up at the paper broker in the time that 16 buckets dictate, and never faster", async () => {
  await using desk = await openFleet({ shards: 64, maxConcurrency: 16 });
  const { clock, account } = desk;
  await clock.run(START_AT + 14_999);
  assert.equal(desk.count("ready"), 48);
  await clock.run(START_AT + 15_000);
  assert.equal(desk.count("ready"), 64);
  assert.deepEqual(account.gateway.audit().starts, {
    taken: 64,
    tooSoon: 0,
    exhausted: 0,
    periodMax: 64,
    windowMax: 16,
    bucketMax: 1,
  });
});

Deno.test("4,000 events a second with cuts: nothing is lost, nothing is heard twice, no start is spent", async () => {
  await using desk = await openFleet({
    shards: 16,
    maxConcurrency: 16,
    heartbeatMs: 1_000,
    resumeEventsMin: 2_000,
  });
  const { clock, account, events } = desk;
  await clock.advance(1_000);
  assert.equal(desk.count("ready"), 16);
  const faults: readonly GatewayFault[] = [
    { kind: "cut" },
    { kind: "half_open" },
    { kind: "reconnect" },
    { kind: "close", code: 4000 },
    { kind: "close", code: 1012 },
    { kind: "invalid_session", resumable: true },
    { kind: "slow", ms: 40 },
    { kind: "ask_heartbeat" },
  ];
  const sent: string[] = [];
  for (let step = 0; step < 300; step++) {
    for (let each = 0; each < 14; each++) {
      const id = `order-${sent.length}`;
      sent.push(id);
      // An execution, a position and an order: three events each.
      buy(account, id, `SYM${mix(3, sent.length) % 64}`);
    }
    const fault = faults[mix(5, step) % faults.length];
    if (fault !== undefined && step % 5 === 0 && step < 270) {
      account.gateway.inflict(fault, mix(7, step) % 16);
    }
    await clock.advance(10);
  }
  // The slowest to notice is a client before a half-open connection.
  await clock.advance(60_000);
  const heard = ordersHeard(events);
  assert.equal(heard.length, sent.length);
  assert.deepEqual(new Set(heard), new Set(sent));
  const seqs = new Map<number, number>();
  for (const event of events) {
    if (event.type !== "dispatch") continue;
    const last = seqs.get(event.shard);
    if (last !== undefined) assert.ok((event.seq ?? 0) > last);
    seqs.set(event.shard, event.seq ?? 0);
  }
  assert.equal(desk.count("gap"), 0);
  assert.equal(desk.count("session.lost"), 0);
  const audit = account.gateway.audit();
  assert.equal(audit.starts.taken, 16);
  assert.ok(audit.resumes > 20, `${audit.resumes} resumes`);
  assert.equal(audit.resumesRefused, 0);
  assert.ok(audit.clientEventsMax <= 120);
});

Deno.test("a server that starts anew is met by new sessions, within the limits", async () => {
  await using desk = await openFleet({ shards: 8, maxConcurrency: 4 });
  const { clock, account, events } = desk;
  await clock.advance(10_000);
  assert.equal(desk.count("ready"), 8);
  account.gateway.inflict({ kind: "lose_session" });
  await clock.advance(10 * 60_000);
  assert.equal(desk.count("ready"), 16);
  assert.equal(desk.count("session.lost"), 8);
  buy(account, "after", "EURUSD");
  await clock.settle();
  assert.deepEqual(ordersHeard(events), ["after"]);
  const { starts } = account.gateway.audit();
  assert.equal(starts.taken, 16);
  assert.equal(starts.tooSoon, 0);
  assert.ok(starts.windowMax <= 4);
});

Deno.test("a gateway that ends every session gets no more starts than it gives", async () => {
  await using desk = await openFleet({
    shards: 2,
    maxConcurrency: 2,
    sessionStarts: 6,
    sessionStartsMs: 6 * 3_600_000,
  }, { reserve: 0 });
  const { clock, account } = desk;
  for (let times = 0; times < 100; times++) {
    await clock.advance(10 * 60_000);
    account.gateway.inflict({ kind: "lose_session" });
  }
  const { starts } = account.gateway.audit();
  assert.equal(starts.exhausted, 0);
  assert.equal(starts.tooSoon, 0);
  assert.ok(starts.periodMax <= 6, `${starts.periodMax} starts in a period`);
  assert.ok(starts.taken > 6, "it goes on in the next period");
});
