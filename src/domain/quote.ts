/**
 * What a symbol can be traded at, as a broker answers when it is asked.
 *
 * @module
 */

import type { Quote } from "./book.ts";

/** The prices of one symbol, and whether its market takes orders. */
export interface MarketQuote extends Quote {
  /** Whether the market takes orders; `null` where the broker does not say. */
  readonly open: boolean | null;
}
