import assert from "node:assert/strict";
import fc from "fast-check";
import { EMPTY_AUDIT } from "../../../src/adapters/brokers/paper/audit.ts";
import { stepPaper } from "../../../src/adapters/brokers/paper/engine.ts";
import {
  enter,
  entriesOf,
  type Ledger,
  lookUp,
} from "../../../src/adapters/brokers/paper/ledger.ts";
import { nextFillAt } from "../../../src/adapters/brokers/paper/matching.ts";
import {
  equityOf,
  profitsOf,
} from "../../../src/adapters/brokers/paper/money.ts";
import { paperPrices } from "../../../src/adapters/brokers/paper/prices/paper_prices.ts";
import type {
  EngineEvent,
  EngineReply,
  EngineRequest,
  PaperOrder,
  PaperState,
  PaperWorld,
} from "../../../src/adapters/brokers/paper/state.ts";
import {
  add,
  compare,
  type Decimal,
  decimal,
  multiply,
  negate,
  subtract,
  sum,
  ZERO,
} from "../../../src/domain/decimal.ts";
import { REJECT_REASONS } from "../../../src/domain/order.ts";
import { closingSide, type Fill } from "../../../src/domain/position.ts";

const START_AT = Date.UTC(2026, 10, 23, 8);
const CASH = decimal("100000");

function world(change: Partial<PaperWorld> = {}): PaperWorld {
  return {
    accountId: "paper-main",
    epoch: "1",
    mode: "hedging",
    currency: "USD",
    commission: ZERO,
    seed: 7,
    prices: paperPrices(7, []),
    ...change,
  };
}

const EMPTY: PaperState = {
  seq: 0,
  orderCount: 0,
  ticketCount: 0,
  cash: CASH,
  lookedAt: START_AT,
  positions: new Map(),
  working: [],
  orders: [],
  byClientId: [],
  fills: [],
  audit: EMPTY_AUDIT,
};

/** Plays requests on the engine and keeps what it told. */
class Play {
  state = EMPTY;
  at = START_AT;
  readonly events: EngineEvent[] = [];
  readonly #world: PaperWorld;
  #orders = 0;

  constructor(of: PaperWorld) {
    this.#world = of;
  }

  ask(request: EngineRequest): EngineReply {
    const [state, reply, events] = stepPaper(
      this.#world,
      this.state,
      request,
      this.at,
    );
    this.state = state;
    this.events.push(...events);
    return reply;
  }

  order(change: {
    readonly id?: string;
    readonly symbol?: string;
    readonly side?: "buy" | "sell";
    readonly qty?: string;
    readonly limit?: Decimal | null;
    readonly closes?: string | null;
  }): PaperOrder {
    const reply = this.ask({
      type: "submit",
      plan: { kind: "market" },
      intent: {
        clientOrderId: change.id ?? `o${this.#orders++}`,
        symbol: change.symbol ?? "EURUSD",
        side: change.side ?? "buy",
        qty: decimal(change.qty ?? "100"),
        limitPrice: change.limit ?? null,
        closes: change.closes ?? null,
        tag: null,
      },
    });
    assert.ok(reply.type === "order");
    return reply.order;
  }

  fills(): readonly Fill[] {
    return this.events.flatMap((event) =>
      event.type === "fill" ? event.fill : []
    );
  }
}

type Move =
  | {
    readonly do: "open";
    readonly symbol: string;
    readonly side: "buy" | "sell";
    readonly cents: number;
    readonly near: number | null;
  }
  | { readonly do: "close"; readonly pick: number; readonly percent: number }
  | { readonly do: "cancel"; readonly pick: number }
  | { readonly do: "pass"; readonly ms: number };

