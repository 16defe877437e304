/**
 * Looks whether a journal is held, without claiming it.
 *
 * @module
 */

import { CarillonError } from "../../domain/error.ts";

/**
 * Whether a process holds a journal now.
 *
 * The name in the lock file outlives a process that was killed; the system's lock does not. A shared
 * lock that is let go at once tells the two apart and needs no right to write.
 *
 * @throws {CarillonError} "journal/unreadable" if the lock cannot be looked at
 */
export function isJournalHeld(journal: string): boolean {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(`${journal}.lock`, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    // A lock that we may not look at says nothing; least of all that nobody holds it.
    if (error instanceof Deno.errors.NotCapable) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new CarillonError(
      "journal/unreadable",
      `Cannot see who holds journal "${journal}": ${why}`,
      { cause: error, details: { path: journal } },
    );
  }
  try {
    return !file.tryLockSync(false);
  } finally {
    file.close();
  }
}
