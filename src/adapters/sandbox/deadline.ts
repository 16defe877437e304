/**
 * Waiting for a length of real time, however the wall clock jumps.
 *
 * @module
 */

import type { DurationMs } from "../../domain/time.ts";
import type { Clock } from "../../runtime/ports.ts";

/** The longest sleep between two looks at the time that really passed. @units milliseconds */
const LOOK_MS_MAX: DurationMs = 1_000;

/**
 * Resolves once so much time has gone by.
 *
 * @units `ms`: milliseconds
 * @throws the signal's reason once it is aborted
 */
export async function passes(
  clock: Clock,
  ms: DurationMs,
  signal: AbortSignal,
): Promise<void> {
  const from = clock.elapsed();
  for (;;) {
    const leftMs = ms - (clock.elapsed() - from);
    if (leftMs <= 0) return;
    const sliceMs = Math.ceil(Math.min(leftMs, LOOK_MS_MAX));
    await clock.sleepUntil(clock.now() + sliceMs, signal);
  }
}
