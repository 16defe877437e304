import assert from "node:assert/strict";
import { SystemClock } from "../../../src/adapters/clock/system_clock.ts";
import { VirtualClock } from "../../../src/adapters/clock/virtual_clock.ts";
import { openHttpBroker } from "../../../src/adapters/brokers/http/http_broker.ts";
import {
  createPaperBroker,
  type PaperBrokerOptions,
} from "../../../src/adapters/brokers/paper/paper_broker.ts";
import {
  type PaperServer,
  servePaper,
} from "../../../src/adapters/brokers/paper/server.ts";
import { decimal } from "../../../src/domain/decimal.ts";
import type { OrderIntent } from "../../../src/domain/order.ts";
import type { BrokerEvent } from "../../../src/runtime/ports.ts";
import { PLAIN_ACCOUNT } from "./paper_account.ts";

const TOKEN = "a-token-for-this-run";
const system = new SystemClock();

function paper(change: Partial<PaperBrokerOptions> = {}) {
  return createPaperBroker({
    account: PLAIN_ACCOUNT,
    prices: [],
    clock: system,
    ...change,
  });
}

async function ask(
  server: PaperServer,
  path: string,
  init: RequestInit = {},
): Promise<readonly [number, string]> {
  const headers = { authorization: `Bearer ${TOKEN}`, ...init.headers };
  const response = await fetch(server.url + path, { ...init, headers });
  const body: unknown = JSON.parse(await response.text());
  const { error } = Object(body);
  return [response.status, String(error?.code ?? "")];
}

/** Sends a request as it is written, so that a header can be what fetch would not send. */
async function askRaw(server: PaperServer, head: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode(`${head}\r\n\r\n`));
  const buffer = new Uint8Array(4_096);
  const read = await connection.read(buffer);
  return new TextDecoder().decode(buffer.subarray(0, read ?? 0));
}

Deno.test("servePaper() lets nobody in without the token", async () => {
  await using account = paper();
  await using server = servePaper(account, { port: 0, token: TOKEN });
  assert.deepEqual(await ask(server, "/v1/account"), [200, ""]);
  for (const authorization of ["", `Bearer ${TOKEN}x`, TOKEN, "Bearer "]) {
    assert.deepEqual(
      await ask(server, "/v1/account", { headers: { authorization } }),
      [401, "auth/unauthorized"],
    );
  }
});

Deno.test("servePaper() refuses names and pages from elsewhere", async () => {
  await using account = paper();
  await using server = servePaper(account, { port: 0, token: TOKEN });
  const head = (host: string, origin: string) =>
    `GET /v1/account HTTP/1.1\r\nHost: ${host}\r\n${origin}` +
    `Authorization: Bearer ${TOKEN}\r\nConnection: close`;
  const { host } = new URL(server.url);
  assert.match(await askRaw(server, head(host, "")), / 200 /);
  assert.match(
    await askRaw(server, head(host, "Origin: http://localhost:5173\r\n")),
    / 200 /,
  );
  assert.match(
    await askRaw(server, head("rebound.example.com", "")),
    / 403 [^]*auth\/wrong-host/,
  );
  assert.match(
    await askRaw(server, head(host, "Origin: https://example.com\r\n")),
    / 403 [^]*auth\/wrong-origin/,
  );
});

Deno.test("servePaper() answers what it does not know or cannot read", async () => {
  await using account = paper();
  await using server = servePaper(account, { port: 0, token: TOKEN });
  assert.deepEqual(await ask(server, "/v2"), [404, "request/unknown-path"]);
  assert.deepEqual(await ask(server, "/v1/account", { method: "DELETE" }), [
    405,
    "request/wrong-method",
  ]);
  assert.deepEqual(await ask(server, "/v1/orders/by-client-id/%E0"), [
    400,
    "request/invalid",
  ]);
  assert.deepEqual(
    await ask(server, "/v1/orders", { method: "POST", body: "{" }),
    [400, "request/invalid"],
  );
  const body = `"${"x".repeat(70_000)}"`;
  assert.deepEqual(await ask(server, "/v1/orders", { method: "POST", body }), [
    413,
    "request/too-large",
  ]);
});

Deno.test("servePaper() takes fault rules and refuses those that are none", async () => {
  await using account = paper();
  await using server = servePaper(account, { port: 0, token: TOKEN });
  const set = (rules: unknown) =>
    ask(server, "/v1/paper/faults", {
      method: "POST",
      body: JSON.stringify({ rules }),
    });
  const once = { on: "account", times: 1 };
  await set([{ ...once, do: { kind: "status", status: 503 } }]);
  assert.deepEqual(await ask(server, "/v1/account"), [503, "broker/fault"]);
  assert.deepEqual(await ask(server, "/v1/account"), [200, ""]);
  for (
    const rule of [
      { ...once, do: { kind: "explode" } },
      { ...once, do: { kind: "status", status: 42 } },
      { ...once, on: "everything", do: { kind: "lost" } },
      { do: { kind: "lost" } },
    ]
  ) {
    assert.deepEqual(await set([rule]), [400, "request/invalid"]);
  }
  // "any" never locks out the one who would take the rule back.
  await set([{ on: "any", do: { kind: "lost" } }]);
  assert.deepEqual(await set([]), [200, ""]);
});

