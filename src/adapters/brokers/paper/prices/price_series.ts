/**
 * Prices as the paper broker asks for them: at an instant, and every change between two.
 *
 * @module
 */

import type { Decimal } from "../../../../domain/decimal.ts";
import type { EpochMs } from "../../../../domain/time.ts";

/** What a symbol can be sold and bought for. */
export interface Quote {
  readonly bid: Decimal;
  readonly ask: Decimal;
  /** Since when these prices stand; before the first price known, its own later instant. */
  readonly at: EpochMs;
  /** Whether the market takes orders; where it does not, the prices are the last ones known. */
  readonly open: boolean;
}

/** The prices of one symbol: the same question always has the same answer. */
export interface PriceSeries {
  /** The prices at an instant. @units `at`: EpochMs */
  quoteAt(at: EpochMs): Quote;
  /**
   * Every new price after `fromAt` up to and with `toAt`, while the market is open.
   *
   * @units `fromAt`, `toAt`: EpochMs
   */
  changes(fromAt: EpochMs, toAt: EpochMs): Iterable<Quote>;
}

/** The prices of every symbol. */
export interface Prices {
  /** Symbols whose prices come from a file. */
  readonly fromFiles: readonly string[];
  /** The prices of one symbol; the name has been checked. */
  series(symbol: string): PriceSeries;
}
