import assert from "node:assert/strict";
import fc from "fast-check";
import type { FaultRule } from "../../src/adapters/brokers/paper/faults.ts";
import {
  add,
  compare,
  type Decimal,
  decimal,
  negate,
  ZERO,
} from "../../src/domain/decimal.ts";
import type { AccountMode, Session } from "../../src/domain/definition.ts";
import type { OrderSide } from "../../src/domain/position.ts";
import { replay } from "../../src/runtime/engine.ts";
import {
  CLOSE_ALL,
  held,
  openPaperRun,
  type PaperRun,
} from "../support/paper_run.ts";
import { orderRequest } from "../support/place_order.ts";

/** How many days of trading and faults are tried. */
const DAYS = 1_000;

const FROM = "2026-11-23T16:20:00Z";
const AFTER = "2026-11-23T16:35:00Z";

/** From here on after the first trade the closes may be under way. @units milliseconds */
const CLOSING_MS = 598_000;

const SYMBOLS = ["EURUSD", "GBPUSD"] as const;

const SESSIONS = ["desk", "other"] as const;

function sharing(name: string): Partial<Session> {
  return {
    ...CLOSE_ALL,
    name,
    scope: {
      written: true,
      symbols: null,
      except: [],
      tag: null,
      session: name,
    },
  };
}

/** One trade: by a session through us, or by somebody else at the broker. */
const trade = fc.record({
  by: fc.constantFrom(...SESSIONS, "hand" as const),
  symbol: fc.constantFrom(...SYMBOLS),
  side: fc.constantFrom<OrderSide>("buy", "sell"),
  qty: fc.integer({ min: 1, max: 900 }).map((qty) => decimal(String(qty))),
  // Some come at the last moment, while the close is about to begin.
  atMs: fc.oneof(
    fc.integer({ min: 0, max: 880_000 }),
    fc.integer({ min: 598_800, max: 599_050 }),
  ),
  limit: fc.constantFrom(null, decimal("0.01")),
});

type Trade = typeof trade extends fc.Arbitrary<infer T> ? T : never;

const fault: fc.Arbitrary<FaultRule> = fc.record({
  on: fc.constantFrom(
    "submit",
    "close",
    "positions",
    "fills",
    "find",
    "cancel",
  ),
  after: fc.integer({ min: 0, max: 5 }),
  times: fc.integer({ min: 1, max: 3 }),
  do: fc.oneof(
    fc.record({
      kind: fc.constant("status" as const),
      status: fc.constantFrom(500, 503),
      carry_out: fc.boolean(),
    }),
    fc.constant({ kind: "no_answer" as const }),
    fc.constant({ kind: "lost" as const }),
    fc.record({
      kind: fc.constant("delay" as const),
      ms: fc.integer({ min: 1, max: 15_000 }),
    }),
    fc.record({
      kind: fc.constant("partial" as const),
      percent: fc.integer({ min: 1, max: 99 }),
      rest: fc.constantFrom("cancel" as const, "working" as const),
      fill_after_ms: fc.integer({ min: 1, max: 60_000 }),
    }),
    fc.record({
      kind: fc.constant("working" as const),
      fill_after_ms: fc.integer({ min: 1, max: 60_000 }),
    }),
    fc.constant({ kind: "lie_filled" as const }),
    fc.record({
      kind: fc.constant("stale_positions" as const),
      reads: fc.integer({ min: 1, max: 3 }),
      as_of_now: fc.constant(false),
    }),
  ),
});

const day = fc.record({
  mode: fc.constantFrom<AccountMode>("netting", "hedging"),
  held: fc.option(fc.integer({ min: 1, max: 5_000 })),
  latencyMs: fc.constantFrom(0, 40),
  trades: fc.array(trade, { minLength: 1, maxLength: 8 }),
  faults: fc.array(fault, { maxLength: 3 }),
});

/** Trades in the order of their time; answers come when they come. */
async function trades(run: PaperRun, all: readonly Trade[]): Promise<void> {
  const hand = run.paper.openBroker();
  await run.clock.runFor(hand.open(() => {}));
  const begin = run.clock.now();
  const ordered = all.toSorted((a, b) => a.atMs - b.atMs);
  for (
    const [index, { by, symbol, side, qty, atMs, limit }] of ordered.entries()
  ) {
    await run.clock.run(Math.max(begin + atMs, run.clock.now()));
    const asked = by === "hand"
      ? hand.submit({
        clientOrderId: `hand${index}`,
        symbol,
        side,
        qty,
        limitPrice: null,
        closes: null,
        tag: null,
      })
      : run.runtime.place(
        orderRequest({ session: by, symbol, side, qty, limitPrice: limit }),
      );
    // Some are refused, some lost; the broker's own book is what counts.
    asked.catch(() => {});
  }
  await run.playUntil(AFTER);
  await hand[Symbol.asyncDispose]();
}

