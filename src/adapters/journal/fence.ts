/**
 * Keeps a holder that was suspended from writing after another took its journal over.
 *
 * Every owner writes a number into the journal that is higher than all before it; whoever writes
 * an entry looks, in the same transaction, whether the highest number is still its own. What is not
 * written is not performed, so a holder that was overtaken can send nothing any more.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { CarillonError } from "../../domain/error.ts";
import type { Holder } from "./holder.ts";

/** Owners before these are forgotten. */
const OWNERS_KEPT = 100;

const TABLE = `
  CREATE TABLE IF NOT EXISTS owners (
    epoch INTEGER PRIMARY KEY,
    pid INTEGER NOT NULL,
    host TEXT,
    since INTEGER NOT NULL,
    doing TEXT NOT NULL
  ) STRICT;
`;

/** What tells one owner from every other, before and after. */
export type Epoch = number;

/**
 * Makes a process the journal's owner; the number is on the disk when this returns.
 *
 * @throws {CarillonError} "journal/fenced" if another one wrote since the journal was read
 */
export function takeOver(
  db: DatabaseSync,
  path: string,
  holder: Holder,
  lastSeq: number,
): Epoch {
  db.exec("BEGIN IMMEDIATE");
  try {
    const { last } = db.prepare("SELECT max(seq) AS last FROM entries")
      .get() as { readonly last: number | null };
    if ((last ?? 0) !== lastSeq) throw writtenSince(path);
    db.exec(TABLE);
    const epoch = (highest(db) ?? 0) + 1;
    db.prepare("INSERT INTO owners VALUES (?, ?, ?, ?, ?)")
      .run(epoch, holder.pid, holder.host, holder.since, holder.doing);
    db.prepare("DELETE FROM owners WHERE epoch <= ?").run(epoch - OWNERS_KEPT);
    db.exec("COMMIT");
    return epoch;
  } catch (error) {
    if (db.isOpen && db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/**
 * Looks whether the journal is still ours; belongs into the transaction that writes.
 *
 * @throws {CarillonError} "journal/fenced" if another one took it over
 */
export function verifyEpoch(
  db: DatabaseSync,
  path: string,
  epoch: Epoch,
): void {
  if (highest(db) !== epoch) throw overtaken(db, path);
}

/** What is said to a holder that was overtaken. */
export function overtaken(db: DatabaseSync, path: string): CarillonError {
  const owner = lastOwner(db);
  const who = owner === null
    ? "another process"
    : `process ${owner.pid}${
      owner.host === null ? "" : ` on ${owner.host}`
    } ("${owner.doing}")`;
  return new CarillonError(
    "journal/fenced",
    `Cannot write journal "${path}": ${who} took it over while this one was suspended or cut off; nothing more is done here, look at the broker`,
    { details: { path, owner } },
  );
}

/** Who took the journal over last; `null` for nobody. */
export function lastOwner(db: DatabaseSync): Holder | null {
  const row = hasOwners(db)
    ? db.prepare(
      "SELECT pid, host, since, doing FROM owners ORDER BY epoch DESC LIMIT 1",
    ).get()
    : undefined;
  // The table is STRICT and its columns are the holder's fields.
  return row === undefined ? null : { ...row } as unknown as Holder;
}

function highest(db: DatabaseSync): Epoch | null {
  if (!hasOwners(db)) return null;
  const row = db.prepare("SELECT max(epoch) AS highest FROM owners").get();
  return (row as { readonly highest: Epoch | null }).highest;
}

function hasOwners(db: DatabaseSync): boolean {
  const query = "SELECT 1 FROM sqlite_schema WHERE name = 'owners'";
  return db.prepare(query).get() !== undefined;
}

function writtenSince(path: string): CarillonError {
  return new CarillonError(
    "journal/fenced",
    `Cannot write journal "${path}": another run wrote it after this one read it; start again`,
    { details: { path, owner: null } },
  );
}
