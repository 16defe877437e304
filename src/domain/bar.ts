/**
 * Prices over time, as bars.
 *
 * @module
 */

import { compare, type Decimal } from "./decimal.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** The prices of one stretch of time; they are what the symbol could be sold for. */
export interface Bar {
  /** When it begins. @units EpochMs */
  readonly at: EpochMs;
  /** The first price. */
  readonly open: Decimal;
  /** The highest price. */
  readonly high: Decimal;
  /** The lowest price. */
  readonly low: Decimal;
  /** The last price. */
  readonly close: Decimal;
}

/** A price, from an instant on. */
export interface PricePoint {
  readonly at: EpochMs;
  readonly price: Decimal;
}

/** Which bars are asked for: the last ones that have ended. */
export interface BarWish {
  /** How long a bar is. @units milliseconds */
  readonly everyMs: DurationMs;
  /** How many at most, the newest last. @units a count */
  readonly count: number;
}

/** How many bars one question may ask for. @units a count */
export const BARS_MAX = 500;

/** How far one question may reach back. @units milliseconds */
export const BARS_REACH_MS: DurationMs = 7 * 86_400_000;

/**
 * When the bars begin that have ended by an instant, the oldest first; each begins at a multiple of
 * its length, in UTC.
 *
 * @units `now`: EpochMs
 */
export function barStarts(
  { everyMs, count }: BarWish,
  now: EpochMs,
): readonly EpochMs[] {
  const end = Math.floor(now / everyMs) * everyMs;
  return Array.from(
    { length: count },
    (_, index) => end - (count - index) * everyMs,
  );
}

/** The bar of a stretch's prices, in the order of time; `null` where there are none. */
export function barOf(at: EpochMs, prices: readonly Decimal[]): Bar | null {
  const [open] = prices;
  const close = prices.at(-1);
  if (open === undefined || close === undefined) return null;
  let high = open;
  let low = open;
  for (const price of prices) {
    if (compare(price, high) > 0) high = price;
    if (compare(price, low) < 0) low = price;
  }
  return { at, open, high, low, close };
}
