/**
 * What a run refuses, and why.
 *
 * @module
 */

import type { Definition } from "../domain/definition.ts";
import { CarillonError } from "../domain/error.ts";
import { isOtherFile } from "../domain/other_file.ts";
import type { State } from "../domain/state.ts";
import type { Journal } from "./ports.ts";

/** The journal is that of another session file. */
function otherFile(path: string | null): CarillonError {
  return new CarillonError(
    "journal/other-file",
    `Cannot use journal "${path}": it belongs to another file, with which this one shares no session and no account; name another place with "journal"`,
    { details: { path } },
  );
}

/** Tries something out on the record of runs that meant it, or the reverse: each would take the other's for done. */
function mixedRuns(path: string | null, dryRun: boolean): CarillonError {
  const journal = path === null ? "a journal in memory" : `journal "${path}"`;
  const why = dryRun
    ? "for a dry run: live runs wrote it, and what is only tried out would count as done"
    : "for a live run: dry runs wrote it, and what they only tried out would count as done";
  return new CarillonError(
    "journal/dry-run",
    `Cannot use ${journal} ${why}; give each a journal of its own`,
    { details: { path, dryRun } },
  );
}

/**
 * Refuses a journal of another session file, and one whose runs were tried out where these are meant.
 *
 * @throws {CarillonError} "journal/other-file" or "journal/dry-run"
 */
export function refuseOthersJournal(
  { run }: State,
  { definition, dryRun, journal }: {
    readonly definition: Definition;
    readonly dryRun: boolean;
    readonly journal: Pick<Journal, "path">;
  },
): void {
  if (run === null) return;
  if (isOtherFile(run.definition, definition)) throw otherFile(journal.path);
  if (run.dryRun !== dryRun) throw mixedRuns(journal.path, dryRun);
}

/** A session that cannot join, since it could not be recorded. */
export function refusedSession(name: string): CarillonError {
  return new CarillonError(
    "journal/unwritable",
    `Cannot add session "${name}": the journal cannot be written, and only what is due is still carried out`,
    { details: { session: name } },
  );
}

/** What is not done, since it could not be recorded. */
export function unrecorded(message: string): CarillonError {
  return new CarillonError("journal/unwritable", message);
}

/** What is asked of a run that is over. */
export function stopped(): CarillonError {
  return new CarillonError(
    "runtime/stopped",
    "Cannot carry out a request: the run is over",
  );
}
