/**
 * A place for a journal that is gone after the test, and a hand that meddles with it.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";

/** A folder of its own, and the journal's place in it. */
export interface ScratchJournal extends AsyncDisposable {
  readonly folder: string;
  readonly path: string;
}

/** Makes a folder that is gone after the test. */
export async function scratchJournal(): Promise<ScratchJournal> {
  const folder = await Deno.makeTempDir();
  return {
    folder,
    path: `${folder}/desk.db`,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Does something to the database behind the journal's back. */
export function tamper(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}
