import assert from "node:assert/strict";
import { decimal } from "../../src/domain/decimal.ts";
import type { Scope, Session } from "../../src/domain/definition.ts";
import { clockWindow } from "../support/clock_session.ts";
import { CoreRun, fill, plainInfo, position } from "../support/core_run.ts";
import { orderRequest } from "../support/place_order.ts";

const END = "desk/2026-11-23/end";

const DESK: Partial<Session> = {
  name: "desk",
  window: clockWindow("08:00", "16:30", "UTC"),
  onEnd: ["close_all"],
};

const ONLY_OWN: Scope = {
  written: true,
  symbols: null,
  except: [],
  tag: null,
  session: "desk",
};

/** A core whose session `desk` has asked to buy 5, which has left and is not answered. */
function bought(session: Partial<Session>): CoreRun {
  const run = new CoreRun([{ ...DESK, ...session }], "2026-11-23T10:00:00Z");
  const request = orderRequest({ symbol: "A", qty: decimal("5") });
  run.take({ type: "order.requested", request: "r1", ...request });
  // The first order of all waits for the lists.
  run.show(1, [position("A", "10")]);
  return run;
}

Deno.test("an execution that names only the broker's own id counts to the share", () => {
  const run = bought({ scope: ONLY_OWN });
  const { clientOrderId } = run.answer("filled");
  run.fire(END);
  const ours = { ...fill(2, "A", "5"), orderId: `o-${clientOrderId}` };
  run.show(2, [position("A", "15")], { fills: [ours] });
  assert.deepEqual(run.sent.map(({ side, qty }) => [side, qty]), [[
    "sell",
    "5",
  ]]);
});

Deno.test("a list without the executions closes no share twice", () => {
  const run = bought({ scope: ONLY_OWN });
  const { clientOrderId } = run.answer("filled");
  run.fire(END);
  run.show(2, [position("A", "15")], {
    fills: [fill(2, "A", "5", clientOrderId)],
  });
  run.answer("filled");
  // The list has what the close did, and the broker names no execution for it.
  run.show(3, [position("A", "10")]);
  assert.deepEqual(run.sent, []);
  assert.deepEqual(
    run.settled.map(({ outcome, closed }) => [outcome, closed]),
    [["flat_verified", 1]],
  );
});

Deno.test("what a close was said to have done is not done again while the list lags", () => {
  const run = bought({ scope: ONLY_OWN });
  const { clientOrderId } = run.answer("filled");
  run.fire(END);
  const fills = [fill(2, "A", "5", clientOrderId)];
  run.show(2, [position("A", "15")], { fills });
  run.answer("filled");
  run.show(2, [position("A", "15")]);
  assert.deepEqual(run.sent, [], "nothing more is sent");
  run.wake("deadline");
  assert.deepEqual(
    run.settled.map(({ outcome, reason }) => [outcome, reason]),
    [["failed", "disputed"]],
  );
});

Deno.test("an entry that fills while its position is being closed is closed as well", () => {
  const run = bought({});
  run.fire(END);
  run.show(1, [position("A", "10")]);
  const closing = run.sent.find(({ closes }) => closes === "A");
  const entry = run.sent.find(({ closes }) => closes === null);
  assert.ok(closing !== undefined && entry !== undefined);
  run.answer("filled");
  run.answer("filled");
  const fills = [
    fill(2, "A", "-10", closing.clientOrderId),
    fill(3, "A", "5", entry.clientOrderId),
  ];
  run.show(3, [position("A", "5")], { fills });
  assert.deepEqual(run.sent.map(({ qty, closes }) => [qty, closes]), [[
    "5",
    "A",
  ]]);
  const { clientOrderId } = run.answer("filled");
  run.show(4, [], { fills: [fill(4, "A", "-5", clientOrderId)] });
  assert.deepEqual(run.settled.map(({ outcome }) => outcome), [
    "flat_verified",
  ]);
});

Deno.test("an empty list proves nothing while an entry is on its way", () => {
  const run = new CoreRun([DESK], "2026-11-23T10:00:00Z");
  const request = orderRequest({ symbol: "A", qty: decimal("5") });
  run.take({ type: "order.requested", request: "r1", ...request });
  run.show(1, []);
  run.fire(END);
  run.show(1, []);
  assert.deepEqual(run.settled, []);
  run.wake("deadline");
  assert.deepEqual(
    run.settled.map(({ outcome, reason }) => [outcome, reason]),
    [["unknown", "unanswered"]],
  );
});

Deno.test("an entry that is said to work, and is in no list, leaves the close unknown", () => {
  const run = bought({});
  run.answer("working", "0");
  run.fire(END);
  run.show(1, []);
  assert.deepEqual(run.settled, []);
  run.wake("deadline");
  assert.deepEqual(
    run.settled.map(({ outcome, reason }) => [outcome, reason]),
    [["unknown", "unseen"]],
  );
});

Deno.test("an order for a winner or loser waits for nothing that was asked for", () => {
  const run = bought({ onEnd: ["close_loss"] });
  run.fire(END);
  run.show(1, [position("A", "10", "1")]);
  assert.deepEqual(run.settled.map(({ outcome }) => outcome), [
    "closed_verified",
  ]);
});

Deno.test("where the broker drops tags, a ticket is a session's by the order that opened it", () => {
  const run = new CoreRun(
    [{ ...DESK, scope: ONLY_OWN }],
    "2026-11-23T10:00:00Z",
  );
  run.take({
    type: "account.opened",
    account: "main",
    info: plainInfo("hedging"),
  });
  const request = orderRequest({ symbol: "A", qty: decimal("5") });
  run.take({ type: "order.requested", request: "r1", ...request });
  run.show(1, [{ ...position("T1", "5"), symbol: "A" }]);
  const { clientOrderId } = run.answer("filled");
  run.fire(END);
  const tickets = ["T1", "T2"].map((id) => ({
    ...position(id, "5"),
    symbol: "A",
  }));
  const opened = { ...fill(2, "T2", "5", clientOrderId), symbol: "A" };
  run.show(2, tickets, { fills: [opened] });
  assert.deepEqual(run.sent.map(({ closes, qty }) => [closes, qty]), [[
    "T2",
    "5",
  ]]);
});
