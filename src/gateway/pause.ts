/**
 * Waiting for a length of time rather than for an instant.
 *
 * @module
 */

import type { DurationMs } from "../domain/time.ts";
import type { Clock } from "../runtime/ports.ts";

/**
 * Resolves once so much time has really gone by, however far the wall clock is set forward.
 *
 * @units `ms`: milliseconds
 * @throws the signal's reason once it is aborted
 */
export async function pauseFor(
  clock: Clock,
  ms: DurationMs,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const until = clock.elapsed() + ms;
  for (;;) {
    const leftMs = until - clock.elapsed();
    if (!(leftMs > 0)) return;
    await clock.sleepUntil(clock.now() + Math.ceil(leftMs), signal);
  }
}

/** Whether an error is only a signal's way to say that everything is being let go of. */
export function isAborted(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && error === signal.reason;
}
