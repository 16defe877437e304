import assert from "node:assert/strict";
import fc from "fast-check";
import { compare, decimal, ZERO } from "../../src/domain/decimal.ts";
import {
  isSettled,
  moveOrder,
  ORDER_MOVES,
  reportOrder,
  submitOrder,
} from "../../src/domain/order.ts";
import type {
  Order,
  OrderIntent,
  OrderMove,
  OrderReport,
  OrderStatus,
  ReportedStatus,
} from "../../src/domain/order.ts";

const INTENT: OrderIntent = {
  clientOrderId: "london/2026-11-23/end/close_all/EURUSD/1",
  symbol: "EURUSD",
  side: "sell",
  qty: decimal("10"),
  limitPrice: null,
  closes: "EURUSD",
  tag: null,
};

// Written out once more, by hand: a move that is added or lost by mistake shows here.
const LEGAL: readonly (readonly [OrderStatus, OrderMove, OrderStatus])[] = [
  ["submitted", "reported_working", "working"],
  ["submitted", "reported_filled", "filled"],
  ["submitted", "reported_canceled", "canceled"],
  ["submitted", "reported_rejected", "rejected"],
  ["submitted", "lost", "unknown"],
  ["submitted", "not_sent", "unsent"],
  ["unknown", "reported_working", "working"],
  ["unknown", "reported_filled", "filled"],
  ["unknown", "reported_canceled", "canceled"],
  ["unknown", "reported_rejected", "rejected"],
  ["unknown", "lost", "unknown"],
  ["unknown", "not_found", "unsent"],
  ["unsent", "reported_working", "working"],
  ["unsent", "reported_filled", "filled"],
  ["unsent", "reported_canceled", "canceled"],
  ["unsent", "reported_rejected", "rejected"],
  ["unsent", "resubmitted", "submitted"],
  ["working", "reported_working", "working"],
  ["working", "reported_filled", "filled"],
  ["working", "reported_canceled", "canceled"],
  ["working", "reported_rejected", "rejected"],
  ["working", "lost", "working"],
  ["filled", "reported_filled", "filled"],
  ["filled", "reported_working", "filled"],
  ["filled", "lost", "filled"],
  ["canceled", "reported_canceled", "canceled"],
  ["canceled", "reported_working", "canceled"],
  ["canceled", "reported_filled", "filled"],
  ["canceled", "lost", "canceled"],
  ["rejected", "reported_rejected", "rejected"],
  ["rejected", "lost", "rejected"],
];

const STATUSES = Object.keys(ORDER_MOVES) as OrderStatus[];
const MOVES: readonly OrderMove[] = [
  "reported_working",
  "reported_filled",
  "reported_canceled",
  "reported_rejected",
  "lost",
  "not_sent",
  "not_found",
  "resubmitted",
];

function orderIn(status: OrderStatus): Order {
  return { ...submitOrder(INTENT), status };
}

function report(
  status: ReportedStatus,
  given: Partial<OrderReport> = {},
): OrderReport {
  return {
    orderId: "7",
    clientOrderId: INTENT.clientOrderId,
    status,
    symbol: INTENT.symbol,
    side: INTENT.side,
    qty: INTENT.qty,
    filledQty: ZERO,
    averagePrice: null,
    reason: null,
    message: null,
    ...given,
  };
}

for (const from of STATUSES) {
  for (const by of MOVES) {
    const legal = LEGAL.find(([status, move]) =>
      status === from && move === by
    );
    const says = legal === undefined
      ? `refuses ${by} from ${from}, as a value`
      : `goes from ${from} by ${by} to ${legal[2]}`;
    Deno.test(`moveOrder() ${says}`, () => {
      const order = orderIn(from);
      assert.deepEqual(
        moveOrder(order, by),
        legal === undefined
          ? { ok: false, from, by }
          : { ok: true, order: { ...order, status: legal[2] } },
      );
    });
  }
}

