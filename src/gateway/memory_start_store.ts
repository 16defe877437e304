/**
 * A start budget that lives as long as its process.
 *
 * @module
 */

import type { StartBudgetStore, StartRecord } from "./ports.ts";

/** Keeps the budget in memory: a restart believes what the server says. */
export class MemoryStartStore implements StartBudgetStore {
  #record: StartRecord | null = null;

  /** What was last written. */
  read(): StartRecord | null {
    return this.#record;
  }

  /** Changes it. */
  update(change: (record: StartRecord | null) => StartRecord): StartRecord {
    return this.#record = change(this.#record);
  }
}
