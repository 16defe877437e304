/**
 * Looks at a journal beside whoever writes it.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import type { EpochMs } from "../../domain/time.ts";
import type { Checkpoint, Entry } from "../../runtime/ports.ts";
import {
  digestAt,
  lastRow,
  LOWEST_SEQ,
  ORIGIN,
  readMark,
  rowsBetween,
} from "./chain.ts";
import { fittingCheckpoints } from "./checkpoints.ts";
import { decodeRow, type Row } from "./entry_codec.ts";
import { asJournalError, openForReading, readFormat } from "./journal_file.ts";

/** An entry with the times that lie in columns of their own. */
export interface RecordedEntry extends Entry {
  /** When we learned of what happened. @units EpochMs */
  readonly at: EpochMs;
  /** When it was due; `null` for what comes from no timer. @units EpochMs */
  readonly dueAt: EpochMs | null;
  /** SHA-256 over the entry and the digest of the one before it, in hex. */
  readonly digest: string;
}

/** A journal that is only looked at: it claims nothing and needs no right to write. */
export class JournalReader implements Disposable {
  /** Where it lies. */
  readonly path: string;
  /** In which format it is written; 0 for a file that is still empty. @units a version */
  readonly format: number;
  /** The number of the last entry that was dropped since it was too old; 0 for none. @units a number of an entry */
  readonly droppedThrough: number;
  readonly #db: DatabaseSync;

  /**
   * Opens a journal for reading.
   *
   * @throws {CarillonError} "journal/missing", "journal/unreadable", "journal/foreign" or
   * "journal/newer-format"
   */
  constructor(path: string) {
    this.path = path;
    this.#db = openForReading(path);
    try {
      this.format = readFormat(this.#db, path);
      this.droppedThrough = (readMark(this.#db, "base") ?? ORIGIN).seq;
    } catch (error) {
      this.#db.close();
      throw asJournalError(error, "journal/unreadable", path);
    }
  }

  /**
   * Entries behind a number, in order, until where the journal ended when the reading began; the
   * chain is verified on the way.
   *
   * @units `afterSeq`: the number of an entry; 0 for all that are kept
   * @throws {CarillonError} "journal/unreadable" at the first entry that is not what was written
   */
  *entries(afterSeq = 0): Generator<RecordedEntry, void> {
    if (this.format === 0) return;
    try {
      const base = readMark(this.#db, "base") ?? ORIGIN;
      const from = Math.max(afterSeq, base.seq);
      const digest = from === base.seq ? base.digest : digestAt(this.#db, from);
      const last = lastRow(this.#db)?.seq ?? base.seq;
      // Behind the end, or behind a hole: the chain has nothing to say of the first one then.
      if (digest === null && from >= last) return;
      let previous = { seq: from, digest: digest ?? "" };
      const after = from === base.seq ? LOWEST_SEQ : from;
      for (const row of rowsBetween(this.#db, after, last)) {
        yield recordedEntry(row, decodeRow(row, previous));
        previous = { seq: row.seq, digest: row.digest };
      }
    } catch (error) {
      throw asJournalError(error, "journal/unreadable", this.path);
    }
  }

  /**
   * States that were kept, newest first, as far as they fit the chain.
   *
   * @throws {CarillonError} "journal/unreadable"
   */
  checkpoints(): readonly Checkpoint[] {
    if (this.format === 0) return [];
    try {
      return fittingCheckpoints(this.#db).map(({ checkpoint }) => checkpoint);
    } catch (error) {
      throw asJournalError(error, "journal/unreadable", this.path);
    }
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    if (this.#db.isOpen) this.#db.close();
  }
}

/**
 * Opens a journal to look at it, beside a writer or after it.
 *
 * @throws {CarillonError} "journal/missing", "journal/unreadable", "journal/foreign" or
 * "journal/newer-format"
 */
export function openJournalForReading(path: string): JournalReader {
  return new JournalReader(path);
}

function recordedEntry(row: Row, entry: Entry): RecordedEntry {
  return { ...entry, at: row.at, dueAt: row.due_at, digest: row.digest };
}
