/**
 * Where the paper broker's prices come from: a file where there is one, else the random walk.
 *
 * @module
 */

import { instrumentOf } from "../symbols.ts";
import { csvPrices, type PriceText } from "./csv_prices.ts";
import type { Prices, PriceSeries } from "./price_series.ts";
import { randomWalk } from "./random_walk.ts";

/**
 * Opens the prices of every symbol.
 *
 * @throws {CarillonError} "paper/bad-prices" naming the file and the line
 */
export function paperPrices(seed: number, texts: readonly PriceText[]): Prices {
  const known = new Map<string, PriceSeries>();
  for (const text of texts) known.set(text.symbol, csvPrices(text));
  return {
    fromFiles: texts.map((text) => text.symbol),
    series(symbol) {
      const series = known.get(symbol) ??
        randomWalk(seed, instrumentOf(symbol, seed));
      known.set(symbol, series);
      return series;
    },
  };
}
