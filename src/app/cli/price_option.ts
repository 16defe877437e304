/**
 * `--prices`: past prices for the paper broker.
 *
 * @module
 */

import type { Definition, PriceSource } from "../../domain/definition.ts";
import { CallError } from "./call_error.ts";

/**
 * Reads `EURUSD=prices.csv`, or `EURUSD=bid.csv,ask.csv`.
 *
 * @throws {CallError} if the text is neither
 */
export function readPriceOption(text: string): PriceSource {
  const [, symbol, bid, ask] = /^([^=]+)=([^,]+)(?:,(.+))?$/.exec(text) ?? [];
  if (symbol === undefined || bid === undefined) {
    throw new CallError(
      `--prices "${text}" is not SYMBOL=FILE or SYMBOL=BID_FILE,ASK_FILE`,
    );
  }
  return { symbol, bid, ask: ask ?? null };
}

/**
 * Reads every `--prices` of a run.
 *
 * @throws {CallError} if one cannot be read, or there is no paper account to give them to
 */
export function readPriceOptions(
  texts: readonly string[],
  { accounts }: Definition,
): readonly PriceSource[] {
  if (texts.length > 0 && accounts.every(({ kind }) => kind !== "paper")) {
    throw new CallError(
      "--prices is for the paper broker; the file has no paper account",
    );
  }
  return texts.map(readPriceOption);
}
