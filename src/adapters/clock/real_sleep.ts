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
 * How much longer than it was meant to be a sleep may last before it ends whatever the clock shows.
 *
 * @units milliseconds
 */
const SLACK_MS: DurationMs = 100;

/**
 * Sleeps until the clock shows `at`, looking again at least every 30 s of real time; a clock that is
 * set back meanwhile does not make it longer.
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
  let mostMs: DurationMs = (at - clock.now()) / clock.factor + SLACK_MS;
  while (mostMs > 0) {
    const leftMs = (at - clock.now()) / clock.factor;
    if (!(leftMs > 0)) return;
    // Rounded up: a timer of 0.4 ms would come early and be armed again.
    const sliceMs = Math.ceil(Math.min(leftMs, mostMs, SLICE_MS_MAX));
    await pause(sliceMs, signal);
    mostMs -= sliceMs;
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
