/**
 * Lets shards identify: one in each bucket in five seconds, and only with a start that is on record.
 *
 * @module
 */

import { CarillonError } from "../domain/error.ts";
import type { DurationMs } from "../domain/time.ts";
import type { Clock } from "../runtime/ports.ts";
import { isAborted, pauseFor } from "./pause.ts";
import type { RecordedStart } from "./ports.ts";
import type { StartBreaker } from "./start_breaker.ts";
import {
  IDENTIFY_WINDOW_MS,
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

  /** Opens every bucket in which nobody identified in the last five seconds, by the record. */
  constructor(options: IdentifyGateOptions) {
    this.#options = options;
    this.#maxConcurrency = options.maxConcurrency;
    const { clock, budget } = options;
    for (const { shard, at } of budget.recent(clock.now())) {
      const ageMs = Math.max(0, clock.now() - at);
      this.#bucketOf(shard).openAt = clock.elapsed() + IDENTIFY_WINDOW_MS -
        ageMs;
    }
  }

  /** Why a session may not be started now; `null` where it may. The server is asked if need be. */
  async admit(purpose: StartPurpose): Promise<StartDenial | null> {
    const { clock, budget, breaker, refresh } = this.#options;
    if (budget.isStale(clock.now())) {
      const denial = await refresh();
      if (denial !== null) return denial;
    }
    const denial = budget.denial(purpose, clock.now());
    if (denial !== null || purpose === "close") return denial;
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
      bucket.waiting = bucket.waiting.filter((one) => one !== turn);
      if (denial === null) await this.#grant(bucket, turn);
      else turn.denied(denial);
    }
  }

  async #grant(bucket: Bucket, turn: Turn): Promise<void> {
    const { clock, breaker } = this.#options;
    const { shard } = turn;
    const start = { shard, at: clock.now() };
    const denial = this.#spend(turn.purpose(), start);
    if (denial !== null) return turn.denied(denial);
    breaker.started(shard, clock.elapsed());
    const { promise, resolve } = Promise.withResolvers<void>();
    turn.granted(resolve);
    await promise;
    bucket.openAt = clock.elapsed() + IDENTIFY_WINDOW_MS;
  }

  /** What is not on record does not happen. */
  #spend(purpose: StartPurpose, start: RecordedStart): StartDenial | null {
    try {
      return this.#options.budget.spend(purpose, start);
    } catch (error) {
      if (!(error instanceof CarillonError)) throw error;
      return { why: "unrecorded", afterMs: UNRECORDED_MS };
    }
  }
}

/** How long is waited for a journal that cannot be written. @units milliseconds */
const UNRECORDED_MS: DurationMs = 30_000;

/** Those that a close waits for come first, then who came first. */
function nextOf(waiting: readonly Turn[]): Turn | undefined {
  return waiting.find((turn) => turn.purpose() === "close") ?? waiting[0];
}
