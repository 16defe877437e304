import assert from "node:assert/strict";
import fc from "fast-check";
import { VirtualClock } from "../../../../src/adapters/clock/virtual_clock.ts";
import {
  createPaperBroker,
  type PaperBroker,
} from "../../../../src/adapters/brokers/paper/paper_broker.ts";
import type { PaperGatewayOptions } from "../../../../src/adapters/brokers/paper/gateway/limits.ts";
import type { GatewayFault } from "../../../../src/adapters/brokers/paper/gateway/gateway_faults.ts";
import { decimal } from "../../../../src/domain/decimal.ts";
import { shardKey, shardOf } from "../../../../src/domain/shard_of.ts";
import { PLAIN_ACCOUNT } from "../paper_account.ts";
import { MemoryClient } from "./memory_client.ts";

const START_AT = Date.UTC(2026, 10, 23, 8);

function desk(gateway: PaperGatewayOptions = {}) {
  const clock = new VirtualClock(START_AT);
  const account = createPaperBroker({
    account: PLAIN_ACCOUNT,
    prices: [],
    clock,
    gateway: { quotesMs: 0, ...gateway },
  });
  return { clock, account };
}

let orders = 0;

/** Buys one, which is told as a fill, a position and an order. */
function buy(account: PaperBroker, symbol = "EURUSD"): void {
  account.ask({
    type: "submit",
    plan: { kind: "market" },
    intent: {
      clientOrderId: `order-${++orders}`,
      symbol,
      side: "buy",
      qty: decimal("1"),
      limitPrice: null,
      closes: null,
      tag: null,
    },
  });
}

function ready(account: PaperBroker, id = 0, count = 1): MemoryClient {
  const client = new MemoryClient(account).identify(id, count);
  assert.deepEqual(client.told, [10, "READY"]);
  return client;
}

const NEWS = ["FILL_CREATE", "POSITION_UPDATE", "ORDER_UPDATE"];

Deno.test("PaperGateway tells a session what happens in the account", async () => {
  const { account } = desk();
  await using _ = account;
  const client = ready(account);
  buy(account);
  assert.deepEqual(client.told.slice(2), NEWS);
  assert.deepEqual(client.frames.map(({ s }) => s), [null, 1, 2, 3, 4]);
  const position = Object(client.frames[3]?.d);
  assert.equal(position.account_id, "paper-main");
  assert.equal(position.seq, 1);
  assert.equal(position.position.qty, "1");
  account.ask({
    type: "submit",
    plan: { kind: "market" },
    intent: {
      clientOrderId: "closing",
      symbol: "EURUSD",
      side: "sell",
      qty: decimal("1"),
      limitPrice: null,
      closes: position.position_id,
      tag: null,
    },
  });
  const gone = client.frames.findLast(({ t }) => t === "POSITION_UPDATE");
  assert.equal(Object(gone?.d).position, null);
});

Deno.test("PaperGateway sends a symbol's news to its shard alone, and to all where it is told to", async () => {
  const symbols = ["EURUSD", "USDJPY", "BTCUSD", "AAPL", "GBPUSD"];
  for (const routing of ["symbol", "all"] as const) {
    const { account } = desk({ maxConcurrency: 8, routing });
    await using _ = account;
    const clients = Array.from({ length: 8 }, (_, id) => ready(account, id, 8));
    const listener = new MemoryClient(account).identify(0, 1);
    // The bucket of shard 0 is taken: the one who hears all comes a window later.
    assert.deepEqual(listener.told, [10, 9]);
    for (const symbol of symbols) {
      const before = clients.map(({ frames }) => frames.length);
      buy(account, symbol);
      const heard = clients.flatMap(({ frames }, id) =>
        frames.length > (before[id] ?? 0) ? [id] : []
      );
      const own = shardOf(shardKey("paper-main", symbol), 8);
      const wanted = routing === "all" ? clients.map((_, id) => id) : [own];
      assert.deepEqual(heard, wanted);
    }
  }
});

