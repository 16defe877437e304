/**
 * Paper accounts for tests.
 *
 * @module
 */

import { decimal } from "../../../src/domain/decimal.ts";
import type { PaperAccount } from "../../../src/domain/definition.ts";

/** An account of 100,000 USD that hedges, holds nothing and answers at once. */
export const PLAIN_ACCOUNT: PaperAccount = {
  kind: "paper",
  name: "main",
  mode: "hedging",
  cash: decimal("100000"),
  currency: "USD",
  positions: [],
  prices: [],
  seed: 7,
  commission: decimal("0"),
  latencyMs: 0,
};