Deno.test("servePaper() tells of the audit", async () => {
  await using account = paper({
    account: {
      ...PLAIN_ACCOUNT,
      positions: [{
        symbol: "EURUSD",
        side: "long",
        qty: decimal("10"),
        price: null,
        tag: null,
      }],
    },
  });
  await using server = servePaper(account, { port: 0, token: TOKEN });
  await using broker = openHttpBroker({
    url: server.url,
    token: TOKEN,
    clock: system,
  });
  await broker.submit(closing("first"));
  await broker.submit(closing("second"));
  const response = await fetch(`${server.url}/v1/paper/audit`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  const { gateway, ...closed } = Object(await response.json());
  assert.equal(gateway.opened, 0);
  assert.deepEqual(closed, {
    duplicate_exposure: 1,
    duplicates: [{
      client_order_id: "second",
      position_id: "T1",
      asked_qty: "10",
      available_qty: "0",
    }],
    exposures: [{
      key: "T1#1",
      position_id: "T1",
      symbol: "EURUSD",
      side: "long",
      opened_qty: "10",
      closed_qty: "10",
      closings: [{ order_id: "P1", client_order_id: "first", qty: "10" }],
    }],
  });
});

Deno.test("openHttpBroker() says that it cannot come in, and never tells the token", async () => {
  await using account = paper();
  await using server = servePaper(account, { port: 0, token: TOKEN });
  const events: BrokerEvent[] = [];
  await using broker = openHttpBroker({
    url: server.url,
    token: "wrong-secret",
    clock: system,
  });
  await assert.rejects(broker.open((event) => events.push(event)), (error) => {
    const told = Deno.inspect(error, { depth: 9 });
    assert.match(told, /broker\/refused/);
    assert.match(told, /auth\/unauthorized/);
    assert.ok(!told.includes("wrong-secret"), told);
    return true;
  });
  assert.deepEqual(events, []);
});

Deno.test("openHttpBroker() refuses an address with more in it than it uses, and shows no secret", () => {
  const open = (url: string) =>
    openHttpBroker({ url, token: null, clock: system });
  const cases: readonly (readonly [string, RegExp])[] = [
    ["http://s3cret:pw@host/", /at http:\/\/host: .* user name or a password/],
    ["http://:s3cret@host/", /a user name or a password/],
    ["https://host:8443/v1?token=s3cret", /https:\/\/host:8443: .* a query/],
    ["http://host/#s3cret", /a fragment/],
    ["ftp://host/s3cret", /at ftp:\/\/host: .* http or https/],
    ["host/s3cret", /it is none; write one such as/],
    ["", /it is none/],
  ];
  for (const [url, message] of cases) {
    assert.throws(() => open(url), (error) => {
      const { code, message: said } = Object(error);
      assert.equal(code, "broker/bad-address");
      assert.match(said, message);
      return !said.includes("s3cret");
    });
  }
  assert.ok(open("https://host:8443/bridge/?"));
});

Deno.test("openHttpBroker() never takes the network's word that an order was not sent", async () => {
  const account = paper();
  const server = servePaper(account, { port: 0, token: TOKEN });
  await server.close();
  await account[Symbol.asyncDispose]();
  await using broker = openHttpBroker({
    url: server.url,
    token: TOKEN,
    clock: system,
  });
  const outcome = (code: string) => (error: unknown) => {
    const { details, ...rest } = Object(error);
    assert.equal(rest.code, code);
    assert.equal(details.outcome, "unknown");
    assert.match(String(error), /nobody answers there/);
    return true;
  };
  await assert.rejects(broker.open(() => {}), outcome("broker/unreachable"));
  await assert.rejects(
    broker.submit(closing("a")),
    outcome("broker/unknown"),
  );
  await assert.rejects(broker.read(0), outcome("broker/unreadable"));
});

Deno.test("openHttpBroker() takes a connection cut before the answer for unknown", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const cutting = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(1_024));
      connection.close();
    }
  })();
  const broker = openHttpBroker({
    url: `http://127.0.0.1:${listener.addr.port}`,
    token: TOKEN,
    clock: system,
  });
  await assert.rejects(broker.submit(closing("a")), (error) => {
    assert.equal(Object(error).code, "broker/unknown");
    return true;
  });
  await broker[Symbol.asyncDispose]();
  listener.close();
  await cutting;
});

