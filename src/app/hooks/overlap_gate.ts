/**
 * What becomes of a call that comes while the last one of the same hook still runs.
 *
 * @module
 */

import type { OverlapPolicy } from "../../domain/definition.ts";

/** A call that may begin. */
export interface Entered {
  /** Is aborted when a later call takes its place, or its caller gives it up. */
  readonly signal: AbortSignal;
  /** Lets the next one begin. */
  leave(): void;
}

interface Running {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  hasWaiter: boolean;
}

/** The calls that run, by hook. */
export class OverlapGate {
  readonly #running = new Map<string, Running>();

  /**
   * Waits for a call's turn; `null` where it is left out.
   *
   * @throws the signal's reason once it is aborted
   */
  async enter(
    key: string,
    policy: OverlapPolicy,
    signal: AbortSignal,
  ): Promise<Entered | null> {
    for (
      let last = this.#running.get(key);
      last !== undefined;
      last = this.#running.get(key)
    ) {
      if (policy === "skip" || last.hasWaiter) return null;
      if (policy === "cancel_other") {
        last.stop.abort(new Error("A later call took its place"));
      }
      last.hasWaiter = true;
      try {
        await orAborted(last.ended, signal);
      } finally {
        last.hasWaiter = false;
      }
    }
    return this.#begin(key, signal);
  }

  #begin(key: string, signal: AbortSignal): Entered {
    signal.throwIfAborted();
    const stop = new AbortController();
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const running: Running = { stop, ended, hasWaiter: false };
    this.#running.set(key, running);
    return {
      signal: AbortSignal.any([signal, stop.signal]),
      leave: () => {
        if (this.#running.get(key) === running) this.#running.delete(key);
        resolve();
      },
    };
  }
}

/** Waits for work, or throws the signal's reason once it is aborted. */
export async function orAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const leave = () => reject(signal.reason);
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave, { once: true });
  // Whichever comes second is heard by nobody.
  work.catch(() => {});
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}
