/**
 * Sleeping in slices against a wall clock that may jump.
 *
 * @module
 */

import type { DurationMs, EpochMs } from "../../domain/time.ts";

/**
 * The longest stretch slept without looking at the wall clock again: what a jump of the clock or a
 * machine that slept can cost.
 *
 * @units milliseconds
 */
export const SLICE_MS_MAX: DurationMs = 30_000;

/** A wall clock, and how many of its milliseconds pass in one real one. */
export interface SlicedClock {
  now(): EpochMs;
  readonly factor: number;
}

/**
 * Sleeps until the clock shows `at`, looking again at least every 30 s of real time.
 *
 * @units `at`: EpochMs
 * @throws the signal's reason once it is aborted
 */
export async function sleepInSlices(
  clock: SlicedClock,
  at: EpochMs,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  for (;;) {
    const leftMs = (at - clock.now()) / clock.factor;
    if (!(leftMs > 0)) return;
    // Rounded up: a timer of 0.4 ms would come early and be armed again.
    await pause(Math.min(Math.ceil(leftMs), SLICE_MS_MAX), signal);
  }
}

function pause(ms: DurationMs, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", leave);
      resolve();
    }, ms);
    signal?.addEventListener("abort", leave, { once: true });
  });
}
