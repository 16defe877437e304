/**
 * Trades the first break out of the range in which the session began, once a day.
 *
 * In a project of your own the type comes from "@carillon/carillon".
 *
 * @module
 */

import type { FileStrategyContext } from "../../mod.ts";

/** What the session file passes. */
interface Params {
  readonly minutes: number;
  readonly qty: string;
}

/** What is kept from call to call, and over a restart. */
interface Kept {
  readonly occurrence: string;
  readonly high: string;
  readonly low: string;
  readonly isDone: boolean;
}

/** Is called every minute, from the session's opening on. */
export default async function breakOut(
  ctx: FileStrategyContext<Params, Kept>,
): Promise<{ readonly state?: Kept }> {
  const range = await rangeOf(ctx);
  if (range === null) return {};
  if (range.isDone) return { state: range };
  const { symbols: [symbol = ""] } = ctx.strategy;
  const { bid, ask } = await ctx.broker.quote(symbol);
  const side = Number(bid) > Number(range.high)
    ? "buy"
    : Number(ask) < Number(range.low)
    ? "sell"
    : null;
  if (side === null) return { state: range };
  const { qty } = ctx.params;
  const answer = await ctx.broker.order({ symbol, side, qty });
  // What was refused may be asked for again; what nobody knows of must not.
  return { state: { ...range, isDone: answer.outcome !== "refused" } };
}

/** The range of today; `null` as long as it is not complete. */
async function rangeOf(
  { broker, occurrence, params: { minutes }, state, strategy }:
    FileStrategyContext<Params, Kept>,
): Promise<Kept | null> {
  if (occurrence === null) return null;
  if (state?.occurrence === occurrence.key) return state;
  const [symbol = ""] = strategy.symbols;
  const wish = { symbol, everyMs: 60_000, count: 2 * minutes };
  // Instants of one form are in order as text.
  const first = (await broker.bars(wish))
    .filter(({ at }) => at >= occurrence.opensAt)
    .slice(0, minutes);
  if (first.length < minutes) return null;
  const high = first.reduce((a, b) => Number(b.high) > Number(a.high) ? b : a);
  const low = first.reduce((a, b) => Number(b.low) < Number(a.low) ? b : a);
  return {
    occurrence: occurrence.key,
    high: high.high,
    low: low.low,
    isDone: false,
  };
}
