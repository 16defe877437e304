/**
 * Lets shards identify: one in each bucket in five seconds, and only with a start that is on record.
 *
 * @module
 */

import { CarillonError } from "../domain/error.ts";
import type { DurationMs } from "../domain/time.ts";
import type { Clock } from "../runtime/ports.ts";
import { isAborted, pauseFor } from "./pause.ts";
import type { StartBreaker } from "./start_breaker.ts";
import {
  IDENTIFY_WINDOW_MS,
  type Spending,
  type StartBudget,
  type StartDenial,
  type StartPurpose,
} from "./start_budget.ts";

/** A shard that waits to identify. */
export interface Turn {
  readonly shard: number;
  /** What it is for, at the moment it is asked. */
  purpose(): StartPurpose;
  /** It may identify now; `answered` is called when the server has answered or cannot any more. */
  granted(answered: () => void): void;
  /** It may not. */
  denied(denial: StartDenial): void;
}

/** What the gate goes by. */
export interface IdentifyGateOptions {
  readonly clock: Clock;
  readonly budget: StartBudget;
  readonly breaker: StartBreaker;
  /** How many buckets there are. */
  readonly maxConcurrency: number;
  /** Asks the server for the limit anew; a denial where it cannot. */
  refresh(): Promise<StartDenial | null>;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
}

interface Bucket {
  /** When the next one may identify. @units milliseconds of the monotonic clock */
  openAt: DurationMs;
  waiting: Turn[];
  isServed: boolean;
}

/**
 * The buckets of a gateway.
 *
 * A bucket opens again five seconds after the server has answered, not after the identify was sent:
 * only then it is certain when the server counted it, however long the way there was.
 */
export class IdentifyGate {
  readonly #options: IdentifyGateOptions;
  #maxConcurrency: number;
  #buckets = new Map<number, Bucket>();
  #firstOpenAt: DurationMs = -Infinity;

  /** Opens every bucket; what others started lately, the record says. */
  constructor(options: IdentifyGateOptions) {
    this.#options = options;
    this.#maxConcurrency = options.maxConcurrency;
  }

  /** Why a session may not be started now; `null` where it may. The server is asked if need be. */
  async admit(purpose: StartPurpose): Promise<StartDenial | null> {
    const { clock, budget, breaker, refresh } = this.#options;
    try {
      if (budget.isStale(clock.now())) {
        const denial = await refresh();
        if (denial !== null) return denial;
      }
      const denial = budget.denial(purpose, clock.now());
      if (denial !== null || purpose === "close") return denial;
    } catch (error) {
      return unrecorded(error);
    }
    const afterMs = breaker.waitMs(clock.elapsed());
    return afterMs > 0 ? { why: "breaker", afterMs } : null;
  }

  /** Waits for a turn; the function it gives takes the shard out of the queue. */
  queue(turn: Turn): () => void {
    const bucket = this.#bucketOf(turn.shard);
    bucket.waiting.push(turn);
    if (!bucket.isServed) this.#start(bucket);
    return () => {
      for (const each of this.#buckets.values()) {
        each.waiting = each.waiting.filter((one) => one !== turn);
      }
    };
  }

  /**
   * Goes on with another number of buckets; whoever waits is put into the new ones, which open after
   * a window in which nobody identifies.
   */
  setConcurrency(maxConcurrency: number): void {
    if (maxConcurrency === this.#maxConcurrency) return;
    this.#maxConcurrency = maxConcurrency;
    this.#firstOpenAt = this.#options.clock.elapsed() + IDENTIFY_WINDOW_MS;
    const waiting = [...this.#buckets.values()].flatMap((one) =>
      one.waiting.splice(0)
    );
    this.#buckets = new Map();
    for (const turn of waiting) this.queue(turn);
  }

  #bucketOf(shard: number): Bucket {
    const key = shard % this.#maxConcurrency;
    const found = this.#buckets.get(key);
    if (found !== undefined) return found;
    const bucket = {
      openAt: this.#firstOpenAt,
      waiting: [],
      isServed: false,
    };
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #start(bucket: Bucket): void {
    bucket.isServed = true;
    this.#serve(bucket)
      .catch((error) => {
        // Everything is being let go of, the turns included.
        if (!isAborted(error, this.#options.signal)) throw error;
      })
      .finally(() => bucket.isServed = false);
  }

  async #serve(bucket: Bucket): Promise<void> {
    const { clock, signal } = this.#options;
    while (bucket.waiting.length > 0) {
      await pauseFor(clock, bucket.openAt - clock.elapsed(), signal);
      const turn = nextOf(bucket.waiting);
      if (turn === undefined) return;
      const denial = await this.admit(turn.purpose());
      signal.throwIfAborted();
      // It may have left while the server was asked.
      if (!bucket.waiting.includes(turn)) continue;
      if (denial === null) await this.#grant(bucket, turn);
      else this.#deny(bucket, turn, denial);
    }
  }

  async #grant(bucket: Bucket, turn: Turn): Promise<void> {
    const { clock, breaker } = this.#options;
    const { shard } = turn;
    const spending = this.#spend(turn);
    if (spending.kind === "too_soon") {
      // It stays where it is in the row.
      bucket.openAt = clock.elapsed() + spending.afterMs;
      return;
    }
    if (spending.kind === "denied") {
      return this.#deny(bucket, turn, spending.denial);
    }
    bucket.waiting = bucket.waiting.filter((one) => one !== turn);
    breaker.started(shard, clock.elapsed());
    const { promise, resolve } = Promise.withResolvers<void>();
    turn.granted(resolve);
    await promise;
    bucket.openAt = clock.elapsed() + IDENTIFY_WINDOW_MS;
  }

  #deny(bucket: Bucket, turn: Turn, denial: StartDenial): void {
    bucket.waiting = bucket.waiting.filter((one) => one !== turn);
    turn.denied(denial);
  }

  #spend(turn: Turn): Spending {
    const { clock, budget } = this.#options;
    const { shard } = turn;
    const key = shard % this.#maxConcurrency;
    try {
      return budget.spend(
        turn.purpose(),
        { shard, at: clock.now() },
        (other) => other % this.#maxConcurrency === key,
      );
    } catch (error) {
      return { kind: "denied", denial: unrecorded(error) };
    }
  }
}

/** What is not on record does not happen; the journal tells its own trouble. */
function unrecorded(error: unknown): StartDenial {
  if (!(error instanceof CarillonError)) throw error;
  return { why: "unrecorded", afterMs: UNRECORDED_MS };
}

/** How long is waited for a journal that cannot be written. @units milliseconds */
const UNRECORDED_MS: DurationMs = 30_000;

/** Those that a close waits for come first, then who came first. */
function nextOf(waiting: readonly Turn[]): Turn | undefined {
  return waiting.find((turn) => turn.purpose() === "close") ?? waiting[0];
}
