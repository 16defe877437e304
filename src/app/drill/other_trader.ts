/**
 * Somebody who trades the same accounts by hand, so that every close of the day has something to close.
 *
 * @module
 */

import { SeededRandom } from "../../adapters/clock/random.ts";
import type { PaperBroker } from "../../adapters/brokers/paper/paper_broker.ts";
import type { Decimal } from "../../domain/decimal.ts";
import type { Session } from "../../domain/definition.ts";
import type { OrderIntent } from "../../domain/order.ts";
import { placeOn } from "../../domain/place.ts";
import { SECOND_MS } from "../../domain/time.ts";
import type { DurationMs, EpochMs } from "../../domain/time.ts";
import type { OrderRequest } from "../../runtime/runtime.ts";
import type { DrillDay, Strike } from "./drill_day.ts";
import type { DrillAccount, DrillFile } from "./drill_file.ts";
import { drawQty, scaled, symbolsFor } from "./holdings.ts";
import { lookAtBroker, reaches } from "./truth.ts";

/** What every client order id of the other trader begins with. */
export const OTHER_TRADER = "by-hand/";

/** What the other trader does for one session at one instant. */
export interface Trade {
  /** @units EpochMs */
  readonly at: EpochMs;
  readonly does: "open_positions" | "leave_order" | "ask_session";
  readonly session: Session;
  readonly symbols: readonly string[];
  readonly qty: Decimal;
  /** A name that no other of the day has. */
  readonly name: string;
}

/** An order is left working this long before an edge. @units milliseconds */
const ORDER_BEFORE_MS: DurationMs = 90 * SECOND_MS;

/**
 * What is traded by hand on a day: positions at its start and halfway between its closes, orders
 * shortly before them.
 */
export function tradesOf(file: DrillFile, day: DrillDay): readonly Trade[] {
  const random = new SeededRandom(file.seed);
  const trades: Trade[] = [];
  for (const [index, strike] of day.strikes.entries()) {
    const before = day.strikes[index - 1];
    const earliest = day.fromAt + SECOND_MS;
    const openAt = before === undefined
      ? earliest
      : Math.floor((before.toAt + strike.fromAt) / 2);
    const orderAt = Math.max(openAt, strike.fromAt - ORDER_BEFORE_MS);
    for (const { session, flattens } of sessionsStruck(day, strike)) {
      const played = accountOf(file, session);
      if (played === undefined) continue;
      const symbols = symbolsFor(session, { ...played, seed: file.seed })
        .filter((symbol) => isFree(symbol, session, played))
        .slice(0, 2);
      const qty = drawQty(symbols[0] ?? "", file.seed, random.fraction());
      const name = `${OTHER_TRADER}${trades.length + 1}`;
      const deal = { session, symbols, qty, name };
      const own = ownOpening(file, day, session);
      if (own !== null) {
        const at = Math.floor((Math.max(own, openAt) + strike.fromAt) / 2);
        trades.push({ ...deal, does: "ask_session", at });
        continue;
      }
      trades.push({ ...deal, does: "open_positions", at: openAt });
      // Only a close of everything ends orders that belong to no position.
      if (flattens && session.cancelOrders) {
        trades.push({ ...deal, does: "leave_order", at: orderAt });
      }
    }
  }
  return trades;
}

/** When the session opens whose own positions alone a close is about; `null` where it is about more. */
function ownOpening(
  { definition }: DrillFile,
  { tradeDate }: DrillDay,
  { scope }: Session,
): EpochMs | null {
  const own = definition.sessions.find(({ name }) => name === scope.session);
  const placement = own === undefined ? null : placeOn(own, tradeDate);
  return placement?.kind === "occurrence" ? placement.occurrence.opensAt : null;
}

/** Where an account nets, what a session opened itself can be told apart only where nobody else trades. */
function isFree(
  symbol: string,
  { scope }: Session,
  { account }: DrillAccount,
): boolean {
  return scope.session === null || account.mode === "hedging" ||
    !account.positions.some((held) => held.symbol === symbol);
}

/** What a session is asked to buy, as its own code would. */
export function ownOrder(
  { session: { account, scope }, symbols, qty }: Trade,
): OrderRequest | null {
  const [symbol] = symbols;
  if (symbol === undefined) return null;
  return {
    account,
    session: scope.session,
    symbol,
    side: "buy",
    qty,
    limitPrice: null,
    closes: null,
  };
}

/** The sessions that close something in a strike, and whether they close everything. */
function sessionsStruck(
  { edges }: DrillDay,
  { fromAt, toAt }: Strike,
): readonly { readonly session: Session; readonly flattens: boolean }[] {
  const struck = edges.filter(({ edge, closes }) =>
    closes && fromAt <= edge.dueAt && edge.dueAt <= toAt
  );
  return [...new Set(struck.map(({ session }) => session))].map((session) => ({
    session,
    flattens: struck.some((each) =>
      each.session === session && each.edge.actions.includes("close_all")
    ),
  }));
}

/** Opens positions where none is in reach of the session, or leaves an order working there. */
export async function trade(paper: PaperBroker, deal: Trade): Promise<void> {
  const [first, second] = deal.symbols;
  if (first === undefined) return;
  const { scope } = deal.session;
  const now = paper.clock.now();
  const { positions, working } = lookAtBroker(paper, now);
  if (deal.does === "open_positions") {
    if (positions.some((held) => reaches(scope, held))) return;
    await send(paper, deal, { symbol: first, side: "buy", limitPrice: null });
    if (second === undefined) return;
    await send(paper, deal, { symbol: second, side: "sell", limitPrice: null });
    return;
  }
  if (working.some((order) => reaches(scope, order))) return;
  const { bid } = paper.world.prices.series(first).quoteAt(now);
  const limitPrice = scaled(bid, FAR);
  await send(paper, deal, { symbol: first, side: "buy", limitPrice });
}

async function send(
  paper: PaperBroker,
  { name, qty, session }: Trade,
  order: Pick<OrderIntent, "symbol" | "side" | "limitPrice">,
): Promise<void> {
  await paper.openEngineBroker().submit({
    ...order,
    clientOrderId: `${name}/${order.symbol}/${order.limitPrice ?? order.side}`,
    qty,
    closes: null,
    tag: session.scope.tag,
  });
}

/** So far from the market that no day reaches it. @units hundredths of the price */
const FAR = 50;

function accountOf(
  { accounts }: DrillFile,
  { account: name }: Session,
): DrillAccount | undefined {
  return accounts.find(({ account }) => account.name === name);
}
