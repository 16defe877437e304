/**
 * How many requests are under way at once, and when none may be sent at all.
 *
 * @module
 */

import type { EpochMs } from "../../../domain/time.ts";
import type { Clock } from "../../../runtime/ports.ts";
import { NotSent } from "./transport.ts";

/** Requests that may wait their turn; one more is refused unsent. */
export const QUEUE_MAX = 1_000;

/** Lets requests through first come, first served. */
export class Limiter {
  readonly #clock: Clock;
  #max: number;
  #inFlight = 0;
  #pausedUntil: EpochMs = -Infinity;
  #waiting: (() => void)[] = [];

  /** Lets `max` through at once. */
  constructor(clock: Clock, max: number) {
    this.#clock = clock;
    this.#max = max;
  }

  /** Changes how many are let through at once. */
  allow(max: number): void {
    this.#max = max;
    this.#wake();
  }

  /** Holds everything that has not begun until then. @units `untilAt`: EpochMs */
  pause(untilAt: EpochMs): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, untilAt);
  }

  /**
   * Runs a request in its turn.
   *
   * @throws {NotSent} if it did not come to its turn before the signal was aborted
   */
  async run<T>(signal: AbortSignal, request: () => Promise<T>): Promise<T> {
    await this.#turn(signal);
    try {
      return await request();
    } finally {
      this.#inFlight--;
      this.#wake();
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    for (;;) {
      if (signal.aborted) throw notSent(signal);
      if (this.#clock.now() < this.#pausedUntil) {
        await this.#clock.sleepUntil(this.#pausedUntil, signal)
          .catch(() => Promise.reject(notSent(signal)));
      } else if (this.#inFlight < this.#max) {
        this.#inFlight++;
        return;
      } else {
        await this.#queue(signal);
      }
    }
  }

  #queue(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length >= QUEUE_MAX) {
      throw new NotSent(`${QUEUE_MAX} requests are waiting already`);
    }
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        this.#waiting = this.#waiting.filter((one) => one !== go);
        reject(notSent(signal));
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.push(go);
    });
  }

  #wake(): void {
    const free = Math.max(0, this.#max - this.#inFlight);
    for (const go of this.#waiting.splice(0, free)) go();
  }
}

function notSent(signal: AbortSignal): NotSent {
  const { reason } = signal;
  const why = reason instanceof Error ? reason.message : "given up";
  return new NotSent(`waited for its turn: ${why}`, { cause: reason });
}
