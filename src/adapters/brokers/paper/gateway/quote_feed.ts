/**
 * The prices that a gateway tells, as far as they have changed.
 *
 * @module
 */

import type { DurationMs } from "../../../../domain/time.ts";
import type { Clock } from "../../../../runtime/ports.ts";
import { workingOrders } from "../book.ts";
import type { PaperState, PaperWorld } from "../state.ts";
import { type News, quoteNews } from "./news.ts";

/** Whose prices they are. */
interface QuoteDesk {
  readonly world: PaperWorld;
  readonly state: PaperState;
  readonly clock: Clock;
}

/** Looks at prices from time to time, while it is told to. */
export class QuoteFeed {
  readonly #desk: QuoteDesk;
  readonly #everyMs: DurationMs;
  readonly #symbols: readonly string[] | null;
  readonly #told = new Map<string, string>();
  #nextAt: DurationMs | null = null;

  /** Looks at nothing yet; without symbols it looks at those that matter to the account. */
  constructor(
    desk: QuoteDesk,
    limits: { readonly quotesMs: DurationMs },
    symbols: readonly string[] | undefined,
  ) {
    this.#desk = desk;
    this.#everyMs = limits.quotesMs;
    this.#symbols = symbols ?? null;
  }

  /** When it looks next; `null` while it does not. @units milliseconds */
  get nextAt(): DurationMs | null {
    return this.#nextAt;
  }

  /** Begins to look, where it does not yet. */
  begin(): void {
    if (this.#everyMs === 0) return;
    this.#nextAt ??= this.#desk.clock.elapsed() + this.#everyMs;
  }

  /** Looks no more. */
  end(): void {
    this.#nextAt = null;
    this.#told.clear();
  }

  /** The prices that have changed, where it is time to look. @units `at`: milliseconds */
  take(at: DurationMs): readonly News[] {
    if (this.#nextAt === null || this.#nextAt > at) return [];
    this.#nextAt = at + this.#everyMs;
    const { world, clock } = this.#desk;
    const changed: News[] = [];
    for (const symbol of this.#watched()) {
      const news = quoteNews(world, symbol, clock.now());
      if (this.#told.get(symbol) === news.head) continue;
      this.#told.set(symbol, news.head);
      changed.push(news);
    }
    return changed;
  }

  #watched(): Iterable<string> {
    if (this.#symbols !== null) return this.#symbols;
    const { world, state } = this.#desk;
    return new Set([
      ...world.prices.fromFiles,
      ...[...state.positions.values()].map(({ symbol }) => symbol),
      ...workingOrders(state).map(({ intent }) => intent.symbol),
    ]);
  }
}
