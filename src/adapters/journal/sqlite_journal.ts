/**
 * A record on disk, in SQLite.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { CarillonError } from "../../domain/error.ts";
import type { Entry, Journal } from "../../runtime/ports.ts";
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
  #last: { readonly seq: number; readonly digest: string };

  /**
   * Opens a journal, or makes a new one; the whole chain is verified.
   *
   * @throws {CarillonError} "journal/unwritable", "journal/unreadable", "journal/foreign" or
   * "journal/newer-format"
   */
  constructor(path: string) {
    this.path = path;
    this.#db = openDatabase(path);
    try {
      prepareDatabase(this.#db, path);
      this.#last = { seq: 0, digest: FIRST_DIGEST };
      for (const row of this.#rows()) {
        decodeRow(row, this.#last);
        this.#last = { seq: row.seq, digest: row.digest };
      }
    } catch (error) {
      this.#db.close();
      throw asJournalError(error, "journal/unreadable", path);
    }
  }

  /** Writes a batch, all or nothing. */
  append(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    let last = this.#last;
    try {
      this.#db.exec("BEGIN IMMEDIATE");
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
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw asJournalError(error, "journal/unwritable", this.path);
    }
    this.#last = last;
  }

  /** Everything written so far, in order; the chain is verified on the way. */
  *read(): Iterable<Entry> {
    let previous = { seq: 0, digest: FIRST_DIGEST };
    for (const row of this.#rows()) {
      yield decodeRow(row, previous);
      previous = { seq: row.seq, digest: row.digest };
    }
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    if (this.#db.isOpen) this.#db.close();
  }

  // Rows come out as this shape: the table is STRICT and its columns are the row's fields.
  #rows(): Iterable<Row> {
    const all = this.#db.prepare("SELECT * FROM entries ORDER BY seq");
    return all.iterate() as Iterable<unknown> as Iterable<Row>;
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
  const isNew = pragma(db, "schema_version") === 0;
  if (isNew) createTables(db);
  else verifyFormat(db, path);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  if (pragma(db, "journal_mode") !== "wal" || pragma(db, "synchronous") !== 2) {
    throw new CarillonError(
      "journal/unwritable",
      `Cannot use journal "${path}": its file system does not allow a write-ahead log with full synchronisation`,
      { details: { path } },
    );
  }
}

function createTables(db: DatabaseSync): void {
  // Space is given back piece by piece later on; this can only be chosen before the first table.
  db.exec(`
    PRAGMA auto_vacuum = INCREMENTAL;
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = ${FORMAT_VERSION};
    ${SCHEMA}
  `);
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
  const row = db.prepare(`PRAGMA ${name}`).get();
  return row === undefined ? undefined : Object.values(row)[0];
}

function asJournalError(
  error: unknown,
  code: "journal/unreadable" | "journal/unwritable",
  path: string,
): CarillonError {
  if (error instanceof CarillonError) return error;
  const verb = code === "journal/unreadable" ? "read" : "write";
  const why = error instanceof Error ? error.message : String(error);
  // SQLite says so of a file that holds something else altogether.
  const foreign = why.includes("not a database");
  return new CarillonError(
    foreign ? "journal/foreign" : code,
    `Cannot ${verb} journal "${path}": ${why}`,
    { cause: error, details: { path } },
  );
}
