import assert from "node:assert/strict";
import { SystemRandom } from "../../src/adapters/clock/random.ts";
import { SystemClock } from "../../src/adapters/clock/system_clock.ts";
import type { PaperGatewayOptions } from "../../src/adapters/brokers/paper/gateway/limits.ts";
import { createPaperBroker } from "../../src/adapters/brokers/paper/paper_broker.ts";
import { servePaper } from "../../src/adapters/brokers/paper/server.ts";
import { webGateway } from "../../src/adapters/gateway/web_gateway.ts";
import { type GatewayClient, openGateway } from "../../src/gateway/client.ts";
import type { GatewayOptions } from "../../src/gateway/gateway_options.ts";
import type { GatewayEvent } from "../../src/gateway/gateway_event.ts";
import { cuttingProxy } from "../adapters/brokers/cutting_proxy.ts";
import { PLAIN_ACCOUNT } from "../adapters/brokers/paper_account.ts";

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

function connect(
  url: string,
  options: Partial<GatewayOptions> = {},
): Promise<GatewayClient> {
  return openGateway({
    transport: webGateway({ url, token: options.token ?? TOKEN }),
    clock,
    random: new SystemRandom(),
    token: TOKEN,
    ...options,
  });
}

async function buy(base: string, client_order_id: string): Promise<void> {
  const order = { symbol: "EURUSD", side: "buy", qty: "1", type: "market" };
  const response = await fetch(`${base}/v1/orders`, {
    method: "POST",
    body: JSON.stringify({ client_order_id, ...order }),
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  assert.equal(response.status, 201, await response.text());
}

/** Reads everything, and says when enough of it has come. */
class Monitor {
  readonly events: GatewayEvent[] = [];
  #waiting: (() => void)[] = [];

  constructor(client: GatewayClient) {
    this.#read(client);
  }

  /** Resolves once so many events of one type have come in all. */
  async count(type: GatewayEvent["type"], count: number): Promise<void> {
    await this.#until(() => this.of(type).length >= count);
  }

  /** Resolves once the news of an order has come. */
  async order(name: string): Promise<void> {
    await this.#until(() => this.orders.includes(name));
  }

  of<T extends GatewayEvent["type"]>(type: T) {
    return this.events.filter((event) => event.type === type);
  }

  /** The orders that were told, by name. */
  get orders(): readonly string[] {
    return this.events.flatMap((event) =>
      event.type === "dispatch" && event.name === "ORDER_UPDATE"
        ? [Object(event.data).order.client_order_id]
        : []
    );
  }

  async #read(client: GatewayClient): Promise<void> {
    for await (const event of client) {
      this.events.push(event);
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

Deno.test("webGateway() brings shards up over sockets, resumes what is cut, and leaves nothing open", async () => {
  await using account = paper({ shards: 4, maxConcurrency: 4 });
  await using server = servePaper(account, { port: 0, token: TOKEN });
  {
    await using client = await connect(server.url);
    const told = new Monitor(client);
    await told.count("ready", 4);
    await buy(server.url, "a");
    await told.order("a");
    account.gateway.inflict({ kind: "cut" });
    await buy(server.url, "b");
    await told.count("resumed", 4);
    await told.order("b");
    account.gateway.inflict({ kind: "reconnect" });
    await buy(server.url, "c");
    await told.count("resumed", 8);
    await told.order("c");
    assert.deepEqual(told.orders, ["a", "b", "c"]);
    const { starts, resumes } = account.gateway.audit();
    assert.deepEqual([starts.taken, starts.tooSoon], [4, 0]);
    assert.equal(resumes, 8);
  }
  assert.equal(account.gateway.audit().sessions, 0, "they left for good");
});

Deno.test("webGateway() takes a broken network for what it is: the session goes on", async () => {
  await using account = paper();
  await using server = servePaper(account, { port: 0, token: TOKEN });
  await using proxy = await cuttingProxy(server.url);
  await using client = await connect(proxy.url);
  const told = new Monitor(client);
  await told.count("ready", 1);
  proxy.cutNext("listens on");
  // Its answer is cut off with everything else; its news is what the resume must bring.
  await buy(proxy.url, "cut").catch(() => undefined);
  await told.count("resumed", 1);
  const [lost] = told.of("lost");
  assert.ok(lost?.type === "lost" && lost.code !== null);
  assert.ok([0, 1005, 1006].includes(lost.code), `${lost.code}`);
  assert.equal(lost.next, "resume");
  assert.deepEqual(told.orders, ["cut"]);
  assert.equal(account.gateway.audit().starts.taken, 1);
});

Deno.test("webGateway() comes back to a server that was restarted, with its session", async () => {
  await using account = paper();
  const server = servePaper(account, { port: 0, token: TOKEN });
  const port = Number(new URL(server.url).port);
  await using client = await connect(server.url);
  const told = new Monitor(client);
  await told.count("ready", 1);
  await server.close();
  await told.count("lost", 1);
  const [lost] = told.of("lost");
  assert.ok(lost?.type === "lost" && lost.next === "resume");
  await using again = servePaper(account, { port, token: TOKEN });
  await buy(again.url, "after");
  await told.order("after");
  assert.deepEqual(told.orders, ["after"]);
  assert.equal(account.gateway.audit().starts.taken, 1);
});

Deno.test("webGateway() refuses an address that may hold a secret, and shows none of it", () => {
  for (
    const url of [
      "nowhere",
      "ws://127.0.0.1:1/",
      "https://user:hunter2@gateway.example.com/",
      "https://gateway.example.com/?token=hunter2",
      "https://gateway.example.com/#hunter2",
    ]
  ) {
    assert.throws(() => webGateway({ url, token: TOKEN }), (error) => {
      assert.ok(error instanceof Error && "code" in error);
      assert.equal(error.code, "gateway/bad-address");
      assert.ok(!error.message.includes("hunter2"), error.message);
      return true;
    });
  }
});

Deno.test("webGateway() sends no token over a connection that is less safe than the gateway's address", async () => {
  const transport = webGateway({
    url: "https://gateway.example.com",
    token: TOKEN,
  });
  const end = Promise.withResolvers<readonly [number, string]>();
  const socket = transport.connect("ws://127.0.0.1:9/", {
    message: () => assert.fail("nothing was connected"),
    closed: (code, reason) => end.resolve([code, reason]),
  });
  assert.deepEqual(await end.promise, [
    3000,
    "its address is not encrypted, and the gateway's is",
  ]);
  await socket.close(1000);
});

Deno.test("openGateway() says over the network what is wrong with a token", async () => {
  await using account = paper();
  await using server = servePaper(account, { port: 0, token: TOKEN });
  await assert.rejects(connect(server.url, { token: "wrong" }), {
    code: "gateway/unauthorized",
    message:
      `Cannot use gateway "${server.url}": it answered with 401; check the token`,
  });
  assert.equal(account.gateway.audit().opened, 0);
});

Deno.test("openGateway() says over the network that nobody answers", async () => {
  const abort = new AbortController();
  const reason = new Error("left");
  const opening = connect("http://127.0.0.1:1", { signal: abort.signal });
  abort.abort(reason);
  await assert.rejects(opening, reason);
});