Deno.test("PaperGateway gives each session the news of its own count of shards", async () => {
  const { account } = desk({ maxConcurrency: 3 });
  await using _ = account;
  const own = shardOf(shardKey("paper-main", "EURUSD"), 3);
  const shards = [0, 1, 2].map((id) => ready(account, id, 3));
  const { clock } = { clock: account.clock };
  assert.ok(clock instanceof VirtualClock);
  await clock.advance(5_000);
  const whole = ready(account, 0, 1);
  buy(account);
  assert.deepEqual(whole.told.slice(2), NEWS);
  assert.deepEqual(
    shards.map(({ seq }) => seq > 1),
    [0, 1, 2].map((id) => id === own),
  );
});

Deno.test("PaperGateway takes one identify of each bucket in five seconds, and counts", async () => {
  const { account, clock } = desk({ maxConcurrency: 2 });
  await using _ = account;
  const clients = [0, 1, 2, 3].map((id) =>
    new MemoryClient(account).identify(id, 4)
  );
  assert.deepEqual(clients.map(({ told }) => told[1]), [
    "READY",
    "READY",
    9,
    9,
  ]);
  await clock.advance(4_999);
  assert.equal(clients[2]?.identify(2, 4).last?.op, 9);
  await clock.advance(1);
  assert.equal(clients[2]?.identify(2, 4).last?.t, "READY");
  const { starts, remaining } = account.gateway.audit();
  assert.equal(remaining, 997);
  assert.deepEqual(starts, {
    taken: 3,
    tooSoon: 3,
    exhausted: 0,
    periodMax: 3,
    windowMax: 5,
    bucketMax: 3,
  });
});

Deno.test("PaperGateway lets no session start when none is left, until the period ends", async () => {
  const { account, clock } = desk({
    sessionStarts: 2,
    sessionStartsMs: 60_000,
    maxConcurrency: 4,
  });
  await using _ = account;
  ready(account, 0, 4);
  ready(account, 1, 4);
  assert.equal(new MemoryClient(account).identify(2, 4).closed, 4004);
  const limit = () =>
    Object(account.gateway.botJson("ws://paper")).session_start_limit;
  assert.deepEqual(limit(), {
    total: 2,
    remaining: 0,
    reset_after: 60_000,
    max_concurrency: 4,
  });
  await clock.advance(60_000);
  assert.equal(limit().remaining, 2);
  ready(account, 2, 4);
});

Deno.test("PaperGateway resumes with what was missed, on any connection", async () => {
  const { account } = desk();
  await using _ = account;
  const first = ready(account);
  buy(account);
  first.leave();
  buy(account);
  const second = new MemoryClient(account).resume(first.sessionId, 4);
  assert.deepEqual(second.told, [10, ...NEWS, "RESUMED"]);
  assert.deepEqual(second.frames.slice(1).map(({ s }) => s), [5, 6, 7, 8]);
  // The old connection of a session that goes on elsewhere is closed.
  const third = new MemoryClient(account).resume(first.sessionId, 6);
  assert.equal(second.closed, 4000);
  assert.deepEqual(third.frames.slice(1).map(({ s }) => s), [7, 8, 9]);
  buy(account);
  assert.equal(third.seq, 12);
  assert.equal(second.seq, 8);
  assert.equal(account.gateway.audit().resumes, 2);
});

Deno.test("PaperGateway keeps the order although a client acts while it is told", async () => {
  const { account } = desk();
  await using _ = account;
  let buys = 0;
  const onFrame = ({ t }: { readonly t: string | null }) => {
    if ((t === null || t === "ORDER_UPDATE") && buys < 9) {
      buys++;
      buy(account);
    }
  };
  const first = new MemoryClient(account, { onFrame }).identify();
  assert.deepEqual(first.frames.map(({ s }) => s ?? 0), [
    0,
    ...Array.from({ length: first.frames.length - 1 }, (_, seq) => seq + 1),
  ]);
  first.leave();
  buys = 0;
  const seen = first.seq;
  buy(account);
  const { sessionId } = first;
  const second = new MemoryClient(account, { onFrame });
  second.resume(sessionId, seen);
  assert.deepEqual(
    second.frames.map(({ s }) => s ?? 0),
    [0, ...second.frames.slice(1).map((_, index) => seen + 1 + index)],
  );
  // One while nobody was there, and nine that the client itself brought about.
  assert.equal(second.told.filter((one) => one === "ORDER_UPDATE").length, 10);
});

