import assert from "node:assert/strict";
import fc from "fast-check";
import { SeededRandom } from "../../src/adapters/clock/random.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import type { GatewayFault } from "../../src/adapters/brokers/paper/gateway/gateway_faults.ts";
import {
  createPaperBroker,
  type PaperBroker,
} from "../../src/adapters/brokers/paper/paper_broker.ts";
import { readAccountNews } from "../../src/adapters/brokers/protocol/gateway_news.ts";
import type { BookDifference } from "../../src/domain/book.ts";
import { decimal } from "../../src/domain/decimal.ts";
import { CarillonError } from "../../src/domain/error.ts";
import type { Snapshot } from "../../src/domain/position.ts";
import { AccountBook } from "../../src/gateway/account_book.ts";
import { openGateway } from "../../src/gateway/client.ts";
import { PLAIN_ACCOUNT } from "../adapters/brokers/paper_account.ts";
import { BEGIN_AT } from "../support/gateway_fleet.ts";
import { sameProcess } from "./same_process.ts";

const MINUTE_MS = 60_000;
const SYMBOLS = ["EURUSD", "USDJPY", "BTCUSD", "AAPL", "GBPUSD"];
const SHARDS = [0, 1, 2, 3];

/** A book at a paper broker; `ask` may be made to fail. */
async function openBook(seed: number) {
  const clock = new VirtualClock(BEGIN_AT);
  const account = createPaperBroker({
    account: PLAIN_ACCOUNT,
    prices: [],
    clock,
    gateway: { quotesMs: 0, shards: 4, maxConcurrency: 4, heartbeatMs: 5_000 },
  });
  const broker = account.openEngineBroker();
  await broker.open(() => {});
  const client = await clock.runFor(openGateway({
    transport: sameProcess(account),
    clock,
    random: new SeededRandom(seed),
    token: "t0ken",
  }));
  const told: BookDifference[] = [];
  const broken = { asks: 0, times: 0 };
  const book = new AccountBook({
    clock,
    shardIds: SHARDS,
    read: (name, data) => readAccountNews(name, data)?.news ?? null,
    async ask() {
      broken.asks += 1;
      if (broken.times-- > 0) {
        throw new CarillonError("broker/unreachable", "not now");
      }
      return await broker.read(null);
    },
    differs: (differences) => void told.push(...differences),
  });
  const reading = (async () => {
    for await (const event of client) book.take(event);
  })();
  return {
    ...{ clock, account, broker, client, told, broken },
    /** What the book has now. */
    snapshot: (): Snapshot | null => book.snapshot,
    book,
    async [Symbol.asyncDispose]() {
      await clock.runFor(client[Symbol.asyncDispose]());
      await reading;
      await clock.runFor(book[Symbol.asyncDispose]());
      await broker[Symbol.asyncDispose]();
      await account[Symbol.asyncDispose]();
    },
  };
}

let orders = 0;

function order(
  account: PaperBroker,
  symbol: string,
  closes: string | null = null,
): void {
  account.ask({
    type: "submit",
    plan: { kind: "market" },
    intent: {
      clientOrderId: `order-${++orders}`,
      symbol,
      side: closes === null ? "buy" : "sell",
      qty: decimal("1"),
      limitPrice: null,
      closes,
      tag: null,
    },
  });
}

/** What can be compared: profits move by themselves. */
function plain(snapshot: Snapshot | null): unknown {
  if (snapshot === null) return null;
  const positions = [...snapshot.positions]
    .map(({ netProfit: _, grossProfit: __, ...rest }) => rest)
    .sort((a, b) => a.id < b.id ? -1 : 1);
  return { seq: snapshot.seq, positions, orders: snapshot.orders };
}

const anyFault: fc.Arbitrary<GatewayFault> = fc.constantFrom<GatewayFault>(
  { kind: "cut" },
  { kind: "half_open" },
  { kind: "reconnect" },
  { kind: "lose_session" },
  { kind: "invalid_session", resumable: false },
  { kind: "slow", ms: 1_500 },
);

