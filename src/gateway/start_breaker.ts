/**
 * Stops session starts that lead to nothing before they use up what the server allows.
 *
 * @module
 */

import { type DurationMs, HOUR_MS, MINUTE_MS } from "../domain/time.ts";

/** Fruitless starts in a row, over all shards, that trip the breaker. */
export const FRUITLESS_MAX = 5;
/** How long it stays open the first time; it doubles with each further one. @units milliseconds */
export const OPEN_MS_MIN: DurationMs = MINUTE_MS;
/** The longest it stays open. @units milliseconds */
export const OPEN_MS_MAX: DurationMs = HOUR_MS;

/**
 * Counts starts whose session did not last: a start is fruitless when its shard needs another one
 * and was not steady in between.
 *
 * Once tripped it lets one fruitless start through each time it opens again, less and less often;
 * the first session of any shard that lasts closes it.
 */
export class StartBreaker {
  readonly #unproven = new Set<number>();
  #fruitless = 0;
  #trips = 0;
  #openUntil: DurationMs = -Infinity;

  /** How long nothing may be started; 0 where it may. @units `at`: milliseconds of a monotonic clock; the result: milliseconds */
  waitMs(at: DurationMs): DurationMs {
    return Math.max(0, this.#openUntil - at);
  }

  /** Counts a start. @units `at`: milliseconds of a monotonic clock */
  started(shard: number, at: DurationMs): void {
    if (!this.#unproven.has(shard)) {
      this.#unproven.add(shard);
      return;
    }
    this.#fruitless += 1;
    if (this.#fruitless < FRUITLESS_MAX) return;
    const openMs = Math.min(OPEN_MS_MAX, OPEN_MS_MIN * 2 ** this.#trips);
    this.#trips += 1;
    this.#openUntil = at + openMs;
  }

  /** A shard's session has lasted: what failed before is over. */
  steady(shard: number): void {
    this.#unproven.delete(shard);
    this.#fruitless = 0;
    this.#trips = 0;
    this.#openUntil = -Infinity;
  }
}
