/**
 * Chooses where a run is recorded.
 *
 * @module
 */

import type { Definition } from "../domain/definition.ts";
import type { Journal } from "../runtime/ports.ts";
import { SqliteJournal } from "../adapters/journal/sqlite_journal.ts";
import { MemoryJournal } from "../runtime/memory_journal.ts";
import { folderOf, resolveBeside } from "./source_file.ts";

/** The place, and where it is only memory, why. */
export type JournalPlace =
  | { readonly kind: "disk"; readonly path: string }
  | { readonly kind: "memory"; readonly why: string };

/** What the choice depends on. */
export interface JournalQuestion {
  readonly definition: Definition;
  /** The session file's name; `-` for standard input. */
  readonly name: string;
  readonly folder: string;
  /** Whether time is played and not lived. */
  readonly isVirtual: boolean;
  /** A close by hand has a record of its own, since the run's belongs to the run that may be alive. */
  readonly purpose: "run" | "flatten";
}

/** Where the run is to be recorded. */
export function placeJournal(question: JournalQuestion): JournalPlace {
  const { definition, name, isVirtual } = question;
  if (isVirtual) return { kind: "memory", why: "time is played" };
  if (definition.journal === null && name === "-") {
    return {
      kind: "memory",
      why: "the file came from standard input and names no journal",
    };
  }
  const path = journalPath(question);
  const place = folderOf(path);
  const granted = (["read", "write"] as const).every((kind) =>
    Deno.permissions.querySync({ name: kind, path: place }).state === "granted"
  );
  if (granted) return { kind: "disk", path };
  return {
    kind: "memory",
    why:
      `the process may not write; --allow-read=${place} --allow-write=${place} puts it on disk`,
  };
}

/** The journal's path: as written, else `.carillon/<stem>.db` beside the file. */
export function journalPath(
  { definition, name, folder, purpose }: Omit<JournalQuestion, "isVirtual">,
): string {
  const suffix = purpose === "run" ? "" : `-${purpose}`;
  if (definition.journal !== null) {
    const own = definition.journal.replace(/(\.[^./\\]*)?$/, `${suffix}$1`);
    return resolveBeside(folder, own);
  }
  const base = name.slice(
    Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1,
  );
  const stem = base.replace(/\.(ya?ml|m?ts)$/, "") || "sessions";
  return resolveBeside(folder, `.carillon/${stem}${suffix}.db`);
}

/**
 * Opens the journal at its place.
 *
 * @throws {CarillonError} a `journal/...` code
 */
export function openJournal(place: JournalPlace): Journal {
  if (place.kind === "memory") return new MemoryJournal();
  Deno.mkdirSync(folderOf(place.path), { recursive: true });
  return new SqliteJournal(place.path);
}
