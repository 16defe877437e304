/**
 * Bars of a price series, every price of which counts.
 *
 * @module
 */

import {
  type Bar,
  barOf,
  barStarts,
  type BarWish,
} from "../../../../domain/bar.ts";
import type { EpochMs } from "../../../../domain/time.ts";
import type { PriceSeries } from "./price_series.ts";

/**
 * The last bars that have ended; a stretch in which the market is closed has none.
 *
 * @units `now`: EpochMs
 */
export function barsOf(
  series: PriceSeries,
  wish: BarWish,
  now: EpochMs,
): readonly Bar[] {
  return barStarts(wish, now).flatMap((from) => {
    const first = series.quoteAt(from);
    const later = series.changes(from, from + wish.everyMs - 1);
    // What stood before the stretch began is its first price, where the market was open.
    const isOpen = first.open && first.at <= from;
    const quotes = [...isOpen ? [first] : [], ...later];
    return barOf(from, quotes.map(({ bid }) => bid)) ?? [];
  });
}
