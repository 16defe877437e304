/**
 * A record on disk, in SQLite.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { CarillonError } from "../../domain/error.ts";
import { verifyCheckpoint, verifySequence } from "../../domain/sequence.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Checkpoint, Entry, Journal } from "../../runtime/ports.ts";
import {
  type Anchor,
  AnchorFile,
  compareAnchor,
  readAnchor,
  refuseLostEnd,
  refuseRolledBack,
} from "./anchor.ts";
import {
  digestAt,
  lastRow,
  LOWEST_SEQ,
  type Mark,
  ORIGIN,
  readMark,
  rowsBetween,
  writeMark,
} from "./chain.ts";
import { type Claim, verifyPlace } from "./claim.ts";
import {
  dropEntries,
  fittingCheckpoints,
  giveBackPages,
  writeCheckpoint,
} from "./checkpoints.ts";
import { decodeRow, encodeEntry, type Row, verifyRow } from "./entry_codec.ts";
import { takeOver, verifyEpoch } from "./fence.ts";
import {
  asJournalError,
  openForWriting,
  pragma,
  readFormat,
} from "./journal_file.ts";
import { createTables, migrate } from "./journal_schema.ts";
import { Lease, type LeaseOwner } from "./lease.ts";
import { readWalTail, type WalTail } from "./wal_tail.ts";

/**
 * Writes batches of entries, each with one commit that is on the disk when `append` returns.
 *
 * The write-ahead log with `synchronous = FULL` syncs at every commit; both settings are read back,
 * since a file system that cannot have them would take them silently.
 */
export class SqliteJournal implements Journal {
  /** Where the file lies. */
  readonly path: string;
  /** How the file ended when it was opened: a write that a crash cut off is told, and not taken up. */
  readonly tail: WalTail;
  readonly #db: DatabaseSync;
  readonly #format: number;
  readonly #file: Deno.FileInfo;
  #claim: Claim | null = null;
  /** Ours, but not yet on record: the disk was full when the journal was opened. */
  #waiting: Lease | null = null;
  #anchor: AnchorFile | null = null;
  #first: Mark | null;
  #last: Mark = ORIGIN;

