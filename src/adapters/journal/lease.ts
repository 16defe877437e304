/**
 * Who may write a journal: one process, as long as it lives.
 *
 * The claim is a lock of the system's on a file beside the journal, so it is let go whenever its
 * holder dies. The file also says who the holder is, for whoever is refused.
 *
 * @module
 */

import { CarillonError } from "../../domain/error.ts";
import type { EpochMs } from "../../domain/time.ts";
import { type Holder, readHolder, sayHolder, selfAsHolder } from "./holder.ts";

/** What a claim is for, in the words that a refused process shows. */
export interface LeaseOwner {
  /** What it does, as in `carillon run desk.yaml`. */
  readonly doing: string;
  /** When it began. @units EpochMs */
  readonly since: EpochMs;
}

/** A claim on a journal. */
export class Lease implements Disposable {
  /** Who we are, as others read it. */
  readonly holder: Holder;
  readonly #path: string;
  #file: Deno.FsFile;

  private constructor(path: string, holder: Holder, file: Deno.FsFile) {
    this.#path = path;
    this.holder = holder;
    this.#file = file;
  }

  /**
   * Makes this process the one that writes.
   *
   * @throws {CarillonError} "journal/in-use" while another one lives that does, naming it
   */
  static claim(journal: string, owner: LeaseOwner): Lease {
    const holder = selfAsHolder(owner);
    const path = lockPath(journal);
    return new Lease(path, holder, lockFile(path, journal, holder));
  }

  /** Whether the locked file is still the one that others would try to lock. */
  get isInPlace(): boolean {
    return isSameFile(this.#file.statSync(), this.#path);
  }

  /**
   * Claims anew after the lock file was removed under us.
   *
   * @throws {CarillonError} "journal/in-use" if another process was faster
   */
  renew(journal: string): void {
    const file = lockFile(this.#path, journal, this.holder);
    this.#file.close();
    this.#file = file;
  }

  /** Lets go. */
  [Symbol.dispose](): void {
    try {
      // A holder that is gone is nobody's news. Where the lock is not ours any more, neither is the file.
      if (this.isInPlace) this.#file.truncateSync(0);
    } finally {
      this.#file.close();
    }
  }
}

/** Who holds a journal; `null` where nobody says so, which does not mean that nobody does. */
export function holderOf(journal: string): Holder | null {
  return readHolder(lockPath(journal));
}

/** Whether a path leads to a file that is open; where the system numbers no files, it does. */
export function isSameFile(open: Deno.FileInfo, path: string): boolean {
  try {
    const found = Deno.statSync(path);
    return found.ino === open.ino && found.dev === open.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function lockPath(journal: string): string {
  return `${journal}.lock`;
}

function lockFile(path: string, journal: string, holder: Holder): Deno.FsFile {
  for (;;) {
    const file = openLock(path, journal);
    if (!file.tryLockSync(true)) {
      file.close();
      throw inUse(journal);
    }
    // Between opening and locking it may have been removed, and made anew by another.
    if (isSameFile(file.statSync(), path)) {
      writeHolder(file, holder);
      return file;
    }
    file.close();
  }
}

function openLock(path: string, journal: string): Deno.FsFile {
  try {
    return Deno.openSync(path, {
      create: true,
      read: true,
      write: true,
      mode: 0o600,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CarillonError(
      "journal/unwritable",
      `Cannot write journal "${journal}": ${why}`,
      { cause: error, details: { path: journal } },
    );
  }
}

/** The lock alone decides; a full disk must not keep anybody from closing. */
function writeHolder(file: Deno.FsFile, holder: Holder): void {
  try {
    file.truncateSync(0);
    file.writeSync(new TextEncoder().encode(`${JSON.stringify(holder)}\n`));
  } catch {
    // Whoever is refused then reads less of us.
  }
}

function inUse(journal: string): CarillonError {
  const holder = holderOf(journal);
  const who = holder === null ? "another run writes it" : sayHolder(holder);
  return new CarillonError(
    "journal/in-use",
    `Cannot write journal "${journal}": ${who}; stop that one first, or give this file a journal of its own`,
    { details: { path: journal, holder } },
  );
}