Deno.test("PaperGateway forgets a session that its client has ended, or that was left too long", async () => {
  const { account, clock } = desk({ resumeMs: 60_000, heartbeatMs: 1e6 });
  await using _ = account;
  const resumed = (client: MemoryClient) =>
    new MemoryClient(account).resume(client.sessionId, 1).last;
  for (const code of [1000, 1001]) {
    const client = ready(account);
    client.leave(code);
    assert.deepEqual(resumed(client)?.op, 9);
    await clock.advance(5_000);
  }
  const early = ready(account);
  early.leave();
  await clock.advance(59_999);
  const back = new MemoryClient(account).resume(early.sessionId, 1);
  assert.equal(back.last?.t, "RESUMED");
  back.leave();
  await clock.advance(60_000);
  assert.equal(account.gateway.audit().sessions, 0);
  assert.deepEqual(resumed(early)?.d, false);
  assert.equal(account.gateway.audit().resumesRefused, 3);
});

Deno.test("PaperGateway keeps a session that was left once for as long as it is held again", async () => {
  const { account, clock } = desk({ resumeMs: 1_000 });
  await using _ = account;
  const first = ready(account);
  first.leave();
  await clock.advance(500);
  const back = new MemoryClient(account).resume(first.sessionId, 1);
  await clock.advance(10_000);
  buy(account);
  assert.deepEqual(back.told, [10, "RESUMED", ...NEWS]);
});

Deno.test("PaperGateway does not pretend to know what it has let go", async () => {
  const { account, clock } = desk({ resumeEventsMin: 4 });
  await using _ = account;
  const client = ready(account);
  client.leave();
  for (let times = 0; times < 5; times++) buy(account);
  const late = new MemoryClient(account).resume(client.sessionId, 1);
  assert.deepEqual(late.told, [10, 9]);
  assert.equal(account.gateway.audit().sessions, 0);
  await clock.advance(5_000);
  assert.equal(late.identify().last?.t, "READY");
});

Deno.test("PaperGateway closes who is not heard of, and keeps the session", async () => {
  const { account, clock } = desk({
    heartbeatMs: 10_000,
    heartbeatGraceMs: 5_000,
  });
  await using _ = account;
  // Whoever came first: one that is lively does not hide one that is silent behind it.
  const lively = ready(account);
  await clock.advance(5_000);
  const silent = ready(account);
  for (let beats = 0; beats < 6; beats++) {
    await clock.advance(9_999);
    lively.beat();
    assert.equal(lively.last?.op, 11);
  }
  assert.equal(silent.closed, 4009);
  assert.equal(lively.closed, null);
  const back = new MemoryClient(account).resume(silent.sessionId, 1);
  assert.equal(back.last?.t, "RESUMED");
});

Deno.test("PaperGateway holds nobody's clock once nobody is there", async () => {
  const { account, clock } = desk({ quotesMs: 1_000, resumeMs: 5_000 });
  await using _ = account;
  assert.equal(clock.sleeping, 0);
  const client = ready(account);
  await clock.settle();
  assert.equal(clock.sleeping, 1);
  assert.equal(account.listening, 1);
  client.leave();
  await clock.advance(5_000);
  assert.equal(clock.sleeping, 0);
  assert.equal(account.listening, 0);
});

Deno.test("PaperGateway looks at no price that nobody wants to hear of any more", async () => {
  const { account, clock } = desk({ quotesMs: 1_000, maxConcurrency: 2 });
  await using _ = account;
  ready(account, 0, 2).leave(1000);
  new MemoryClient(account).identify(1, 2, { intents: 7 });
  let wakes = 0;
  await clock.run(clock.now() + 30_000, { onProgress: () => wakes++ });
  assert.equal(wakes, 0);
});

