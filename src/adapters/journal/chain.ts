/**
 * The rows of a journal in order, and the marks between which they lie.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { FIRST_DIGEST, type Row } from "./entry_codec.ts";
import { pragma } from "./journal_file.ts";

/** An entry by its number and digest: enough to go on from. */
export interface Mark {
  /** Its number. */
  readonly seq: number;
  /** SHA-256, in hex. */
  readonly digest: string;
}

/**
 * Marks that a journal keeps beside its rows, from format 2 on.
 *
 * | name | the entry |
 * | --- | --- |
 * | `first` | that was written first of all: the journal's identity, whatever is dropped later |
 * | `base` | that was dropped last; what is kept begins behind it |
 * | `head` | that was written last, in the same commit |
 */
export type MarkName = "first" | "base" | "head";

/** Below every number: what somebody put before the first entry is found, too. */
export const LOWEST_SEQ = Number.MIN_SAFE_INTEGER;

/** Where a journal without entries begins. */
export const ORIGIN: Mark = { seq: 0, digest: FIRST_DIGEST };

/** A mark; `null` where the journal has none of that name. */
export function readMark(db: DatabaseSync, name: MarkName): Mark | null {
  if (!hasMarks(db)) return null;
  const row = db.prepare("SELECT seq, digest FROM marks WHERE name = ?")
    .get(name);
  if (row === undefined) return null;
  return { seq: Number(row.seq), digest: String(row.digest) };
}

/** Moves a mark; belongs into the commit of what moves it. */
export function writeMark(db: DatabaseSync, name: MarkName, mark: Mark): void {
  db.prepare("INSERT OR REPLACE INTO marks VALUES (?, ?, ?)")
    .run(name, mark.seq, mark.digest);
}

/** The digest of a row that is kept; `null` where there is no such row. */
export function digestAt(db: DatabaseSync, seq: number): string | null {
  const row = db.prepare("SELECT digest FROM entries WHERE seq = ?").get(seq);
  return row === undefined ? null : String(row.digest);
}

/** The last row as it stands; `null` for none. */
export function lastRow(db: DatabaseSync): Mark | null {
  const row = db.prepare(
    "SELECT seq, digest FROM entries ORDER BY seq DESC LIMIT 1",
  ).get();
  if (row === undefined) return null;
  return { seq: Number(row.seq), digest: String(row.digest) };
}

/**
 * Rows behind a number, in order.
 *
 * What is appended during a reading would otherwise come out of it too, without end: so the end is
 * given. Rows come out as this shape since the table is STRICT and its columns are the row's fields.
 */
export function rowsBetween(
  db: DatabaseSync,
  afterSeq: number,
  throughSeq: number,
): Iterable<Row> {
  const all = db.prepare(
    "SELECT * FROM entries WHERE seq > ? AND seq <= ? ORDER BY seq",
  );
  return all.iterate(afterSeq, throughSeq) as Iterable<unknown> as Iterable<
    Row
  >;
}

/** Whether a file has marks and checkpoints: from format 2 on, whatever its tables are called. */
export function hasMarks(db: DatabaseSync): boolean {
  return Number(pragma(db, "user_version")) >= 2;
}
