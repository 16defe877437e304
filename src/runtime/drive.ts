/**
 * Brings due times and the clock together.
 *
 * @module
 */

import type { EpochMs } from "../domain/time.ts";
import type { DueQueue } from "./due_queue.ts";
import type { NewEvent } from "./engine.ts";
import type { Clock } from "./ports.ts";

/** What the drive works with. */
export interface DriveParts {
  readonly clock: Clock;
  readonly due: DueQueue;
  readonly post: (...events: readonly NewEvent[]) => void;
  /** Ends the drive. */
  readonly signal: AbortSignal;
}

/**
 * Fires what is due, again and again, until its signal is aborted.
 *
 * At every wake-up the clock is asked anew: too early sleeps on, on time and too late fire in order
 * of (due, rank, sequence); the event carries both times, and the core tells how late it was.
 */
export class Drive {
  readonly #parts: DriveParts;
  #alarm = new AbortController();

  /** A drive that has not begun. */
  constructor(parts: DriveParts) {
    this.#parts = parts;
  }

  /** Makes the drive look at the queue again, since something in it changed. */
  wake(): void {
    this.#alarm.abort();
  }

  /** Runs until the signal is aborted. */
  async run(): Promise<void> {
    const { signal } = this.#parts;
    const stop = () => this.wake();
    signal.addEventListener("abort", stop);
    try {
      while (!signal.aborted) {
        this.#alarm = new AbortController();
        this.#fireDue();
        await this.#sleep();
      }
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  #fireDue(): void {
    const { clock, due, post } = this.#parts;
    const now = clock.now();
    const events: NewEvent[] = [];
    for (let item = due.popDue(now); item !== null; item = due.popDue(now)) {
      const { what, key, dueAt } = item;
      events.push(
        what === "edge"
          ? { type: "edge.due", edge: key, dueAt }
          : { type: "timer.due", timer: key, dueAt },
      );
    }
    if (events.length > 0) post(...events);
  }

  async #sleep(): Promise<void> {
    const { clock, due, signal } = this.#parts;
    if (signal.aborted || this.#alarm.signal.aborted) return;
    const until = due.nextAt() ?? FAR_FUTURE;
    try {
      await clock.sleepUntil(until, this.#alarm.signal);
    } catch (error) {
      // Woken on purpose: the queue changed or the run ends.
      if (!this.#alarm.signal.aborted) throw error;
    }
  }
}

/** Later than any due time: the last instant that a date can hold. */
const FAR_FUTURE: EpochMs = 8.64e15;
