import assert from "node:assert/strict";
import { csvPrices } from "../../src/adapters/brokers/paper/prices/csv_prices.ts";
import { barsOf } from "../../src/adapters/brokers/paper/prices/series_bars.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { decimal } from "../../src/domain/decimal.ts";
import type { MarketQuote } from "../../src/domain/quote.ts";
import { MINUTE_MS, SECOND_MS } from "../../src/domain/time.ts";
import { PriceSamples, SAMPLES_MAX } from "../../src/runtime/price_samples.ts";
import type { Broker } from "../../src/runtime/ports.ts";
import {
  SAMPLE_EVERY_MS,
  sampleQuotes,
} from "../../src/runtime/sample_quotes.ts";
import { clockSession, instant } from "../support/clock_session.ts";

const AT = instant("2026-11-23T08:00:00Z");

function quote(bid: string, open: boolean | null = true): MarketQuote {
  return { symbol: "A", bid: decimal(bid), ask: decimal("9"), at: 0, open };
}

/** Samples of a minute each, `08:00 1 08:01 2`, and so on. */
function minutes(...bids: readonly string[]): PriceSamples {
  const samples = new PriceSamples();
  bids.forEach((bid, index) =>
    samples.note("main", quote(bid), AT + index * MINUTE_MS)
  );
  return samples;
}

const TWO = { everyMs: 2 * MINUTE_MS, count: 3 };

Deno.test("PriceSamples.bars() gives the bars that have ended, and none of before the first price", () => {
  const samples = minutes("1.5", "1.2", "1.3", "1.9", "1.7");
  const now = AT + 5 * MINUTE_MS;
  assert.deepEqual(samples.bars("main", "A", TWO, now), [
    { at: AT, open: "1.5", high: "1.5", low: "1.2", close: "1.2" },
    {
      at: AT + 2 * MINUTE_MS,
      open: "1.3",
      high: "1.9",
      low: "1.3",
      close: "1.9",
    },
  ]);
  assert.deepEqual(samples.bars("other", "A", TWO, now), []);
  assert.deepEqual(samples.bars("main", "B", TWO, now), []);
});

Deno.test("PriceSamples.note() leaves out a closed market, and a clock that was set back", () => {
  const samples = minutes("1.5");
  samples.note("main", quote("7", false), AT + SECOND_MS);
  samples.note("main", quote("8"), AT - SECOND_MS);
  samples.note("main", quote("1.6", null), AT + 2 * SECOND_MS);
  const [bar] = samples.bars("main", "A", TWO, AT + 2 * MINUTE_MS);
  assert.deepEqual([bar?.high, bar?.low], ["1.6", "1.5"]);
});

Deno.test("PriceSamples keeps so many prices and no more", () => {
  const samples = new PriceSamples();
  for (let count = 0; count <= SAMPLES_MAX; count++) {
    samples.note("main", quote("1"), AT + count * SECOND_MS);
  }
  const wish = { everyMs: SECOND_MS, count: SAMPLES_MAX + 1 };
  const now = AT + (SAMPLES_MAX + 1) * SECOND_MS;
  const { length } = samples.bars("main", "A", wish, now);
  assert.equal(length, SAMPLES_MAX - SAMPLES_MAX / 10 + 1);
});

Deno.test("sampleQuotes() asks where a strategy wants to know and the broker gives no bars", async () => {
  const clock = new VirtualClock(AT);
  const asked: string[] = [];
  const ask = (account: string, symbol: string) => {
    asked.push(`${account} ${symbol}`);
    return symbol === "BAD"
      ? Promise.reject(new Error("no prices"))
      : Promise.resolve({ ...quote("1"), symbol });
  };
  const brokers = new Map(
    [
      ["sampled", { quote: (symbol: string) => ask("sampled", symbol) }],
      ["paper", {
        quote: (symbol: string) => ask("paper", symbol),
        bars: () => Promise.resolve([]),
      }],
      // Only what is asked for is given.
    ] as unknown as readonly (readonly [string, Broker])[],
  );
  const hook = {
    source: { kind: "inline", code: "" },
    permissions: { net: [], read: [], write: [], env: [], import: [] },
    isolation: "auto",
    timeoutMs: 1,
    onFailure: "continue",
    overlap: "skip",
    params: "{}",
  } as const;
  const strategies = [{ hook, everyMs: MINUTE_MS, symbols: ["BAD", "A"] }];
  const sessions = ["sampled", "paper"].map((account) =>
    clockSession({ name: account, account, strategies })
  );
  const samples = new PriceSamples();
  const over = new AbortController();
  const done = sampleQuotes({
    sessions: () => sessions,
    brokers,
    clock,
    samples,
    signal: over.signal,
  });
  await clock.run(AT + SAMPLE_EVERY_MS);
  over.abort();
  await done;
  const once = ["sampled BAD", "sampled A"];
  assert.deepEqual(asked, [...once, ...once]);
  const wish = { everyMs: SAMPLE_EVERY_MS, count: 1 };
  const bars = samples.bars("sampled", "A", wish, AT + SAMPLE_EVERY_MS);
  assert.equal(bars.length, 1);
});

Deno.test("barsOf() has every price of a series in its bars, and none while its market is closed", () => {
  const series = csvPrices({
    symbol: "A",
    bid: [
      "timestamp,bid,ask",
      "2026-11-23 08:00:10Z,1.5,1.6",
      "2026-11-23 08:00:40Z,1.9,2.0",
      "2026-11-23 08:01:20Z,1.2,1.3",
      "2026-11-23 12:00:00Z,3.0,3.1",
    ].join("\n"),
    ask: null,
  });
  const wish = { everyMs: MINUTE_MS, count: 3 };
  assert.deepEqual(barsOf(series, wish, AT + 3 * MINUTE_MS), [
    { at: AT, open: "1.5", high: "1.9", low: "1.5", close: "1.9" },
    {
      at: AT + MINUTE_MS,
      open: "1.9",
      high: "1.9",
      low: "1.2",
      close: "1.2",
    },
  ]);
});
