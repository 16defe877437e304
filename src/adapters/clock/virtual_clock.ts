/**
 * Time that moves only when it is told to, and only once everything in the process is quiet.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { CarillonError, invariant } from "../../domain/error.ts";
import type { DurationMs, EpochMs } from "../../domain/time.ts";
import type { Clock } from "../../runtime/ports.ts";
import { SleeperQueue } from "./sleeper_queue.ts";

/** How a run of virtual time may be watched and cut short. */
export interface VirtualRunOptions {
  /** Told after each wake-up. @units EpochMs */
  readonly onProgress?: (now: EpochMs) => void;
  /** Ends the run between two wake-ups. */
  readonly signal?: AbortSignal;
}

// Promise chains are drained within one turn; a few more turns let streams and message ports of
// this process deliver what they hold.
const QUIET_TURNS = 4;

/** The last instant that a date can hold. @units EpochMs */
const END_OF_TIME: EpochMs = 8.64e15;

/** A clock for backtests, drills and tests: no sleeper is ever woken early, late or out of order. */
export class VirtualClock implements Clock {
  readonly #startAt: EpochMs;
  readonly #sleepers = new SleeperQueue();
  readonly #held = new Set<Promise<unknown>>();
  #now: EpochMs;
  #running = false;

  /** Stands still at `startAt`. @units EpochMs */
  constructor(startAt: EpochMs) {
    this.#startAt = startAt;
    this.#now = startAt;
  }

  /** The virtual wall clock. @units EpochMs */
  now(): EpochMs {
    return this.#now;
  }

  /** Virtual time since the start. @units milliseconds */
  elapsed(): DurationMs {
    return this.#now - this.#startAt;
  }

  /** How many are asleep: where this is zero, running on changes nothing. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /**
   * Resolves when the clock has been run to `at`; at once where it is already there.
   *
   * @units `at`: EpochMs
   * @throws the signal's reason once it is aborted
   */
  sleepUntil(at: EpochMs, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (at <= this.#now) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#sleepers.remove(sleeper);
        reject(signal?.reason);
      };
      const sleeper = this.#sleepers.add(at, () => {
        signal?.removeEventListener("abort", leave);
        resolve();
      });
      signal?.addEventListener("abort", leave, { once: true });
    });
  }

  /**
   * Keeps time standing still until the work is done, for work outside this process: a child
   * process, a worker, a file.
   */
  hold<T>(work: Promise<T>): Promise<T> {
    const release = () => void this.#held.delete(settled);
    const settled: Promise<void> = work.then(release, release);
    this.#held.add(settled);
    return work;
  }

  /** Lets everything that can go on without time passing go on until it is quiet. */
  async settle(): Promise<void> {
    do {
      await Promise.all(this.#held);
      for (let turn = 0; turn < QUIET_TURNS; turn++) {
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    } while (this.#held.size > 0);
  }

  /**
   * Runs up to `untilAt` and stands there; each sleeper sees its own due time as now.
   *
   * @units `untilAt`: EpochMs
   * @throws {CarillonError} "clock/backwards" if `untilAt` has passed
   * @throws the signal's reason once it is aborted
   */
  async run(untilAt: EpochMs, options: VirtualRunOptions = {}): Promise<void> {
    this.#refuseBackwards(untilAt);
    invariant(!this.#running, "one virtual clock is run by one caller at once");
    this.#running = true;
    try {
      await this.#wakeAll(untilAt, options);
      // Where nobody is asleep any more the end of time is no place to stand at.
      if (untilAt < END_OF_TIME) this.#now = untilAt;
    } finally {
      this.#running = false;
    }
  }

  /** Runs on until the work is done, and stands where it was done. */
  async runFor<T>(work: Promise<T>): Promise<T> {
    const done = new AbortController();
    const end = () => done.abort();
    work.then(end, end);
    try {
      await this.run(END_OF_TIME, { signal: done.signal });
    } catch (error) {
      if (!done.signal.aborted) throw error;
    }
    return await work;
  }

  /**
   * Sets the wall clock without letting anything happen on the way, as a machine that slept or a
   * clock that was set forward finds it; whoever was due meanwhile wakes at the next run.
   *
   * @units `at`: EpochMs
   * @throws {CarillonError} "clock/backwards" if `at` has passed
   */
  jump(at: EpochMs): void {
    this.#refuseBackwards(at);
    this.#now = at;
  }

  /** Runs on for a length of time. @units `ms`: milliseconds */
  advance(ms: DurationMs): Promise<void> {
    return this.run(this.#now + ms);
  }

  #refuseBackwards(at: EpochMs): void {
    if (at >= this.#now) return;
    throw new CarillonError(
      "clock/backwards",
      `Cannot set the clock back from ${this.#now} to ${at}`,
      { details: { now: this.#now, at } },
    );
  }

  async #wakeAll(untilAt: EpochMs, options: VirtualRunOptions): Promise<void> {
    for (;;) {
      await this.settle();
      options.signal?.throwIfAborted();
      const next = this.#sleepers.first();
      if (next === undefined || next.at > untilAt) return;
      this.#sleepers.remove(next);
      // A due time that a jump went past is answered late, never by turning the clock back.
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      options.onProgress?.(this.#now);
    }
  }
}
