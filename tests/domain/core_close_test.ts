import assert from "node:assert/strict";
import type { Session } from "../../src/domain/definition.ts";
import { retryDelayMs } from "../../src/domain/closing.ts";
import { decimal } from "../../src/domain/decimal.ts";
import type { EdgeSettled } from "../../src/domain/notice.ts";
import { REJECT_REASONS } from "../../src/domain/order.ts";
import { CoreRun, fill, position, working } from "../support/core_run.ts";
import { CLOSE_ALL } from "../support/paper_run.ts";

const NOON = "2026-11-23T12:00:00Z";
const END = "desk/2026-11-23/end";

/** A core whose session has come to its end. */
function atEnd(more: Partial<Session> = {}): CoreRun {
  const core = new CoreRun([{ ...CLOSE_ALL, ...more }], NOON);
  core.fire(END);
  return core;
}

/** How the edge ended, in short; it has ended once. */
function endOf(core: CoreRun): EdgeSettled {
  assert.equal(core.settled.length, 1, "it ended once");
  const [end] = core.settled;
  assert.ok(end !== undefined);
  return end;
}

function short(core: CoreRun) {
  const { outcome, reason, closed, remaining, attempts } = endOf(core);
  return { outcome, reason, closed, remaining, attempts };
}

function sentLines(core: CoreRun) {
  return core.sent.map(({ side, qty, closes }) => `${side} ${qty} ${closes}`);
}

Deno.test("close_win leaves a position without profit, names it, and does not call the edge done", () => {
  for (const action of ["close_win", "close_loss"] as const) {
    const core = atEnd({ onEnd: [action] });
    const profit = action === "close_win" ? "3" : "-3";
    core.show(1, [
      position("EURUSD", "5", profit),
      position("GBPUSD", "7", null),
    ]);
    const { clientOrderId } = core.answer("filled");
    core.show(2, [position("GBPUSD", "7", null)], {
      fills: [fill(2, "EURUSD", "-5", clientOrderId)],
    });
    const end = endOf(core);
    assert.deepEqual(short(core), {
      outcome: "partially_closed",
      reason: "profit_unknown",
      closed: 1,
      remaining: 0,
      attempts: 1,
    });
    assert.deepEqual(end.leftOpen.map(({ id, profit }) => [id, profit]), [
      ["GBPUSD", null],
    ]);
    assert.match(end.message ?? "", /GBPUSD \+7/);
    assert.deepEqual(core.sent, []);
  }
});

Deno.test("close_all needs no profit to close", () => {
  const core = atEnd();
  core.show(1, [position("GBPUSD", "7", null)]);
  assert.deepEqual(sentLines(core), ["sell 7 GBPUSD"]);
});

Deno.test("winners are chosen once: what turns into one later is left", () => {
  const core = atEnd({ onEnd: ["close_win"] });
  core.show(1, [
    position("EURUSD", "5", "0"),
    position("GBPUSD", "7", "-0.01"),
  ]);
  const { clientOrderId } = core.answer("filled");
  core.show(2, [position("GBPUSD", "7", "100"), position("USDJPY", "1", "1")], {
    fills: [fill(2, "EURUSD", "-5", clientOrderId)],
  });
  assert.equal(endOf(core).outcome, "closed_verified");
  assert.deepEqual(core.sent, []);
});

Deno.test("profit: gross judges by price alone, net with everything in it", () => {
  for (const profit of ["net", "gross"] as const) {
    const core = atEnd({ onEnd: ["close_win"], profit });
    core.show(1, [{
      ...position("EURUSD", "5"),
      netProfit: decimal("-1"),
      grossProfit: decimal("1"),
    }]);
    assert.equal(core.sent.length, profit === "gross" ? 1 : 0);
  }
});

Deno.test("a netting position that turned around is closed too, under an id of its own", () => {
  const core = atEnd();
  core.show(1, [position("EURUSD", "1000")]);
  const first = core.answer("filled");
  // Somebody else sold 500 first, so that our 1000 left it 500 short.
  core.show(3, [position("EURUSD", "-500")], {
    fills: [
      fill(2, "EURUSD", "-500"),
      fill(3, "EURUSD", "-1000", first.clientOrderId),
    ],
  });
  assert.deepEqual(sentLines(core), ["buy 500 EURUSD"]);
  const second = core.answer("filled");
  assert.notEqual(second.clientOrderId, first.clientOrderId);
  core.show(4, [], {
    fills: [fill(4, "EURUSD", "500", second.clientOrderId)],
  });
  assert.deepEqual(short(core), {
    outcome: "flat_verified",
    reason: null,
    closed: 2,
    remaining: 0,
    attempts: 2,
  });
});

Deno.test("what somebody else adds to a position meanwhile is closed as well, and no more", () => {
  const core = atEnd();
  core.show(1, [position("EURUSD", "1000")]);
  const first = core.answer("filled");
  core.show(3, [position("EURUSD", "300")], {
    fills: [
      fill(2, "EURUSD", "300"),
      fill(3, "EURUSD", "-1000", first.clientOrderId),
    ],
  });
  assert.deepEqual(sentLines(core), ["sell 300 EURUSD"]);
  const second = core.answer("filled");
  core.show(4, [], {
    fills: [fill(4, "EURUSD", "-300", second.clientOrderId)],
  });
  assert.equal(endOf(core).outcome, "flat_verified");
  assert.deepEqual(core.sent, []);
});

