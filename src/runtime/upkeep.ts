/**
 * Keeps a journal short: to open, and to store.
 *
 * @module
 */

import { CarillonError } from "../domain/error.ts";
import type { State } from "../domain/state.ts";
import { encodeState, STATE_FORMAT } from "../domain/state_codec.ts";
import { DAY_MS } from "../domain/time.ts";
import type { DurationMs, EpochMs } from "../domain/time.ts";
import type { Clock, Journal } from "./ports.ts";

/** After how many entries the state is kept anew. */
export const CHECKPOINT_EVERY = 5_000;

/** Entries are dropped when they are older than this. */
export const RETENTION_MS: DurationMs = 90 * DAY_MS;

/**
 * Keeps states and drops old entries while nothing is under way.
 *
 * A journal in memory is left alone: it ends with its process, and whoever holds it may want to read
 * all of it. What fails here fails without harm, and is tried again later.
 */
export class Upkeep {
  readonly #clock: Clock;
  readonly #journal: Journal;
  /** The entry behind which the next state is kept at the earliest. */
  #nextSeq: number;
  /** From when on it is worth looking for old entries. @units EpochMs */
  #dropFrom: EpochMs = 0;

  /** Upkeep of a journal whose last state was kept behind `fromSeq`. */
  constructor(clock: Clock, journal: Journal, fromSeq: number) {
    this.#clock = clock;
    this.#journal = journal;
    this.#nextSeq = fromSeq + CHECKPOINT_EVERY;
  }

  /**
   * Before anything is begun: the next start must not have to read all of this again.
   *
   * @throws {CarillonError} what says that the journal is not ours
   */
  begin(state: State): void {
    this.#keep(state);
  }

  /**
   * After a batch whose effects are on their way.
   *
   * @throws {CarillonError} what says that the journal is not ours any more
   */
  keepUp(state: State): void {
    if (isBusy(state)) return;
    this.#keep(state);
    this.#drop();
  }

  #keep(state: State): void {
    const { seq } = state;
    if (this.#journal.path === null || seq < this.#nextSeq) return;
    this.#nextSeq = seq + CHECKPOINT_EVERY;
    const recordedAt = this.#clock.now();
    const text = encodeState(state);
    harmless(() =>
      this.#journal.keep({
        seq,
        recordedAt,
        stateFormat: STATE_FORMAT,
        state: text,
      })
    );
  }

  #drop(): void {
    const now = this.#clock.now();
    if (this.#journal.path === null || now < this.#dropFrom) return;
    this.#dropFrom = now + DAY_MS;
    harmless(() => {
      if (this.#journal.dropBefore(now - RETENTION_MS)) this.#dropFrom = now;
    });
  }
}

function isBusy({ jobs, waitingOrders, stopping }: State): boolean {
  return stopping !== null || Object.keys(jobs).length > 0 ||
    Object.keys(waitingOrders).length > 0;
}

/** The record itself is whole whatever comes of this; the next batch says it if nothing can be written. */
function harmless(work: () => void): void {
  try {
    work();
  } catch (error) {
    const isHarmless = error instanceof CarillonError &&
      error.code === "journal/unwritable";
    if (!isHarmless) throw error;
  }
}
