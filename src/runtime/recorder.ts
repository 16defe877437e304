/**
 * Writes what happens to the journal, and holds it while the journal cannot be written.
 *
 * @module
 */

import { CarillonError } from "../domain/error.ts";
import type { EdgeSettled, Notice } from "../domain/notice.ts";
import { SECOND_MS } from "../domain/time.ts";
import type { DurationMs, EpochMs } from "../domain/time.ts";
import type { Clock, Entry, Journal } from "./ports.ts";

/** How many entries are held in memory at most; beyond that the run cannot go on. */
export const UNWRITTEN_MAX = 50_000;

/** How long until the next attempt, at first; it doubles with each that fails. */
const RETRY_MS_MIN: DurationMs = SECOND_MS;

/** How long until the next attempt, at most. */
const RETRY_MS_MAX: DurationMs = 16 * SECOND_MS;

/** Attempts that are slow to fail take no more than one part in so many of the time. */
const PATIENCE = 20;

/** What the recorder works with. */
export interface RecorderParts {
  readonly clock: Clock;
  readonly journal: Journal;
  /** Whether the journal knows of this run's work already; one that knows nothing is not begun. */
  readonly hasBegun: boolean;
  /** Tells that the journal cannot be written, and that it can be again. */
  readonly tell: (notice: Notice) => void;
  /** Hears of what makes it impossible to go on at all, when nobody has called. */
  readonly onFailure: (error: unknown) => void;
}

/** What could not be written, and when it is tried again. */
interface Backlog {
  readonly sinceAt: EpochMs;
  readonly entries: Entry[];
  retryMs: DurationMs;
  /** From when on a batch that comes tries again, by the clock's elapsed time. */
  batchFrom: DurationMs;
  why: string;
}

/**
 * Records batches in the order in which they come.
 *
 * While the journal cannot be written they are held and tried again: with each batch that comes a
 * second after the last attempt or later, and by a timer. A journal that somebody else has taken over is not
 * tried again, and a run that nothing at all is on record of does not begin.
 */
export class Recorder {
  readonly #parts: RecorderParts;
  readonly #ending = new AbortController();
  #backlog: Backlog | null = null;
  #hasBegun: boolean;

  /** A recorder that has nothing to write yet. */
  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#hasBegun = parts.hasBegun;
  }

  /** How many entries are held since they could not be written. */
  get unwritten(): number {
    return this.#backlog?.entries.length ?? 0;
  }

  /**
   * Records a batch; says whether it is on the disk, and all before it.
   *
   * @throws {CarillonError} what makes it impossible to go on
   */
  record(batch: readonly Entry[]): boolean {
    if (this.#backlog !== null) return this.#hold(this.#backlog, batch);
    try {
      this.#parts.journal.append(batch);
      this.#hasBegun ||= batch.length > 0;
      return true;
    } catch (error) {
      if (!this.#hasBegun || !isBearable(error)) throw error;
      this.#begin(batch, error);
      return false;
    }
  }

  /**
   * Tries a last time.
   *
   * @throws {CarillonError} "journal/unwritable", saying what is not on record
   */
  finish(): void {
    const backlog = this.#backlog;
    if (backlog === null || this.#write(backlog)) return;
    this.#backlog = null;
    throw new CarillonError(
      "journal/unwritable",
      `Cannot put the last ${backlog.entries.length} entries of the run on record: ${backlog.why}; ${
        sayLost(backlog.entries)
      }`,
      { details: { entries: backlog.entries.length } },
    );
  }

  /** Tries a last time, and lets go. */
  close(): void {
    this.#ending.abort();
    if (this.#backlog === null) return;
    try {
      this.#write(this.#backlog);
    } catch {
      // Taken over by another run: what is not on record stays so, and the broker knows the orders.
    }
    this.#backlog = null;
  }

  #begin(batch: readonly Entry[], error: Error): void {
    const { clock, tell } = this.#parts;
    const at = clock.now();
    this.#backlog = {
      sinceAt: at,
      entries: [...batch],
      retryMs: RETRY_MS_MIN,
      batchFrom: clock.elapsed() + RETRY_MS_MIN,
      why: error.message,
    };
    tell({ type: "journal.unwritable", at, message: error.message });
    this.#keepTrying(this.#backlog).catch(this.#parts.onFailure);
  }

  #hold(backlog: Backlog, batch: readonly Entry[]): boolean {
    if (backlog.entries.length + batch.length > UNWRITTEN_MAX) {
      throw new CarillonError(
        "journal/unwritable",
        `Cannot hold more than ${UNWRITTEN_MAX} entries in memory: ${backlog.why}`,
        { details: { entries: backlog.entries.length } },
      );
    }
    for (const entry of batch) backlog.entries.push(entry);
    return this.#parts.clock.elapsed() >= backlog.batchFrom &&
      this.#write(backlog);
  }

  async #keepTrying(backlog: Backlog): Promise<void> {
    const { clock } = this.#parts;
    const { signal } = this.#ending;
    while (this.#backlog === backlog && !signal.aborted) {
      try {
        await clock.sleepUntil(clock.now() + backlog.retryMs, signal);
      } catch (error) {
        // Woken since the run is over.
        if (!signal.aborted) throw error;
      }
      if (this.#backlog === backlog && !signal.aborted) this.#write(backlog);
    }
  }

  /** Writes all that is held, or nothing of it. */
  #write(backlog: Backlog): boolean {
    const { clock, journal, tell } = this.#parts;
    const at = clock.now();
    const from = clock.elapsed();
    try {
      journal.append(
        backlog.entries.map((entry) => ({ ...entry, recordedAt: at })),
      );
    } catch (error) {
      if (!isBearable(error)) throw error;
      backlog.why = error.message;
      backlog.retryMs = Math.min(2 * backlog.retryMs, RETRY_MS_MAX);
      // An attempt may have to wait for a lock: a close must not wait with it each time.
      const tookMs = clock.elapsed() - from;
      backlog.batchFrom = from + Math.max(RETRY_MS_MIN, PATIENCE * tookMs);
      return false;
    }
    this.#backlog = null;
    const { sinceAt, entries } = backlog;
    tell({ type: "journal.restored", at, entries: entries.length, sinceAt });
    return true;
  }
}

/** Whether the journal may be writable again later, and is still ours. */
function isBearable(error: unknown): error is CarillonError {
  return error instanceof CarillonError && error.code === "journal/unwritable";
}

function sayLost(entries: readonly Entry[]): string {
  const settled = entries.flatMap(({ effects }) => effects)
    .map((effect) => effect.type === "tell" ? effect.notice : null)
    .filter((notice): notice is EdgeSettled => notice?.type === "edge.settled")
    .map(({ edge, outcome }) => `${edge} (${outcome})`);
  return settled.length === 0
    ? "no edge ended among them"
    : `among them ended ${settled.join(", ")}`;
}
