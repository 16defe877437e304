import assert from "node:assert/strict";
import type { Session } from "../../src/domain/definition.ts";
import type { EdgeSettled } from "../../src/domain/notice.ts";
import type { Position, Snapshot } from "../../src/domain/position.ts";
import { CoreRun, fill, position, working } from "../support/core_run.ts";
import { CLOSE_ALL } from "../support/paper_run.ts";

const NOON = "2026-11-23T12:00:00Z";
const END = "desk/2026-11-23/end";

/** A core at its session's end, whose one question is `request`. */
function atEnd(more: Partial<Session> = {}) {
  const core = new CoreRun([{ ...CLOSE_ALL, ...more }], NOON);
  core.fire(END);
  const [request = 0] = core.reads;
  return { core, request };
}

/** The book's word on the first question; the lists have yet to answer it. */
function sayByBook(
  { core, request }: ReturnType<typeof atEnd>,
  seq: number,
  positions: readonly Position[],
  { provenSeq = 0, ...more }: Partial<Snapshot> & { provenSeq?: number } = {},
): void {
  const snapshot = { seq, positions, orders: [], fills: [], ...more };
  const source = "book";
  core.take({
    type: "positions.read",
    account: "main",
    request,
    snapshot,
    source,
    provenSeq,
  });
}

function held(id: string, signed: string): Position {
  return position(id, signed, null);
}

function sentLines(core: CoreRun) {
  return core.sent.map(({ side, qty, closes }) => `${side} ${qty} ${closes}`);
}

function endOf(core: CoreRun): EdgeSettled {
  const [end] = core.settled;
  assert.ok(end !== undefined && core.settled.length === 1, "it ended once");
  return end;
}

Deno.test("takeHeadStart() sends on the book's word, and only lists read after the last answer prove it", () => {
  const desk = atEnd();
  const { core } = desk;
  sayByBook(desk, 4, [held("EURUSD", "5")], { provenSeq: 3 });
  assert.deepEqual(sentLines(core), ["sell 5 EURUSD"]);
  const started = core.notices.find(({ type }) => type === "close.started");
  assert.ok(started?.type === "close.started" && started.source === "book");
  const { clientOrderId } = core.answer("filled");
  assert.equal(core.settled.length, 0, "the book proves nothing");
  assert.equal(core.state.accounts.main?.seq, 3, "nor does it count");
  core.show(5, [], { fills: [fill(5, "EURUSD", "-5", clientOrderId)] });
  const { outcome, closed } = endOf(core);
  assert.deepEqual([outcome, closed], ["flat_verified", 1]);
});

Deno.test("takeHeadStart() leaves alone what it cannot judge: winners, a dry run's silence, nothing to send", () => {
  const winners = atEnd({ onEnd: ["close_win"] });
  sayByBook(winners, 1, [held("EURUSD", "5")]);
  assert.deepEqual(winners.core.sent, []);
  const empty = atEnd();
  sayByBook(empty, 1, []);
  assert.equal(empty.core.settled.length, 0, "an empty book is no proof");
  empty.core.show(1, [position("EURUSD", "5")]);
  assert.deepEqual(sentLines(empty.core), ["sell 5 EURUSD"]);
});

Deno.test("takeHeadStart() cancels what works before it closes anything", () => {
  const desk = atEnd();
  sayByBook(desk, 1, [held("EURUSD", "5")], {
    orders: [working("w1", "EURUSD")],
  });
  assert.deepEqual(desk.core.cancels, ["w1"]);
  assert.deepEqual(desk.core.sent, []);
});

Deno.test("takeHeadStart() heeds no book that is behind the lists, and none after the lists", () => {
  const desk = atEnd();
  const { core, request } = desk;
  core.show(7, [position("EURUSD", "5")]);
  assert.equal(core.sent.length, 1);
  sayByBook(desk, 9, [held("EURUSD", "5"), held("GBPUSD", "2")]);
  assert.equal(core.sent.length, 1, "the question is answered");
  assert.ok(request > 0);
});

Deno.test("the lists set right what a book understated, and the rest is closed", () => {
  const desk = atEnd();
  const { core } = desk;
  sayByBook(desk, 4, [held("EURUSD", "5")], { provenSeq: 4 });
  // The lists answer the first question as they were before our order.
  core.show(4, [position("EURUSD", "8")]);
  const { clientOrderId } = core.answer("filled");
  core.show(5, [position("EURUSD", "3")], {
    fills: [fill(5, "EURUSD", "-5", clientOrderId)],
  });
  assert.deepEqual(sentLines(core), ["sell 3 EURUSD"]);
  const last = core.answer("filled");
  core.show(6, [], { fills: [fill(6, "EURUSD", "-3", last.clientOrderId)] });
  assert.equal(endOf(core).outcome, "flat_verified");
});

Deno.test("an old list after a close by the book is waited for, never traded on", () => {
  const desk = atEnd();
  const { core } = desk;
  sayByBook(desk, 4, [held("EURUSD", "5")], { provenSeq: 2 });
  core.reads.length = 0;
  const { clientOrderId } = core.answer("filled");
  // What the book had counted already, and what we closed; the list is older than it says.
  const fills = [
    fill(3, "EURUSD", "2"),
    fill(4, "EURUSD", "3"),
    fill(5, "EURUSD", "-5", clientOrderId),
  ];
  core.show(5, [position("EURUSD", "5")], { fills });
  assert.deepEqual(core.sent, [], "executions that the book had are not added");
  core.wake("look");
  core.show(5, []);
  assert.equal(endOf(core).outcome, "flat_verified");
});

Deno.test("a position that only a book showed is not called closed", () => {
  const desk = atEnd();
  const { core } = desk;
  sayByBook(desk, 4, [held("GHOST", "5"), held("EURUSD", "1")]);
  const [ghost, real] = core.sent;
  assert.ok(ghost !== undefined && real !== undefined);
  core.reads.length = 0;
  core.answer("rejected", "0", "order/unknown-position");
  const { clientOrderId } = core.answer("filled");
  core.show(5, [], { fills: [fill(5, "EURUSD", "-1", clientOrderId)] });
  const { outcome, closed } = endOf(core);
  assert.deepEqual([outcome, closed], ["flat_verified", 1]);
});

Deno.test("a session's own part is closed by the book only where its executions are counted as far", () => {
  const scope = {
    symbols: null,
    except: [],
    tag: null,
    session: "desk",
    written: true,
  } as const;
  const desk = atEnd({ scope });
  sayByBook(desk, 4, [held("EURUSD", "5")]);
  assert.deepEqual(desk.core.sent, []);
});

Deno.test("a book that differed is told with both sides, and changes nothing", () => {
  const { core } = atEnd();
  const before = core.state.accounts;
  const differences = [{
    what: "position",
    id: "EURUSD",
    book: held("EURUSD", "5"),
    broker: null,
  }] as const;
  core.take({ type: "book.differed", account: "main", differences });
  const told = core.notices.at(-1);
  assert.deepEqual(
    told?.type === "book.differs" ? told.differences : null,
    differences,
  );
  assert.equal(core.state.accounts, before);
});