const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({
    do: fc.constant("open" as const),
    symbol: fc.constantFrom("EURUSD", "AAPL"),
    side: fc.constantFrom("buy" as const, "sell" as const),
    cents: fc.integer({ min: 1, max: 50_000 }),
    near: fc.option(fc.integer({ min: -30, max: 30 })),
  }),
  fc.record({
    do: fc.constant("close" as const),
    pick: fc.nat(20),
    percent: fc.integer({ min: 1, max: 150 }),
  }),
  fc.record({ do: fc.constant("cancel" as const), pick: fc.nat(20) }),
  fc.record({
    do: fc.constant("pass" as const),
    ms: fc.integer({ min: 1, max: 120_000 }),
  }),
);

function perform(play: Play, of: PaperWorld, one: Move): void {
  const { state } = play;
  switch (one.do) {
    case "pass":
      play.at += one.ms;
      play.ask({ type: "advance" });
      return;
    case "cancel":
      play.ask({
        type: "cancel",
        orderId: state.working[one.pick % (state.working.length || 1)] ?? "P0",
      });
      return;
    case "close": {
      const held = [...state.positions.values()];
      const position = held[one.pick % (held.length || 1)];
      if (position === undefined) return;
      const part = multiply(position.qty, decimal(String(one.percent / 100)));
      play.order({
        symbol: position.symbol,
        side: closingSide(position.side),
        qty: one.percent === 100 ? position.qty : part,
        closes: position.id,
      });
      return;
    }
    case "open": {
      const { bid } = of.prices.series(one.symbol).quoteAt(play.at);
      const step = decimal(one.symbol === "AAPL" ? "0.01" : "0.00001");
      const limit = one.near === null
        ? null
        : add(bid, multiply(step, decimal(String(one.near))));
      play.order({
        symbol: one.symbol,
        side: one.side,
        qty: String(one.cents / 100),
        limit,
      });
    }
  }
}

const moves = fc.array(move, { maxLength: 40 });
const modes = fc.constantFrom("hedging" as const, "netting" as const);

Deno.test("stepPaper() conserves money exactly through any moves", () => {
  fc.assert(
    fc.property(moves, modes, (row, mode) => {
      const of = world({ mode, commission: decimal("0.015") });
      const play = new Play(of);
      for (const one of row) perform(play, of, one);
      // Money by cash flow alone, which knows nothing of positions, lots or profits.
      const flow = sum(
        play.fills().map((fill) => {
          const value = multiply(fill.qty, fill.price);
          const signed = fill.side === "buy" ? negate(value) : value;
          return subtract(signed, multiply(fill.qty, of.commission));
        }),
      );
      const worth = sum([...play.state.positions.values()].map((position) => {
        const quote = of.prices.series(position.symbol).quoteAt(play.at);
        return position.side === "long"
          ? multiply(position.qty, quote.bid)
          : negate(multiply(position.qty, quote.ask));
      }));
      assert.equal(
        equityOf(of, play.state, play.at),
        add(CASH, add(flow, worth)),
      );
    }),
    { numRuns: 150 },
  );
});

Deno.test("stepPaper() nets to the same exposure as it hedges", () => {
  const opens = fc.array(
    fc.record({
      side: fc.constantFrom("buy" as const, "sell" as const),
      qty: fc.integer({ min: 1, max: 1_000 }).map(String),
    }),
    { maxLength: 20 },
  );
  fc.assert(fc.property(opens, (row) => {
    const exposure = (mode: "netting" | "hedging") => {
      const play = new Play(world({ mode }));
      for (const one of row) play.order(one);
      return sum(
        [...play.state.positions.values()].map(({ side, qty }) =>
          side === "long" ? qty : negate(qty)
        ),
      );
    };
    assert.equal(exposure("netting"), exposure("hedging"));
  }));
});

