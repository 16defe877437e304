/**
 * The start budgets of gateways, in the journal's own file.
 *
 * A table of its own beside the entries: what is counted there decides nothing in the core, must be
 * on disk before an identify leaves, and may be changed by several processes at once, none of which
 * needs to be the one that writes the journal.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { CarillonError } from "../../domain/error.ts";
import type { StartBudgetStore, StartRecord } from "../../gateway/ports.ts";
import {
  asJournalError,
  openForWriting,
  pragma,
  readFormat,
} from "./journal_file.ts";

const TABLE = `
  CREATE TABLE IF NOT EXISTS gateway_starts (
    gateway TEXT PRIMARY KEY,
    record TEXT NOT NULL
  ) STRICT;
`;

/** Keeps the budget of one gateway, under a name that tells it from others. */
export class SqliteStartStore implements StartBudgetStore, Disposable {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #gateway: string;

  /**
   * Opens the file of a journal that is there; the name is of the user's choosing, and no token.
   *
   * @throws {CarillonError} "journal/missing", "journal/foreign", "journal/newer-format" or
   * "journal/unwritable"
   */
  constructor(path: string, gateway: string) {
    this.#path = path;
    this.#gateway = gateway;
    refuseMissing(path);
    using held = new DisposableStack();
    this.#db = openForWriting(path);
    held.defer(() => this.#db.close());
    try {
      if (readFormat(this.#db, path) === 0) throw missing(path);
      this.#db.exec("PRAGMA synchronous = FULL");
      if (pragma(this.#db, "journal_mode") !== "wal") throw missing(path);
      this.#db.exec(TABLE);
    } catch (error) {
      throw asJournalError(error, "journal/unwritable", path);
    }
    held.move();
  }

  /** What is on record; `null` where nothing is. @throws {CarillonError} "journal/unreadable" */
  read(): StartRecord | null {
    try {
      return this.#find();
    } catch (error) {
      throw asJournalError(error, "journal/unreadable", this.#path);
    }
  }

  /** Changes the record in one transaction. @throws {CarillonError} "journal/unwritable" */
  update(change: (record: StartRecord | null) => StartRecord): StartRecord {
    try {
      this.#db.exec("BEGIN IMMEDIATE");
      const record = change(this.#find());
      this.#db.prepare("INSERT OR REPLACE INTO gateway_starts VALUES (?, ?)")
        .run(this.#gateway, JSON.stringify(record));
      this.#db.exec("COMMIT");
      return record;
    } catch (error) {
      if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw asJournalError(error, "journal/unwritable", this.#path);
    }
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    if (this.#db.isOpen) this.#db.close();
  }

  #find(): StartRecord | null {
    const row = this.#db.prepare(
      "SELECT record FROM gateway_starts WHERE gateway = ?",
    ).get(this.#gateway);
    if (row === undefined) return null;
    // The table is STRICT, and only `update` writes to it.
    return JSON.parse(String(row.record)) as StartRecord;
  }
}

function refuseMissing(path: string): void {
  try {
    Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw missing(path);
    throw asJournalError(error, "journal/unwritable", path);
  }
}

function missing(path: string): CarillonError {
  return new CarillonError(
    "journal/missing",
    `Cannot keep a start budget in "${path}": there is no journal yet; open it first`,
    { details: { path } },
  );
}
