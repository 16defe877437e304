import assert from "node:assert/strict";
import { decimal } from "../../src/domain/decimal.ts";
import { MINUTE_MS } from "../../src/domain/time.ts";
import { CoreRun, position } from "../support/core_run.ts";
import { CLOSE_ALL } from "../support/paper_run.ts";

const END = "desk/2026-11-23/end";
const TIMEOUT = {
  code: "broker/unreachable",
  message: "no answer",
  outcome: "unknown",
  retryAfterMs: null,
} as const;

/** A core whose entry was lost just before its session's end; the broker does not know it. */
function withLostEntry(iso: string): { core: CoreRun; id: string } {
  const core = new CoreRun([CLOSE_ALL], iso);
  core.take({
    type: "order.requested",
    request: "r1",
    account: "main",
    session: "desk",
    symbol: "EURUSD",
    side: "buy",
    qty: decimal("1000"),
    limitPrice: null,
    closes: null,
  });
  core.show(1, []);
  const id = core.sent.shift()?.clientOrderId ?? "";
  core.take(
    {
      type: "order.lost",
      account: "main",
      order: id,
      during: "submit",
      failure: TIMEOUT,
    },
    { type: "order.absent", account: "main", clientOrderId: id },
  );
  return { core, id };
}

Deno.test("an entry that was lost a moment ago may still arrive: a close waits before it says flat", () => {
  const { core } = withLostEntry("2026-11-23T16:29:58Z");
  core.fire(END);
  core.show(1, []);
  assert.equal(core.settled.length, 0);
  for (let look = 0; look < 20 && core.settled.length === 0; look++) {
    core.wake("look");
    core.show(1, []);
  }
  const end = core.settled[0];
  assert.ok(end !== undefined);
  assert.equal(end.outcome, "flat_verified");
  assert.ok(end.at >= end.dueAt + 8_000, "ten seconds since it was absent");
  assert.ok(end.at <= end.dueAt + 20_000);
});

Deno.test("an entry that arrives after all while a close waits for it is closed", () => {
  const { core } = withLostEntry("2026-11-23T16:29:58Z");
  core.fire(END);
  core.show(1, []);
  core.wake("look");
  core.show(2, [position("EURUSD", "1000")]);
  assert.deepEqual(core.sent.map(({ side, qty }) => `${side} ${qty}`), [
    "sell 1000",
  ]);
});

Deno.test("an entry that never arrived is forgotten after an hour", () => {
  const { core, id } = withLostEntry("2026-11-23T10:00:00Z");
  const look = () => {
    core.take({ type: "lists.requested", account: "main", request: "r2" });
    core.show(1, []);
    return Object.keys(core.state.accounts.main?.orders ?? {});
  };
  core.pass(59 * MINUTE_MS);
  assert.deepEqual(look(), [id]);
  core.pass(2 * MINUTE_MS);
  assert.deepEqual(look(), []);
});

Deno.test("an answer for another quantity is that of an older order, and counts for nothing anew", () => {
  const core = new CoreRun([CLOSE_ALL], "2026-11-23T16:29:58Z");
  core.fire(END);
  core.show(5, [position("EURUSD", "600")]);
  const first = core.sent.shift();
  assert.ok(first !== undefined);
  const { clientOrderId, symbol, side } = first;
  // An earlier run sent 1000 under this id and could not record it; 400 were filled.
  core.take({
    type: "order.reported",
    account: "main",
    clientOrderId,
    report: {
      orderId: "o1",
      clientOrderId,
      status: "canceled",
      symbol,
      side,
      qty: decimal("1000"),
      filledQty: decimal("400"),
      averagePrice: null,
      reason: null,
      message: null,
    },
  });
  core.show(5, [position("EURUSD", "600")]);
  core.wake("look");
  core.show(5, [position("EURUSD", "600")]);
  const second = core.answer("filled");
  assert.equal(second.qty, "600");
  assert.notEqual(second.clientOrderId, clientOrderId);
  core.show(6, []);
  assert.equal(core.settled[0]?.outcome, "flat_verified");
});
