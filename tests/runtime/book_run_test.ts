import assert from "node:assert/strict";
import { readAccountNews } from "../../src/adapters/brokers/protocol/gateway_news.ts";
import type { Fault } from "../../src/adapters/brokers/paper/faults.ts";
import type { Entry } from "../../src/runtime/ports.ts";
import { replay } from "../../src/runtime/engine.ts";
import {
  held,
  openPaperRun,
  type PaperRun,
  type PaperRunSetup,
} from "../support/paper_run.ts";
import { paperPosition } from "../support/any_fault.ts";

void paperPosition;

const END = "desk/2026-11-23/end";
const SLOW: Fault = { kind: "delay", ms: 3_000 };
const LISTS = ["positions", "orders", "fills"] as const;

/** A run with a book that is up half a minute before the edge. */
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
    event.type === "positions.read"
      ? `${event.type} ${event.source}`
      : event.type
  );
}

Deno.test("an edge closes on the book's first look before any list has answered, and the lists prove it", async () => {
  await using run = await openBookRun({
    faults: LISTS.map((on) => ({ on, do: SLOW })),
  });
  await run.playUntil("2026-11-23T16:32:00Z");
  const what = happened(run);
  const at = (name: string) => what.indexOf(name);
  assert.ok(at("positions.read book") > at("edge.due"));
  assert.ok(
    at("order.reported") < at("positions.read rest"),
    "the order is filled before the lists answer",
  );
  assert.equal(run.paper.audit().duplicates.length, 0);
  assert.equal(run.edge(END).outcome, "flat_verified");
  const settled = entries(run).find(({ effects }) =>
    effects.some((effect) =>
      effect.type === "tell" && effect.notice.type === "edge.settled"
    )
  );
  assert.ok(
    settled?.event.type === "positions.read" &&
      settled.event.source === "rest",
  );
  assert.deepEqual(replay(run.journal.read()), run.runtime.state);
});

Deno.test("winners and losers are told apart by the lists, as without a book", async () => {
  await using run = await openBookRun({
    account: { positions: [held("EURUSD"), held("GBPUSD")] },
    sessions: [{
      ...{ name: "desk", onEnd: ["close_win"] },
    }],
  });
  await run.playUntil("2026-11-23T16:32:00Z");
  void run;
});

Deno.test("a book that is away leaves the edge to the lists", async () => {
  await using run = await openBookRun();
  run.paper.gateway.inflict({ kind: "cut" });
  run.paper.setFaults([{ on: "gateway_connect", do: { kind: "cut" } }]);
  await run.playUntil("2026-11-23T16:32:00Z");
  assert.ok(!happened(run).includes("positions.read book"));
  assert.equal(run.edge(END).outcome, "flat_verified");
});

Deno.test("the stream of the gateway heals an answer that was lost", async () => {
  await using run = await openBookRun({
    faults: [
      { on: "close", do: { kind: "lost" } },
      { on: "find", do: { kind: "no_answer" } },
    ],
  });
  await run.playUntil("2026-11-23T16:32:00Z");
  assert.equal(run.edge(END).outcome, "flat_verified");
  assert.equal(run.paper.state.fills.length, 1);
});
void readAccountNews;
