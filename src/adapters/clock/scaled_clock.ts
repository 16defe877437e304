/**
 * A clock that starts where it is told and runs faster or slower than the world's.
 *
 * @module
 */

import type { DurationMs, EpochMs } from "../../domain/time.ts";
import type { Clock } from "../../runtime/ports.ts";
import { sleepInSlices } from "./real_sleep.ts";

/** Time for `--speed N`: the wall shows `startAt` plus `factor` times what really went by. */
export class ScaledClock implements Clock {
  readonly #startAt: EpochMs;
  readonly #factor: number;
  readonly #originMs: DurationMs = performance.now();

  /**
   * Starts at `startAt`, now.
   *
   * @units `startAt`: EpochMs; `factor`: milliseconds shown for each real one
   * @throws {RangeError} if the factor is not a finite number above zero
   */
  constructor(startAt: EpochMs, factor: number) {
    if (!(factor > 0) || !Number.isFinite(factor)) {
      throw new RangeError(
        `Cannot run a clock at speed ${factor}: it must be a finite number above 0`,
      );
    }
    this.#startAt = startAt;
    this.#factor = factor;
  }

  /** How much faster than the world it runs. @units milliseconds shown for each real one */
  get factor(): number {
    return this.#factor;
  }

  /** Reads the scaled wall clock. @units EpochMs, whole milliseconds */
  now(): EpochMs {
    return this.#startAt + Math.floor(this.elapsed());
  }

  /** Scaled time since the start. @units milliseconds */
  elapsed(): DurationMs {
    return (performance.now() - this.#originMs) * this.#factor;
  }

  /**
   * Resolves at or after `at` by the scaled clock.
   *
   * @units `at`: EpochMs
   * @throws the signal's reason once it is aborted
   */
  sleepUntil(at: EpochMs, signal?: AbortSignal): Promise<void> {
    const clock = { now: () => this.now(), factor: this.#factor };
    return sleepInSlices(clock, at, signal);
  }
}
