/**
 * A journal that cannot be written for a while, as on a full disk.
 *
 * @module
 */

import { CarillonError } from "../../src/domain/error.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import type { Entry } from "../../src/runtime/ports.ts";

/** A record in memory that can be told to refuse. */
export class FaultyJournal extends MemoryJournal {
  /** What every writing throws; `null` for none. */
  fault: CarillonError | null = null;
  /** How often somebody tried in vain. */
  refused = 0;

  /** Keeps a batch, unless it is to refuse it. */
  override append(entries: readonly Entry[]): void {
    if (this.fault !== null) {
      this.refused += 1;
      throw this.fault;
    }
    super.append(entries);
  }
}

/** What a full disk says. */
export function diskFull(): CarillonError {
  return new CarillonError(
    "journal/unwritable",
    'Cannot write journal "desk.db": database or disk is full',
  );
}
