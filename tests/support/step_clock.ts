/**
 * A wall clock that a test moves either way, and that can wake too early.
 *
 * @module
 */

import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import type { DurationMs, EpochMs } from "../../src/domain/time.ts";
import type { Clock } from "../../src/runtime/ports.ts";

interface Sleeper {
  readonly at: EpochMs;
  readonly atElapsed: DurationMs;
  wake(): void;
}

/** A clock whose wall time is set by hand; `elapsed` only ever goes on. */
export class StepClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  // Knows when everything in the process is quiet, whatever its own time is.
  readonly #quiet = new VirtualClock(0);
  #now: EpochMs;
  #elapsed = 0;
  /** How often somebody lay down. */
  sleeps = 0;

  /** Stands still at an instant. @units EpochMs */
  constructor(at: EpochMs) {
    this.#now = at;
  }

  /** The wall clock, as it was set. */
  now(): EpochMs {
    return this.#now;
  }

  /** What has really gone by. */
  elapsed(): DurationMs {
    return this.#elapsed;
  }

  /** How many are asleep, and until when. */
  get sleeping(): readonly EpochMs[] {
    return [...this.#sleepers].map(({ at }) => at);
  }

  /** Sleeps until the wall clock shows the instant, but no longer than was missing at first. */
  sleepUntil(at: EpochMs, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.sleeps += 1;
    if (at <= this.#now) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = () => {
      this.#sleepers.delete(sleeper);
      reject(signal?.reason);
    };
    const sleeper: Sleeper = {
      at,
      atElapsed: this.#elapsed + at - this.#now,
      wake: () => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener("abort", leave);
        resolve();
      },
    };
    this.#sleepers.add(sleeper);
    signal?.addEventListener("abort", leave, { once: true });
    return promise;
  }

  /** Sets the wall clock, either way, and wakes who is due; real time goes on as far as said. */
  async set(at: EpochMs, elapsedMs = 0): Promise<void> {
    this.#now = at;
    this.#elapsed += elapsedMs;
    for (const sleeper of [...this.#sleepers]) {
      const isOver = sleeper.atElapsed <= this.#elapsed;
      if (sleeper.at <= at || isOver) sleeper.wake();
    }
    await this.settle();
  }

  /** Wakes everybody although nothing is due. */
  async wakeEarly(): Promise<void> {
    for (const sleeper of [...this.#sleepers]) sleeper.wake();
    await this.settle();
  }

  /** Lets everything go on that can. */
  async settle(): Promise<void> {
    await this.#quiet.settle();
  }
}
