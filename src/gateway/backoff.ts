/**
 * How long a shard waits before it connects again.
 *
 * @module
 */

import { type DurationMs, MINUTE_MS, SECOND_MS } from "../domain/time.ts";

/** The bound of the first wait; it doubles with each further failure. @units milliseconds */
export const BACKOFF_MS_MIN: DurationMs = 2 * SECOND_MS;
/** The longest wait where coming back costs nothing. @units milliseconds */
export const RESUME_BACKOFF_MS_MAX: DurationMs = MINUTE_MS;
/**
 * The longest wait where coming back costs a session start: with full jitter a shard that never
 * succeeds spends 288 a day.
 *
 * @units milliseconds
 */
export const IDENTIFY_BACKOFF_MS_MAX: DurationMs = 10 * MINUTE_MS;
/** Invalid sessions come in storms, so each waits a part of this before it asks anew. @units milliseconds */
export const INVALID_MS_MAX: DurationMs = 5 * SECOND_MS;
/** The least of that wait. @units milliseconds */
export const INVALID_MS_MIN: DurationMs = SECOND_MS;

/** What went wrong since the shard was last steady. */
export interface Tries {
  /** Connections that ended. */
  readonly lost: number;
  /** Connections that brought no hello, in a row. */
  readonly unreached: number;
  /** Resumes that were not answered by the server's "resumed", in a row. */
  readonly resumes: number;
  /** Identifies that did not lead to a steady session. */
  readonly identifies: number;
  /** Close codes that nobody wrote down. */
  readonly strange: number;
}

/** Nothing went wrong yet. */
export const NO_TRIES: Tries = {
  lost: 0,
  unreached: 0,
  resumes: 0,
  identifies: 0,
  strange: 0,
};

/**
 * The wait before the next connection: full jitter, the first one at once.
 *
 * @units `chance`: fraction of 1; the result: milliseconds
 */
export function backoffMs(
  tries: Tries,
  next: "resume" | "identify",
  chance: number,
): DurationMs {
  const toConnect = boundMs(tries.lost, RESUME_BACKOFF_MS_MAX);
  if (next === "resume") return Math.round(chance * toConnect);
  const toIdentify = boundMs(tries.identifies, IDENTIFY_BACKOFF_MS_MAX);
  return Math.round(chance * Math.max(toConnect, toIdentify));
}

/** The wait after the server called a session invalid. @units `chance`: fraction of 1; the result: milliseconds */
export function invalidMs(chance: number): DurationMs {
  return INVALID_MS_MIN +
    Math.round(chance * (INVALID_MS_MAX - INVALID_MS_MIN));
}

function boundMs(failures: number, max: DurationMs): DurationMs {
  return failures === 0
    ? 0
    : Math.min(max, BACKOFF_MS_MIN * 2 ** (failures - 1));
}