Deno.test("PaperGateway tells prices that have changed, to those who want them", async () => {
  const { account, clock } = desk({
    // More often than they change.
    quotesMs: 200,
    quoteSymbols: ["EURUSD", "AAPL"],
    maxConcurrency: 2,
  });
  await using _ = account;
  const client = ready(account);
  const other = new MemoryClient(account).identify(1, 2, { intents: 7 });
  await clock.advance(10_000);
  const quotes = client.frames.filter(({ t }) => t === "QUOTE_UPDATE")
    .map(({ d }) => Object(d).quote);
  assert.ok(quotes.length > 2, `${quotes.length} quotes`);
  const texts = quotes.map((quote) => JSON.stringify(quote));
  assert.equal(new Set(texts).size, texts.length, "each is told once");
  assert.deepEqual(
    [...new Set(quotes.map(({ symbol }) => symbol))].sort(),
    ["AAPL", "EURUSD"],
  );
  assert.deepEqual(other.told, [10, "READY"]);
});

Deno.test("PaperGateway befalls a connection with each of its faults", async () => {
  const cases: readonly (readonly [GatewayFault, unknown, boolean])[] = [
    [{ kind: "cut" }, "cut", true],
    [{ kind: "close", code: 4000 }, 4000, true],
    [{ kind: "close", code: 1000 }, 1000, true],
    [{ kind: "close", code: 4004 }, 4004, false],
    [{ kind: "lose_session" }, "cut", false],
    [{ kind: "reconnect" }, 7, true],
    [{ kind: "ask_heartbeat" }, 1, true],
    [{ kind: "invalid_session", resumable: true }, 9, true],
    [{ kind: "invalid_session" }, 9, false],
    [{ kind: "half_open" }, null, true],
  ];
  for (const [fault, sign, resumable] of cases) {
    const { account } = desk();
    await using _ = account;
    const client = ready(account);
    assert.equal(account.gateway.inflict(fault, 1), 0);
    assert.equal(account.gateway.inflict(fault, 0), 1);
    const seen = client.closed ?? (client.last?.t ? null : client.last?.op);
    assert.equal(seen, sign, fault.kind);
    const again = new MemoryClient(account).resume(client.sessionId, 1);
    assert.equal(again.last?.t === "RESUMED", resumable, fault.kind);
  }
});

Deno.test("PaperGateway says and hears nothing on a half-open connection, and the session goes on", async () => {
  const { account, clock } = desk({ heartbeatMs: 1_000 });
  await using _ = account;
  const client = ready(account);
  account.gateway.inflict({ kind: "half_open" });
  buy(account);
  client.beat();
  await clock.advance(100_000);
  assert.deepEqual(client.told, [10, "READY"]);
  assert.equal(client.closed, null);
  const back = new MemoryClient(account).resume(client.sessionId, 1);
  assert.deepEqual(back.told, [10, ...NEWS, "RESUMED"]);
});

Deno.test("PaperGateway says everything later on a slow connection, in order", async () => {
  const { account, clock } = desk();
  await using _ = account;
  const client = ready(account);
  account.gateway.inflict({ kind: "slow", ms: 700 });
  buy(account);
  // What is said later but sooner on its way overtakes nothing.
  account.gateway.inflict({ kind: "slow", ms: 100 });
  client.beat();
  account.gateway.inflict({ kind: "close", code: 4000 });
  await clock.advance(699);
  assert.deepEqual(client.told, [10, "READY"]);
  await clock.advance(1);
  assert.deepEqual(client.told, [10, "READY", ...NEWS, 11]);
  assert.equal(client.closed, 4000);
});

Deno.test("PaperGateway does not bring a half-open connection back by slowing it down", async () => {
  const { account, clock } = desk();
  await using _ = account;
  const client = ready(account);
  account.gateway.inflict({ kind: "half_open" });
  account.gateway.inflict({ kind: "slow", ms: 10 });
  buy(account);
  await clock.advance(1_000);
  assert.deepEqual(client.told, [10, "READY"]);
});

