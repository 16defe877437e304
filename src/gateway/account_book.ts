/**
 * The book of one account, fed by a fleet and healed by the broker's lists.
 *
 * @module
 */

import {
  beginBookReading,
  type Book,
  type BookDifference,
  type BookNews,
  bookSnapshot,
  type BookView,
  bookView,
  emptyBook,
  hasBookGap,
  takeBookNews,
  takeBookReading,
} from "../domain/book.ts";
import type { Snapshot } from "../domain/position.ts";
import type { DurationMs } from "../domain/time.ts";
import type { Clock } from "../runtime/ports.ts";
import type { GatewayEvent } from "./gateway_event.ts";
import { Waits } from "./waits.ts";

/**
 * How long an execution may be overtaken by a later one before it counts as missing: they come by
 * several connections.
 *
 * @units milliseconds
 */
export const OVERTAKEN_MS_MAX: DurationMs = 1_000;
/** The first wait after lists that could not be read; it doubles. @units milliseconds */
export const REREAD_MS_MIN: DurationMs = 500;
/** The longest such wait. @units milliseconds */
export const REREAD_MS_MAX: DurationMs = 30_000;

/** What a book needs. */
export interface AccountBookOptions {
  /** Time. */
  readonly clock: Clock;
  /** All shards of the fleet: executions are counted over all of them, so a part of them has gaps. */
  readonly shardIds: readonly number[];
  /** The news of this account, or `null` for what is none. @throws any error where it is unreadable */
  read(name: string, data: unknown): BookNews | null;
  /** The broker's own lists, without executions. */
  ask(): Promise<Snapshot>;
  /** Told of every reading that found the book otherwise than the broker. */
  differs(differences: readonly BookDifference[]): void;
}

/** What the broker's lists say, and what the book had otherwise. */
export interface BookProof {
  /** The broker's lists, which hold. */
  readonly snapshot: Snapshot;
  /** What the book had otherwise; empty where it was behind, or was right. */
  readonly differences: readonly BookDifference[];
}

/** Keeps a book by the events of a fleet; whatever it may have missed it reads by itself. */
export class AccountBook implements AsyncDisposable {
  readonly #options: AccountBookOptions;
  readonly #waits: Waits;
  readonly #up = new Set<number>();
  #book: Book = emptyBook();
  /** Counts what may have been missed; a reading heals what came before it began. */
  #missed = 1;
  #healed = 0;
  #failures = 0;
  #reading: Promise<BookProof> | null = null;
  #phase: "open" | "over" = "open";
  /** A book that was otherwise than the lists is not gone by until lists agree with it. */
  #trust: "trusted" | "doubted" = "trusted";

  /** Waits for its shards; the first reading begins when all are up. */
  constructor(options: AccountBookOptions) {
    this.#options = options;
    this.#waits = new Waits(options.clock);
  }

  /** The account as the book has it, at once; `null` while anything may be missing. */
  get snapshot(): Snapshot | null {
    return this.isFed && this.#healed === this.#missed
      ? bookSnapshot(this.#book)
      : null;
  }

  /** The book at once, and what it rests on; `null` as `snapshot`, and after lists that were otherwise. */
  get view(): BookView | null {
    return this.#trust === "doubted" || this.snapshot === null
      ? null
      : bookView(this.#book);
  }

  /** Whether all shards are up, so that everything that changes is heard. */
  get isFed(): boolean {
    return this.#options.shardIds.every((shard) => this.#up.has(shard));
  }

  /**
   * Reads the broker's lists for somebody who asks for them in any case; on the way they heal the book
   * and are held against it.
   *
   * @throws what `ask` throws
   */
  async readWith(ask: () => Promise<Snapshot>): Promise<Snapshot> {
    // The reading that is under way does the book's part.
    if (this.#reading !== null || this.#phase === "over") return await ask();
    return (await this.#read(ask)).snapshot;
  }

  /** Reads the broker's lists, which hold: the proof beside the book's quick answer. */
  async prove(): Promise<BookProof> {
    // One that is under way may have begun before what is to be proven.
    await this.#reading?.catch(() => undefined);
    return await (this.#reading ?? this.#read());
  }

  /** Takes in what a fleet tells. */
  take(event: GatewayEvent): void {
    switch (event.type) {
      case "dispatch":
        return this.#hear(event.name, event.data);
      case "ready":
        this.#up.add(event.shard);
        return this.#miss();
      case "resumed":
        this.#up.add(event.shard);
        return this.#heal();
      case "gap":
      case "session.lost":
        return this.#miss();
      case "lost":
      case "held":
      case "parked":
      case "failed":
        this.#up.delete(event.shard);
        return;
      case "anomaly":
        return;
    }
  }

  /** Ends all readings; resolves once none is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#phase = "over";
    this.#waits.drop();
    await this.#reading?.catch(() => undefined);
  }

  #hear(name: string, data: unknown): void {
    let news: BookNews | null;
    try {
      news = this.#options.read(name, data);
    } catch {
      // What it said is lost; the lists have it.
      return this.#miss();
    }
    if (news === null) return;
    const before = this.#book;
    this.#book = takeBookNews(before, news);
    if (hasBookGap(this.#book) === hasBookGap(before)) return;
    if (!hasBookGap(this.#book)) return this.#waits.drop();
    this.#waits.set("gap", OVERTAKEN_MS_MAX, () => this.#miss());
  }

  #miss(): void {
    this.#missed += 1;
    this.#heal();
  }

  /** A reading is worth its while only when all that changes later will be heard. */
  #heal(): void {
    const isWhole = this.#healed === this.#missed;
    if (this.#phase === "over" || !this.isFed || isWhole) return;
    if (this.#reading !== null) return;
    this.#read().catch(() => {
      // It is tried again, whoever asked.
    });
  }

  #read(ask = this.#options.ask): Promise<BookProof> {
    const reading = this.#readOnce(ask);
    this.#reading = reading;
    reading.then(() => {
      this.#reading = null;
      this.#failures = 0;
      this.#heal();
    }, () => {
      this.#reading = null;
      this.#readLater();
    });
    return reading;
  }

  #readLater(): void {
    if (this.#phase === "over" || this.#healed === this.#missed) return;
    const ms = Math.min(REREAD_MS_MAX, REREAD_MS_MIN * 2 ** this.#failures);
    this.#failures += 1;
    this.#waits.set("reread", ms, () => this.#heal());
  }

  async #readOnce(ask: () => Promise<Snapshot>): Promise<BookProof> {
    const heals = this.isFed ? this.#missed : this.#healed;
    const wasWhole = this.isFed && this.#healed === this.#missed;
    this.#book = beginBookReading(this.#book);
    const snapshot = await ask();
    const [book, differences] = takeBookReading(this.#book, snapshot);
    this.#book = book;
    this.#healed = heals;
    this.#trust = wasWhole && differences.length > 0 ? "doubted" : "trusted";
    // A book that knows of its gap is otherwise than the broker by rights.
    if (wasWhole && differences.length > 0) this.#options.differs(differences);
    return { snapshot, differences };
  }
}
