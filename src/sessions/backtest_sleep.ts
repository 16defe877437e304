/**
 * Sleeping on whatever clock a strategy runs by.
 *
 * @module
 */

import { SECOND_MS } from "../domain/time.ts";
import type { Clock } from "../runtime/ports.ts";

/**
 * Sleeps by a clock: live it waits, on a virtual clock it lets others go on until virtual time has
 * come so far.
 *
 * It holds nothing up meanwhile; a virtual clock has to be run by somebody, or it stands still.
 *
 * @units `seconds`: seconds, not below 0
 * @throws {RangeError} if `seconds` is no such number
 * @throws the signal's reason once it is aborted
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { VirtualClock } from "../adapters/clock/virtual_clock.ts";
 * const clock = new VirtualClock(0);
 * const slept = backtestSleep(3_600, clock).then(() => clock.now());
 * await clock.advance(7_200_000);
 * assert.equal(await slept, 3_600_000);
 * ```
 */
export async function backtestSleep(
  seconds: number,
  clock: Clock,
  signal?: AbortSignal,
): Promise<void> {
  if (!Number.isFinite(seconds) || seconds < 0) {
    throw new RangeError(
      `Cannot sleep for ${seconds} seconds: expected a number not below 0`,
    );
  }
  await clock.sleepUntil(clock.now() + Math.ceil(seconds * SECOND_MS), signal);
}
