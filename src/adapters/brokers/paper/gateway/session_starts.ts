/**
 * How many sessions may be started: a budget for each period, and a window for each bucket.
 *
 * @module
 */

import type { DurationMs } from "../../../../domain/time.ts";
import type { GatewayLimits } from "./limits.ts";

/** What has been started, by a monotonic clock. */
export interface StartBudget {
  /** When the first period began. @units milliseconds */
  readonly openedAt: DurationMs;
  /** The period that `spent` is about, from 0. */
  readonly period: number;
  readonly spent: number;
  /** When each bucket last started a session. */
  readonly lastAt: ReadonlyMap<number, DurationMs>;
  /** Every identify of the present window, taken or not. */
  readonly lately: readonly Attempt[];
  readonly tally: StartTally;
}

interface Attempt {
  readonly bucket: number;
  readonly at: DurationMs;
}

/** What was counted, so that the gateway can judge its clients. */
export interface StartTally {
  /** Identifies that started a session. @units a count */
  readonly taken: number;
  /** Identifies that came before their bucket's window was over. @units a count */
  readonly tooSoon: number;
  /** Identifies that came with nothing left. @units a count */
  readonly exhausted: number;
  /** The most session starts of one period, those asked for in vain included. */
  readonly periodMax: number;
  /** The most identifies of any one window, all buckets together, taken or not. */
  readonly windowMax: number;
  /** The most identifies of any one window in one bucket, taken or not. */
  readonly bucketMax: number;
}

/** What becomes of an identify. */
export type StartVerdict = "taken" | "too_soon" | "exhausted";

type StartLimits = Pick<
  GatewayLimits,
  "sessionStarts" | "sessionStartsMs" | "maxConcurrency" | "identifyMs"
>;

/** Nothing spent. @units `at`: milliseconds */
export function openBudget(at: DurationMs): StartBudget {
  return {
    openedAt: at,
    period: 0,
    spent: 0,
    lastAt: new Map(),
    lately: [],
    tally: {
      taken: 0,
      tooSoon: 0,
      exhausted: 0,
      periodMax: 0,
      windowMax: 0,
      bucketMax: 0,
    },
  };
}

/** What is left, and when it is whole again. @units `at`, `resetAfterMs`: milliseconds */
export function startsLeft(
  budget: StartBudget,
  limits: StartLimits,
  at: DurationMs,
): { readonly remaining: number; readonly resetAfterMs: DurationMs } {
  const { spent, period } = renewed(budget, limits, at);
  const endsAt = budget.openedAt + (period + 1) * limits.sessionStartsMs;
  return {
    remaining: limits.sessionStarts - spent,
    resetAfterMs: Math.ceil(endsAt - at),
  };
}

/** Judges an identify and counts it; one that comes too soon spends nothing. @units `at`: milliseconds */
export function takeStart(
  budget: StartBudget,
  limits: StartLimits,
  shardId: number,
  at: DurationMs,
): readonly [StartBudget, StartVerdict] {
  const bucket = shardId % limits.maxConcurrency;
  const current = attempted(renewed(budget, limits, at), limits, bucket, at);
  const lastAt = current.lastAt.get(bucket);
  if (lastAt !== undefined && isWithin(lastAt, limits, at)) {
    const tooSoon = current.tally.tooSoon + 1;
    const tally = { ...current.tally, tooSoon };
    return [{ ...current, tally }, "too_soon"];
  }
  const asked = current.spent + 1;
  const periodMax = Math.max(current.tally.periodMax, asked);
  if (asked > limits.sessionStarts) {
    const exhausted = current.tally.exhausted + 1;
    const tally = { ...current.tally, exhausted, periodMax };
    return [{ ...current, tally }, "exhausted"];
  }
  const taken: StartBudget = {
    ...current,
    spent: asked,
    lastAt: new Map(current.lastAt).set(bucket, at),
    tally: { ...current.tally, taken: current.tally.taken + 1, periodMax },
  };
  return [taken, "taken"];
}

function renewed(
  budget: StartBudget,
  limits: StartLimits,
  at: DurationMs,
): StartBudget {
  const period = Math.floor((at - budget.openedAt) / limits.sessionStartsMs);
  return period === budget.period ? budget : { ...budget, period, spent: 0 };
}

function attempted(
  budget: StartBudget,
  limits: StartLimits,
  bucket: number,
  at: DurationMs,
): StartBudget {
  const recent = budget.lately.filter((one) => isWithin(one.at, limits, at));
  const lately = [...recent, { bucket, at }];
  const inBucket = lately.filter((one) => one.bucket === bucket).length;
  const windowMax = Math.max(budget.tally.windowMax, lately.length);
  const bucketMax = Math.max(budget.tally.bucketMax, inBucket);
  return {
    ...budget,
    lately,
    tally: { ...budget.tally, windowMax, bucketMax },
  };
}

/** Whether an instant lies in the window before another; parts of a millisecond are the client's gain. */
function isWithin(
  before: DurationMs,
  limits: StartLimits,
  at: DurationMs,
): boolean {
  return Math.ceil(at) - Math.floor(before) < limits.identifyMs;
}
