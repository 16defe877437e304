/**
 * What the gateway tells: the engine's events as named news with their intent.
 *
 * @module
 */

import { eventJson, type Json, positionJson, quotesJson } from "../replies.ts";
import type { EngineEvent, PaperState, PaperWorld } from "../state.ts";
import type { EpochMs } from "../../../../domain/time.ts";
import { INTENT } from "./intents.ts";

/** One piece of news, ready to be numbered and sent. */
export interface News {
  /** What it is about, and so which shard hears of it. */
  readonly symbol: string;
  readonly intent: number;
  /** The frame up to its number, written once for all who hear it. */
  readonly head: string;
}

/** The account that news is about. */
export interface NewsDesk {
  readonly world: PaperWorld;
  readonly state: PaperState;
}

/** What there is to tell of an event: an execution changes a position as well. */
export function newsOf(desk: NewsDesk, event: EngineEvent): readonly News[] {
  const account_id = desk.world.accountId;
  const { type: _, ...said } = eventJson(event);
  const d = { account_id, ...said };
  if (event.type === "order") {
    const { symbol } = event.order.intent;
    return [news("ORDER_UPDATE", INTENT.orders, symbol, d)];
  }
  const { symbol, positionId, at } = event.fill;
  const open = desk.state.positions.get(positionId);
  return [
    news("FILL_CREATE", INTENT.fills, symbol, d),
    news("POSITION_UPDATE", INTENT.positions, symbol, {
      account_id,
      seq: desk.state.seq,
      position_id: positionId,
      symbol,
      position: open === undefined ? null : positionJson(desk.world, open, at),
    }),
  ];
}

/** What there is to tell of a price. @units `at`: EpochMs */
export function quoteNews(
  world: PaperWorld,
  symbol: string,
  at: EpochMs,
): News {
  const { quotes } = quotesJson(world, [symbol], at);
  const [quote] = Array.isArray(quotes) ? quotes : [];
  const account_id = world.accountId;
  return news("QUOTE_UPDATE", INTENT.quotes, symbol, { account_id, quote });
}

/** A frame of news up to its number: what follows is `seq` and a brace. */
export function headOf(name: string, d: Json): string {
  return `{"op":0,"t":"${name}","d":${JSON.stringify(d)},"s":`;
}

function news(name: string, intent: number, symbol: string, d: Json): News {
  return { symbol, intent, head: headOf(name, d) };
}