Deno.test("a growth that the executions do not explain is disputed: nothing is sent for it", () => {
  const core = atEnd();
  core.show(1, [position("EURUSD", "1000")]);
  const first = core.answer("filled");
  for (let look = 0; look < 4; look++) {
    core.show(2, [position("EURUSD", "1300")], {
      fills: [fill(2, "EURUSD", "-1000", first.clientOrderId)],
    });
    assert.deepEqual(core.sent, []);
    core.wake("look");
  }
  core.wake("deadline");
  assert.deepEqual(short(core), {
    outcome: "failed",
    reason: "disputed",
    closed: 0,
    remaining: 1,
    attempts: 1,
  });
});

Deno.test("a broker that still lists what it says it closed ends disputed, not flat", () => {
  const core = atEnd();
  core.show(1, [position("EURUSD", "1000"), position("GBPUSD", "1")]);
  const lied = core.answer("filled");
  core.answer("filled");
  core.show(2, [position("EURUSD", "1000")], {
    fills: [fill(2, "GBPUSD", "-1", lied.clientOrderId)],
  });
  core.wake("deadline");
  const end = endOf(core);
  assert.deepEqual([end.outcome, end.reason, end.closed, end.remaining], [
    "partially_closed",
    "disputed",
    1,
    1,
  ]);
  assert.deepEqual(end.stillOpen.map(({ id }) => id), ["EURUSD"]);
});

Deno.test("a position that somebody else halved is closed by what is left", () => {
  const core = atEnd();
  core.show(1, [position("EURUSD", "1000")]);
  core.answer("rejected", "0", REJECT_REASONS.exceedsPosition);
  core.show(2, [position("EURUSD", "500")], {
    fills: [fill(2, "EURUSD", "-500")],
  });
  core.wake("look");
  core.show(2, [position("EURUSD", "500")]);
  assert.deepEqual(sentLines(core), ["sell 500 EURUSD"]);
});

Deno.test("an order without an answer is never doubled, and ends unknown", () => {
  const core = atEnd();
  core.show(1, [position("EURUSD", "1000")]);
  const [intent] = core.sent.splice(0);
  core.take({
    type: "order.lost",
    account: "main",
    order: intent?.clientOrderId ?? "",
    during: "submit",
    failure: {
      code: "x",
      message: "no answer",
      outcome: "unknown",
      retryAfterMs: null,
    },
  });
  for (let look = 0; look < 3; look++) {
    core.show(1, [position("EURUSD", "1000")]);
    core.wake("look");
  }
  core.wake("deadline");
  assert.deepEqual(core.sent, []);
  assert.deepEqual([endOf(core).outcome, endOf(core).reason], [
    "unknown",
    "unanswered",
  ]);
});

Deno.test("names of an object's own machinery are names like others", () => {
  for (const name of ["constructor", "__proto__", "toString"]) {
    const core = atEnd();
    core.show(1, [position(name, "5"), position("EURUSD", "1")], {
      fills: [fill(1, "EURUSD", "1", name)],
    });
    const orders = [core.answer("filled"), core.answer("filled")];
    core.take({
      type: "order.absent",
      account: "main",
      clientOrderId: name,
    });
    core.show(4, [], {
      fills: [
        fill(2, name, "-5", orders[0]?.clientOrderId),
        fill(3, name, "-1", name),
        fill(4, "EURUSD", "-1", orders[1]?.clientOrderId),
      ],
    });
    assert.equal(endOf(core).outcome, "flat_verified", name);
  }
});

Deno.test("working orders that nobody can cancel keep a close from being called flat", () => {
  const core = atEnd();
  const orders = [working("w1", "EURUSD")];
  core.show(1, [], { orders });
  assert.deepEqual(core.cancels.splice(0), ["w1"]);
  const report = {
    orderId: "w1",
    clientOrderId: null,
    status: "working",
    symbol: "EURUSD",
    side: "buy",
    qty: decimal("1"),
    filledQty: decimal("0"),
    averagePrice: null,
    reason: null,
    message: null,
  } as const;
  core.take({
    type: "cancel.answered",
    account: "main",
    orderId: "w1",
    report,
  });
  core.show(1, [], { orders });
  assert.deepEqual(core.cancels.splice(0), ["w1"]);
  core.take({
    type: "cancel.answered",
    account: "main",
    orderId: "w1",
    report,
  });
  core.show(1, [], { orders });
  core.wake("deadline");
  const end = endOf(core);
  assert.deepEqual([end.outcome, end.reason, end.workingOrders], [
    "failed",
    "working_orders",
    1,
  ]);
});

Deno.test("an answer to an older question is not taken for the newest", () => {
  const core = atEnd();
  const [old = 0] = core.reads;
  core.show(1, [position("EURUSD", "1000")]);
  core.answer("filled");
  const snapshot = { seq: 2, positions: [], orders: [], fills: [] };
  core.take({
    type: "positions.read",
    account: "main",
    request: old,
    snapshot,
  });
  assert.equal(core.settled.length, 0);
  core.show(2, []);
  assert.equal(endOf(core).outcome, "flat_verified");
  core.take({
    type: "positions.read",
    account: "main",
    request: old,
    snapshot,
  });
  assert.equal(core.settled.length, 1);
});

Deno.test("a list older than one we have seen is waited for", () => {
  const core = atEnd();
  core.show(5, [position("EURUSD", "1000")]);
  core.answer("filled");
  core.show(4, []);
  assert.equal(core.settled.length, 0, "an old list proves nothing");
  core.wake("look");
  core.show(6, []);
  assert.equal(endOf(core).outcome, "flat_verified");
});

Deno.test("retryDelayMs() doubles from a quarter of a second up to five, however often it failed", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 1_000].map(retryDelayMs), [
    250,
    500,
    1_000,
    2_000,
    4_000,
    5_000,
    5_000,
    5_000,
  ]);
});
