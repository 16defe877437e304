/**
 * Looks whether a journal is held, without claiming it.
 *
 * @module
 */

/**
 * Whether a process holds a journal now.
 *
 * The name in the lock file outlives a process that was killed; the system's lock does not. A shared
 * lock that is let go at once tells the two apart and needs no right to write.
 */
export function isJournalHeld(journal: string): boolean {
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(`${journal}.lock`, { read: true });
  } catch {
    // No lock file, or none that we may read: then nobody is known to hold it.
    return false;
  }
  try {
    return !file.tryLockSync(false);
  } finally {
    file.close();
  }
}