Deno.test("stepPaper() never holds less than nothing, never fills twice, never flips by a closing order", () => {
  fc.assert(
    fc.property(moves, modes, (row, mode) => {
      const of = world({ mode });
      const play = new Play(of);
      for (const one of row) {
        perform(play, of, one);
        for (const position of play.state.positions.values()) {
          assert.ok(compare(position.qty, ZERO) > 0);
          assert.equal(position.qty, sum(position.lots.map(({ qty }) => qty)));
        }
      }
      assert.deepEqual(
        play.fills().map((fill) => fill.seq),
        play.fills().map((_, at) => at + 1),
      );
      const times = play.fills().map((fill) => fill.at);
      assert.deepEqual(times, times.toSorted((a, b) => a - b));
      for (const order of entriesOf(play.state.orders).values()) {
        const filled = sum(
          play.fills().filter((fill) => fill.orderId === order.orderId)
            .map((fill) => fill.qty),
        );
        assert.equal(filled, order.filledQty);
        assert.ok(compare(filled, order.intent.qty) <= 0);
      }
      for (const one of entriesOf(play.state.audit.exposures).values()) {
        assert.equal(one.closedQty, sum(one.closings.map(({ qty }) => qty)));
        assert.ok(compare(one.closedQty, one.openedQty) <= 0);
      }
    }),
    { numRuns: 150 },
  );
});

Deno.test("stepPaper() gives the same story however often it is looked at", () => {
  fc.assert(
    fc.property(moves, fc.integer({ min: 1, max: 9 }), (row, looks) => {
      const told = (between: number) => {
        const of = world();
        const play = new Play(of);
        for (const one of row) {
          if (one.do === "pass") {
            const fromAt = play.at;
            for (let look = 1; look < between; look++) {
              play.at = fromAt + Math.floor((one.ms * look) / between);
              play.ask({ type: "advance" });
            }
            play.at = fromAt;
          }
          perform(play, of, one);
        }
        return play.fills();
      };
      assert.deepEqual(told(looks), told(1));
    }),
    { numRuns: 60 },
  );
});

Deno.test("stepPaper() changes nothing that it was given", () => {
  const of = world();
  const play = new Play(of);
  play.order({ limit: decimal("0.5") });
  play.order({});
  const before = play.state;
  const copy = structuredClone(before);
  play.order({ side: "sell", closes: "T1" });
  play.ask({ type: "cancel", orderId: "P1" });
  assert.deepEqual(before, copy);
});

Deno.test("stepPaper() knows a client order id for ever", () => {
  const play = new Play(world());
  const first = play.order({ id: "same" });
  for (let other = 0; other < 300; other++) play.order({});
  play.at += 86_400_000;
  assert.deepEqual(play.order({ id: "same", qty: "5" }), first);
  assert.equal(play.state.seq, 301);
});

Deno.test("stepPaper() takes an earlier instant for the last one", () => {
  const play = new Play(world());
  play.order({});
  play.at -= 5_000;
  assert.equal(play.order({}).status, "filled");
  assert.equal(play.fills()[1]?.at, START_AT);
});

Deno.test("nextFillAt() foretells the instant of the next fill", () => {
  const of = world();
  const play = new Play(of);
  const { bid } = of.prices.series("EURUSD").quoteAt(START_AT);
  const untilAt = START_AT + 3_600_000;
  play.order({ limit: subtract(bid, decimal("0.0001")) });
  const at = nextFillAt(of, play.state, untilAt);
  assert.ok(
    at !== null && at > START_AT,
    "the walk goes down a pip in an hour",
  );
  play.at = at - 1;
  play.ask({ type: "advance" });
  assert.equal(play.fills().length, 0);
  play.at = at;
  play.ask({ type: "advance" });
  assert.equal(play.fills()[0]?.at, at);
  assert.equal(nextFillAt(of, play.state, untilAt), null);
});

Deno.test("stepPaper() fills what the prices reached first first, whichever order came first", () => {
  const of = world();
  const play = new Play(of);
  const { bid } = of.prices.series("EURUSD").quoteAt(START_AT);
  const below = (pips: string) =>
    subtract(bid, multiply(decimal(pips), decimal("0.0001")));
  const far = play.order({ limit: below("3") });
  const near = play.order({ limit: below("1") });
  play.at += 86_400_000;
  play.ask({ type: "advance" });
  const told = play.fills().map(({ orderId, at }) => ({ orderId, at }));
  assert.deepEqual(told.map(({ orderId }) => orderId), [
    near.orderId,
    far.orderId,
  ]);
  assert.ok((told[0]?.at ?? 0) < (told[1]?.at ?? 0));
});

