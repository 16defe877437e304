/**
 * Prices that were asked for since the run began, kept beside the core, and bars made of them.
 *
 * @module
 */

import {
  type Bar,
  barOf,
  barStarts,
  type BarWish,
  type PricePoint,
} from "../domain/bar.ts";
import type { MarketQuote } from "../domain/quote.ts";
import type { EpochMs } from "../domain/time.ts";

/** How many prices of one symbol are kept; the oldest go first. @units a count */
export const SAMPLES_MAX = 20_000;

/** A bounded row of prices for each symbol of each account. */
export class PriceSamples {
  readonly #points = new Map<string, PricePoint[]>();

  /** Keeps a price, unless its market is closed. @units `at`: EpochMs */
  note(account: string, { symbol, bid, open }: MarketQuote, at: EpochMs): void {
    if (open === false) return;
    const key = keyOf(account, symbol);
    const points = this.#points.get(key) ?? [];
    // A wall clock that was set back must not mix up the order.
    if (at < (points.at(-1)?.at ?? -Infinity)) return;
    points.push({ at, price: bid });
    if (points.length > SAMPLES_MAX) points.splice(0, SAMPLES_MAX / 10);
    this.#points.set(key, points);
  }

  /** The last bars that have ended and of which there are prices, the newest last. */
  bars(
    account: string,
    symbol: string,
    wish: BarWish,
    now: EpochMs,
  ): readonly Bar[] {
    const points = this.#points.get(keyOf(account, symbol)) ?? [];
    const { everyMs } = wish;
    const prices = Map.groupBy(
      points,
      ({ at }) => Math.floor(at / everyMs) * everyMs,
    );
    return barStarts(wish, now).flatMap((from) =>
      barOf(from, (prices.get(from) ?? []).map(({ price }) => price)) ?? []
    );
  }
}

function keyOf(account: string, symbol: string): string {
  return `${account} ${symbol}`;
}
