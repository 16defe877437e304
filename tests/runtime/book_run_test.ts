import assert from "node:assert/strict";
import type { Fault } from "../../src/adapters/brokers/paper/faults.ts";
import { readAccountNews } from "../../src/adapters/brokers/protocol/gateway_news.ts";
import { decimal } from "../../src/domain/decimal.ts";
import { replay } from "../../src/runtime/engine.ts";
import type { Entry } from "../../src/runtime/ports.ts";
import {
  type BookSetup,
  CLOSE_ALL,
  held,
  openPaperRun,
  type PaperRun,
  type PaperRunSetup,
} from "../support/paper_run.ts";

const END = "desk/2026-11-23/end";
const SLOW: Fault = { kind: "delay", ms: 3_000 };
const LISTS = ["positions", "orders", "fills"] as const;
const SLOW_LISTS = LISTS.map((on) => ({ on, do: SLOW }));

/** A run whose book is up half a minute before the edge; faults befall it from then on. */
async function openBookRun(setup: PaperRunSetup = {}): Promise<PaperRun> {
  const run = await openPaperRun({
    account: { positions: [held("EURUSD")] },
    book: {},
    ...setup,
    faults: [],
  });
  await run.playUntil("2026-11-23T16:29:30Z");
  run.paper.setFaults(setup.faults ?? []);
  return run;
}

function entries({ journal }: PaperRun): readonly Entry[] {
  return [...journal.read()];
}

/** The types of what happened, in order, with whose answer a look was. */
function happened(run: PaperRun): readonly string[] {
  return entries(run).map(({ event }) =>
    event.type === "positions.read" ? `read by ${event.source}` : event.type
  );
}

function buy(run: PaperRun, symbol: string, qty: string): void {
  run.paper.ask({
    type: "submit",
    plan: { kind: "market" },
    intent: {
      clientOrderId: `other ${symbol} ${qty}`,
      symbol,
      side: "buy",
      qty: decimal(qty),
      limitPrice: null,
      closes: null,
      tag: null,
    },
  });
}

/** A book that is told that every position is as large as this. */
function sized(qty: string): BookSetup {
  return {
    hear(name, data) {
      const found = readAccountNews(name, data);
      if (found?.news.type !== "position") return found;
      const { position } = found.news;
      if (position === null) return found;
      const lie = { ...position, qty: decimal(qty) };
      return { ...found, news: { ...found.news, position: lie } };
    },
  };
}

Deno.test("an edge closes on the book's first look before any list has answered, and the lists prove it", async () => {
  await using run = await openBookRun({ faults: SLOW_LISTS });
  await run.playUntil("2026-11-23T16:32:00Z");
  const what = happened(run);
  const at = (name: string) => what.indexOf(name);
  assert.ok(at("read by book") > at("edge.due"));
  assert.ok(at("order.reported") > at("read by book"));
  assert.ok(at("order.reported") < at("read by rest"), what.join());
  const { outcome, closed } = run.edge(END);
  assert.deepEqual([outcome, closed], ["flat_verified", 1]);
  const proof = entries(run).find(({ effects }) =>
    effects.some((effect) =>
      effect.type === "tell" && effect.notice.type === "edge.settled"
    )
  );
  assert.ok(proof?.event.type === "positions.read");
  assert.equal(proof.event.source, "rest");
  assert.deepEqual(run.paper.audit().duplicates, []);
  assert.deepEqual(replay(run.journal.read()), run.runtime.state);
});

Deno.test("winners are told apart by the lists' profits, however early the book answers", async () => {
  await using run = await openBookRun({
    account: {
      positions: [
        held("EURUSD", "1000", { price: decimal("0.5") }),
        held("GBPUSD", "1000", { price: decimal("200") }),
      ],
    },
    sessions: [{ ...CLOSE_ALL, onEnd: ["close_win"] }],
    faults: SLOW_LISTS,
  });
  await run.playUntil("2026-11-23T16:32:00Z");
  const what = happened(run);
  assert.ok(what.includes("read by book"), "it has answered");
  assert.ok(what.indexOf("order.reported") > what.indexOf("read by rest"));
  const { outcome, leftOpen } = run.edge(END);
  assert.equal(outcome, "closed_verified");
  assert.deepEqual(leftOpen.map(({ symbol }) => symbol), ["GBPUSD"]);
});

Deno.test("a book that is away leaves the edge to the lists, and is whole again by them", async () => {
  await using run = await openBookRun();
  run.paper.gateway.inflict({ kind: "lose_session" });
  run.paper.setFaults([{
    on: "gateway_connect",
    times: 8,
    do: { kind: "cut" },
  }]);
  await run.playUntil("2026-11-23T16:30:30Z");
  assert.ok(!happened(run).includes("read by book"));
  assert.equal(run.edge(END).outcome, "flat_verified");
});

Deno.test("news that never came is healed by the lists before the book answers again", async () => {
  let kept = 0;
  await using run = await openBookRun({
    book: {
      // The news of the first execution is lost on the way.
      hear: (name, data) =>
        name !== "ORDER_UPDATE" && kept++ < 2
          ? null
          : readAccountNews(name, data),
    },
  });
  buy(run, "GBPUSD", "5");
  buy(run, "USDJPY", "7");
  await run.playUntil("2026-11-23T16:29:50Z");
  run.paper.setFaults(SLOW_LISTS);
  await run.playUntil("2026-11-23T16:32:00Z");
  const begun = run.notices.find(({ type }) => type === "close.started");
  assert.ok(begun?.type === "close.started" && begun.source === "book");
  assert.deepEqual(
    begun.targets.map(({ symbol, qty }) => [symbol, qty]).toSorted(),
    [["EURUSD", "1000"], ["GBPUSD", "5"], ["USDJPY", "7"]],
  );
  assert.equal(run.edge(END).outcome, "flat_verified");
});

Deno.test("an answer that was lost is healed by the gateway's report of the order", async () => {
  await using run = await openBookRun({
    book: { isOnlyStream: true },
    faults: [
      { on: "close", do: { kind: "no_answer" } },
      { on: "find", do: { kind: "no_answer" } },
    ],
  });
  await run.playUntil("2026-11-23T16:30:02Z");
  assert.equal(run.edge(END).outcome, "flat_verified");
  assert.equal(run.paper.state.fills.length, 1);
});

for (const qty of ["1", "90000"]) {
  Deno.test(`a book that is told of ${qty} where 1005 are held closes what is held, once`, async () => {
    await using run = await openBookRun({ book: sized(qty) });
    await run.playUntil("2026-11-23T16:29:59.500Z");
    buy(run, "EURUSD", "5");
    await run.playUntil("2026-11-23T16:32:00Z");
    const { outcome, closed } = run.edge(END);
    assert.deepEqual([outcome, closed], ["flat_verified", 1]);
    assert.equal(run.paper.state.positions.size, 0);
    assert.deepEqual(run.paper.audit().duplicates, []);
  });
}
