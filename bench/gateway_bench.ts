/**
 * How many events a second go through the gateway, from the account to the program that reads them:
 * over one shard and over sixteen, beside a bare WebSocket that carries the same frames.
 *
 * Both ends run in this process, on one thread. If the bare WebSocket were several times faster, the
 * session's numbering, its buffer or the client's delivery would be worth another look; it bounds
 * what any of them could save.
 *
 * @module
 */

import { createPaperBroker } from "../src/adapters/brokers/paper/paper_broker.ts";
import { faultBox } from "../src/adapters/brokers/paper/faults.ts";
import { serveGateway } from "../src/adapters/brokers/paper/gateway/gateway_socket.ts";
import { newsOf } from "../src/adapters/brokers/paper/gateway/news.ts";
import { PaperGateway } from "../src/adapters/brokers/paper/gateway/paper_gateway.ts";
import type {
  EngineEvent,
  EngineListener,
} from "../src/adapters/brokers/paper/state.ts";
import { SystemRandom } from "../src/adapters/clock/random.ts";
import { SystemClock } from "../src/adapters/clock/system_clock.ts";
import { webGateway } from "../src/adapters/gateway/web_gateway.ts";
import { decimal } from "../src/domain/decimal.ts";
import { openGateway } from "../src/gateway/client.ts";
import { PLAIN_ACCOUNT } from "../tests/adapters/brokers/paper_account.ts";

/** Events in one go: less than what may lie unsent before a client counts as too slow. */
const BATCH = 500;
const SYMBOL_COUNT = 64;

const clock = new SystemClock();
const account = createPaperBroker({
  account: PLAIN_ACCOUNT,
  prices: [],
  clock,
});

/** Orders as the engine tells them, made before anything is measured. */
const orders: readonly EngineEvent[] = Array.from(
  { length: BATCH },
  (_, index) => {
    const reply = account.ask({
      type: "submit",
      plan: { kind: "market" },
      intent: {
        clientOrderId: `london/2026-11-23/end#${index}`,
        symbol: `SYM${index % SYMBOL_COUNT}`,
        side: "buy",
        qty: decimal("1000"),
        limitPrice: null,
        closes: null,
        tag: null,
      },
    });
    if (reply.type !== "order") throw new Error("An order answers a submit");
    return { type: "order", order: reply.order };
  },
);

/** A gateway that tells what this file gives it, without the engine behind it. */
function openServer(maxConcurrency: number) {
  let told: EngineListener = () => {};
  const gateway = new PaperGateway({
    world: account.world,
    state: account.state,
    clock,
    signal: account.signal,
    faults: faultBox([]),
    listen(listener) {
      told = listener;
      return () => {};
    },
  }, { maxConcurrency, shards: maxConcurrency, quotesMs: 0 });
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
  }, (request) => {
    const { pathname, host, searchParams } = new URL(request.url);
    const base = `ws://${host}`;
    if (pathname === "/gateway/bot") {
      return Response.json(gateway.botJson(base));
    }
    const { socket, response } = Deno.upgradeWebSocket(request);
    const door = { token: null, base, query: searchParams };
    serveGateway(socket, gateway, door, account.signal);
    return response;
  });
  const tell = () => {
    for (const order of orders) told(order);
  };
  return { url: `http://127.0.0.1:${server.addr.port}`, tell, gateway };
}

/** Counts what arrives, and says when it was enough. */
function counter() {
  let missing = 0;
  let enough = () => {};
  return {
    one() {
      if (--missing === 0) enough();
    },
    expect(count: number): Promise<void> {
      missing = count;
      return new Promise((resolve) => enough = resolve);
    },
  };
}

/** Our client before our server, ready to be told. */
async function openFleet(shards: number) {
  const { url, tell, gateway } = openServer(shards);
  const arrived = counter();
  const ready = arrived.expect(shards);
  const client = await openGateway({
    transport: webGateway({ url, token: "none" }),
    clock,
    random: new SystemRandom(),
    token: "none",
    intents: 15,
  });
  const read = async () => {
    for await (const { type } of client) {
      if (type === "ready" || type === "dispatch") arrived.one();
    }
  };
  read();
  await ready;
  return async () => {
    const before = gateway.audit().dispatches;
    const all = arrived.expect(BATCH);
    tell();
    await all;
    const count = gateway.audit().dispatches - before;
    if (count !== BATCH) throw new RangeError(`Only ${count} were told`);
  };
}

/** The same orders over a bare WebSocket: written as the same frames, read as far as any client must. */
async function openBare() {
  let socket: WebSocket | null = null;
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
  }, (request) => {
    const upgraded = Deno.upgradeWebSocket(request);
    socket = upgraded.socket;
    return upgraded.response;
  });
  const client = new WebSocket(`ws://127.0.0.1:${server.addr.port}`);
  const arrived = counter();
  client.onmessage = ({ data }) => {
    if (JSON.parse(data).op === 0) arrived.one();
  };
  await new Promise((resolve) => client.onopen = resolve);
  return async () => {
    const all = arrived.expect(BATCH);
    let seq = 0;
    for (const order of orders) {
      for (const { head } of newsOf(account, order)) {
        socket?.send(`${head}${++seq}}`);
      }
    }
    await all;
  };
}

const bare = await openBare();
const one = await openFleet(1);
const sixteen = await openFleet(16);

const group = { group: `${BATCH} events` };

Deno.bench("a bare WebSocket", { ...group, baseline: true }, bare);
Deno.bench("one shard", group, one);
Deno.bench("16 shards", group, sixteen);
