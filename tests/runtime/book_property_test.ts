import assert from "node:assert/strict";
import fc from "fast-check";
import type { GatewayFault } from "../../src/adapters/brokers/paper/gateway/gateway_faults.ts";
import type { PaperBroker } from "../../src/adapters/brokers/paper/paper_broker.ts";
import { readAccountNews } from "../../src/adapters/brokers/protocol/gateway_news.ts";
import { decimal } from "../../src/domain/decimal.ts";
import type { FeedNews } from "../../src/gateway/book_feed.ts";
import { replay } from "../../src/runtime/engine.ts";
import {
  CrashingJournal,
  DUE_AT,
  endsOf,
  play,
  type PlayedSchedule,
  playUntil,
  type Schedule,
  schedule,
  setupOf,
} from "../support/crash_schedule.ts";
import type { BookSetup, PaperRun } from "../support/paper_run.ts";

/** How many schedules are tried, and from where: `deno test ... -- --schedules=50000 --seed=7`. */
const SCHEDULES = argument("schedules", 300);
const SEED = argument("seed", 20261126);

function argument(name: string, fallback: number): number {
  const given = Deno.args.find((word) => word.startsWith(`--${name}=`));
  return given === undefined ? fallback : Number(given.slice(name.length + 3));
}

const gatewayFault = fc.constantFrom<GatewayFault>(
  { kind: "cut" },
  { kind: "half_open" },
  { kind: "reconnect" },
  { kind: "lose_session" },
  { kind: "slow", ms: 1_500 },
);

/** How far before the edge something happens. */
const beforeMs = fc.integer({ min: 1, max: 25_000 });

const desk = fc.record({
  it: schedule,
  shards: fc.constantFrom(1, 2),
  trades: fc.array(
    fc.record({
      beforeMs,
      symbol: fc.constantFrom("EURUSD", "GBPUSD", "AUDUSD"),
      qty: fc.integer({ min: 1, max: 900 }),
    }),
    { maxLength: 5 },
  ),
  cuts: fc.array(fc.record({ beforeMs, fault: gatewayFault }), {
    maxLength: 2,
  }),
});
type Desk = typeof desk extends fc.Arbitrary<infer D> ? D : never;

/** What a gateway can get wrong about an account; each from its so many-th news on. */
const lie = fc.record({
  after: fc.nat(4),
  kind: fc.constantFrom(
    "hides",
    "overstates",
    "understates",
    "invents",
    "counts on",
    "says nothing",
    "turns",
  ),
});
type Lie = typeof lie extends fc.Arbitrary<infer L> ? L : never;

function tell({ after, kind }: Lie): BookSetup {
  let told = 0;
  return {
    hear(name, data) {
      const found = readAccountNews(name, data);
      if (found === null) return null;
      const isTrue = told++ < after;
      return isTrue ? found : distort(found, kind);
    },
  };
}

function distort(found: FeedNews, kind: Lie["kind"]): FeedNews | null {
  const { news } = found;
  if (kind === "says nothing") return null;
  if (kind === "counts on" && news.type === "fill") {
    return { ...found, news: { ...news, seq: news.seq + 100 } };
  }
  if (news.type !== "position" || news.position === null) return found;
  const { position } = news;
  switch (kind) {
    case "hides":
      return { ...found, news: { ...news, position: null } };
    case "overstates":
      return {
        ...found,
        news: { ...news, position: { ...position, qty: decimal("100000") } },
      };
    case "understates":
      return {
        ...found,
        news: { ...news, position: { ...position, qty: decimal("0.5") } },
      };
    case "invents":
      return { ...found, news: { ...news, id: "GHOST" } };
    case "turns": {
      const side = position.side === "long" ? "short" : "long";
      return { ...found, news: { ...news, position: { ...position, side } } };
    }
    case "counts on":
      return found;
  }
}

