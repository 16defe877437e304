import assert from "node:assert/strict";
import { decimal } from "../../src/domain/decimal.ts";
import type { Session } from "../../src/domain/definition.ts";
import type { EdgeSettled, Outcome } from "../../src/domain/notice.ts";
import { MINUTE_MS, SECOND_MS } from "../../src/domain/time.ts";
import { drillDayOn } from "../../src/app/drill/drill_day.ts";
import { drillFile } from "../../src/app/drill/drill_file.ts";
import { isExcused, judge } from "../../src/app/drill/judge.ts";
import type { Books, PlayRecord } from "../../src/app/drill/play.ts";
import { type Excuse, peaceful } from "../../src/app/drill/play_plan.ts";
import type { TruePosition } from "../../src/app/drill/truth.ts";
import { clockSession, clockWindow } from "../support/clock_session.ts";
import { paperDefinition } from "../support/paper_run.ts";

const SESSION = clockSession({
  name: "desk",
  window: clockWindow("08:00", "16:30", "UTC"),
  onEnd: ["close_all"],
});
const DEFINITION = paperDefinition([SESSION]);
const DAY = drillDayOn(DEFINITION, "2026-11-24");
const FILE = drillFile(DEFINITION, { day: DAY, seed: 1, pricesOf: () => [] });
const [EDGE] = DAY.edges;
const DUE_AT = EDGE?.edge.dueAt ?? 0;

const HELD: TruePosition = {
  id: "EURUSD",
  symbol: "EURUSD",
  side: "long",
  qty: decimal("1000"),
  tag: null,
  openedAt: DUE_AT - MINUTE_MS,
  exposure: "EURUSD#1",
};

const LINE = {
  id: HELD.id,
  symbol: HELD.symbol,
  side: HELD.side,
  qty: HELD.qty,
  profit: null,
  profitCurrency: "USD",
};

function settled(more: Partial<EdgeSettled>): EdgeSettled {
  return {
    type: "edge.settled",
    at: DUE_AT,
    edge: EDGE?.edge.key ?? "",
    request: null,
    account: "main",
    dueAt: DUE_AT,
    firedAt: DUE_AT,
    outcome: "flat_verified",
    closed: 1,
    remaining: 0,
    workingOrders: 0,
    attempts: 1,
    leftOpen: [],
    stillOpen: [],
    hooks: [],
    reason: null,
    message: null,
    ...more,
  };
}

interface Tale {
  readonly told: readonly Partial<EdgeSettled>[];
  readonly open?: readonly TruePosition[];
  readonly afterMs?: number;
  readonly excuse?: Excuse;
  readonly books?: Partial<Books>;
}

function codes(tale: Tale): readonly string[] {
  const { told, open = [], afterMs = 0, books } = tale;
  const excuse = tale.excuse ?? { kind: "none" };
  const truth = { at: DUE_AT + afterMs, positions: open, working: [] };
  const record: PlayRecord = {
    plan: { ...peaceful(DAY), excuse },
    endings: told.map((each) => ({ settled: settled(each), truth })),
    books: [{
      account: "main",
      audit: { exposures: [], duplicates: [] },
      seen: new Map(),
      orders: [],
      ...books,
    }],
    audit: null,
    lives: [],
    troubles: [],
  };
  return judge(FILE, record).map(({ code }) => code);
}

Deno.test("judge() has nothing against a close that is what it says", () => {
  assert.deepEqual(codes({ told: [{}] }), []);
});

Deno.test("judge() wants exactly one outcome", () => {
  assert.deepEqual(codes({ told: [] }), ["without_outcome"]);
  assert.deepEqual(codes({ told: [{}, {}] }), ["several_outcomes"]);
});

Deno.test("judge() calls FLAT over an open position a lie, whatever the excuse", () => {
  for (const kind of ["none", "stuck"] as const) {
    const lie = codes({ told: [{}], open: [HELD], excuse: { kind } });
    assert.deepEqual(lie, ["told_falsely"]);
  }
});

Deno.test("judge() takes no other word for a close of everything that left something open", () => {
  const told = [{ outcome: "closed_verified" as Outcome, leftOpen: [LINE] }];
  assert.deepEqual(codes({ told, open: [HELD] }), ["told_falsely"]);
  const younger = { ...HELD, openedAt: DUE_AT + SECOND_MS };
  assert.deepEqual(codes({ told, open: [younger] }), []);
});

Deno.test("judge() takes what is left open for a failure unless nobody could help it", () => {
  const told = [{ outcome: "failed" as Outcome, stillOpen: [LINE] }];
  assert.deepEqual(codes({ told, open: [HELD] }), ["left_open"]);
  const excuse = { kind: "stuck" } as const;
  assert.deepEqual(codes({ told, open: [HELD], excuse }), []);
});

