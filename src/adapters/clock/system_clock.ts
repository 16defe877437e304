/**
 * The computer's own clock.
 *
 * @module
 */

import type { DurationMs, EpochMs } from "../../domain/time.ts";
import type { Clock } from "../../runtime/ports.ts";
import { sleepInSlices } from "./real_sleep.ts";

/** Time as the system tells it; waits are cut in slices so that a jump is noticed within 30 s. */
export class SystemClock implements Clock {
  /** Reads the wall clock. @units EpochMs */
  now(): EpochMs {
    return Date.now();
  }

  /** Reads the monotonic clock. @units milliseconds from an arbitrary origin */
  elapsed(): DurationMs {
    return performance.now();
  }

  /**
   * Resolves at or after `at` by the wall clock, or once as much time has gone by as was missing.
   *
   * @units `at`: EpochMs
   * @throws the signal's reason once it is aborted
   */
  sleepUntil(at: EpochMs, signal?: AbortSignal): Promise<void> {
    return sleepInSlices({ now: () => this.now(), factor: 1 }, at, signal);
  }
}

/** The IANA name of the zone this computer is set to. */
export function localTimeZone(): string {
  return Temporal.Now.timeZoneId();
}