Deno.test("PaperGateway goes on with what a fault only delays, or comes beside", async () => {
  const { account, clock } = desk();
  await using _ = account;
  account.setFaults([
    { on: "gateway_connect", times: 1, do: { kind: "slow", ms: 50 } },
    { on: "gateway_identify", times: 1, do: { kind: "ask_heartbeat" } },
  ]);
  const client = new MemoryClient(account).identify();
  assert.deepEqual(client.told, []);
  await clock.advance(50);
  assert.deepEqual(client.told, [10, 1, "READY"]);
});

Deno.test("PaperGateway forgets those who are away as well when it starts anew", async () => {
  const { account, clock } = desk({ maxConcurrency: 2 });
  await using _ = account;
  const [first, second] = [ready(account, 0, 2), ready(account, 1, 2)];
  first.leave();
  second.leave();
  assert.equal(account.gateway.inflict({ kind: "lose_session" }, 0), 0);
  assert.equal(account.gateway.audit().sessions, 1);
  const back = (client: MemoryClient) =>
    new MemoryClient(account).resume(client.sessionId, 1);
  assert.deepEqual(back(first).told, [10, 9]);
  assert.deepEqual(back(second).told, [10, "RESUMED"]);
  await clock.settle();
});

Deno.test("setFaults() brings faults about by what clients do", async () => {
  const { account, clock } = desk({ maxConcurrency: 2 });
  await using _ = account;
  const once = { after: null, times: 1 };
  account.setFaults([
    { ...once, on: "gateway_connect", do: { kind: "reconnect" } },
    {
      ...once,
      on: "gateway_identify",
      shard: 1,
      do: { kind: "invalid_session" },
    },
    { ...once, on: "gateway_heartbeat", after: 1, do: { kind: "half_open" } },
    { ...once, on: "gateway_resume", do: { kind: "close", code: 1012 } },
    { ...once, on: "gateway_event", after: 3, do: { kind: "cut" } },
  ]);
  // In place of hello.
  assert.deepEqual(new MemoryClient(account).told, [7]);
  const second = new MemoryClient(account).identify(1, 2);
  assert.deepEqual(second.told, [10, 9]);
  const first = new MemoryClient(account).identify(0, 1);
  assert.deepEqual(first.told, [10, "READY"]);
  first.beat();
  first.beat();
  first.beat();
  assert.deepEqual(first.told, [10, "READY", 11]);
  assert.equal(
    new MemoryClient(account).resume(first.sessionId, 1).closed,
    1012,
  );
  const back = new MemoryClient(account).resume(first.sessionId, 1);
  buy(account);
  buy(account);
  assert.equal(back.closed, "cut");
  assert.deepEqual(back.told, [10, "RESUMED", ...NEWS]);
  const last = new MemoryClient(account).resume(first.sessionId, back.seq);
  assert.deepEqual(last.told, [10, ...NEWS, "RESUMED"]);
  assert.deepEqual(account.faults.met, [6, 1, 2, 3, 4]);
  await clock.settle();
});

Deno.test("PaperGateway loses no news and doubles none, whatever befalls the connection", async () => {
  const blow = fc.constantFrom<GatewayFault | "buy" | "leave" | "come">(
    "buy",
    "buy",
    "buy",
    "leave",
    "come",
    { kind: "cut" },
    { kind: "half_open" },
    { kind: "reconnect" },
    { kind: "ask_heartbeat" },
    { kind: "close", code: 4000 },
    { kind: "close", code: 1012 },
    { kind: "invalid_session", resumable: true },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(blow, { maxLength: 60 }), async (blows) => {
      const { account } = desk();
      await using _ = account;
      let client = ready(account);
      const { sessionId } = client;
      const heard: number[] = [];
      const orders: string[] = [];
      const take = () => {
        for (const { s, t, d } of client.frames.splice(0)) {
          if (s === null) continue;
          heard.push(s);
          if (t === "ORDER_UPDATE") orders.push(Object(d).order.order_id);
        }
      };
      const comeBack = () => {
        take();
        client = new MemoryClient(account).resume(sessionId, heard.at(-1) ?? 0);
        take();
      };
      let bought = 0;
      for (const one of blows) {
        if (one === "buy") {
          buy(account);
          bought++;
        } else if (one === "leave") client.leave();
        else if (one === "come") comeBack();
        else account.gateway.inflict(one);
      }
      comeBack();
      assert.deepEqual(heard, heard.map((_, index) => index + 1));
      assert.deepEqual(
        orders,
        Array.from({ length: bought }, (_, index) => `P${index + 1}`),
      );
    }),
    { numRuns: 60 },
  );
});

