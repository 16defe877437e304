import assert from "node:assert/strict";
import { SystemClock } from "../../../../src/adapters/clock/system_clock.ts";
import { createPaperBroker } from "../../../../src/adapters/brokers/paper/paper_broker.ts";
import {
  type PaperServer,
  servePaper,
} from "../../../../src/adapters/brokers/paper/server.ts";
import { serveGateway } from "../../../../src/adapters/brokers/paper/gateway/gateway_socket.ts";
import type { PaperGatewayOptions } from "../../../../src/adapters/brokers/paper/gateway/limits.ts";
import { cuttingProxy } from "../cutting_proxy.ts";
import { PLAIN_ACCOUNT } from "../paper_account.ts";
import { SocketClient } from "./socket_client.ts";

const TOKEN = "a-token-for-this-run";
const clock = new SystemClock();

function paper(gateway: PaperGatewayOptions = {}) {
  return createPaperBroker({
    account: PLAIN_ACCOUNT,
    prices: [],
    clock,
    gateway: { quotesMs: 0, ...gateway },
  });
}

async function ask(
  base: string,
  path: string,
  body: unknown = null,
  word = "Bot",
) {
  const response = await fetch(base + path, {
    method: body === null ? "GET" : "POST",
    body: body === null ? null : JSON.stringify(body),
    headers: { authorization: `${word} ${TOKEN}` },
  });
  return [response.status, await response.json()] as const;
}

function buy(base: string, client_order_id: string, symbol = "EURUSD") {
  const order = { client_order_id, symbol, side: "buy", qty: "1" };
  return ask(base, "/v1/orders", { ...order, type: "market" });
}

/** Where the gateway is, as a client learns it. */
async function gatewayOf(server: Pick<PaperServer, "url">): Promise<string> {
  const [, bot] = await ask(server.url, "/gateway/bot");
  return `${bot.url}?v=10&encoding=json`;
}

function identify(shard = [0, 1], token = `Bot ${TOKEN}`) {
  return { token, shard, intents: 15, properties: {}, compress: false };
}

Deno.test("servePaper() says where the gateway is to those with the token, whatever they call it", async () => {
  await using account = paper({ shards: 4, maxConcurrency: 2 });
  await using server = servePaper(account, { port: 0, token: TOKEN });
  const ws = server.url.replace("http", "ws");
  for (const path of ["/gateway/bot", "/v1/gateway/bot"]) {
    for (const word of ["Bot", "Bearer"]) {
      const [status, bot] = await ask(server.url, path, null, word);
      assert.equal(status, 200);
      const { reset_after, ...limit } = bot.session_start_limit;
      assert.ok(reset_after > 86_000_000 && reset_after <= 86_400_000);
      assert.deepEqual({ ...bot, session_start_limit: limit }, {
        url: `${ws}/gateway`,
        shards: 4,
        session_start_limit: {
          total: 1_000,
          remaining: 1_000,
          max_concurrency: 2,
        },
      });
    }
    const [status] = await ask(server.url, path, null, "Basic");
    assert.equal(status, 401);
  }
  const [status] = await ask(server.url, "/gateway");
  assert.equal(status, 426);
});

Deno.test("servePaper() lets nobody into the gateway without the token", async () => {
  await using account = paper();
  await using server = servePaper(account, { port: 0, token: TOKEN });
  const client = new SocketClient(await gatewayOf(server));
  await client.hear(10);
  client.say(2, identify([0, 1], "Bot wrong"));
  assert.equal(await client.closed, 4004);
  const other = new SocketClient(await gatewayOf(server));
  await other.hear(10);
  other.say(6, { token: TOKEN.slice(1), session_id: "x", seq: 1 });
  assert.equal(await other.closed, 4004);
});

