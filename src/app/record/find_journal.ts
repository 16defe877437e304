/**
 * Finds the journal that a call means: by its session file, or by its own path.
 *
 * @module
 */

import { CarillonError } from "../../domain/error.ts";
import { journalPath } from "../journal_place.ts";
import { loadDefinition } from "../load_file.ts";
import type { LoadFailure } from "../loaded_file.ts";

/** A journal's place. */
export interface FoundJournal {
  readonly path: string;
}

const SESSION_FILE = /\.(?:ya?ml|m?ts)$/;

/**
 * Where the journal lies that `run` writes for a session file, or the path itself where it is none.
 *
 * @throws {CarillonError} "journal/missing" if the file can have no journal
 */
export async function findJournal(
  file: string,
): Promise<FoundJournal | LoadFailure> {
  if (file !== "-" && !SESSION_FILE.test(file)) return { path: file };
  const loaded = await loadDefinition(file);
  if ("problems" in loaded) return loaded;
  const { definition, name, folder } = loaded;
  if (definition.journal === null && name === "-") {
    throw new CarillonError(
      "journal/missing",
      "Cannot find the journal of standard input: it names none",
    );
  }
  const purpose = { kind: "run" } as const;
  return { path: journalPath({ definition, name, folder, purpose }) };
}
