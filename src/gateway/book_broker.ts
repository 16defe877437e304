/**
 * A broker whose account is also kept in a book, fed by the gateway beside it.
 *
 * Everything that is asked goes to the broker itself. The book adds two things: a first answer at
 * once, where it is whole, and news of orders by a second way. Without a gateway, or while it is away,
 * the broker is what it is without a book.
 *
 * @module
 */

import type { BookView } from "../domain/book.ts";
import type { OrderIntent, OrderReport } from "../domain/order.ts";
import type { AccountInfo, Snapshot } from "../domain/position.ts";
import type { Broker, BrokerWatch } from "../runtime/ports.ts";
import { BookFeed, type BookFeedOptions } from "./book_feed.ts";

/** What a broker with a book is made of. */
export interface BookBrokerOptions
  extends Omit<BookFeedOptions, "account" | "watch" | "ask"> {
  /** The broker itself; it is disposed of with this one. */
  readonly broker: Broker;
}

/** A broker with a book. */
export class BookBroker implements Broker {
  readonly #options: BookBrokerOptions;
  readonly #broker: Broker;
  /** The prices of a symbol, where the broker gives them. */
  readonly quote?: NonNullable<Broker["quote"]>;
  #feed: BookFeed | null = null;
  #phase: "open" | "over" = "open";

  /** Connects to nothing yet. */
  constructor(options: BookBrokerOptions) {
    this.#options = options;
    const { broker } = options;
    this.#broker = broker;
    const quote = broker.quote?.bind(broker);
    if (quote !== undefined) this.quote = quote;
  }

  /** Opens the broker; the book comes up by itself, however long that takes. */
  async open(watch: BrokerWatch): Promise<AccountInfo> {
    const info = await this.#broker.open(watch);
    if (this.#phase === "over") return info;
    this.#feed ??= new BookFeed({
      ...this.#options,
      account: info.id,
      watch,
      ask: () => this.#broker.read(null),
    });
    return info;
  }

  /** Reads the broker's own lists, and holds the book against them. */
  async read(sinceSeq: number | null): Promise<Snapshot> {
    const ask = () => this.#broker.read(sinceSeq);
    return await (this.#feed === null ? ask() : this.#feed.readWith(ask));
  }

  /** Sends an order. */
  submit(intent: OrderIntent): Promise<OrderReport> {
    return this.#broker.submit(intent);
  }

  /** Asks for a working order's end. */
  cancel(orderId: string): Promise<OrderReport> {
    return this.#broker.cancel(orderId);
  }

  /** What became of an order. */
  find(clientOrderId: string): Promise<OrderReport | null> {
    return this.#broker.find(clientOrderId);
  }

  /** What the account holds by the book, at once; `null` while anything may be missing. */
  peek(): BookView | null {
    return this.#feed?.peek() ?? null;
  }

  /** Leaves the gateway and the broker; resolves once nothing is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#phase = "over";
    const feed = this.#feed;
    this.#feed = null;
    // Readings that are under way end with the broker.
    await Promise.all([
      feed?.[Symbol.asyncDispose](),
      this.#broker[Symbol.asyncDispose](),
    ]);
  }
}
