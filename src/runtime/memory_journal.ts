/**
 * A record that lives as long as its process.
 *
 * @module
 */

import type { Entry, Journal } from "./ports.ts";

/** Keeps entries in memory: no recovery after a crash, and whoever uses it says so. */
export class MemoryJournal implements Journal {
  /** There is no place to look at. */
  readonly path = null;
  readonly #entries: Entry[] = [];

  /** Keeps a batch. */
  append(entries: readonly Entry[]): void {
    for (const entry of entries) this.#entries.push(entry);
  }

  /** Everything kept so far, in order. */
  read(): Iterable<Entry> {
    return this.#entries.values();
  }

  /** Holds nothing that has to be let go. */
  [Symbol.dispose](): void {}
}