Deno.test("servePaper() closes a gateway's connection with a code and a reason that fits", async () => {
  await using account = paper();
  await using server = servePaper(account, { port: 0, token: TOKEN });
  const cases:
    readonly (readonly [string | Uint8Array<ArrayBuffer>, number])[] = [
      [JSON.stringify({ op: 1, d: "é".repeat(40) }), 4002],
      [JSON.stringify({ op: 1, d: null, x: "y".repeat(4_096) }), 4002],
      [new Uint8Array([1, 2]), 4002],
      [JSON.stringify({ op: 42 }), 4001],
      [JSON.stringify({ op: 4, d: {} }), 4003],
    ];
  for (const [frame, code] of cases) {
    const client = new SocketClient(await gatewayOf(server));
    await client.hear(10);
    client.sayRaw(frame);
    assert.equal(await client.closed, code);
  }
  const old = new SocketClient(
    `${server.url.replace("http", "ws")}/gateway?v=9`,
  );
  assert.equal(await old.closed, 4012);
});

Deno.test("servePaper() keeps a session over a cut of the network, and over its own closing", async () => {
  await using account = paper();
  const server = servePaper(account, { port: 0, token: TOKEN });
  await using proxy = await cuttingProxy(server.url);
  const first = new SocketClient(await gatewayOf(proxy));
  await first.hear(10);
  first.say(2, identify());
  const ready = Object((await first.hear("READY")).d);
  assert.ok(
    ready.resume_gateway_url.startsWith(proxy.url.replace("http", "ws")),
  );
  await buy(server.url, "before");
  await first.hear("ORDER_UPDATE");
  // The answer to this one is cut off: its news is what the resume must bring. What fetch makes of
  // it, an error or another try, is not the question here.
  proxy.cutNext("listens on");
  await buy(proxy.url, "cut").catch(() => undefined);
  assert.ok([0, 1005, 1006].includes(await first.closed));
  const resume = { token: TOKEN, session_id: ready.session_id, seq: 4 };
  const second = new SocketClient(ready.resume_gateway_url);
  await second.hear(10);
  second.say(6, resume);
  await second.hear("RESUMED");
  const orders = second.frames.filter(({ t }) => t === "ORDER_UPDATE");
  assert.deepEqual(orders.map(({ d }) => Object(d).order.client_order_id), [
    "cut",
  ]);
  assert.deepEqual(second.frames.map(({ s }) => s), [null, 5, 6, 7, 8]);
  await server.close();
  assert.equal(await second.closed, 1001);
  const again = servePaper(account, { port: 0, token: TOKEN });
  const third = new SocketClient(await gatewayOf(again));
  await third.hear(10);
  third.say(6, { ...resume, seq: 8 });
  await third.hear("RESUMED");
  await third.leave();
  await again.close();
});

Deno.test("servePaper() makes faults of the gateway befall sockets, by rule and at once", async () => {
  await using account = paper({ maxConcurrency: 2 });
  await using server = servePaper(account, { port: 0, token: TOKEN });
  const open = async (shard: number[]) => {
    const client = new SocketClient(await gatewayOf(server));
    await client.hear(10);
    client.say(2, identify(shard));
    await client.hear("READY");
    return client;
  };
  const [first, second] = [await open([0, 2]), await open([1, 2])];
  const inflict = (fault: object, shard: number | null = null) =>
    ask(server.url, "/v1/paper/gateway", { do: fault, shard });
  assert.deepEqual(await inflict({ kind: "ask_heartbeat" }), [200, { hit: 2 }]);
  await Promise.all([first.hear(1), second.hear(1)]);
  assert.deepEqual(await inflict({ kind: "reconnect" }, 1), [200, { hit: 1 }]);
  await second.hear(7);
  assert.deepEqual(await inflict({ kind: "cut" }, 0), [200, { hit: 1 }]);
  assert.equal(await first.closed, 1005);
  const rule = {
    on: "gateway_heartbeat",
    do: { kind: "close", code: 4009, reason: "by rule" },
  };
  const [set] = await ask(server.url, "/v1/paper/faults", { rules: [rule] });
  assert.equal(set, 200);
  second.say(1, 1);
  assert.equal(await second.closed, 4009);
  for (
    const wrong of [
      { on: "gateway_heartbeat", do: { kind: "lost" } },
      { on: "account", do: { kind: "cut" } },
      { on: "gateway_event", do: { kind: "close", code: 1006 } },
      { on: "gateway_event", do: { kind: "close", code: 5000 } },
    ]
  ) {
    const [status] = await ask(server.url, "/v1/paper/faults", {
      rules: [wrong],
    });
    assert.equal(status, 400, JSON.stringify(wrong));
  }
  const [wrong] = await inflict({ kind: "explode" });
  assert.equal(wrong, 400);
});