Deno.test("AccountBook has what the broker has, whatever became of its stream", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(59), anyFault, fc.nat(3)), { maxLength: 6 }),
      fc.nat(),
      async (faults, seed) => {
        await using desk = await openBook(seed);
        const { clock, account, broker } = desk;
        const random = new SeededRandom(seed);
        await clock.advance(MINUTE_MS);
        for (let tick = 0; tick < 60; tick++) {
          const held = (await broker.read(null)).positions;
          const one = held[Math.floor(random.fraction() * held.length * 2)];
          const symbol = SYMBOLS[Math.floor(random.fraction() * 5)] ?? "";
          order(account, one?.symbol ?? symbol, one?.id ?? null);
          for (const [at, fault, shard] of faults) {
            if (at === tick) account.gateway.inflict(fault, shard);
          }
          await clock.advance(500);
        }
        await clock.advance(5 * MINUTE_MS);
        assert.notEqual(desk.snapshot(), null, "it is whole in the end");
        assert.deepEqual(
          plain(desk.snapshot()),
          plain(await broker.read(null)),
        );
        assert.deepEqual(desk.told, [], "and was never otherwise");
      },
    ),
    { numRuns: 20 },
  );
});

Deno.test("AccountBook gives nothing at once while a shard is away, and reads the lists after a session was lost", async () => {
  await using desk = await openBook(1);
  const { clock, account, broken } = desk;
  assert.equal(desk.snapshot(), null);
  await clock.advance(MINUTE_MS);
  assert.equal(broken.asks, 1, "one reading feeds it, then the stream does");
  order(account, "EURUSD");
  await clock.advance(1);
  assert.equal(desk.snapshot()?.positions.length, 1);
  assert.equal(desk.snapshot()?.positions[0]?.netProfit, null);
  assert.equal(broken.asks, 1);
  account.gateway.inflict({ kind: "lose_session" });
  await clock.settle();
  assert.equal(desk.snapshot(), null);
  order(account, "USDJPY");
  await clock.advance(MINUTE_MS);
  assert.equal(desk.snapshot()?.positions.length, 2);
  assert.ok(broken.asks > 1);
});

Deno.test("AccountBook asks again where the lists cannot be read", async () => {
  await using desk = await openBook(1);
  const { clock, account, broken } = desk;
  broken.times = 4;
  await clock.advance(2_000);
  assert.equal(desk.snapshot(), null);
  order(account, "EURUSD");
  await clock.advance(MINUTE_MS);
  assert.equal(desk.snapshot()?.positions.length, 1);
  assert.ok(broken.asks >= 5 && broken.asks < 10, `${broken.asks} readings`);
});

Deno.test("AccountBook.prove() lets the broker's lists win, and tells what it had otherwise", async () => {
  await using desk = await openBook(1);
  const { clock, account, book, told } = desk;
  await clock.advance(MINUTE_MS);
  order(account, "EURUSD");
  await clock.advance(1);
  const [held] = desk.snapshot()?.positions ?? [];
  assert.ok(held !== undefined);
  assert.deepEqual((await clock.runFor(book.prove())).differences, []);
  // News that is wrong, as from a bridge that mixes accounts up.
  const ghost = {
    id: "ghost",
    symbol: "AAPL",
    side: "long",
    qty: "9",
    entry_price: "1",
  };
  book.take({
    type: "dispatch",
    shard: 0,
    at: clock.now(),
    seq: 99,
    name: "POSITION_UPDATE",
    data: {
      account_id: "paper-main",
      seq: 2,
      position_id: "ghost",
      position: ghost,
    },
  });
  order(account, "EURUSD", held.id);
  await clock.advance(1);
  assert.equal(desk.snapshot(), null, "no execution explains the ghost");
  const { snapshot, differences } = await clock.runFor(book.prove());
  assert.deepEqual(snapshot.positions, []);
  assert.deepEqual(
    differences.map(({ what, id, broker }) => [what, id, broker]),
    [["position", "ghost", null]],
  );
  assert.deepEqual(told, differences);
  assert.deepEqual(desk.snapshot()?.positions, []);
});

Deno.test("AccountBook reads the lists where news cannot be read", async () => {
  await using desk = await openBook(1);
  const { clock, book, broken } = desk;
  await clock.advance(MINUTE_MS);
  const asks = broken.asks;
  const base = { type: "dispatch", shard: 0, at: clock.now(), seq: 9 } as const;
  book.take({ ...base, name: "FILL_CREATE", data: { fill: null } });
  assert.equal(desk.snapshot(), null);
  await clock.advance(1);
  assert.equal(broken.asks, asks + 1);
  assert.notEqual(desk.snapshot(), null);
  book.take({ ...base, name: "SOMETHING_ELSE", data: null });
  assert.notEqual(desk.snapshot(), null, "what is no news changes nothing");
});
