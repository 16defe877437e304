/**
 * A journal's file: what tells it from other files, and how it is opened.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { CarillonError, type ErrorCode } from "../../domain/error.ts";

/** Marks a SQLite file as ours: "CARI" in ASCII. */
export const APPLICATION_ID = 0x43415249;

/** The format that this version writes; it reads all that came before. */
export const FORMAT_VERSION = 2;

/** How long a call waits for another reader or writer. @units milliseconds */
const BUSY_TIMEOUT_MS = 2_000;

/**
 * Opens a file to write to it, and makes it where there is none.
 *
 * @throws {CarillonError} "journal/unwritable"
 */
export function openForWriting(path: string): DatabaseSync {
  try {
    // Nobody else's to read; SQLite gives the files beside it the same mode.
    Deno.openSync(path, { create: true, write: true, mode: 0o600 }).close();
    return new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  } catch (error) {
    throw asJournalError(error, "journal/unwritable", path);
  }
}

/**
 * Opens a file to look at it: nothing is claimed, made or changed in it.
 *
 * @throws {CarillonError} "journal/missing", "journal/unreadable"
 */
export function openForReading(path: string): DatabaseSync {
  try {
    Deno.statSync(path);
    return new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) {
      throw asJournalError(error, "journal/unreadable", path);
    }
    throw new CarillonError(
      "journal/missing",
      `Cannot read journal "${path}": there is no such file`,
      { cause: error, details: { path } },
    );
  }
}

/**
 * The format in which a file is written; 0 for one that is still empty.
 *
 * @units the answer: a version, from 1
 * @throws {CarillonError} "journal/foreign" or "journal/newer-format"
 */
export function readFormat(db: DatabaseSync, path: string): number {
  if (pragma(db, "schema_version") === 0) return 0;
  if (pragma(db, "application_id") !== APPLICATION_ID) {
    throw new CarillonError(
      "journal/foreign",
      `Cannot use "${path}" as a journal: it is a database of another program`,
      { details: { path } },
    );
  }
  const version = Number(pragma(db, "user_version"));
  if (version >= 1 && version <= FORMAT_VERSION) return version;
  throw new CarillonError(
    "journal/newer-format",
    `Cannot use journal "${path}": its format is ${version}, this version reads 1 to ${FORMAT_VERSION}`,
    { details: { path, version } },
  );
}

/** The value of a setting. */
export function pragma(db: DatabaseSync, name: string): unknown {
  return pickOne(db, `PRAGMA ${name}`);
}

/** The first column of the first row; `undefined` for no row. */
export function pickOne(
  db: DatabaseSync,
  query: string,
  ...values: readonly (string | number)[]
): unknown {
  const row = db.prepare(query).get(...values);
  return row === undefined ? undefined : Object.values(row)[0];
}

/** What went wrong with a file, in our words and by our codes. */
export function asJournalError(
  error: unknown,
  doing: "journal/unreadable" | "journal/unwritable",
  path: string,
): CarillonError {
  if (error instanceof CarillonError) return error;
  const why = error instanceof Error ? error.message : String(error);
  const code: ErrorCode = NOT_A_DATABASE.test(why)
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
