/**
 * A record that lives as long as its process.
 *
 * @module
 */

import type { Checkpoint, Entry, Journal } from "./ports.ts";
import { verifySequence } from "../domain/sequence.ts";

/** Keeps entries in memory: no recovery after a crash, and whoever uses it says so. */
export class MemoryJournal implements Journal {
  /** There is no place to look at. */
  readonly path = null;
  readonly #entries: Entry[] = [];

  /** Keeps a batch, all or nothing. */
  append(entries: readonly Entry[]): void {
    verifySequence(this.#entries.length, entries);
    // Copied first, so that an entry that cannot be read leaves nothing of its batch behind.
    const kept = entries.map((entry) => ({ ...entry }));
    for (const entry of kept) this.#entries.push(entry);
  }

  /** Everything kept until a reading begins, in order. */
  *read(afterSeq = 0): Iterable<Entry> {
    const { length } = this.#entries;
    for (let index = afterSeq; index < length; index++) {
      const entry = this.#entries[index];
      if (entry !== undefined) yield entry;
    }
  }

  /** None: what lives as long as its process is never started from. */
  checkpoints(): readonly Checkpoint[] {
    return [];
  }

  /** Keeps nothing: every entry is here. */
  keep(): void {}

  /** Drops nothing: whoever holds the journal may still want to look at it. */
  dropBefore(): boolean {
    return false;
  }

  /** Holds nothing that has to be let go. */
  [Symbol.dispose](): void {}
}
