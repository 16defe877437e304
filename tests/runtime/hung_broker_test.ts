import assert from "node:assert/strict";
import { ZERO } from "../../src/domain/decimal.ts";
import { startStepRun } from "../support/step_run.ts";
import { orderRequest } from "../support/place_order.ts";

/** An answer that never comes. */
function never<T>(): Promise<T> {
  return new Promise(() => {});
}

Deno.test("one reading that hangs does not end a close", async () => {
  await using run = await startStepRun("2026-11-23T16:29:59Z");
  const { broker } = run;
  const read = broker.read.bind(broker);
  let reads = 0;
  broker.read = (sinceSeq) => reads++ === 0 ? never() : read(sinceSeq);
  await run.pass(30);
  assert.deepEqual(run.told(), ["flat_verified"]);
});

Deno.test("a stop whose last look hangs says that it does not know", async () => {
  await using run = await startStepRun("2026-11-23T12:00:00Z");
  run.broker.read = () => never();
  const stopping = run.runtime.stop("leave", "user");
  await run.pass(30);
  await stopping;
  const stopped = run.notices.at(-1);
  assert.ok(stopped?.type === "run.stopped");
  assert.deepEqual(stopped.open, [{ account: "main", positions: null }]);
});

Deno.test("a stop does not wait for ever for the answer to an order", async () => {
  await using run = await startStepRun("2026-11-23T12:00:00Z");
  run.broker.submit = () => never();
  const placing = run.runtime.place(orderRequest());
  placing.catch(() => {});
  await run.clock.settle();
  const stopping = run.runtime.stop("leave", "user");
  await run.pass(30);
  await stopping;
  assert.equal(run.notices.at(-1)?.type, "run.stopped");
});

Deno.test("the answer to an order that comes too late is taken in all the same", async () => {
  await using run = await startStepRun("2026-11-23T12:00:00Z");
  const { broker } = run;
  const slow = Promise.withResolvers<void>();
  broker.submit = async ({ clientOrderId, symbol, side, qty }) => {
    await slow.promise;
    return {
      orderId: "o1",
      clientOrderId,
      status: "working",
      symbol,
      side,
      qty,
      filledQty: ZERO,
      averagePrice: null,
      reason: null,
      message: null,
    };
  };
  broker.find = () => never();
  run.runtime.place(orderRequest()).catch(() => {});
  await run.pass(25);
  const statusNow = () =>
    Object.values(run.runtime.state.accounts.main?.orders ?? {})
      .map(({ order }) => order.status);
  assert.deepEqual(statusNow(), ["unknown"]);
  slow.resolve();
  await run.clock.settle();
  assert.deepEqual(statusNow(), ["working"]);
});