  /**
   * Opens a journal, or makes a new one; what a start goes on from is verified, which is all of it
   * for a journal without checkpoints.
   *
   * With an owner it is claimed at once, for writing; without one at the first writing. What lies in
   * a journal on a full disk can still be gone on from: only writing to it fails then.
   *
   * @throws {CarillonError} "journal/in-use", "journal/unwritable", "journal/unreadable",
   * "journal/foreign", "journal/newer-format" or "journal/rolled-back"
   */
  constructor(path: string, options: { readonly owner?: LeaseOwner } = {}) {
    const { owner } = options;
    this.path = path;
    using held = new DisposableStack();
    const lease = owner === undefined
      ? null
      : held.use(Lease.claim(path, owner));
    this.tail = readWalTail(path);
    // Before the journal itself: what another run writes meanwhile must not look like a loss.
    const anchor = readAnchor(path);
    this.#db = openForWriting(path);
    held.defer(() => this.#db.close());
    try {
      this.#file = Deno.statSync(path);
      this.#format = prepareDatabase(this.#db, path);
      // One view of the file for all questions.
      this.#db.exec("BEGIN");
      const from = fittingCheckpoints(this.#db)[0]?.mark.seq;
      this.#last = this.#walk(from);
      this.#first = readMark(this.#db, "first") ?? this.#firstRow();
      this.#refuseLost(anchor);
      this.#db.exec("COMMIT");
      if (lease !== null) this.#takeOverOrWait(lease);
    } catch (error) {
      throw asJournalError(error, "journal/unreadable", path);
    }
    held.move();
  }

  /** Writes a batch, all or nothing. */
  append(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    const claim = this.#own(entries[0]?.recordedAt);
    verifySequence(this.#last.seq, entries);
    this.#commit(claim, () => {
      let last = this.#last;
      const insert = this.#db.prepare(
        "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      );
      for (const entry of entries) {
        const row = encodeEntry(entry, last.digest);
        insert.run(
          row.seq,
          row.recorded_at,
          row.at,
          row.due_at,
          row.type,
          row.event,
          row.effects,
          row.digest,
        );
        last = { seq: row.seq, digest: row.digest };
        if (last.seq === 1) writeMark(this.#db, "first", last);
      }
      writeMark(this.#db, "head", last);
      return last;
    }, (last) => this.#last = last);
    this.#first ??= readMark(this.#db, "first");
    this.#moveAnchor();
  }

  /** Everything written until a reading begins, in order; the chain is verified on the way. */
  *read(afterSeq?: number): Iterable<Entry> {
    try {
      yield* this.#chain(afterSeq);
    } catch (error) {
      throw asJournalError(error, "journal/unreadable", this.path);
    }
  }

  /** States that fit the chain, newest first. */
  checkpoints(): readonly Checkpoint[] {
    try {
      return fittingCheckpoints(this.#db).map(({ checkpoint }) => checkpoint);
    } catch (error) {
      throw asJournalError(error, "journal/unreadable", this.path);
    }
  }

  /** Keeps the state behind the last entry, and the one that was kept before it. */
  keep(checkpoint: Checkpoint): void {
    const claim = this.#own(checkpoint.recordedAt);
    verifyCheckpoint(checkpoint, this.#last.seq);
    this.#commit(
      claim,
      () => writeCheckpoint(this.#db, checkpoint, this.#last),
    );
  }

  /** Drops some old entries and gives their space back to the system. */
  dropBefore(before: EpochMs): boolean {
    let isMore = false;
    this.#commit(
      this.#own(),
      () => isMore = dropEntries(this.#db, before),
    );
    try {
      giveBackPages(this.#db);
    } catch (error) {
      throw asJournalError(error, "journal/unwritable", this.path);
    }
    return isMore;
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    if (this.#db.isOpen) this.#db.close();
    this.#anchor?.[Symbol.dispose]();
    this.#anchor = null;
    (this.#claim?.lease ?? this.#waiting)?.[Symbol.dispose]();
    this.#claim = this.#waiting = null;
  }

  /** Makes sure that this process is the one that writes. @units `since`: EpochMs */
  #own(since = 0): Claim {
    if (this.#claim !== null) {
      verifyPlace(this.#claim.lease, this.#db, this.#file, this.path);
      return this.#claim;
    }
    using held = new DisposableStack();
    const owner = { doing: "a program", since };
    const claim = this.#takeOver(
      this.#waiting ?? held.use(Lease.claim(this.path, owner)),
    );
    this.#waiting = null;
    held.move();
    return claim;
  }

  #takeOverOrWait(lease: Lease): void {
    try {
      this.#takeOver(lease);
    } catch (error) {
      const isFull = error instanceof CarillonError &&
        error.code === "journal/unwritable";
      if (!isFull) throw error;
      this.#waiting = lease;
    }
  }

  /** The file is ours alone from now on, and is brought up to date. */
  #takeOver(lease: Lease): Claim {
    try {
      const { seq } = this.#last;
      const epoch = takeOver(this.#db, this.path, lease.holder, seq);
      migrate(this.#db, this.#format);
      return this.#claim = { lease, epoch };
    } catch (error) {
      this.#rollBack();
      throw asJournalError(error, "journal/unwritable", this.path);
    }
  }

  #commit<T>(
    { epoch }: Claim,
    write: () => T,
    then: (value: T) => void = () => {},
  ): void {
    try {
      this.#db.exec("BEGIN IMMEDIATE");
      verifyEpoch(this.#db, this.path, epoch);
      const value = write();
      this.#db.exec("COMMIT");
      then(value);
    } catch (error) {
      this.#rollBack();
      throw asJournalError(error, "journal/unwritable", this.path);
    }
  }

  #rollBack(): void {
    if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec("ROLLBACK");
  }

  /** The batch is on the disk already: an anchor that lags behind proves less, and breaks nothing. */
  #moveAnchor(): void {
    if (this.#first === null) return;
    try {
      this.#anchor ??= new AnchorFile(this.path);
      this.#anchor.write({ first: this.#first.digest, head: this.#last });
    } catch {
      // Said above: the record itself is whole.
    }
  }

  #refuseLost(anchor: Anchor | null): void {
    refuseLostEnd(this.path, this.#last, readMark(this.#db, "head"));
    const found = compareAnchor(
      anchor,
      this.#first?.digest ?? null,
      this.#last,
      (seq) => digestAt(this.#db, seq),
    );
    refuseRolledBack(this.path, this.#last, found);
  }

  #firstRow(): Mark | null {
    const digest = digestAt(this.#db, 1);
    return digest === null ? null : { seq: 1, digest };
  }

  /** Goes along the chain to its end, and says where that is. */
  #walk(afterSeq: number | undefined): Mark {
    let previous = this.#markAt(afterSeq);
    for (const row of this.#rows(afterSeq)) {
      verifyRow(row, previous);
      previous = { seq: row.seq, digest: row.digest };
    }
    return previous;
  }

  *#chain(afterSeq: number | undefined): Generator<Entry> {
    let previous = this.#markAt(afterSeq);
    for (const row of this.#rows(afterSeq)) {
      yield decodeRow(row, previous);
      previous = { seq: row.seq, digest: row.digest };
    }
  }

  /** What lies behind a number when a reading begins, to its end. */
  *#rows(afterSeq = LOWEST_SEQ): Generator<Row, void> {
    const lastSeq = lastRow(this.#db)?.seq ?? afterSeq;
    let seq = afterSeq;
    for (const row of rowsBetween(this.#db, afterSeq, lastSeq)) {
      yield row;
      seq = row.seq;
    }
    // Rows of a file that was closed meanwhile just end; that must not look like the record's end.
    if (seq < lastSeq) {
      throw new Error(`it ended after entry ${seq} of ${lastSeq}`);
    }
  }

  /** The place behind which a reading begins; without a number, where what is kept begins. */
  #markAt(seq: number | undefined): Mark {
    const base = readMark(this.#db, "base") ?? ORIGIN;
    if (seq === undefined || seq === base.seq) return base;
    const digest = digestAt(this.#db, seq);
    if (digest !== null) return { seq, digest };
    if (seq > this.#last.seq) return this.#last;
    throw new CarillonError(
      "journal/unreadable",
      `Cannot read journal "${this.path}" behind entry ${seq}: it holds entries behind ${base.seq}, and entry ${seq} is not one of them`,
      { details: { path: this.path, seq, keptAfter: base.seq } },
    );
  }
}

function prepareDatabase(db: DatabaseSync, path: string): number {
  createTables(db);
  const format = readFormat(db, path);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  if (pragma(db, "journal_mode") === "wal" && pragma(db, "synchronous") === 2) {
    return format;
  }
  throw new CarillonError(
    "journal/unwritable",
    `Cannot use journal "${path}": its file system does not allow a write-ahead log with full synchronisation`,
    { details: { path } },
  );
}
