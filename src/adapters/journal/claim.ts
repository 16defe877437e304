/**
 * What makes a process the one that writes a journal, and whether that still holds.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { CarillonError } from "../../domain/error.ts";
import { type Epoch, overtaken } from "./fence.ts";
import { isSameFile, type Lease } from "./lease.ts";

/** What makes this process the one that writes. */
export interface Claim {
  readonly lease: Lease;
  readonly epoch: Epoch;
}

/**
 * Looks whether the files of a journal are still those that we hold.
 *
 * A lock file that was removed is made anew: whether somebody took over meanwhile, the journal knows.
 * A journal that was removed or replaced while we hold the lock is nobody's but ours, and only the
 * record of it is lost.
 *
 * @throws {CarillonError} "journal/fenced" or "journal/unwritable"
 */
export function verifyPlace(
  lease: Lease,
  db: DatabaseSync,
  file: Deno.FileInfo,
  path: string,
): void {
  const isOurs = isSameFile(file, path);
  if (!lease.isInPlace) {
    if (!isOurs) throw overtaken(db, path);
    renewLease(lease, db, path);
  }
  if (isOurs) return;
  throw new CarillonError(
    "journal/unwritable",
    `Cannot write journal "${path}": its file was removed or replaced`,
    { details: { path } },
  );
}

function renewLease(lease: Lease, db: DatabaseSync, path: string): void {
  try {
    lease.renew(path);
  } catch (error) {
    const inUse = error instanceof CarillonError &&
      error.code === "journal/in-use";
    throw inUse ? overtaken(db, path) : error;
  }
}