/** Somebody else trades, and connections break, up to the edge. */
async function liveUpToEdge(run: PaperRun, { trades, cuts }: Desk) {
  const all = [
    ...trades.map(({ beforeMs, symbol, qty }, index) => ({
      beforeMs,
      act: () => buy(run.paper, `other-${index}`, symbol, qty),
    })),
    ...cuts.map(({ beforeMs, fault }) => ({
      beforeMs,
      act: () => run.paper.gateway.inflict(fault),
    })),
  ].toSorted((a, b) => b.beforeMs - a.beforeMs);
  for (const { beforeMs, act } of all) {
    await playUntil(run, DUE_AT - beforeMs);
    act();
  }
}

function buy(
  paper: PaperBroker,
  clientOrderId: string,
  symbol: string,
  qty: number,
): void {
  paper.ask({
    type: "submit",
    plan: { kind: "market" },
    intent: {
      clientOrderId,
      symbol,
      side: "buy",
      qty: decimal(String(qty)),
      limitPrice: null,
      closes: null,
      tag: null,
    },
  });
}

/** What has to hold of every schedule, whatever its book said. */
function judge(
  { first, last }: PlayedSchedule,
  it: Schedule,
  journal: CrashingJournal,
): void {
  assert.deepEqual(replay(journal.read()), last.runtime.state);
  const ends = endsOf(journal);
  assert.deepEqual(
    ends.map(({ edge }) => edge).toSorted(),
    setupOf(it).sessions.map(({ name }) => `${name}/2026-11-23/end`).toSorted(),
    "every edge ends once, over all runs",
  );
  for (const { outcome } of ends) {
    if (outcome !== "flat_verified") continue;
    assert.equal(first.paper.state.positions.size, 0, "flat is flat");
  }
  assert.deepEqual(first.paper.audit().duplicates, []);
}

function countWords(journal: CrashingJournal, seen: Map<string, number>) {
  const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
  for (const { event, effects } of journal.read()) {
    count(event.type === "positions.read" ? `by ${event.source}` : event.type);
    for (const effect of effects) {
      if (effect.type !== "tell") continue;
      const { notice } = effect;
      if (notice.type === "close.started" && notice.source === "book") {
        count("begun by the book");
      }
      if (notice.type === "edge.settled") count(notice.outcome);
    }
  }
}

async function disposeAll(runs: readonly PaperRun[]): Promise<void> {
  for (const run of runs.toReversed()) await run[Symbol.asyncDispose]();
}

Deno.test(`a book closes nothing twice and proves nothing, whatever is cut, fails or crashes (${SCHEDULES} schedules)`, async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(desk, async (one) => {
      const journal = new CrashingJournal();
      const book = { gateway: { shards: one.shards, maxConcurrency: 2 } };
      const begun = (run: PaperRun) => liveUpToEdge(run, one);
      const played = await play(one.it, journal, { book }, begun);
      try {
        judge(played, one.it, journal);
        countWords(journal, seen);
      } finally {
        await disposeAll(played.runs);
      }
    }),
    { numRuns: SCHEDULES, seed: SEED },
  );
  for (const what of ["begun by the book", "flat_verified", "by rest"]) {
    assert.ok((seen.get(what) ?? 0) > 20, `${what}: ${seen.get(what) ?? 0}`);
  }
});

Deno.test(`a book that lies leads to no false FLAT and closes nothing twice (${SCHEDULES} schedules)`, async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(desk, lie, async (one, lied) => {
      const journal = new CrashingJournal();
      const begun = (run: PaperRun) => liveUpToEdge(run, one);
      const played = await play(one.it, journal, { book: tell(lied) }, begun);
      try {
        judge(played, one.it, journal);
        countWords(journal, seen);
      } finally {
        await disposeAll(played.runs);
      }
    }),
    { numRuns: SCHEDULES, seed: SEED },
  );
  for (const what of ["begun by the book", "book.differed"]) {
    assert.ok((seen.get(what) ?? 0) > 20, `${what}: ${seen.get(what) ?? 0}`);
  }
});