Deno.test("servePaper() answers for the gateway as faults of requests say", async () => {
  await using account = paper();
  await using server = servePaper(account, { port: 0, token: TOKEN });
  account.setFaults([
    { on: "gateway_bot", times: 1, do: { kind: "status", status: 429 } },
  ]);
  assert.equal((await ask(server.url, "/gateway/bot"))[0], 429);
  assert.equal((await ask(server.url, "/gateway/bot"))[0], 200);
});

Deno.test("servePaper() counts for the audit what the gateway's clients did", async () => {
  await using account = paper({ heartbeatMs: 60_000 });
  await using server = servePaper(account, { port: 0, token: TOKEN });
  const client = new SocketClient(await gatewayOf(server));
  await client.hear(10);
  client.say(2, identify());
  await client.hear("READY");
  client.say(1, 1);
  await client.hear(11);
  const other = new SocketClient(await gatewayOf(server));
  await other.hear(10);
  other.say(2, identify());
  await other.hear(9);
  await buy(server.url, "a");
  await client.hear("ORDER_UPDATE");
  await client.leave(4000);
  other.say(6, {
    token: TOKEN,
    session_id: Object(client.frames[1]?.d).session_id,
    seq: 2,
  });
  await other.hear("RESUMED");
  await other.leave();
  const [, { gateway }] = await ask(server.url, "/v1/paper/audit");
  assert.deepEqual(gateway, {
    connections: 0,
    connections_max: 2,
    opened: 2,
    sessions: 0,
    remaining: 999,
    identifies: 1,
    identifies_too_soon: 1,
    identifies_exhausted: 0,
    identifies_period_max: 1,
    identifies_window_max: 2,
    identifies_bucket_max: 2,
    resumes: 1,
    resumes_refused: 0,
    dispatches: 3,
    replayed: 2,
    heartbeats: 1,
    client_events_max: 2,
    closes: { 1000: 1, 4000: 1 },
  });
});

Deno.test("serveGateway() lets go of a client that reads too slowly, and keeps its session", async () => {
  await using account = paper();
  const closed: unknown[] = [];
  // A socket as far as it is used; a real one would have to be filled by megabytes first.
  const socket = Object.assign(new EventTarget(), {
    readyState: WebSocket.OPEN,
    send: () => {},
    close: (code: number) => closed.push(code),
    bufferedAmount: 0,
    onopen: () => {},
    onmessage: (_: { readonly data: string }) => {},
    onclose: (_: { readonly code: number }) => {},
  });
  const over = serveGateway(
    socket as unknown as WebSocket,
    account.gateway,
    { token: null, base: "ws://paper", query: new URLSearchParams() },
    new AbortController().signal,
  );
  socket.onopen();
  socket.onmessage({ data: JSON.stringify({ op: 2, d: identify() }) });
  socket.bufferedAmount = (1 << 20) + 1;
  socket.onmessage({ data: JSON.stringify({ op: 1, d: 1 }) });
  assert.deepEqual(closed, [4000]);
  socket.onclose({ code: 4000 });
  await over;
  assert.equal(account.gateway.audit().sessions, 1);
});

Deno.test("servePaper() serves hundreds of shards over sockets", async () => {
  const count = 300;
  await using account = paper({ maxConcurrency: count, routing: "all" });
  const server = servePaper(account, { port: 0, token: TOKEN });
  const url = await gatewayOf(server);
  const clients = Array.from({ length: count }, () => new SocketClient(url));
  await Promise.all(clients.map(async (client, id) => {
    await client.hear(10);
    client.say(2, identify([id, count]));
    await client.hear("READY");
  }));
  await buy(server.url, "for all");
  await Promise.all(clients.map((client) => client.hear("ORDER_UPDATE")));
  for (const { frames } of clients) {
    assert.deepEqual(frames.map(({ s }) => s), [null, 1, 2, 3, 4]);
  }
  assert.equal(account.gateway.audit().dispatches, 3 * count);
  await server.close();
  const codes = await Promise.all(clients.map(({ closed }) => closed));
  assert.deepEqual(new Set(codes), new Set([1001]));
});
