/**
 * What one call of a hook may use up.
 *
 * @module
 */

import type { Limits } from "../../runtime/isolation.ts";
import type { DurationMs } from "../../domain/time.ts";

/** The guest's limits; a guest serves one call, so that nothing of a call outlives it. */
export const HOOK_LIMITS: Limits = {
  memoryMb: 64,
  messageBytesMax: 32 * 1_024,
  outputBytesMax: 256 * 1_024,
  messagesMax: 1_000,
  graceMs: 100,
  callsMax: 1,
};

/** A strategy's guest lives on from call to call; only what it returns as its state outlives it. */
export const STRATEGY_LIMITS: Limits = { ...HOOK_LIMITS, callsMax: 10_000 };

/** How often one call may ask the broker for anything. @units a count */
export const REQUESTS_MAX = 100;

/** How many orders one call may ask for, those that close included. @units a count */
export const ORDERS_MAX = 20;

/** How many lines of its log are kept of one call. @units a count */
export const LOG_LINES_MAX = 200;

/** How much of one call's log is kept. @units characters */
export const LOG_LENGTH_MAX = 16 * 1_024;

/** How long a call waits for the account's lists before it begins without them, by the real clock. */
export const SNAPSHOT_WAIT_MS: DurationMs = 2_000;
