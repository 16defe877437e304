/**
 * A record that lives as long as its process.
 *
 * @module
 */

import { CarillonError } from "../domain/error.ts";
import { verifyCheckpoint, verifySequence } from "../domain/sequence.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Checkpoint, Entry, Journal } from "./ports.ts";

/** How many states are kept, as on disk. */
const KEPT = 2;

/** Keeps entries in memory: no recovery after a crash, and whoever uses it says so. */
export class MemoryJournal implements Journal {
  /** There is no place to look at. */
  readonly path: string | null = null;
  #entries: Entry[] = [];
  #checkpoints: readonly Checkpoint[] = [];
  /** How many entries were dropped before the first that is kept. */
  #dropped = 0;

  /** Keeps a batch, all or nothing. */
  append(entries: readonly Entry[]): void {
    verifySequence(this.#lastSeq, entries);
    // Copied first, so that an entry that cannot be read leaves nothing of its batch behind.
    const kept = entries.map((entry) => ({ ...entry }));
    for (const entry of kept) this.#entries.push(entry);
  }

  /** Everything kept until a reading begins, in order. */
  *read(afterSeq: number = this.#dropped): Iterable<Entry> {
    const dropped = this.#dropped;
    if (afterSeq < dropped) throw notKept(afterSeq, dropped);
    const entries = this.#entries;
    const { length } = entries;
    for (let index = afterSeq - dropped; index < length; index++) {
      const entry = entries[index];
      if (entry !== undefined) yield entry;
    }
  }

  /** States that were kept, newest first. */
  checkpoints(): readonly Checkpoint[] {
    return this.#checkpoints;
  }

  /** Keeps the state behind the last entry, and the one that was kept before it. */
  keep(checkpoint: Checkpoint): void {
    verifyCheckpoint(checkpoint, this.#lastSeq);
    const earlier = this.#checkpoints.filter(({ seq }) =>
      seq !== checkpoint.seq
    );
    this.#checkpoints = [checkpoint, ...earlier].slice(0, KEPT);
  }

  /**
   * Drops the old entries that both states stand for, up to the first young one.
   *
   * A date behind the last entry's own comes from a clock that ran ahead, and is no sign of youth.
   *
   * @units `before`: EpochMs
   */
  dropBefore(before: EpochMs): boolean {
    const covered = this.#checkpoints[KEPT - 1]?.seq ?? 0;
    const now = this.#entries.at(-1)?.recordedAt ?? before;
    const young = this.#entries.findIndex(({ seq, recordedAt }) =>
      seq > covered || (recordedAt >= before && recordedAt <= now)
    );
    const row = young < 0 ? this.#entries : this.#entries.slice(0, young);
    const old = row.findLastIndex(({ recordedAt }) => recordedAt < before);
    // A reading that is under way keeps what it began with.
    this.#entries = this.#entries.slice(old + 1);
    this.#dropped += old + 1;
    return false;
  }

  /** Holds nothing that has to be let go. */
  [Symbol.dispose](): void {}

  get #lastSeq(): number {
    return this.#dropped + this.#entries.length;
  }
}

function notKept(seq: number, keptAfter: number): CarillonError {
  return new CarillonError(
    "journal/unreadable",
    `Cannot read behind entry ${seq}: entries up to ${keptAfter} were dropped`,
    { details: { seq, keptAfter } },
  );
}