Deno.test("judge() wants what stays open named, and told in time", () => {
  const excuse = { kind: "stuck" } as const;
  const unnamed = [{ outcome: "failed" as Outcome }];
  assert.deepEqual(codes({ told: unnamed, open: [HELD], excuse }), [
    "told_falsely",
  ]);
  const told = [{ outcome: "failed" as Outcome, stillOpen: [LINE] }];
  const afterMs = MINUTE_MS + 3 * SECOND_MS;
  assert.deepEqual(codes({ told, open: [HELD], excuse, afterMs }), [
    "told_late",
  ]);
});

Deno.test("judge() does not take skipping a close for having no positions", () => {
  const told = [{ outcome: "skipped" as Outcome }];
  assert.deepEqual(codes({ told, open: [HELD] }), ["left_open"]);
  assert.deepEqual(codes({ told }), []);
});

Deno.test("judge() goes by the broker's own books", () => {
  const closing = {
    orderId: "P1",
    clientOrderId: "c1",
    qty: decimal("1000"),
  };
  const exposure = {
    key: HELD.exposure,
    positionId: HELD.id,
    symbol: HELD.symbol,
    side: HELD.side,
    openedQty: decimal("1000"),
    closedQty: decimal("1000"),
    closings: [closing],
  };
  const told = [{}];
  const duplicates = [{
    clientOrderId: "c2",
    positionId: "EURUSD",
    askedQty: decimal("1000"),
    availableQty: decimal("0"),
    at: DUE_AT,
  }];
  const twice = { audit: { exposures: [exposure], duplicates } };
  assert.deepEqual(codes({ told, books: twice }), ["closed_twice"]);
  const over = { ...exposure, closedQty: decimal("2000") };
  const tooMuch = { audit: { exposures: [over], duplicates: [] } };
  assert.deepEqual(codes({ told, books: tooMuch }), ["closed_twice"]);
  const order = {
    clientOrderId: "c3",
    symbol: "EURUSD",
    side: "sell",
    qty: decimal("1"),
    limitPrice: null,
    closes: null,
    tag: null,
  } as const;
  assert.deepEqual(codes({ told, books: { orders: [order] } }), [
    "opened_exposure",
  ]);
  const byHand = { ...order, clientOrderId: "by-hand/1/EURUSD/buy" };
  assert.deepEqual(codes({ told, books: { orders: [byHand] } }), []);
});

Deno.test("judge() finds a position closed that is in no scope", () => {
  const scoped: Session = {
    ...SESSION,
    scope: { ...SESSION.scope, except: ["EURUSD"] },
  };
  const file = { ...FILE, definition: paperDefinition([scoped]) };
  const closed = {
    key: HELD.exposure,
    positionId: HELD.id,
    symbol: HELD.symbol,
    side: HELD.side,
    openedQty: decimal("1000"),
    closedQty: decimal("1000"),
    closings: [{ orderId: "P1", clientOrderId: "c1", qty: decimal("1000") }],
  };
  const found = judge(file, {
    plan: peaceful({ ...DAY, edges: [] }),
    endings: [],
    books: [{
      account: "main",
      audit: { exposures: [closed], duplicates: [] },
      seen: new Map([[HELD.exposure, HELD]]),
      orders: [],
    }],
    audit: null,
    lives: [],
    troubles: ["it does not stop"],
  });
  assert.deepEqual(found.map(({ code }) => code), [
    "out_of_scope",
    "program_failed",
  ]);
});

Deno.test("isExcused() knows what the file itself lets go", () => {
  assert.ok(EDGE !== undefined);
  const late = (ms: number, restarts = true) =>
    isExcused({ kind: "late", ms, restarts }, EDGE);
  assert.equal(late(10 * MINUTE_MS), false, "an end runs late");
  assert.equal(late(20 * 60 * MINUTE_MS), true, "not after the next opening");
  assert.equal(late(55 * SECOND_MS, false), true, "nor past its deadline");
  assert.equal(late(30 * SECOND_MS, false), false);
  const judged = {
    ...EDGE,
    edge: { ...EDGE.edge, actions: ["close_win"] as const },
  };
  const excuse = { kind: "late", ms: 6 * MINUTE_MS, restarts: true } as const;
  assert.equal(isExcused(excuse, judged), true, "winners are judged in time");
  const market = {
    ...EDGE,
    edge: { ...EDGE.edge, marketClosesAt: DUE_AT + MINUTE_MS },
  };
  assert.equal(isExcused(excuse, market), true, "nor past the market's close");
});
