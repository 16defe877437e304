import assert from "node:assert/strict";
import { decimal } from "../../src/domain/decimal.ts";
import type { Scope, Session } from "../../src/domain/definition.ts";
import type { OrderSide } from "../../src/domain/position.ts";
import { replay } from "../../src/runtime/engine.ts";
import {
  CLOSE_ALL,
  held,
  openPaperRun,
  type PaperRun,
} from "../support/paper_run.ts";
import {
  answerWord,
  holdings,
  orderRequest,
  place,
} from "../support/place_order.ts";

const FROM = "2026-11-23T16:20:00Z";
const AFTER = "2026-11-23T16:32:00Z";

function onlyOwn(session: string): Scope {
  return { written: true, symbols: null, except: [], tag: null, session };
}

const DESK: Partial<Session> = { ...CLOSE_ALL, scope: onlyOwn("desk") };

const OTHER: Partial<Session> = {
  ...CLOSE_ALL,
  name: "other",
  scope: onlyOwn("other"),
};

/** Somebody else trades in the account. */
async function tradeByHand(
  run: PaperRun,
  side: OrderSide,
  qty: string,
  closes: string | null = null,
): Promise<void> {
  const broker = run.paper.openBroker();
  await run.clock.runFor(broker.open(() => {}));
  const report = await run.clock.runFor(broker.submit({
    clientOrderId: `h${side}${qty}${run.paper.state.orderCount}`,
    symbol: "EURUSD",
    side,
    qty: decimal(qty),
    limitPrice: null,
    closes,
    tag: null,
  }));
  assert.equal(report.status, "filled");
  await broker[Symbol.asyncDispose]();
}

function ends(run: PaperRun): readonly string[] {
  return run.settled().map(({ edge, outcome, closed, remaining }) =>
    `${edge.split("/")[0]} ${outcome} ${closed} ${remaining}`
  );
}

async function finish(run: PaperRun): Promise<void> {
  await run.playUntil(AFTER);
  assert.deepEqual(run.paper.audit().duplicates, []);
  assert.deepEqual(replay(run.journal.read()), run.runtime.state);
}

Deno.test("a netted position is closed by as much as the session's own orders bought", async () => {
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD", "5000")] },
    sessions: [DESK],
    from: FROM,
  });
  await run.playUntil(FROM);
  await place(run);
  await place(run, { qty: decimal("500") });
  assert.deepEqual(holdings(run), ["EURUSD +6500"]);
  await finish(run);
  assert.deepEqual(holdings(run), ["EURUSD +5000"]);
  assert.deepEqual(ends(run), ["desk flat_verified 1 0"]);
  const started = run.notices.find(({ type }) => type === "close.started");
  assert.equal(
    started?.type === "close.started" && started.targets[0]?.qty,
    "1500",
    "the target is the share, not the position",
  );
});

Deno.test("a session that opened nothing closes nothing", async () => {
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD", "5000")] },
    sessions: [DESK],
    from: FROM,
  });
  await finish(run);
  assert.deepEqual(holdings(run), ["EURUSD +5000"]);
  assert.deepEqual(ends(run), ["desk flat_verified 0 0"]);
});

Deno.test("a share is never more than what is left of the position", async () => {
  await using run = await openPaperRun({ sessions: [DESK], from: FROM });
  await run.playUntil(FROM);
  await place(run);
  await tradeByHand(run, "sell", "700");
  await finish(run);
  assert.deepEqual(holdings(run), []);
  assert.deepEqual(ends(run), ["desk flat_verified 1 0"]);
});

Deno.test("a share on the other side of what is held is left alone", async () => {
  await using run = await openPaperRun({ sessions: [DESK], from: FROM });
  await run.playUntil(FROM);
  await place(run);
  await tradeByHand(run, "sell", "1700");
  assert.deepEqual(holdings(run), ["EURUSD -700"]);
  await finish(run);
  assert.deepEqual(holdings(run), ["EURUSD -700"]);
});

Deno.test("what the session sold again is no longer its own", async () => {
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD", "5000")] },
    sessions: [DESK],
    from: FROM,
  });
  await run.playUntil(FROM);
  await place(run);
  const reduce = { side: "sell", closes: "EURUSD" } as const;
  await place(run, { ...reduce, qty: decimal("400") });
  const more = await place(run, { ...reduce, qty: decimal("700") });
  assert.equal(answerWord(more), "exceeds_position");
  assert.match(more.message ?? "", /"700" asked, "600" of position/);
  await finish(run);
  assert.deepEqual(holdings(run), ["EURUSD +5000"]);
  assert.deepEqual(ends(run), ["desk flat_verified 1 0"]);
});

Deno.test("a share is gone with the position, and does not come back with the next one", async () => {
  await using run = await openPaperRun({ sessions: [DESK], from: FROM });
  await run.playUntil(FROM);
  await place(run);
  await tradeByHand(run, "sell", "1000");
  // Any look at the account shows the position gone.
  assert.equal(
    answerWord(await place(run, { side: "sell", closes: "EURUSD" })),
    "unknown_position",
  );
  await tradeByHand(run, "buy", "3000");
  await finish(run);
  assert.deepEqual(holdings(run), ["EURUSD +3000"]);
});

