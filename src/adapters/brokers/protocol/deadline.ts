/**
 * Work that must end in time.
 *
 * @module
 */

import type { DurationMs } from "../../../domain/time.ts";
import type { Clock } from "../../../runtime/ports.ts";

/** The reason of a signal that was aborted because time was up. */
export class OutOfTime extends Error {
  override readonly name = "OutOfTime";

  /** Says how long it was. @units `limitMs`: milliseconds */
  constructor(limitMs: DurationMs) {
    super(`no answer within ${limitMs} ms`);
  }
}

/**
 * Runs work whose signal is aborted after `limitMs`, or with the outer signal.
 *
 * @units `limitMs`: milliseconds by the clock
 * @throws what the work throws; `OutOfTime` where it keeps to its signal
 */
export async function withDeadline<T>(
  clock: Clock,
  limitMs: DurationMs,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer.throwIfAborted();
  const cut = new AbortController();
  const done = new AbortController();
  const relay = () => cut.abort(outer.reason);
  outer.addEventListener("abort", relay, { once: true });
  const expiry = clock.sleepUntil(clock.now() + limitMs, done.signal).then(
    () => cut.abort(new OutOfTime(limitMs)),
    // Woken by `done`: the work ended first.
    () => undefined,
  );
  try {
    return await work(cut.signal);
  } finally {
    outer.removeEventListener("abort", relay);
    done.abort();
    await expiry;
  }
}

/** The promise, or the signal's reason if that comes first. */
export function orAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    promise.then(resolve, reject).finally(() =>
      signal.removeEventListener("abort", leave)
    );
  });
}
