import assert from "node:assert/strict";
import { SystemClock } from "../../src/adapters/clock/system_clock.ts";
import {
  createPaperBroker,
  type PaperBroker,
} from "../../src/adapters/brokers/paper/paper_broker.ts";
import type { PaperGatewayOptions } from "../../src/adapters/brokers/paper/gateway/limits.ts";
import { servePaper } from "../../src/adapters/brokers/paper/server.ts";
import { decimal } from "../../src/domain/decimal.ts";
import { shardKey, shardOf } from "../../src/domain/shard_of.ts";
import { cuttingProxy } from "../adapters/brokers/cutting_proxy.ts";
import { PLAIN_ACCOUNT } from "../adapters/brokers/paper_account.ts";
import { ForeignPeer, needsPeers, type PeerLine } from "./foreign_peer.ts";

const TOKEN = "a-token-for-this-run";
const SYMBOLS = ["EURUSD", "USDJPY", "BTCUSD", "AAPL", "GBPUSD", "EURGBP"];

function paper(gateway: PaperGatewayOptions) {
  return createPaperBroker({
    account: PLAIN_ACCOUNT,
    prices: [],
    clock: new SystemClock(),
    gateway: { quotesMs: 0, ...gateway },
  });
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

/** Buys one of each symbol while every connection through the proxy is cut. */
async function cutAndBuy(
  account: PaperBroker,
  proxy: Awaited<ReturnType<typeof cuttingProxy>>,
): Promise<void> {
  proxy.cutNext("listens on");
  await fetch(`${proxy.url}/v1/orders/none`, {
    method: "DELETE",
    headers: { authorization: `Bot ${TOKEN}` },
    // Whether fetch tries again is not the question here.
  }).then((answer) => answer.body?.cancel(), () => undefined);
  for (const symbol of SYMBOLS) buy(account, `cut ${symbol}`, symbol);
}

const isOrder = (line: PeerLine) => line.t === "ORDER_UPDATE";
const is = (type: string, shard?: number) => (line: PeerLine) =>
  line.type === type && (shard === undefined || line.shard === shard);

/** Every order was heard once, by the shard of its symbol. */
function assertHeard(peer: ForeignPeer, shards: number, count: number): void {
  const orders = peer.lines.filter(isOrder);
  assert.equal(orders.length, count);
  const ids = new Set<unknown>();
  for (const { shard, d } of orders) {
    const order = Object(d).order;
    ids.add(order.client_order_id ?? order.clientOrderId);
    const key = shardKey("paper-main", order.symbol);
    assert.equal(shard, shardOf(key, shards));
  }
  assert.equal(ids.size, count);
}

/** The news of each session of a shard was numbered from one on, without a gap and without repeat. */
function assertInOrder(peer: ForeignPeer): void {
  const last = new Map<number, number>();
  for (const { type, shard = -1, t, s } of peer.lines) {
    if (type !== "dispatch") continue;
    assert.equal(s, t === "READY" ? 1 : (last.get(shard) ?? 0) + 1);
    last.set(shard, s ?? 0);
  }
}

Deno.test({
  ...needsPeers(
    "@discordjs/ws keeps to the limits, hears its news, and resumes",
  ),
  async fn() {
    await using account = paper({
      shards: 3,
      maxConcurrency: 2,
      heartbeatMs: 700,
    });
    const server = servePaper(account, { port: 0, token: TOKEN });
    await using proxy = await cuttingProxy(server.url);
    {
      await using peer = new ForeignPeer("discordjs", proxy.url, TOKEN, "3");
      await peer.hear(is("connected"));
      for (const symbol of SYMBOLS) buy(account, symbol, symbol);
      await peer.hear(isOrder, 6);
      await cutAndBuy(account, proxy);
      await peer.hear(is("resumed"), 3);
      await peer.hear(isOrder, 12);
      account.gateway.inflict({ kind: "reconnect" }, 0);
      await peer.hear(is("resumed", 0), 2);
      account.gateway.inflict({ kind: "half_open" }, 1);
      const own = SYMBOLS.find((one) =>
        shardOf(shardKey("paper-main", one), 3) === 1
      );
      buy(account, "half open", own ?? "");
      await peer.hear(is("resumed", 1), 2);
      account.gateway.inflict({ kind: "invalid_session", resumable: true }, 2);
      await peer.hear(is("resumed", 2), 2);
      account.gateway.inflict({ kind: "close", code: 4000 }, 2);
      await peer.hear(is("resumed", 2), 3);
      await peer.hear(isOrder, 13);
      const { starts } = account.gateway.audit();
      assert.deepEqual(starts, {
        taken: 3,
        tooSoon: 0,
        exhausted: 0,
        periodMax: 3,
        windowMax: 2,
        bucketMax: 1,
      });
      account.gateway.inflict({ kind: "invalid_session", resumable: false }, 0);
      await peer.hear(is("ready", 0), 2);
      assertHeard(peer, 3, 13);
      assertInOrder(peer);
    }
    const audit = account.gateway.audit();
    assert.equal(audit.starts.taken, 4);
    assert.equal(audit.starts.tooSoon, 0);
    assert.equal(audit.resumesRefused, 0);
    assert.ok(audit.heartbeats > 0);
    await server.close();
    assert.equal(account.gateway.audit().connections, 0);
  },
});

Deno.test({
  ...needsPeers(
    "@discordjs/ws does not start what the gateway would not let start",
  ),
  async fn() {
    await using account = paper({ shards: 2, sessionStarts: 1 });
    const server = servePaper(account, { port: 0, token: TOKEN });
    {
      await using peer = new ForeignPeer("discordjs", server.url, TOKEN, "2");
      const [failed] = await peer.hear(is("failed"));
      assert.match(String(failed?.message), /Not enough sessions remaining/);
    }
    {
      await using peer = new ForeignPeer("discordjs", server.url, "wrong", "1");
      const [failed] = await peer.hear(is("failed"));
      assert.match(String(failed?.message), /^401 /);
    }
    assert.equal(account.gateway.audit().opened, 0);
    await server.close();
  },
});

Deno.test({
  ...needsPeers(
    "@discordeno/gateway keeps to the limits, hears its news, and resumes",
  ),
  async fn() {
    await using account = paper({
      shards: 4,
      maxConcurrency: 2,
      // Its own delay is longer: the window is that of its first second of waiting.
      identifyMs: 1_000,
      // It sends nothing at all where an interval leaves no room in its own limit.
      heartbeatMs: 2_000,
    });
    const server = servePaper(account, { port: 0, token: TOKEN });
    await using proxy = await cuttingProxy(server.url);
    {
      await using peer = new ForeignPeer("discordeno", proxy.url, TOKEN, "4");
      await peer.hear(is("connected"));
      for (const symbol of SYMBOLS) buy(account, symbol, symbol);
      await peer.hear(isOrder, 6);
      await cutAndBuy(account, proxy);
      await peer.hear(is("resumed"), 4);
      await peer.hear(isOrder, 12);
      account.gateway.inflict({ kind: "reconnect" }, 0);
      await peer.hear(is("resumed", 0), 2);
      account.gateway.inflict({ kind: "close", code: 4008 }, 1);
      await peer.hear(is("resumed", 1), 2);
      buy(account, "last", "EURUSD");
      await peer.hear(isOrder, 13);
      await peer.hear(is("beat"));
      assertHeard(peer, 4, 13);
      assertInOrder(peer);
    }
    const audit = account.gateway.audit();
    assert.deepEqual(audit.starts, {
      taken: 4,
      tooSoon: 0,
      exhausted: 0,
      periodMax: 4,
      windowMax: 2,
      bucketMax: 1,
    });
    assert.equal(audit.resumesRefused, 0);
    await server.close();
    assert.equal(account.gateway.audit().connections, 0);
  },
});

for (const name of ["discordjs", "discordeno"] as const) {
  Deno.test({
    ...needsPeers(`${name} asks for compression, and takes plain JSON as well`),
    async fn() {
      await using account = paper({ heartbeatMs: 60_000 });
      const server = servePaper(account, { port: 0, token: TOKEN });
      {
        await using peer = new ForeignPeer(
          name,
          server.url,
          TOKEN,
          "1",
          "zlib",
        );
        await peer.hear(is("ready"));
        buy(account, "plain", "EURUSD");
        await peer.hear(isOrder);
      }
      assert.equal(account.gateway.audit().dispatches, 3);
      await server.close();
    },
  });
}
