/**
 * How many sessions may still be started, by the server's word and our own record.
 *
 * @module
 */

import type { SessionStartLimit } from "../domain/session_start_limit.ts";
import {
  type DurationMs,
  type EpochMs,
  MINUTE_MS,
  SECOND_MS,
} from "../domain/time.ts";
import type { ParkReason } from "./gateway_event.ts";
import type { RecordedStart, StartBudgetStore, StartRecord } from "./ports.ts";

/** The window in which each bucket has one identify. @units milliseconds */
export const IDENTIFY_WINDOW_MS: DurationMs = 5 * SECOND_MS;

/** Two answers that name resets so close together speak of one period. @units milliseconds */
const SAME_RESET_MS: DurationMs = MINUTE_MS;

/**
 * What a session is started for: a shard's first one in this run, another one after it was lost,
 * or one that a close waits for.
 */
export type StartPurpose = "start" | "again" | "close";

/** Why no session may be started, and for how long. */
export interface StartDenial {
  readonly why: ParkReason;
  /** When it may be tried again. @units milliseconds from now */
  readonly afterMs: DurationMs;
}

/** What became of a start that was to be counted. */
export type Spending =
  | { readonly kind: "spent" }
  | { readonly kind: "denied"; readonly denial: StartDenial }
  /** Another start of its bucket, perhaps another process's, is too recent. */
  | { readonly kind: "too_soon"; readonly afterMs: DurationMs };

/** The starts of one gateway; every one is on record before it leaves. */
export class StartBudget {
  readonly #store: StartBudgetStore;
  readonly #reserve: number;

  /** Keeps `reserve` starts for first sessions and for those that a close needs. @units `reserve`: starts */
  constructor(store: StartBudgetStore, reserve: number) {
    this.#store = store;
    this.#reserve = reserve;
  }

  /** Takes in what the server says; gives what holds from now on. @throws {CarillonError} "journal/unwritable" */
  learn(limit: SessionStartLimit): StartRecord {
    return this.#store.update((record) => mergeRecord(record, limit));
  }

  /** Whether the period that is known of is over, so that the server has to be asked. @units `at`: EpochMs */
  isStale(at: EpochMs): boolean {
    const record = this.#store.read();
    return record === null || record.resetAt <= at;
  }

  /** Why no session may be started for this; `null` where one may. @units `at`: EpochMs */
  denial(purpose: StartPurpose, at: EpochMs): StartDenial | null {
    return this.#denialBy(this.#store.read(), purpose, at);
  }

  /**
   * Counts a start that is about to leave, or says why it may not; what is counted is on record.
   *
   * All in one go: whoever else starts sessions by the same record, a run before this one or another
   * process, can neither take the last one as well nor meet us in a bucket.
   *
   * @throws {CarillonError} "journal/unwritable"
   */
  spend(
    purpose: StartPurpose,
    start: RecordedStart,
    sharesBucket: (shard: number) => boolean,
  ): Spending {
    let spending: Spending = { kind: "spent" };
    this.#store.update((record) => {
      const known = record ?? NOTHING_KNOWN;
      spending = this.#judge(known, purpose, start, sharesBucket);
      if (spending.kind === "spent") return spendOne(known, start);
      return { ...known, recent: recentOf(known.recent, start.at) };
    });
    return spending;
  }

  #judge(
    record: StartRecord,
    purpose: StartPurpose,
    start: RecordedStart,
    sharesBucket: (shard: number) => boolean,
  ): Spending {
    const denial = this.#denialBy(record, purpose, start.at);
    if (denial !== null) return { kind: "denied", denial };
    const lastAt = recentOf(record.recent, start.at)
      .filter(({ shard }) => sharesBucket(shard))
      .reduce((last, { at }) => Math.max(last, at), -Infinity);
    const afterMs = lastAt + IDENTIFY_WINDOW_MS - start.at;
    return afterMs > 0 ? { kind: "too_soon", afterMs } : { kind: "spent" };
  }

  #denialBy(
    record: StartRecord | null,
    purpose: StartPurpose,
    at: EpochMs,
  ): StartDenial | null {
    const { remaining, resetAt } = record ?? NOTHING_KNOWN;
    const afterMs = Math.max(0, resetAt - at);
    if (remaining === 0) return { why: "spent", afterMs };
    return purpose === "again" && remaining <= this.#reserve
      ? { why: "reserve", afterMs }
      : null;
  }
}

/** Before the server was asked nothing may be started. */
const NOTHING_KNOWN: StartRecord = {
  total: 0,
  remaining: 0,
  resetAt: 0,
  recent: [],
};

/**
 * The record after an answer of the server's.
 *
 * Within one period the smaller number counts: the server may not have counted our last starts yet,
 * and others may have started as well. A reset that is another one begins anew.
 */
export function mergeRecord(
  record: StartRecord | null,
  limit: SessionStartLimit,
): StartRecord {
  const at = limit.createdAt.epochMilliseconds;
  const resetAt = limit.resetAt.epochMilliseconds;
  const told = { total: limit.total, remaining: limit.remaining, resetAt };
  const recent = recentOf(record?.recent ?? [], at);
  if (record === null || !isSamePeriod(record.resetAt, resetAt, at)) {
    return { ...told, recent };
  }
  const remaining = Math.min(told.remaining, record.remaining);
  return { ...told, remaining, recent };
}

function isSamePeriod(
  recordedAt: EpochMs,
  toldAt: EpochMs,
  at: EpochMs,
): boolean {
  if (recordedAt <= at) return false;
  // A period may itself be shorter than the tolerance.
  const tolerance = Math.min(SAME_RESET_MS, (toldAt - at) / 2);
  return Math.abs(recordedAt - toldAt) <= tolerance;
}

function spendOne(record: StartRecord, start: RecordedStart): StartRecord {
  return {
    ...record,
    remaining: record.remaining - 1,
    recent: [...recentOf(record.recent, start.at), start],
  };
}

function recentOf(
  starts: readonly RecordedStart[],
  at: EpochMs,
): readonly RecordedStart[] {
  // A start of the future is one from before the clock was set back, and nobody knows when it was:
  // it counts as one of this moment, on record too, so that it is waited for once and not for ever.
  return starts
    .map((start) => start.at > at ? { ...start, at } : start)
    .filter((start) => start.at > at - IDENTIFY_WINDOW_MS);
}
