/**
 * Keeps one account's book fed: opens a fleet of shards, reads it, and opens another where it ended.
 *
 * @module
 */

import type { BookNews, BookView } from "../domain/book.ts";
import type { OrderReport } from "../domain/order.ts";
import type { Snapshot } from "../domain/position.ts";
import { type DurationMs, MINUTE_MS, SECOND_MS } from "../domain/time.ts";
import type { BrokerWatch, Clock, Random } from "../runtime/ports.ts";
import { AccountBook } from "./account_book.ts";
import { type GatewayClient, openGateway } from "./client.ts";
import type { GatewayEvent } from "./gateway_event.ts";
import { isAborted, pauseFor } from "./pause.ts";
import type { GatewayTransport, StartBudgetStore } from "./ports.ts";
import { Waits } from "./waits.ts";

/** How long after a fleet that ended, or could not begin, the next is tried; it doubles. @units milliseconds */
export const REOPEN_MS_MIN: DurationMs = 30 * SECOND_MS;
/** The longest such wait; a fleet that was up for as long begins anew with the shortest. @units milliseconds */
export const REOPEN_MS_MAX: DurationMs = 60 * MINUTE_MS;
/** How long shards that are away may use the reserve after a close has asked. @units milliseconds */
export const CLOSE_NEED_MS: DurationMs = MINUTE_MS;

/** News of an account, as a feed needs it. */
export interface FeedNews {
  /** The account's own id at the broker. */
  readonly account: string;
  /** What changed. */
  readonly news: BookNews;
  /** The order's own report, where it is news of an order. */
  readonly report: OrderReport | null;
}

/** What a feed needs. */
export interface BookFeedOptions {
  /** The account's own id at the broker; news of others is passed over. */
  readonly account: string;
  /** The way to the gateway. */
  readonly transport: GatewayTransport;
  /** Time. */
  readonly clock: Clock;
  /** Chance, for back-off and first heartbeats. */
  readonly random: Random;
  /** Who we are. */
  readonly token: string;
  /** Which news are asked for. @units the sum of intents */
  readonly intents: number;
  /** How many shards there are; `null` for as many as the gateway recommends. */
  readonly shards: number | null;
  /** Starts that are kept for a close; `null` for as many as there are shards. @units starts */
  readonly reserve: number | null;
  /** Opens what the start budget is kept in; called for each fleet. @throws {CarillonError} "journal/unwritable" */
  store(): StartBudgetStore;
  /** The news in a dispatch; `null` for what is none. @throws any error where it is unreadable */
  read(name: string, data: unknown): FeedNews | null;
  /** The broker's own lists, without executions. */
  ask(): Promise<Snapshot>;
  /** Told of orders, of differences, and of the gateway's coming and going. */
  readonly watch: BrokerWatch;
}

interface Fed {
  readonly client: GatewayClient;
  readonly book: AccountBook;
}

/** A book that is fed for as long as this lives. */
export class BookFeed implements AsyncDisposable {
  readonly #options: BookFeedOptions;
  readonly #ended = new AbortController();
  readonly #waits: Waits;
  readonly #running: Promise<void>;
  #fed: Fed | null = null;
  /** What was told of the gateway last. */
  #told: "up" | "down" | null = null;
  #need: Disposable | null = null;
  #failures = 0;
  /** When all shards of this fleet were up first. @units milliseconds of a monotonic clock */
  #upSince: DurationMs | null = null;

  /** Begins to feed; returns at once. */
  constructor(options: BookFeedOptions) {
    this.#options = options;
    this.#waits = new Waits(options.clock);
    this.#running = this.#run();
  }

