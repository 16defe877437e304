import assert from "node:assert/strict";
import fc from "fast-check";
import { SeededRandom } from "../../src/adapters/clock/random.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import type { GatewayFault } from "../../src/adapters/brokers/paper/gateway/gateway_faults.ts";
import type { PaperGatewayOptions } from "../../src/adapters/brokers/paper/gateway/limits.ts";
import {
  createPaperBroker,
  type PaperBroker,
} from "../../src/adapters/brokers/paper/paper_broker.ts";
import { decimal } from "../../src/domain/decimal.ts";
import { type GatewayClient, openGateway } from "../../src/gateway/client.ts";
import type { GatewayEvent } from "../../src/gateway/gateway_event.ts";
import { PLAIN_ACCOUNT } from "../adapters/brokers/paper_account.ts";
import { BEGIN_AT } from "../support/gateway_fleet.ts";
import { sameProcess } from "./same_process.ts";

const MINUTE_MS = 60_000;
const SYMBOLS = ["EURUSD", "USDJPY", "BTCUSD", "AAPL", "GBPUSD"];

interface Desk extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly account: PaperBroker;
  readonly client: GatewayClient;
  readonly events: GatewayEvent[];
}

/** A fleet at a paper broker, both on one virtual clock. */
async function openDesk(
  gateway: PaperGatewayOptions,
  seed = 1,
): Promise<Desk> {
  const clock = new VirtualClock(BEGIN_AT);
  const account = createPaperBroker({
    account: PLAIN_ACCOUNT,
    prices: [],
    clock,
    gateway: { quotesMs: 0, ...gateway },
  });
  const client = await clock.runFor(openGateway({
    transport: sameProcess(account),
    clock,
    random: new SeededRandom(seed),
    token: "t0ken",
  }));
  const events: GatewayEvent[] = [];
  const reading = (async () => {
    for await (const event of client) events.push(event);
  })();
  return {
    clock,
    account,
    client,
    events,
    async [Symbol.asyncDispose]() {
      await clock.runFor(client[Symbol.asyncDispose]());
      await reading;
      await account[Symbol.asyncDispose]();
    },
  };
}

let orders = 0;

/** Buys one, which is told as a fill, a position and an order; gives the order's name. */
function buy(account: PaperBroker, symbol: string): string {
  const clientOrderId = `order-${++orders}`;
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
  return clientOrderId;
}

/** The orders that were told, by name, in the order in which they were. */
function ordersTold(events: readonly GatewayEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.type === "dispatch" && event.name === "ORDER_UPDATE"
      ? [String(Object(event.data).order.client_order_id)]
      : []
  );
}

const anyFault: fc.Arbitrary<GatewayFault> = fc.constantFrom<GatewayFault>(
  { kind: "cut" },
  { kind: "half_open" },
  { kind: "reconnect" },
  { kind: "ask_heartbeat" },
  { kind: "invalid_session", resumable: true },
  { kind: "close", code: 1001 },
  { kind: "close", code: 1012 },
  { kind: "close", code: 4000 },
  { kind: "close", code: 4008 },
  { kind: "slow", ms: 700 },
);

Deno.test("GatewayClient is told every order once at the paper broker, whatever it is made to get wrong", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(99), anyFault, fc.nat(3)), { maxLength: 10 }),
      fc.nat(),
      async (faults, seed) => {
        const limits = { shards: 4, maxConcurrency: 4, heartbeatMs: 5_000 };
        await using desk = await openDesk(limits, seed);
        const { clock, account } = desk;
        await clock.advance(MINUTE_MS);
        const bought: string[] = [];
        for (let tick = 0; tick < 100; tick++) {
          for (const symbol of SYMBOLS) bought.push(buy(account, symbol));
          for (const [at, fault, shard] of faults) {
            if (at === tick) account.gateway.inflict(fault, shard);
          }
          await clock.advance(200);
        }
        await clock.advance(3 * MINUTE_MS);
        const told = ordersTold(desk.events);
        assert.deepEqual([...told].sort(), [...bought].sort());
        assert.ok(!desk.events.some(({ type }) => type === "gap"));
        const { starts } = account.gateway.audit();
        assert.deepEqual([starts.taken, starts.tooSoon], [4, 0]);
      },
    ),
    { numRuns: 20 },
  );
});

Deno.test("GatewayClient never spends more at the paper broker than it allows, whatever ends its sessions", async () => {
  const ending = fc.constantFrom<GatewayFault>(
    { kind: "lose_session" },
    { kind: "invalid_session", resumable: false },
    { kind: "close", code: 4003 },
    { kind: "close", code: 4007 },
    { kind: "close", code: 4009 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(ending, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 6, max: 40 }),
      fc.integer({ min: 1, max: 6 }),
      fc.nat(),
      async (faults, sessionStarts, maxConcurrency, seed) => {
        const limits = { shards: 6, maxConcurrency, sessionStarts };
        await using desk = await openDesk(limits, seed);
        for (const fault of faults) {
          await desk.clock.advance(40_000);
          desk.account.gateway.inflict(fault);
        }
        await desk.clock.advance(10 * MINUTE_MS);
        const { starts } = desk.account.gateway.audit();
        assert.deepEqual([starts.tooSoon, starts.exhausted], [0, 0]);
        assert.ok(starts.taken <= sessionStarts);
      },
    ),
    { numRuns: 30 },
  );
});
