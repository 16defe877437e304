/**
 * News of the open protocol's gateway, as what it changes in a book.
 *
 * @module
 */

import type { BookNews, Quote } from "../../../domain/book.ts";
import type { OrderReport } from "../../../domain/order.ts";
import {
  count,
  instant,
  maybe,
  number,
  object,
  type Reader,
  word,
} from "./reading.ts";
import { toFill, toPosition, toReport, toWorkingOrder } from "./translate.ts";
import {
  readFill,
  readOrder,
  readPosition,
  type WireFill,
  type WireOrder,
  type WirePosition,
} from "./wire.ts";

/** News and the account it is about. */
export interface AccountNews {
  /** The account's own id at the broker. */
  readonly account: string;
  /** What changed. */
  readonly news: BookNews;
  /** The order's own report, where it is news of an order; `null` for any other. */
  readonly report: OrderReport | null;
}

/**
 * What a book needs to hear of: orders, fills and positions.
 *
 * @units the sum of intents
 */
export const BOOK_INTENTS = 7;

const readAccountId = object<{ readonly account_id: string }>({
  account_id: word,
});
const readOrderNews = object<{ readonly order: WireOrder }>({
  order: readOrder,
});
const readFillNews = object<{ readonly fill: WireFill }>({ fill: readFill });
const readPositionNews = object<{
  readonly seq: number;
  readonly position_id: string;
  readonly position: WirePosition | null;
}>({ seq: count, position_id: word, position: maybe(readPosition) });
const readQuote: Reader<Quote> = object<Quote>({
  symbol: word,
  bid: number,
  ask: number,
  at: instant,
});
const readQuoteNews = object<{ readonly quote: Quote }>({ quote: readQuote });

/**
 * Reads news by its name; `null` for what is no news of an account.
 *
 * @throws {ShapeError} where it is not of its form
 */
export function readAccountNews(
  name: string,
  data: unknown,
): AccountNews | null {
  const news = readNews(name, data);
  if (news === null) return null;
  return {
    account: readAccountId(data, "d").account_id,
    news,
    report: news.type === "order"
      ? toReport(readOrderNews(data, "d").order)
      : null,
  };
}

function readNews(name: string, data: unknown): BookNews | null {
  switch (name) {
    case "ORDER_UPDATE": {
      const { order } = readOrderNews(data, "d");
      const isOver = order.status !== "working";
      return { type: "order", order: toWorkingOrder(order), isOver };
    }
    case "FILL_CREATE":
      return readExecution(data);
    case "POSITION_UPDATE": {
      const { seq, position_id: id, position } = readPositionNews(data, "d");
      return {
        type: "position",
        seq,
        id,
        position: position === null ? null : toPosition(position),
      };
    }
    case "QUOTE_UPDATE":
      return { type: "quote", quote: readQuoteNews(data, "d").quote };
    default:
      return null;
  }
}

function readExecution(data: unknown): BookNews {
  const { seq, positionId, side, qty } = toFill(readFillNews(data, "d").fill);
  return { type: "fill", seq, positionId, side, qty };
}