Deno.test("openHttpBroker() comes back when the broker does", async () => {
  await using account = paper();
  const first = servePaper(account, { port: 0, token: TOKEN });
  const told: string[] = [];
  let look = () => {};
  const until = async (found: () => boolean) => {
    while (!found()) await new Promise<void>((resolve) => look = resolve);
  };
  const broker = openHttpBroker({
    url: first.url,
    token: TOKEN,
    clock: system,
  });
  await broker.open((event) => {
    if (event.type === "stream") told.push(event.state);
    look();
  });
  await until(() => told.length === 1);
  await first.close();
  await until(() => told.length === 2);
  const port = Number(new URL(first.url).port);
  const second = servePaper(account, { port, token: TOKEN });
  await until(() => told.length === 3);
  assert.deepEqual(told, ["up", "down", "up"]);
  await broker[Symbol.asyncDispose]();
  await second.close();
});

Deno.test("servePaper() closes a stream that does not say who it is", async () => {
  await using account = paper();
  await using server = servePaper(account, { port: 0, token: TOKEN });
  const address = `${server.url.replace("http", "ws")}/v1/stream`;
  for (const first of ["{}", '{"type":"auth","token":"wrong"}', "auth"]) {
    const socket = new WebSocket(address);
    const frames: unknown[] = [];
    socket.onmessage = ({ data }) => frames.push(data);
    socket.onopen = () => socket.send(first);
    const code = await new Promise((resolve) => {
      socket.onclose = (event) => resolve(event.code);
    });
    assert.equal(code, 4401);
    assert.deepEqual(frames, []);
  }
});

Deno.test("servePaper() shows that a stream is alive", async () => {
  await using account = paper();
  await using server = servePaper(account, {
    port: 0,
    token: TOKEN,
    heartbeatMs: 5,
  });
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/v1/stream`);
  socket.onopen = () =>
    socket.send(JSON.stringify({ type: "auth", token: TOKEN }));
  const frames: string[] = [];
  await new Promise<void>((resolve) => {
    socket.onmessage = ({ data }) => {
      frames.push(JSON.parse(data).type);
      if (frames.length === 3) resolve();
    };
  });
  assert.deepEqual(frames, ["hello", "heartbeat", "heartbeat"]);
  socket.close();
  await new Promise((resolve) => socket.onclose = resolve);
});

Deno.test("PaperBroker waits as long as its latency says, in its own time", async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 23, 8));
  const account = paper({
    account: { ...PLAIN_ACCOUNT, latencyMs: 500 },
    clock,
  });
  const broker = account.openBroker();
  const answering = Promise.all(
    Array.from({ length: 5 }, () => broker.find("none")),
  );
  let answered = false;
  answering.then(() => answered = true);
  await clock.settle();
  assert.equal(answered, false);
  await clock.advance(1_001);
  assert.equal(answered, true);
  await broker[Symbol.asyncDispose]();
  await account[Symbol.asyncDispose]();
  assert.equal(clock.sleeping, 0);
});

Deno.test("PaperBroker lets orders fill in virtual time while somebody listens, and sleeps on nothing else", async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 23, 8));
  const account = paper({ clock });
  const broker = account.openBroker();
  const filled: number[] = [];
  await broker.open((event) => {
    if (event.type === "order" && event.report.status === "filled") {
      filled.push(clock.now());
    }
  });
  await clock.settle();
  assert.equal(clock.sleeping, 0);
  const { bid } = account.world.prices.series("EURUSD").quoteAt(clock.now());
  await broker.submit({
    ...closing("limit"),
    side: "buy",
    closes: null,
    limitPrice: bid,
  });
  let wakes = 0;
  await clock.run(clock.now() + 86_400_000, { onProgress: () => wakes++ });
  assert.equal(filled.length, 1);
  const { fills } = await broker.read(0);
  assert.equal(fills[0]?.at, filled[0]);
  assert.ok(wakes < 200, `${wakes} wake-ups in a day`);
  assert.equal(clock.sleeping, 0);
  await broker[Symbol.asyncDispose]();
  await account[Symbol.asyncDispose]();
});

Deno.test("createPaperBroker() refuses both sides of a symbol where the account nets", () => {
  const position = {
    symbol: "EURUSD",
    side: "long",
    qty: decimal("1"),
    price: null,
    tag: null,
  } as const;
  assert.throws(
    () =>
      paper({
        account: {
          ...PLAIN_ACCOUNT,
          mode: "netting",
          positions: [position, { ...position, side: "short" }],
        },
      }),
    { code: "paper/invalid-request" },
  );
});

function closing(clientOrderId: string): OrderIntent {
  return {
    clientOrderId,
    symbol: "EURUSD",
    side: "sell",
    qty: decimal("10"),
    limitPrice: null,
    closes: "T1",
    tag: null,
  };
}
