import assert from "node:assert/strict";
import fc from "fast-check";
import { csvPrices } from "../../../src/adapters/brokers/paper/prices/csv_prices.ts";
import { paperPrices } from "../../../src/adapters/brokers/paper/prices/paper_prices.ts";
import { randomWalk } from "../../../src/adapters/brokers/paper/prices/random_walk.ts";
import {
  instrumentOf,
  pairOf,
  WELL_KNOWN,
} from "../../../src/adapters/brokers/paper/symbols.ts";
import { compare } from "../../../src/domain/decimal.ts";

const START_AT = Date.UTC(2026, 10, 23, 8);
const at = (time: string) => Date.parse(`2013-02-01T${time}Z`);

function walk(seed: number, symbol: string) {
  return randomWalk(seed, instrumentOf(symbol, seed));
}

Deno.test("randomWalk() is a function of seed, symbol and second, whenever it is looked at", () => {
  const instants = fc.array(
    fc.integer({ min: START_AT, max: START_AT + 90 * 86_400_000 }),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(fc.property(fc.nat(), instants, (seed, looks) => {
    const first = walk(seed, "EURUSD");
    const second = walk(seed, "EURUSD");
    const seen = looks.map((look) => first.quoteAt(look));
    const again = looks.toReversed().map((look) => second.quoteAt(look))
      .toReversed();
    assert.deepEqual(seen, again);
  }));
  const bids = (seed: number, symbol: string) =>
    [...walk(seed, symbol).changes(START_AT, START_AT + 60_000)]
      .map((quote) => quote.bid).join();
  assert.notEqual(bids(1, "EURUSD"), bids(2, "EURUSD"));
});

Deno.test("randomWalk() asks more than it bids, and stays near a plausible price", () => {
  for (const symbol of [...WELL_KNOWN, "NOBODY.KNOWS"]) {
    const { startSteps, priceStep } = instrumentOf(symbol, 3);
    const start = startSteps * Number(priceStep);
    const series = walk(3, symbol);
    const moved = new Set<string>();
    for (let hour = 0; hour < 24 * 30; hour++) {
      const { bid, ask } = series.quoteAt(START_AT + hour * 3_600_000);
      assert.ok(compare(ask, bid) > 0);
      const off = Math.abs(Number(bid) / start - 1);
      assert.ok(off < 0.1, `${symbol} is ${bid}, ${off} off ${start}`);
      moved.add(bid);
    }
    assert.ok(moved.size > 100, `${symbol} hardly moves: ${moved.size} prices`);
  }
});

Deno.test("randomWalk() tells each second once, whole or in pieces", () => {
  const series = walk(5, "USDJPY");
  const whole = [...series.changes(START_AT, START_AT + 10_000)];
  const pieces = [
    ...series.changes(START_AT, START_AT + 3_500),
    ...series.changes(START_AT + 3_500, START_AT + 10_000),
  ];
  assert.deepEqual(whole, pieces);
  assert.equal(whole.length, 10);
  for (const quote of whole) {
    assert.deepEqual(series.quoteAt(quote.at), quote);
    assert.deepEqual(series.quoteAt(quote.at + 999), quote);
  }
});

Deno.test("pairOf() writes pairs as traders do", () => {
  assert.deepEqual(pairOf("USD", "EUR"), { symbol: "EURUSD", base: "EUR" });
  assert.deepEqual(pairOf("JPY", "USD"), { symbol: "USDJPY", base: "USD" });
  assert.deepEqual(pairOf("USD", "XAU"), { symbol: "XAUUSD", base: "XAU" });
  assert.equal(pairOf("USD", "USD"), null);
  assert.equal(pairOf("USD", "ABC"), null);
});

const BARS = `timestamp,open,high,low,close
2013-02-01 10:00:00+00:00,91.70,91.80,91.60,91.75
2013-02-01 10:01:00+00:00,91.75,91.90,91.50,91.55
2013-02-01T10:30:00Z,91.60,91.60,91.60,91.60
2013-02-01 11:31:00+00:00,92.00,92.00,92.00,92.00
`;

Deno.test("csvPrices() tells a bar's prices in the order in which they came", () => {
  const series = csvPrices({ symbol: "USDJPY", bid: BARS, ask: null });
  const bid = (time: string) => series.quoteAt(at(time)).bid;
  assert.equal(bid("10:00:00"), "91.7");
  assert.equal(bid("10:00:14.999"), "91.7");
  assert.equal(bid("10:00:15"), "91.6");
  assert.equal(bid("10:00:30"), "91.8");
  assert.equal(bid("10:00:45"), "91.75");
  // This one closes below its open: the high comes first.
  assert.equal(bid("10:01:15"), "91.9");
  assert.equal(bid("10:01:30"), "91.5");
  assert.equal(bid("10:20:00"), "91.55");
});

Deno.test("csvPrices() is closed before, after and in gaps of an hour", () => {
  const series = csvPrices({ symbol: "USDJPY", bid: BARS, ask: null });
  const state = (time: string) => {
    const { bid, open } = series.quoteAt(at(time));
    return `${bid} ${open ? "open" : "closed"}`;
  };
  assert.equal(state("09:59:59.999"), "91.7 closed");
  assert.equal(state("10:00:00"), "91.7 open");
  assert.equal(state("10:29:59"), "91.55 open");
  assert.equal(state("10:30:59.999"), "91.6 open");
  assert.equal(state("10:31:00"), "91.6 closed");
  assert.equal(state("11:30:59"), "91.6 closed");
  assert.equal(state("11:31:00"), "92 open");
  assert.equal(state("11:32:00"), "92 closed");
});

Deno.test("csvPrices() takes bid and ask from two files, where both have them", () => {
  const ask = `timestamp,open,high,low,close
2013-02-01 10:00:00+00:00,91.72,91.82,91.62,91.77
2013-02-01 10:01:00+00:00,91.70,91.92,91.52,91.57
`;
  const series = csvPrices({ symbol: "USDJPY", bid: BARS, ask });
  const first = series.quoteAt(at("10:00:30"));
  assert.deepEqual([first.bid, first.ask], ["91.8", "91.82"]);
  // An ask below the bid is raised to it.
  const second = series.quoteAt(at("10:01:00"));
  assert.deepEqual([second.bid, second.ask], ["91.75", "91.75"]);
  assert.equal(series.quoteAt(at("10:30:00")).open, false);
});

Deno.test("csvPrices() reads ticks, several of one instant included", () => {
  const series = csvPrices({
    symbol: "USDJPY",
    ask: null,
    bid: `timestamp,bid,ask
2013-02-01 10:00:00.295000+00:00,86.655,86.728
2013-02-01 10:00:00.295900+00:00,86.656,86.729
2013-02-01 12:00:01+02:00,86.657,86.730
`,
  });
  assert.equal(series.quoteAt(at("10:00:00.295")).bid, "86.656");
  assert.equal(series.quoteAt(at("10:00:01")).ask, "86.73");
  assert.equal(series.quoteAt(at("10:00:00.294")).open, false);
});

Deno.test("csvPrices() refuses a bad line by its number", () => {
  const cases: readonly (readonly [string, number])[] = [
    ["time,open\n", 1],
    ["timestamp,open,high,low,close\n", 2],
    [BARS.replace("91.75,91.90", "91.75,abc"), 3],
    [BARS.replace("91.75,91.90", "91.75,1e2"), 3],
    [BARS.replace("91.75,91.90", "91.75,0.0"), 3],
    [BARS.replace("10:30:00Z", "10:30:00"), 4],
    [BARS.replace("2013-02-01T10:30", "2013-02-30T10:30"), 4],
    [BARS.replace("11:31", "10:30"), 5],
  ];
  for (const [bid, line] of cases) {
    assert.throws(
      () => csvPrices({ symbol: "USDJPY", bid, ask: null }),
      (error: { code?: string; details?: { line?: number } }) =>
        error.code === "paper/bad-prices" && error.details?.line === line,
      bid,
    );
  }
});

Deno.test("csvPrices() names the file of a bad line, or symbol and side where it knows none", () => {
  const read = (
    bid: string,
    ask: string | null,
    files?: { bid: string; ask: string | null },
  ) =>
  () =>
    csvPrices({
      symbol: "USDJPY",
      bid,
      ask,
      ...(files === undefined ? {} : { files }),
    });
  const files = { bid: "p/bid.csv", ask: "p/ask.csv" };
  const ticks = "timestamp,bid,ask\n2013-02-01 10:00:00Z,1,2\n";
  assert.throws(read("x", null, files), { message: /"p\/bid\.csv", line 1:/ });
  assert.throws(read(BARS, "x", files), { message: /"p\/ask\.csv", line 1:/ });
  assert.throws(read(BARS, ticks, files), {
    message: /"p\/ask\.csv", line 1:/,
  });
  const later = BARS.replaceAll("2013-", "2014-");
  assert.throws(read(BARS, later, files), {
    message: /"p\/ask\.csv", line 2:/,
  });
  assert.throws(read("x", null), { message: /"USDJPY bid", line 1:/ });
  assert.throws(read(BARS, later), { message: /"USDJPY ask", line 2:/ });
});

Deno.test("csvPrices() finds what a look through all rows finds", () => {
  const rows = fc.array(fc.integer({ min: 1, max: 200 }), {
    minLength: 1,
    maxLength: 30,
  });
  const looks = fc.array(fc.integer({ min: -5, max: 6_100 }), {
    maxLength: 40,
  });
  fc.assert(fc.property(rows, looks, (gaps, minutes) => {
    let time = at("10:00:00");
    const ticks = gaps.map((gap, row) => {
      time += gap * 60_000;
      return { at: time, price: `${row + 1}.5` };
    });
    const lines = ticks.map((tick) =>
      `${new Date(tick.at).toISOString()},${tick.price},${tick.price}`
    );
    const series = csvPrices({
      symbol: "X",
      bid: ["timestamp,bid,ask", ...lines].join("\n"),
      ask: null,
    });
    for (const minute of minutes) {
      const look = at("10:00:00") + minute * 60_000;
      const last = ticks.filter((tick) => tick.at <= look).at(-1);
      const next = ticks.find((tick) => tick.at > look);
      const open = last !== undefined && (last.at === look ||
        (next !== undefined && next.at - last.at < 3_600_000));
      const quote = series.quoteAt(look);
      assert.equal(quote.bid, (last ?? ticks[0])?.price);
      assert.equal(quote.open, open);
      const changes = [...series.changes(at("10:00:00"), look)].length;
      assert.equal(changes, ticks.filter((tick) => tick.at <= look).length);
    }
  }));
});

const REAL = new URL("../../../../shared/data/prices/", import.meta.url);
const present = await Deno.stat(REAL).then(() => true, () => false);

Deno.test({
  name: "csvPrices() reads a month of real bars (skips where they are absent)",
  ignore: !present,
  async fn() {
    const text = (side: string) =>
      Deno.readTextFile(new URL(`usdjpy-m1-${side}-2013.csv`, REAL));
    const [bid, ask] = await Promise.all([text("bid"), text("ask")]);
    const prices = paperPrices(1, [{ symbol: "USDJPY", bid, ask }]);
    const series = prices.series("USDJPY");
    const quote = series.quoteAt(Date.parse("2013-02-05T14:30:00Z"));
    assert.ok(quote.open);
    assert.ok(compare(quote.ask, quote.bid) >= 0);
    // Saturday.
    assert.equal(
      series.quoteAt(Date.parse("2013-02-09T12:00:00Z")).open,
      false,
    );
    let count = 0;
    const day = Date.parse("2013-02-05T00:00:00Z");
    for (const change of series.changes(day, day + 86_400_000)) {
      assert.ok(compare(change.ask, change.bid) >= 0);
      count++;
    }
    assert.ok(count > 5_000, `${count} changes in a day`);
  },
});
