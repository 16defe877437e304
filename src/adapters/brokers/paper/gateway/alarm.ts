/**
 * One sleeper for everything that comes due, however much it is.
 *
 * @module
 */

import type { DurationMs } from "../../../../domain/time.ts";
import type { Clock } from "../../../../runtime/ports.ts";

/** What comes due, by the clock's monotonic time. */
export interface Due {
  /** When the next thing is due; `null` while nothing is. @units milliseconds */
  nextAt(): DurationMs | null;
  /** Carries out what is due. @units `at`: milliseconds */
  ring(at: DurationMs): void;
}

/** Sleeps until the next thing is due, and only while something is. */
export class Alarm implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #due: Due;
  #sleep:
    | { readonly untilAt: DurationMs; readonly over: AbortController }
    | null = null;
  #running: Promise<void> | null = null;
  #ended = false;

  /** Sleeps not before it is told to look. */
  constructor(clock: Clock, due: Due) {
    this.#clock = clock;
    this.#due = due;
  }

  /** Looks again; what became due later than it was is met in time anyway. */
  look(): void {
    if (this.#ended) return;
    const nextAt = this.#due.nextAt();
    if (this.#running === null) {
      if (nextAt !== null) this.#running = this.#run();
    } else if (this.#sleep !== null && isBefore(nextAt, this.#sleep.untilAt)) {
      this.#sleep.over.abort();
    }
  }

  /** Stops; resolves once it sleeps no more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    this.#sleep?.over.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    // Whoever told us to look is still at it: begin when they are done.
    await Promise.resolve();
    for (;;) {
      const untilAt = this.#due.nextAt();
      if (this.#ended || untilAt === null) break;
      const waitMs = Math.ceil(untilAt - this.#clock.elapsed());
      if (waitMs > 0) {
        const over = new AbortController();
        this.#sleep = { untilAt, over };
        // A look from outside wakes it; the loop then plans anew.
        await this.#clock.sleepUntil(this.#clock.now() + waitMs, over.signal)
          .catch(() => undefined);
        this.#sleep = null;
      } else this.#due.ring(this.#clock.elapsed());
    }
    this.#running = null;
  }
}

/** Whether it sleeps too long: something is due earlier, or nothing is any more. */
function isBefore(nextAt: DurationMs | null, untilAt: DurationMs): boolean {
  return nextAt === null || nextAt < untilAt;
}
