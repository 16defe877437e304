import assert from "node:assert/strict";
import type { Scope, Session } from "../../src/domain/definition.ts";
import { decimal } from "../../src/domain/decimal.ts";
import { CoreRun, position, working } from "../support/core_run.ts";
import { clockWindow } from "../support/clock_session.ts";
import { CLOSE_ALL } from "../support/paper_run.ts";

const NOON = "2026-11-23T12:00:00Z";

function scopeOf(symbol: string): Scope {
  return {
    written: true,
    symbols: [symbol],
    except: [],
    tag: null,
    session: null,
  };
}

const EURO: Partial<Session> = {
  ...CLOSE_ALL,
  name: "euro",
  scope: scopeOf("EURUSD"),
};
const POUND: Partial<Session> = {
  ...CLOSE_ALL,
  name: "pound",
  scope: scopeOf("GBPUSD"),
  cancelOrders: false,
};

const HELD = [
  position("EURUSD", "5"),
  position("GBPUSD", "-7"),
  position("USDJPY", "9"),
];
const ORDERS = [
  working("e", "EURUSD"),
  working("g", "GBPUSD"),
  working("j", "USDJPY"),
];

function stopped(core: CoreRun) {
  const last = core.notices.at(-1);
  assert.equal(last?.type, "run.stopped");
  assert.equal(core.effects.at(-1)?.type, "run.end");
  if (last?.type !== "run.stopped") throw new Error("it has not stopped");
  return last;
}

function answerCancels(core: CoreRun): readonly string[] {
  const asked = core.cancels.splice(0);
  for (const orderId of asked) {
    core.take({
      type: "cancel.answered",
      account: "main",
      orderId,
      report: {
        orderId,
        clientOrderId: null,
        status: "canceled",
        symbol: "",
        side: "buy",
        qty: decimal("1"),
        filledQty: decimal("0"),
        averagePrice: null,
        reason: null,
        message: null,
      },
    });
  }
  return asked.toSorted();
}

Deno.test("stop with leave touches nothing, says what stays and what will not run", () => {
  const core = new CoreRun([EURO, POUND], NOON);
  core.take({ type: "stop.requested", policy: "leave", reason: "user" });
  core.show(1, HELD, { orders: ORDERS });
  const { open, notRun } = stopped(core);
  assert.deepEqual(open, [{ account: "main", positions: HELD }]);
  assert.deepEqual(notRun.map(({ edge }) => edge).toSorted(), [
    "euro/2026-11-23/end",
    "pound/2026-11-23/end",
  ]);
  assert.deepEqual([core.sent, core.cancels], [[], []]);
});

Deno.test("stop with cancel_orders cancels what each session's scope reaches and closes nothing", () => {
  const core = new CoreRun([EURO, POUND], NOON);
  core.take({
    type: "stop.requested",
    policy: "cancel_orders",
    reason: "user",
  });
  core.show(1, HELD, { orders: ORDERS });
  assert.deepEqual(answerCancels(core), ["e", "g"]);
  core.show(1, HELD, { orders: [working("j", "USDJPY")] });
  assert.deepEqual(core.sent, []);
  assert.deepEqual(
    core.settled.map(({ request, outcome }) => [request, outcome]).toSorted(),
    [["stop:euro", "done"], ["stop:pound", "done"]],
  );
  core.show(1, HELD);
  assert.equal(stopped(core).open[0]?.positions?.length, 3);
});

Deno.test("stop with close closes what each session's scope reaches, and nothing beyond it", () => {
  const core = new CoreRun([EURO, POUND], NOON);
  core.take({ type: "stop.requested", policy: "close", reason: "user" });
  core.show(1, HELD, { orders: ORDERS });
  assert.deepEqual(answerCancels(core), ["e", "g"]);
  core.show(1, HELD, { orders: [working("j", "USDJPY")] });
  const lines = core.sent.map(({ side, qty, closes }) =>
    `${side} ${qty} ${closes}`
  );
  assert.deepEqual(lines.toSorted(), ["buy 7 GBPUSD", "sell 5 EURUSD"]);
  core.answer("filled");
  core.answer("filled");
  const left = [position("USDJPY", "9")];
  core.show(3, left);
  assert.deepEqual(core.settled.map(({ outcome }) => outcome), [
    "flat_verified",
    "flat_verified",
  ]);
  core.show(3, left);
  assert.deepEqual(stopped(core).open[0]?.positions, left);
});

Deno.test("stop waits for what is under way, and takes no edge, session or second stop in", () => {
  const core = new CoreRun([EURO, POUND], NOON);
  core.fire("euro/2026-11-23/end");
  core.take({ type: "stop.requested", policy: "leave", reason: "user" });
  core.take({ type: "stop.requested", policy: "close", reason: "until" });
  const dueAt = 0;
  core.take({ type: "edge.due", edge: "pound/2026-11-23/end", dueAt });
  const added = { ...CLOSE_ALL, name: "late" };
  const other = new CoreRun([added], NOON);
  const session = other.state.run?.definition.sessions[0];
  if (session !== undefined) core.take({ type: "session.added", session });
  core.show(1, HELD.slice(0, 1));
  assert.equal(core.notices.some(({ type }) => type === "run.stopped"), false);
  core.answer("filled");
  core.show(2, []);
  core.show(2, []);
  assert.equal(stopped(core).reason, "user");
  assert.deepEqual(core.settled.map(({ edge }) => edge), [
    "euro/2026-11-23/end",
  ]);
  assert.equal(
    core.notices.filter(({ type }) => type === "run.stopped").length,
    1,
  );
});

Deno.test("stop says of an account that cannot be read that it cannot be read", () => {
  const core = new CoreRun([EURO], NOON);
  core.take({ type: "stop.requested", policy: "leave", reason: "user" });
  const [request = 0] = core.reads;
  core.take({
    type: "positions.unread",
    account: "main",
    request,
    failure: {
      code: "x",
      message: "down",
      outcome: "unknown",
      retryAfterMs: null,
    },
  });
  assert.deepEqual(stopped(core).open, [{ account: "main", positions: null }]);
});

Deno.test("stop names what will not run within a day, and nothing that lies further ahead", () => {
  const core = new CoreRun([
    EURO,
    {
      ...CLOSE_ALL,
      name: "far",
      days: [{ kind: "weekday", weekday: 5 }],
      window: clockWindow("08:00", "16:30", "UTC"),
    },
    { ...CLOSE_ALL, name: "idle", onEnd: [] },
  ], NOON);
  core.take({ type: "stop.requested", policy: "leave", reason: "user" });
  core.show(1, []);
  assert.deepEqual(stopped(core).notRun.map(({ edge }) => edge), [
    "euro/2026-11-23/end",
  ]);
});
