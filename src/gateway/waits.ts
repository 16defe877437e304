/**
 * Waits by name, that can all be dropped at once.
 *
 * @module
 */

import type { DurationMs } from "../domain/time.ts";
import type { Clock } from "../runtime/ports.ts";
import { isAborted, pauseFor } from "./pause.ts";

/** At most one wait of each name. */
export class Waits {
  readonly #clock: Clock;
  readonly #running = new Map<string, AbortController>();

  /** Waits by this clock. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits, in place of an earlier wait of that name. @units `ms`: milliseconds */
  set(name: string, ms: DurationMs, due: () => void): void {
    this.#running.get(name)?.abort();
    const abort = new AbortController();
    this.#running.set(name, abort);
    this.#wait(ms, abort.signal).then((isOver) => {
      if (!isOver) return;
      this.#running.delete(name);
      due();
    });
  }

  /** Drops them all. */
  drop(): void {
    for (const abort of this.#running.values()) abort.abort();
    this.#running.clear();
  }

  async #wait(ms: DurationMs, signal: AbortSignal): Promise<boolean> {
    try {
      await pauseFor(this.#clock, ms, signal);
    } catch (error) {
      if (!isAborted(error, signal)) throw error;
    }
    // Dropped in the very moment in which it was over, it is dropped.
    return !signal.aborted;
  }
}