Deno.test("stepPaper() ends a closing order whose position went another way", () => {
  const of = world({ mode: "netting" });
  const play = new Play(of);
  play.order({ qty: "100" });
  const far = add(
    of.prices.series("EURUSD").quoteAt(START_AT).bid,
    decimal("0.0001"),
  );
  play.order({
    id: "resting",
    side: "sell",
    qty: "100",
    closes: "EURUSD",
    limit: far,
  });
  play.order({ side: "sell", qty: "70" });
  play.at += 6 * 3_600_000;
  play.ask({ type: "advance" });
  const orderId = lookUp(play.state.byClientId, "resting") ?? "";
  const order = lookUp(play.state.orders, orderId);
  assert.equal(order?.status, "canceled");
  assert.equal(order?.filledQty, "30");
  assert.equal(order?.reason, REJECT_REASONS.unknownPosition);
  assert.equal(play.state.positions.size, 0);
});

Deno.test("profitsOf() counts commission paid to open in net, and not in gross", () => {
  const of = world({ commission: decimal("0.02") });
  const play = new Play(of);
  play.order({ symbol: "AAPL", qty: "10" });
  const position = play.state.positions.get("T1");
  assert.ok(position !== undefined);
  const { gross, net } = profitsOf(of, position, START_AT);
  const { bid, ask } = of.prices.series("AAPL").quoteAt(START_AT);
  assert.equal(gross, multiply(subtract(bid, ask), decimal("10")));
  assert.equal(net, subtract(gross, decimal("0.2")));
});

Deno.test("profitsOf() turns yen into dollars by the pair's own price, and pounds by another's", () => {
  const of = world({
    prices: paperPrices(7, [
      ticks("USDJPY", "100", "100"),
      ticks("EURGBP", "0.8", "0.8"),
      ticks("GBPUSD", "1.25", "1.25"),
    ]),
  });
  const held = (symbol: string, price: string) => ({
    id: "T1",
    symbol,
    side: "long" as const,
    qty: decimal("1000"),
    lots: [{ qty: decimal("1000"), price: decimal(price), fee: ZERO }],
    tag: null,
    openedAt: START_AT,
    exposure: "T1#1",
  });
  // 1,000 JPY at 100 are 10 USD; 100 GBP at 1.25 are 125 USD.
  assert.equal(profitsOf(of, held("USDJPY", "99"), START_AT).gross, "10");
  assert.equal(profitsOf(of, held("EURGBP", "0.7"), START_AT).gross, "125");
});

Deno.test("lookUp() finds in every earlier ledger what was in it", () => {
  const writes = fc.array(fc.tuple(fc.nat(15), fc.nat()), { maxLength: 60 });
  fc.assert(fc.property(writes, (row) => {
    let ledger: Ledger<number, number> = [];
    const map = new Map<number, number>();
    const kept: { ledger: Ledger<number, number>; map: Map<number, number> }[] =
      [];
    for (const [key, value] of row) {
      ledger = enter(ledger, key, value);
      map.set(key, value);
      kept.push({ ledger, map: new Map(map) });
    }
    for (const one of kept) {
      assert.deepEqual(
        [...entriesOf(one.ledger)].sort(([a], [b]) => a - b),
        [...one.map].sort(([a], [b]) => a - b),
      );
      for (let key = 0; key < 16; key++) {
        assert.equal(lookUp(one.ledger, key), one.map.get(key));
      }
    }
  }));
});

function ticks(symbol: string, bid: string, ask: string) {
  const rows = [-60_000, 60_000].map((ms) =>
    `${new Date(START_AT + ms).toISOString()},${bid},${ask}`
  );
  return { symbol, bid: ["timestamp,bid,ask", ...rows].join("\n"), ask: null };
}