Deno.test("two sessions that share one netted position each close their own part, at one instant", async () => {
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD", "5000")] },
    sessions: [DESK, OTHER],
    from: FROM,
  });
  await run.playUntil(FROM);
  await place(run);
  await place(run, { session: "other", qty: decimal("300") });
  await finish(run);
  assert.deepEqual(holdings(run), ["EURUSD +5000"]);
  assert.deepEqual(ends(run).toSorted(), [
    "desk flat_verified 1 0",
    "other flat_verified 1 0",
  ]);
});

Deno.test("a session's close cancels its own working orders and nobody else's", async () => {
  await using run = await openPaperRun({
    sessions: [DESK, { ...OTHER, window: null, onEnd: [] }],
    from: FROM,
  });
  await run.playUntil(FROM);
  const limitPrice = decimal("0.01");
  await place(run, { limitPrice });
  await place(run, { limitPrice, session: "other" });
  await finish(run);
  const working = run.paper.state.working.length;
  assert.equal(working, 1, "the other session's order still works");
  assert.deepEqual(ends(run), ["desk flat_verified 0 0"]);
});

Deno.test("a session's losers are judged on their own part", async () => {
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD", "5000", { price: decimal("9") })] },
    sessions: [{ ...DESK, onEnd: ["close_loss"] }],
    from: FROM,
  });
  await run.playUntil(FROM);
  await place(run);
  await finish(run);
  assert.deepEqual(holdings(run), ["EURUSD +5000"]);
  assert.deepEqual(ends(run), ["desk closed_verified 1 0"]);
});

Deno.test("a broker that says filled and does nothing is not believed, and nothing is sent twice", async () => {
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD", "5000")] },
    sessions: [DESK],
    from: FROM,
    faults: [{ on: "close", times: 1, do: { kind: "lie_filled" } }],
  });
  await run.playUntil(FROM);
  await place(run);
  await finish(run);
  assert.deepEqual(holdings(run), ["EURUSD +6000"]);
  const end = run.edge("desk/2026-11-23/end");
  assert.deepEqual([end.outcome, end.reason], ["failed", "disputed"]);
  assert.equal(end.stillOpen[0]?.qty, "1000");
});

Deno.test("in a hedging account a session closes the tickets it opened and those of its tag", async () => {
  await using run = await openPaperRun({
    account: {
      mode: "hedging",
      positions: [
        held("EURUSD", "5000"),
        held("GBPUSD", "2000", { tag: "desk" }),
      ],
    },
    sessions: [DESK, OTHER],
    from: FROM,
  });
  await run.playUntil(FROM);
  await place(run);
  await place(run, { session: "other", side: "sell" });
  await finish(run);
  assert.deepEqual(holdings(run), ["EURUSD +5000"]);
  assert.deepEqual(ends(run).toSorted(), [
    "desk flat_verified 2 0",
    "other flat_verified 1 0",
  ]);
});

Deno.test("a ticket is a session's own by the order that opened it, whatever tag it carries", async () => {
  const scope = { ...onlyOwn("desk"), tag: "swing" };
  await using run = await openPaperRun({
    account: {
      mode: "hedging",
      positions: [held("EURUSD", "5000", { tag: "swing" })],
    },
    sessions: [{ ...DESK, scope }],
    from: FROM,
  });
  await run.playUntil(FROM);
  await place(run);
  await finish(run);
  assert.deepEqual(holdings(run), ["EURUSD +5000"]);
  assert.deepEqual(ends(run), ["desk flat_verified 1 0"]);
});

Deno.test("a session does not come to own another's ticket by taking something off it", async () => {
  await using run = await openPaperRun({
    account: { mode: "hedging" },
    sessions: [DESK, {
      ...OTHER,
      scope: { ...onlyOwn("other"), session: null },
      onEnd: [],
    }],
    from: FROM,
  });
  await run.playUntil(FROM);
  await place(run);
  const reduced = await place(run, {
    session: "other",
    side: "sell",
    closes: "T1",
    qty: decimal("400"),
  });
  assert.equal(answerWord(reduced), "accepted");
  await finish(run);
  assert.deepEqual(holdings(run), []);
  const { shares } = run.runtime.state.accounts["main"] ?? {};
  assert.deepEqual(shares, {});
});

Deno.test("a share outlives the run that made it", async () => {
  await using first = await openPaperRun({
    account: { positions: [held("EURUSD", "5000")] },
    sessions: [DESK],
    from: FROM,
  });
  await first.playUntil(FROM);
  await place(first);
  first.runtime.abandon();
  await tradeByHand(first, "buy", "300");
  await using second = await openPaperRun({ sessions: [DESK], after: first });
  await finish(second);
  assert.deepEqual(holdings(second), ["EURUSD +5300"]);
  assert.deepEqual(ends(second), ["desk flat_verified 1 0"]);
});

Deno.test("an order that a dead run sent counts, though nobody heard its answer", async () => {
  await using first = await openPaperRun({
    account: { positions: [held("EURUSD", "5000")] },
    sessions: [DESK],
    from: FROM,
    faults: [{ on: "submit", after: 1, do: { kind: "no_answer" } }],
  });
  await first.playUntil(FROM);
  await place(first, { symbol: "GBPUSD" });
  const unheard = first.runtime.place(orderRequest());
  first.runtime.abandon();
  await assert.rejects(unheard, { code: "runtime/stopped" });
  await using second = await openPaperRun({ sessions: [DESK], after: first });
  await finish(second);
  assert.deepEqual(holdings(second), ["EURUSD +5000"]);
  assert.deepEqual(ends(second), ["desk flat_verified 2 0"]);
  await second.stop();
});
