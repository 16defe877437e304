import assert from "node:assert/strict";
import { makePaint } from "../../src/app/cli/paint.ts";
import { sayNotice } from "../../src/app/cli/say.ts";
import type { Voice } from "../../src/app/cli/voice.ts";
import { eventsOf } from "../../src/app/notify/notice_events.ts";
import type { CloseVerdict, EdgeSettled } from "../../src/domain/notice.ts";
import { decimal } from "../../src/domain/decimal.ts";
import { instant } from "../support/clock_session.ts";

const VOICE: Voice = {
  paint: makePaint(false),
  here: "UTC",
  zoneOf: () => "UTC",
  kindOf: () => "http",
  accounts: 1,
  flattenHint: "carillon flatten desk.yaml",
};

/** An edge whose own code failed, beside a close that ended as told. */
function failedBy(close: CloseVerdict, more: Partial<EdgeSettled> = {}) {
  const notice: EdgeSettled = {
    type: "edge.settled",
    at: instant("2026-11-23T16:30:04Z"),
    edge: "desk/2026-11-23/end",
    request: null,
    account: "main",
    dueAt: instant("2026-11-23T16:30:00Z"),
    firedAt: instant("2026-11-23T16:30:00Z"),
    outcome: "failed",
    closed: 1,
    remaining: 0,
    workingOrders: 0,
    attempts: 1,
    leftOpen: [],
    stillOpen: [],
    hooks: [{ name: "custom_end", outcome: "failed", message: "Error: no" }],
    close,
    reason: "hook_failed",
    message: "custom_end: Error: no",
    ...more,
  };
  return notice;
}

Deno.test("sayNotice() says FLAT of a close beside a hook that failed, and the failure apart", () => {
  const notice = failedBy({
    outcome: "flat_verified",
    reason: null,
    message: null,
  });
  const lines = sayNotice(notice, VOICE);
  assert.deepEqual(lines.map((line) => line.trim()), [
    "custom_end failed: Error: no",
    "FLAT in scope, proven by the broker 16:30:04 UTC. 1 closed. Working orders 0.",
    "FAILED. custom_end: Error: no.",
  ]);
  assert.deepEqual(eventsOf(notice), ["hook_failed", "flat"]);
});

Deno.test("sayNotice() says NOT FLAT with the close's own reason where a hook failed as well", () => {
  const line = {
    id: "1",
    symbol: "EURUSD",
    side: "long",
    qty: decimal("5"),
    profit: null,
    profitCurrency: "USD",
  } as const;
  const notice = failedBy({
    outcome: "partially_closed",
    reason: "deadline",
    message: "Still open at the deadline",
  }, { remaining: 1, stillOpen: [line] });
  assert.deepEqual(sayNotice(notice, VOICE).map((each) => each.trim()), [
    "custom_end failed: Error: no",
    "NOT FLAT: EURUSD +5 (profit unknown). Still open at the deadline. 1 attempt. Close it at the broker, or: carillon flatten desk.yaml",
  ]);
  assert.deepEqual(eventsOf(notice), ["close_failed", "hook_failed"]);
});

Deno.test("eventsOf() alarms of a close that left something younger open, whatever its hook did", () => {
  const notice = failedBy({
    outcome: "partially_closed",
    reason: "opened_after",
    message: "Something was opened since",
  });
  assert.deepEqual(eventsOf(notice), ["close_failed", "hook_failed"]);
});
