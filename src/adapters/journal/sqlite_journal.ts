/**
 * A record on disk, in SQLite.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { CarillonError } from "../../domain/error.ts";
import type { Entry, Journal } from "../../runtime/ports.ts";
import { verifySequence } from "../../domain/sequence.ts";
import { type Epoch, overtaken, takeOver, verifyEpoch } from "./fence.ts";
import { isSameFile, Lease, type LeaseOwner } from "./lease.ts";
import {
  decodeRow,
  encodeEntry,
  FIRST_DIGEST,
  type Row,
} from "./entry_codec.ts";

/** Marks a SQLite file as ours: "CARI" in ASCII. */
const APPLICATION_ID = 0x43415249;

/** The format that this version writes. */
const FORMAT_VERSION = 1;

/** How long a write waits for another reader or writer. @units milliseconds */
const BUSY_TIMEOUT_MS = 2_000;

const SCHEMA = `
  CREATE TABLE entries (
    seq INTEGER PRIMARY KEY,
    recorded_at INTEGER NOT NULL,
    at INTEGER NOT NULL,
    due_at INTEGER,
    type TEXT NOT NULL,
    event TEXT NOT NULL,
    effects TEXT NOT NULL,
    digest TEXT NOT NULL
  ) STRICT;
`;

/**
 * Writes batches of entries, each with one commit that is on the disk when `append` returns.
 *
 * The write-ahead log with `synchronous = FULL` syncs at every commit; both settings are read back,
 * since a file system that cannot have them would take them silently.
 */
export class SqliteJournal implements Journal {
  /** Where the file lies. */
  readonly path: string;
  readonly #db: DatabaseSync;
  readonly #file: Deno.FileInfo;
  #claim: Claim | null = null;
  #last: { readonly seq: number; readonly digest: string };