  /**
   * The book at once; `null` while anything may be missing.
   *
   * A close asks: shards that are away may use what is kept for it.
   */
  peek(): BookView | null {
    if (this.#fed === null) return null;
    const { book, client } = this.#fed;
    if (!book.isFed) this.#hurry(client);
    return book.view;
  }

  /** Reads the broker's lists for somebody else, and holds the book against them. */
  async readWith(ask: () => Promise<Snapshot>): Promise<Snapshot> {
    return await (this.#fed === null ? ask() : this.#fed.book.readWith(ask));
  }

  /** Ends the fleet and the book; resolves once nothing is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    this.#waits.drop();
    this.#release();
    await this.#fed?.client[Symbol.asyncDispose]();
    await this.#running;
  }

  /** One fleet after the other; a bridge that has no gateway is asked ever more rarely. */
  async #run(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#ended;
    while (!signal.aborted) {
      try {
        await this.#feedOnce();
        this.#tell("down", "no shard is left");
      } catch (error) {
        if (isAborted(error, signal)) return;
        // The broker itself goes on: only the head start is gone.
        this.#tell("down", error instanceof Error ? error.message : `${error}`);
      }
      if (signal.aborted) return;
      // A new fleet knows nothing of the starts that led the last one to nothing: were it enough to
      // have been up, a gateway that takes every fleet and ends it would eat the budget.
      const upMs = clock.elapsed() - (this.#upSince ?? clock.elapsed());
      if (upMs >= REOPEN_MS_MAX) this.#failures = 0;
      this.#upSince = null;
      const ms = Math.min(REOPEN_MS_MAX, REOPEN_MS_MIN * 2 ** this.#failures);
      this.#failures += 1;
      await pauseFor(clock, ms, signal).catch((error) => {
        if (!isAborted(error, signal)) throw error;
      });
    }
  }

  /** Opens a fleet and feeds the book until it ends, or a shard of it does. */
  async #feedOnce(): Promise<void> {
    const { clock, ask, watch } = this.#options;
    await using stack = new AsyncDisposableStack();
    const store = this.#options.store();
    stack.defer(() => {
      if (Symbol.dispose in store) (store as Disposable)[Symbol.dispose]();
    });
    const client = stack.use(await this.#openFleet(store));
    const book = stack.use(
      new AccountBook({
        clock,
        shardIds: client.shards.map(({ shard }) => shard),
        read: (name, data) => this.#read(name, data),
        ask: () => ask(),
        differs: (differences) => watch({ type: "book", differences }),
      }),
    );
    this.#fed = { client, book };
    stack.defer(() => {
      this.#fed = null;
      this.#release();
    });
    // Let go of while the fleet was being opened, nobody else ends it.
    this.#ended.signal.throwIfAborted();
    for await (const event of client) {
      this.#take(event, book);
      // The book needs all shards: without this one the others would be kept for nothing.
      if (event.type === "failed") return;
    }
  }

  async #openFleet(store: StartBudgetStore): Promise<GatewayClient> {
    const { transport, clock, random, token } = this.#options;
    const { intents, shards, reserve } = this.#options;
    return await openGateway({
      transport,
      clock,
      random,
      token,
      store,
      intents,
      ...(shards === null ? {} : { shardCount: shards }),
      ...(reserve === null ? {} : { reserve }),
      signal: this.#ended.signal,
    });
  }

  #take(event: GatewayEvent, book: AccountBook): void {
    book.take(event);
    switch (event.type) {
      case "ready":
      case "resumed":
        if (!book.isFed) return;
        this.#upSince ??= this.#options.clock.elapsed();
        this.#release();
        return this.#tell("up", "all shards are up");
      case "parked":
        return this.#tell("down", `shard ${event.shard} may not start`);
      case "failed":
        return this.#tell("down", `shard ${event.shard}: ${event.reason}`);
      case "lost":
      case "held":
        if (this.#told !== "up") return;
        return this.#tell("down", `shard ${event.shard} is away`);
      case "dispatch":
      case "gap":
      case "session.lost":
      case "anomaly":
        return;
    }
  }

  /** News of this account for its book; an order's report goes to whoever watches as well. */
  #read(name: string, data: unknown): BookNews | null {
    const found = this.#options.read(name, data);
    if (found === null || found.account !== this.#options.account) return null;
    if (found.report !== null) {
      this.#options.watch({ type: "order", report: found.report });
    }
    return found.news;
  }

  #hurry(client: GatewayClient): void {
    if (this.#need !== null) return;
    this.#need = client.needForClose(client.shards.map(({ shard }) => shard));
    this.#waits.set("need", CLOSE_NEED_MS, () => this.#release());
  }

  #release(): void {
    this.#need?.[Symbol.dispose]();
    this.#need = null;
  }

  /** Once for each change. */
  #tell(state: "up" | "down", why: string): void {
    if (this.#told === state || this.#ended.signal.aborted) return;
    this.#told = state;
    this.#options.watch({ type: "stream", state, message: `gateway: ${why}` });
  }
}
