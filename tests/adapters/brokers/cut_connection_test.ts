import assert from "node:assert/strict";
import { openHttpBroker } from "../../../src/adapters/brokers/http/http_broker.ts";
import { createPaperBroker } from "../../../src/adapters/brokers/paper/paper_broker.ts";
import { servePaper } from "../../../src/adapters/brokers/paper/server.ts";
import { SystemClock } from "../../../src/adapters/clock/system_clock.ts";
import { decimal } from "../../../src/domain/decimal.ts";
import { CarillonError } from "../../../src/domain/error.ts";
import type { OrderIntent } from "../../../src/domain/order.ts";
import type { Broker } from "../../../src/runtime/ports.ts";
import {
  type AfterCut,
  type CuttingProxy,
  cuttingProxy,
} from "./cutting_proxy.ts";
import { PLAIN_ACCOUNT } from "./paper_account.ts";

const CUTS: readonly AfterCut[] = ["listens on", "refuses"];
const ORDER: OrderIntent = {
  clientOrderId: "a",
  symbol: "EURUSD",
  side: "buy",
  qty: decimal("100"),
  limitPrice: null,
  closes: null,
  tag: null,
};

/** A broker behind a proxy, with connections open that a client could use again. */
async function behindProxy(
  play: (broker: Broker, proxy: CuttingProxy) => Promise<void>,
): Promise<void> {
  const clock = new SystemClock();
  await using paper = createPaperBroker({
    account: PLAIN_ACCOUNT,
    prices: [],
    clock,
  });
  await using server = servePaper(paper, { port: 0, token: "t" });
  await using proxy = await cuttingProxy(server.url);
  await using broker = openHttpBroker({ url: proxy.url, token: "t", clock });
  await broker.open(() => {});
  await broker.read(0);
  await play(broker, proxy);
}

function isUnknown(error: unknown): boolean {
  assert.ok(error instanceof CarillonError);
  assert.equal(error.details.outcome, "unknown", error.message);
  return error.code === "broker/unknown";
}

for (const after of CUTS) {
  Deno.test(`submit() of an order that arrived before the cut is unknown where the address ${after}`, () =>
    behindProxy(async (broker, proxy) => {
      proxy.cutNext(after);
      await assert.rejects(broker.submit(ORDER), isUnknown);
      await proxy.back();
      assert.equal((await broker.find("a"))?.status, "filled");
      assert.equal((await broker.read(0)).seq, 1);
      assert.deepEqual(proxy.changes, ["POST /v1/orders"]);
    }));

  Deno.test(`cancel() that arrived before the cut is unknown where the address ${after}`, () =>
    behindProxy(async (broker, proxy) => {
      const limitPrice = decimal("0.0001");
      const { orderId } = await broker.submit({ ...ORDER, limitPrice });
      proxy.cutNext(after);
      await assert.rejects(broker.cancel(orderId), isUnknown);
      await proxy.back();
      assert.equal((await broker.find("a"))?.status, "canceled");
      assert.deepEqual(proxy.changes, [
        "POST /v1/orders",
        `DELETE /v1/orders/${orderId}`,
      ]);
    }));
}

Deno.test("submit() under the same id after the cut gives the order that arrived", () =>
  behindProxy(async (broker, proxy) => {
    proxy.cutNext("refuses");
    await assert.rejects(broker.submit(ORDER), isUnknown);
    await proxy.back();
    const again = await broker.submit(ORDER);
    assert.deepEqual(again, await broker.find("a"));
    assert.equal((await broker.read(0)).seq, 1);
  }));

Deno.test({
  name: "submit() that the user does not permit was not sent",
  permissions: { net: ["127.0.0.1:1"] },
  async fn() {
    await using broker = openHttpBroker({
      url: "http://127.0.0.1:2",
      token: null,
      clock: new SystemClock(),
    });
    await assert.rejects(broker.submit(ORDER), (error) => {
      assert.ok(error instanceof CarillonError);
      assert.match(error.message, /run with --allow-net=127\.0\.0\.1:2$/);
      return error.details.outcome === "unsent";
    });
  },
});