Deno.test("PaperGateway answers whatever a client sends, and never fails", async () => {
  const known = fc.record({
    op: fc.constantFrom(0, 1, 2, 3, 6, 7, 9, 10, 11, 99, -1, 1.5, "2", null),
    d: fc.oneof(
      fc.jsonValue(),
      fc.record({
        token: fc.constantFrom<unknown>("none", "", 5, null),
        shard: fc.oneof(fc.jsonValue(), fc.array(fc.integer())),
        intents: fc.jsonValue(),
        session_id: fc.constantFrom<unknown>("none", "", 5, null),
        seq: fc.jsonValue(),
      }),
    ),
  }).map((frame) => JSON.stringify(frame));
  const anything = fc.oneof(
    known,
    fc.string(),
    fc.json(),
    fc.constantFrom<unknown>(null, undefined, 5, new ArrayBuffer(3), "é"),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(anything, { maxLength: 20 }), async (sent) => {
      const { account } = desk();
      await using _ = account;
      const clients = [new MemoryClient(account), ready(account)];
      for (const client of clients) {
        for (const data of sent) client.sayRaw(data);
        const { closed } = client;
        assert.ok(closed === null || Number(closed) >= 4000, `${closed}`);
        client.leave();
      }
      assert.equal(account.gateway.audit().connections, 0);
    }),
    { numRuns: 300 },
  );
});

Deno.test("PaperGateway takes nobody in any more once its account has ended", async () => {
  const { account } = desk();
  const client = ready(account);
  await account[Symbol.asyncDispose]();
  assert.equal(client.closed, 1001);
  assert.equal(new MemoryClient(account).closed, 1001);
});

Deno.test("PaperGateway refuses limits that cannot be", () => {
  for (
    const wrong of [{ maxConcurrency: 0 }, { heartbeatMs: 1.5 }, { shards: -1 }]
  ) {
    assert.throws(() => desk(wrong), { code: "paper/invalid-request" });
  }
});

Deno.test("PaperGateway serves two thousand shards on one sleeper and little memory", async () => {
  const count = 2_000;
  const { account, clock } = desk({
    maxConcurrency: count,
    sessionStarts: count,
    routing: "all",
    resumeEventsMin: 50,
    resumeMs: 600_000,
  });
  await using _ = account;
  const clients = Array.from(
    { length: count },
    (_, id) => ready(account, id, count),
  );
  for (let times = 0; times < 20; times++) buy(account);
  for (const client of clients) client.beat();
  await clock.settle();
  assert.equal(clock.sleeping, 1);
  account.gateway.inflict({ kind: "cut" });
  for (let times = 0; times < 10; times++) buy(account);
  for (const client of clients) {
    const { length } = client.frames;
    assert.equal(client.closed, "cut");
    assert.equal(length, 2 + 60 + 1);
    const back = new MemoryClient(account).resume(client.sessionId, client.seq);
    assert.equal(back.frames.length, 1 + 30 + 1);
  }
  const audit = account.gateway.audit();
  assert.equal(audit.connectionsMax, count);
  assert.equal(audit.resumes, count);
  assert.equal(audit.replayed, 30 * count);
  assert.equal(audit.dispatches, 60 * count);
  assert.deepEqual(audit.closes, { 1006: count });
});
