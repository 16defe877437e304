/**
 * Buys at the open, unless the market is wide or something is open already.
 *
 * In a project of your own the type comes from "@carillon/carillon".
 *
 * @module
 */

import type { FileHookContext } from "../../mod.ts";

/** What the session file passes. */
interface Params {
  readonly qty: string;
  readonly max_spread: string;
}

/** Is called when the session opens. */
export default async function open(
  ctx: FileHookContext<Params>,
): Promise<{ readonly bought: boolean }> {
  if (ctx.snapshot === null) throw new Error(ctx.unread ?? "nothing was read");
  if (ctx.snapshot.positions.length > 0) return { bought: false };
  const { bid, ask } = await ctx.broker.quote("EURUSD");
  if (Number(ask) - Number(bid) > Number(ctx.params.max_spread)) {
    ctx.log.warn("too wide:", bid, ask);
    return { bought: false };
  }
  const answer = await ctx.broker.order({
    symbol: "EURUSD",
    side: "buy",
    qty: ctx.params.qty,
  });
  if (answer.outcome !== "accepted") ctx.log.error(answer.message);
  return { bought: answer.outcome === "accepted" };
}