/** Which session an order belongs to, and whether it closed for one: by what we told. */
function ordersOf(run: PaperRun): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { event, effects } of run.journal.read()) {
    for (const effect of effects) {
      if (effect.type !== "tell" || effect.notice.type !== "order.sent") {
        continue;
      }
      const { edge, intent } = effect.notice;
      const session = edge.startsWith("request/")
        ? event.type === "order.requested" ? event.session : intent.tag
        : edge.split("/")[0];
      owners.set(intent.clientOrderId, session ?? "");
    }
  }
  return owners;
}

/** By the broker's own list of executions: what a session opened is at least what was closed for it. */
function assertOwnPartOnly(run: PaperRun): number {
  const owners = ordersOf(run);
  const shares = new Map<string, Decimal>();
  let closes = 0;
  const fills = run.paper.state.fills.flatMap((layer) => [...layer.values()])
    .toSorted((a, b) => a.seq - b.seq);
  for (const { clientOrderId, positionId, side, qty } of fills) {
    const session = owners.get(clientOrderId ?? "");
    if (session === undefined) continue;
    const key = `${session} ${positionId}`;
    const before = shares.get(key) ?? ZERO;
    const after = add(before, side === "buy" ? qty : negate(qty));
    shares.set(key, after);
    if (!/^[cs]/.test(clientOrderId ?? "")) continue;
    closes++;
    const isBeyond = compare(before, ZERO) > 0
      ? compare(after, ZERO) < 0
      : compare(after, ZERO) > 0;
    assert.ok(
      compare(before, ZERO) !== 0 && !isBeyond,
      `${key}: ${before} was its own, and a close made it ${after}`,
    );
  }
  return closes;
}

/** Whoever is said to be flat has nothing left of what it opened, by the broker's own book. */
function assertFlatIsFlat(run: PaperRun): void {
  const owners = ordersOf(run);
  const flat = new Set(
    run.settled().filter(({ outcome }) => outcome === "flat_verified")
      .map(({ edge }) => edge.split("/")[0]),
  );
  const left = new Map<string, Decimal>();
  const fills = run.paper.state.fills.flatMap((layer) => [...layer.values()])
    .toSorted((a, b) => a.seq - b.seq);
  for (const { clientOrderId, positionId, side, qty } of fills) {
    const session = owners.get(clientOrderId ?? "");
    if (session === undefined) continue;
    const key = `${session} ${positionId}`;
    const signed = side === "buy" ? qty : negate(qty);
    left.set(key, add(left.get(key) ?? ZERO, signed));
  }
  for (const { id, side } of run.paper.state.positions.values()) {
    for (const session of flat) {
      const share = left.get(`${session} ${id}`) ?? ZERO;
      const isOwn = compare(share, ZERO) * (side === "long" ? 1 : -1) > 0;
      assert.ok(!isOwn, `${session} is said to be flat and has ${share} ${id}`);
    }
  }
}

Deno.test(`a close by session never takes more than the session's own part (${DAYS} days)`, async () => {
  const seen = new Map<string, number>();
  let closes = 0;
  await fc.assert(
    fc.asyncProperty(day, async (given) => {
      const { mode, latencyMs, faults } = given;
      const positions = given.held === null
        ? []
        : [held("EURUSD", String(given.held))];
      await using run = await openPaperRun({
        account: { mode, latencyMs, positions },
        sessions: SESSIONS.map(sharing),
        from: FROM,
        faults,
      });
      await run.playUntil("2026-11-23T16:20:01Z");
      await trades(run, given.trades);
      // What somebody else closes while our order is on its way, nobody can know.
      const races = given.trades.some(({ by, atMs }) =>
        by === "hand" && atMs > CLOSING_MS
      );
      if (!races) assert.deepEqual(run.paper.audit().duplicates, []);
      closes += assertOwnPartOnly(run);
      if (given.trades.every(({ by }) => by !== "hand")) assertFlatIsFlat(run);
      const ends = run.settled();
      assert.equal(ends.length, SESSIONS.length);
      for (const { outcome } of ends) {
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
      }
      assert.deepEqual(replay(run.journal.read()), run.runtime.state);
    }),
    { numRuns: DAYS, seed: 20261123 },
  );
  assert.ok(closes > DAYS / 2, `${closes} executions of closes were looked at`);
  for (const outcome of ["flat_verified", "unknown", "failed"]) {
    assert.ok((seen.get(outcome) ?? 0) > 3, `${outcome}: ${seen.get(outcome)}`);
  }
});
