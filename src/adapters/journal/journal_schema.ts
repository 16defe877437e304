/**
 * The tables of a journal, and how an older file comes to have them.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { lastRow, writeMark } from "./chain.ts";
import { APPLICATION_ID, FORMAT_VERSION, pragma } from "./journal_file.ts";

/**
 * What format 1 consists of. Columns that people may want to ask for are columns of their own:
 * `seq`, `recorded_at`, `at`, `due_at`, `type`.
 */
const FORMAT_1 = `
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

/** What format 2 adds: marks in the chain, and checkpoints from which a start can go on. */
const FORMAT_2 = `
  CREATE TABLE marks (
    name TEXT PRIMARY KEY,
    seq INTEGER NOT NULL,
    digest TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE checkpoints (
    seq INTEGER PRIMARY KEY,
    recorded_at INTEGER NOT NULL,
    state_format INTEGER NOT NULL,
    state TEXT NOT NULL,
    entry_digest TEXT NOT NULL,
    digest TEXT NOT NULL
  ) STRICT;
`;

/** Makes a new file ours, once: of two who open it at the same time the second finds it made. */
export function createTables(db: DatabaseSync): void {
  if (pragma(db, "schema_version") !== 0) return;
  // Space is given back piece by piece later on; this can only be chosen before the first table.
  db.exec("PRAGMA auto_vacuum = INCREMENTAL; BEGIN IMMEDIATE;");
  if (pragma(db, "schema_version") === 0) {
    db.exec(`
      PRAGMA application_id = ${APPLICATION_ID};
      PRAGMA user_version = ${FORMAT_VERSION};
      ${FORMAT_1}
      ${FORMAT_2}
    `);
  }
  db.exec("COMMIT");
}

/**
 * Brings a file of format 1 up to date, in one commit; its entries stay as they are.
 *
 * Only for whoever has claimed the file: a writer of the old format would not move the marks.
 */
export function migrate(db: DatabaseSync, fromFormat: number): void {
  if (fromFormat >= FORMAT_VERSION) return;
  db.exec(
    `BEGIN IMMEDIATE; PRAGMA user_version = ${FORMAT_VERSION}; ${FORMAT_2}`,
  );
  const first = db.prepare("SELECT seq, digest FROM entries WHERE seq = 1")
    .get();
  const last = lastRow(db);
  if (first !== undefined) {
    writeMark(db, "first", { seq: 1, digest: String(first.digest) });
  }
  if (last !== null) writeMark(db, "head", last);
  db.exec("COMMIT");
}