  /**
   * Opens a journal, or makes a new one; the whole chain is verified.
   *
   * With an owner it is claimed at once, for writing; without one at the first writing.
   *
   * @throws {CarillonError} "journal/in-use", "journal/unwritable", "journal/unreadable",
   * "journal/foreign" or "journal/newer-format"
   */
  constructor(path: string, options: { readonly owner?: LeaseOwner } = {}) {
    const { owner } = options;
    this.path = path;
    using held = new DisposableStack();
    const lease = owner === undefined
      ? null
      : held.use(Lease.claim(path, owner));
    this.#db = openDatabase(path);
    held.defer(() => this.#db.close());
    try {
      this.#file = Deno.statSync(path);
      prepareDatabase(this.#db, path);
      this.#last = { seq: 0, digest: FIRST_DIGEST };
      for (const { entry, digest } of this.#chain()) {
        this.#last = { seq: entry.seq, digest };
      }
      if (lease !== null) this.#takeOver(lease);
    } catch (error) {
      throw asJournalError(error, "journal/unreadable", path);
    }
    held.move();
  }

  /** Writes a batch, all or nothing. */
  append(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    const { epoch } = this.#own(entries);
    verifySequence(this.#last.seq, entries);
    let last = this.#last;
    try {
      this.#db.exec("BEGIN IMMEDIATE");
      verifyEpoch(this.#db, this.path, epoch);
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
      }
      this.#db.exec("COMMIT");
    } catch (error) {
      if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw asJournalError(error, "journal/unwritable", this.path);
    }
    this.#last = last;
  }

  /** Everything written until a reading begins, in order; the chain is verified on the way. */
  *read(): Iterable<Entry> {
    try {
      for (const { entry } of this.#chain()) yield entry;
    } catch (error) {
      throw asJournalError(error, "journal/unreadable", this.path);
    }
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    if (this.#db.isOpen) this.#db.close();
    this.#claim?.lease[Symbol.dispose]();
    this.#claim = null;
  }

  /** Makes sure that this process is the one that writes. */
  #own([first]: readonly Entry[]): Claim {
    if (this.#claim === null) {
      const owner = { doing: "a program", since: first?.recordedAt ?? 0 };
      return this.#takeOver(Lease.claim(this.path, owner));
    }
    verifyPlace(this.#claim.lease, this.#db, this.#file, this.path);
    return this.#claim;
  }

  #takeOver(lease: Lease): Claim {
    try {
      const { seq } = this.#last;
      const epoch = takeOver(this.#db, this.path, lease.holder, seq);
      return this.#claim = { lease, epoch };
    } catch (error) {
      lease[Symbol.dispose]();
      throw asJournalError(error, "journal/unwritable", this.path);
    }
  }

  *#chain(): Generator<{ readonly entry: Entry; readonly digest: string }> {
    const lastSeq = pickOne(this.#db, "SELECT max(seq) FROM entries") ?? 0;
    let previous = { seq: 0, digest: FIRST_DIGEST };
    for (const row of this.#rows(Number(lastSeq))) {
      const entry = decodeRow(row, previous);
      previous = { seq: entry.seq, digest: row.digest };
      yield { entry, digest: row.digest };
    }
    // Rows of a file that was closed meanwhile just end; that must not look like the record's end.
    if (previous.seq !== lastSeq) {
      throw new Error(`it ended after entry ${previous.seq} of ${lastSeq}`);
    }
  }

  // What is appended during a reading would otherwise come out of it too, without end.
  // Rows come out as this shape: the table is STRICT and its columns are the row's fields.
  #rows(lastSeq: number): Iterable<Row> {
    const all = this.#db.prepare(
      "SELECT * FROM entries WHERE seq <= ? ORDER BY seq",
    );
    return all.iterate(lastSeq) as Iterable<unknown> as Iterable<Row>;
  }
}

/** What makes this process the one that writes. */
interface Claim {
  readonly lease: Lease;
  readonly epoch: Epoch;
}

/**
 * Looks whether the files of a journal are still those that we hold.
 *
 * A lock file that was removed is made anew: whether somebody took over meanwhile, the journal knows.
 * A journal that was removed or replaced while we hold the lock is nobody's but ours, and only the
 * record of it is lost.
 */
function verifyPlace(
  lease: Lease,
  db: DatabaseSync,
  file: Deno.FileInfo,
  path: string,
): void {
  const isOurs = isSameFile(file, path);
  if (!lease.isInPlace) {
    if (!isOurs) throw overtaken(db, path);
    renewLease(lease, db, path);
  }
  if (isOurs) return;
  throw new CarillonError(
    "journal/unwritable",
    `Cannot write journal "${path}": its file was removed or replaced`,
    { details: { path } },
  );
}

function renewLease(lease: Lease, db: DatabaseSync, path: string): void {
  try {
    lease.renew(path);
  } catch (error) {
    const inUse = error instanceof CarillonError &&
      error.code === "journal/in-use";
    throw inUse ? overtaken(db, path) : error;
  }
}

function openDatabase(path: string): DatabaseSync {
  try {
    // Nobody else's to read; SQLite gives the files beside it the same mode.
    Deno.openSync(path, { create: true, write: true, mode: 0o600 }).close();
    return new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  } catch (error) {
    throw asJournalError(error, "journal/unwritable", path);
  }
}

function prepareDatabase(db: DatabaseSync, path: string): void {
  createTables(db);
  verifyFormat(db, path);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  if (pragma(db, "journal_mode") !== "wal" || pragma(db, "synchronous") !== 2) {
    throw new CarillonError(
      "journal/unwritable",
      `Cannot use journal "${path}": its file system does not allow a write-ahead log with full synchronisation`,
      { details: { path } },
    );
  }
}

/** Makes a new file ours, once: of two who open it at the same time the second finds it made. */
function createTables(db: DatabaseSync): void {
  if (pragma(db, "schema_version") !== 0) return;
  // Space is given back piece by piece later on; this can only be chosen before the first table.
  db.exec("PRAGMA auto_vacuum = INCREMENTAL; BEGIN IMMEDIATE;");
  if (pragma(db, "schema_version") === 0) {
    db.exec(`
      PRAGMA application_id = ${APPLICATION_ID};
      PRAGMA user_version = ${FORMAT_VERSION};
      ${SCHEMA}
    `);
  }
  db.exec("COMMIT");
}

function verifyFormat(db: DatabaseSync, path: string): void {
  if (pragma(db, "application_id") !== APPLICATION_ID) {
    throw new CarillonError(
      "journal/foreign",
      `Cannot use "${path}" as a journal: it is a database of another program`,
      { details: { path } },
    );
  }
  const version = pragma(db, "user_version");
  if (version !== FORMAT_VERSION) {
    throw new CarillonError(
      "journal/newer-format",
      `Cannot use journal "${path}": its format is ${version}, this version reads ${FORMAT_VERSION}`,
      { details: { path, version } },
    );
  }
}

function pragma(db: DatabaseSync, name: string): unknown {
  return pickOne(db, `PRAGMA ${name}`);
}

function pickOne(db: DatabaseSync, query: string): unknown {
  const row = db.prepare(query).get();
  return row === undefined ? undefined : Object.values(row)[0];
}

function asJournalError(
  error: unknown,
  doing: "journal/unreadable" | "journal/unwritable",
  path: string,
): CarillonError {
  if (error instanceof CarillonError) return error;
  const why = error instanceof Error ? error.message : String(error);
  const code = NOT_A_DATABASE.test(why)
    ? "journal/foreign"
    : NOT_WRITABLE.test(why)
    ? "journal/unwritable"
    : doing;
  const verb = code === "journal/unwritable" ? "write" : "read";
  return new CarillonError(code, `Cannot ${verb} journal "${path}": ${why}`, {
    cause: error,
    details: { path },
  });
}

// SQLite says so, in English only, of a file that holds something else altogether.
const NOT_A_DATABASE = /not a database/;

// Even a reading needs to write: a write-ahead log has an index beside the file.
const NOT_WRITABLE = /readonly database|unable to open database|is locked/;
