/**
 * The clock on the wall of the machine that carillon runs on, which may be set.
 *
 * @module
 */

import type { DurationMs, EpochMs } from "../../domain/time.ts";
import { SECOND_MS } from "../../domain/time.ts";
import type { Clock } from "../../runtime/ports.ts";

/** How long a machine sleeps without looking at its clock, as the system's clock does. @units milliseconds */
const SLICE_MS: DurationMs = 30 * SECOND_MS;

/** Time as carillon sees it: the world's, and by how much its own clock is off. */
export class MachineClock implements Clock {
  readonly #world: Clock;
  readonly #isSet: boolean;
  /** By how much it is ahead. @units milliseconds */
  aheadMs: DurationMs = 0;

  /** A clock that is right; one that will be set looks again every 30 s. */
  constructor(world: Clock, isSet: boolean) {
    this.#world = world;
    this.#isSet = isSet;
  }

  /** What it shows. */
  now(): EpochMs {
    return this.#world.now() + this.aheadMs;
  }

  /** What has really gone by. */
  elapsed(): DurationMs {
    return this.#world.elapsed();
  }

  /** Sleeps until it shows an instant, but no longer than was missing at first. */
  async sleepUntil(at: EpochMs, signal?: AbortSignal): Promise<void> {
    if (!this.#isSet) return await this.#world.sleepUntil(at, signal);
    signal?.throwIfAborted();
    let most = at - this.now();
    while (most > 0 && this.now() < at) {
      const slice = Math.min(at - this.now(), most, SLICE_MS);
      most -= slice;
      await this.#world.sleepUntil(this.#world.now() + slice, signal);
    }
  }
}
