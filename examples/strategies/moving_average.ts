/**
 * Buys when the fast average of the closes rises above the slow one, and sells when it falls below.
 *
 * In a project of your own the type comes from "@carillon/carillon".
 *
 * @module
 */

import type { FileHookBar, FileStrategyContext } from "../../mod.ts";

/** What the session file passes; lengths are counted in bars. */
interface Params {
  readonly fast: number;
  readonly slow: number;
  readonly qty: string;
}

/** What is kept from call to call. */
interface Kept {
  readonly isAbove: boolean;
}

/** Is called every `every`, from the session's opening on. */
export default async function cross(
  ctx: FileStrategyContext<Params, Kept>,
): Promise<{ readonly state?: Kept }> {
  const { fast, slow, qty } = ctx.params;
  const { everyMs, symbols: [symbol = ""] } = ctx.strategy;
  const bars = await ctx.broker.bars({ symbol, everyMs, count: slow });
  if (bars.length < slow) return {};
  const isAbove = mean(bars.slice(-fast)) > mean(bars);
  const wasAbove = ctx.state?.isAbove ?? isAbove;
  if (isAbove && !wasAbove) {
    await ctx.broker.order({ symbol, side: "buy", qty });
  } else if (wasAbove && !isAbove) {
    // Only the session's own part is shown: its scope says so.
    for (const { id } of await ctx.broker.positions()) {
      await ctx.broker.close({ position: id });
    }
  }
  return { state: { isAbove } };
}

/** An average decides, and is no amount: a floating-point number will do. */
function mean(bars: readonly FileHookBar[]): number {
  return bars.reduce((sum, { close }) => sum + Number(close), 0) / bars.length;
}
