/**
 * How long a session is.
 *
 * @module
 */

import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../domain/time.ts";
import type { DurationMs } from "../domain/time.ts";

/** A length of time in hours, minutes and seconds, as the seeds gave it. */
export class Duration {
  /** Whole hours; a window over several days has more than 24. */
  readonly hours: number;
  /** Whole minutes, 0 to 59. */
  readonly minutes: number;
  /** Seconds below 60, to the millisecond. */
  readonly seconds: number;
  readonly #ms: DurationMs;

  /**
   * Cuts a length of time into its units.
   *
   * @units `ms`: milliseconds, not below 0
   * @throws {RangeError} if `ms` is no such number
   * @example
   * ```ts
   * import assert from "node:assert/strict";
   * const { hours, minutes, seconds } = new Duration(30_630_000);
   * assert.deepEqual([hours, minutes, seconds], [8, 30, 30]);
   * ```
   */
  constructor(ms: DurationMs) {
    if (!Number.isSafeInteger(ms) || ms < 0) {
      throw new RangeError(
        `Cannot make a duration of ${ms} ms: expected a whole number not below 0`,
      );
    }
    this.#ms = ms;
    this.hours = Math.floor(ms / HOUR_MS);
    this.minutes = Math.floor(ms % HOUR_MS / MINUTE_MS);
    this.seconds = ms % MINUTE_MS / SECOND_MS;
  }

  /** All of it in seconds. */
  get totalSeconds(): number {
    return this.#ms / SECOND_MS;
  }

  /** The same length for arithmetic with instants. */
  toTemporal(): Temporal.Duration {
    return Temporal.Duration.from({
      hours: this.hours,
      minutes: this.minutes,
      seconds: Math.floor(this.seconds),
      milliseconds: this.#ms % SECOND_MS,
    });
  }

  /** The length as ISO 8601 writes it, such as `PT8H30M`. */
  toString(): string {
    return this.toTemporal().toString();
  }
}