Deno.test("ORDER_MOVES has no cell beyond those written out here", () => {
  const cells = STATUSES.flatMap((from) => Object.keys(ORDER_MOVES[from]));
  assert.equal(cells.length, LEGAL.length);
});

Deno.test("submitOrder() is on its way and holds nothing yet", () => {
  assert.deepEqual(submitOrder(INTENT), {
    intent: INTENT,
    status: "submitted",
    orderId: null,
    filledQty: "0",
    reason: null,
    message: null,
  });
});

const anyReport = fc.record({
  status: fc.constantFrom<ReportedStatus>(
    "working",
    "filled",
    "canceled",
    "rejected",
  ),
  filledQty: fc.integer({ min: 0, max: 100 }).map((tenths) =>
    decimal(`${Math.floor(tenths / 10)}.${tenths % 10}`)
  ),
  reason: fc.option(fc.constantFrom("market_closed", "40310000")),
}).map(({ status, ...given }) => report(status, given));

const anyPath = fc.array(
  fc.oneof(anyReport, fc.constantFrom(...MOVES)),
  { maxLength: 20 },
);

Deno.test("reportOrder() never takes back a fill, on any path", () => {
  fc.assert(
    fc.property(anyPath, (path) => {
      let order = submitOrder(INTENT);
      for (const happened of path) {
        const result = typeof happened === "string"
          ? moveOrder(order, happened)
          : reportOrder(order, happened);
        if (!result.ok) {
          assert.equal(result.from, order.status);
          continue;
        }
        const { order: next } = result;
        assert.ok(compare(next.filledQty, order.filledQty) >= 0);
        assert.ok(order.status !== "filled" || next.status === "filled");
        assert.deepEqual(next.intent, order.intent);
        assert.ok(order.reason === null || next.reason !== null);
        if (typeof happened !== "string") {
          assert.ok(compare(next.filledQty, happened.filledQty) >= 0);
        }
        order = next;
      }
    }),
    { numRuns: 5_000, seed: 1 },
  );
});

Deno.test("reportOrder() keeps a fill that arrives after a cancel", () => {
  const filledQty = decimal("10");
  const result = reportOrder(
    orderIn("canceled"),
    report("filled", { filledQty }),
  );
  assert.ok(result.ok);
  assert.equal(result.order.status, "filled");
  assert.equal(result.order.filledQty, "10");
});

Deno.test("reportOrder() keeps the larger fill when answers change places", () => {
  const first = reportOrder(
    submitOrder(INTENT),
    report("working", { filledQty: decimal("9.5") }),
  );
  assert.ok(first.ok);
  const second = reportOrder(
    first.order,
    report("working", { filledQty: decimal("10.0") }),
  );
  assert.ok(second.ok);
  const late = reportOrder(
    second.order,
    report("working", { filledQty: decimal("9.5") }),
  );
  assert.ok(late.ok);
  assert.equal(late.order.filledQty, "10");
});

Deno.test("reportOrder() keeps why it was rejected when a later word says nothing", () => {
  const said = reportOrder(
    submitOrder(INTENT),
    report("rejected", {
      reason: "market_closed",
      message: "Market is closed",
    }),
  );
  assert.ok(said.ok);
  const again = reportOrder(said.order, report("rejected"));
  assert.ok(again.ok);
  assert.equal(again.order.reason, "market_closed");
  assert.equal(again.order.message, "Market is closed");
});

Deno.test("reportOrder() gives an illegal report back with where it came from", () => {
  assert.deepEqual(reportOrder(orderIn("filled"), report("canceled")), {
    ok: false,
    from: "filled",
    by: "reported_canceled",
  });
});

Deno.test("isSettled() holds where nothing of our own can move the order any more", () => {
  const settled = STATUSES.filter((status) => isSettled(orderIn(status)));
  assert.deepEqual(settled.toSorted(), [
    "canceled",
    "filled",
    "rejected",
    "unsent",
  ]);
});
