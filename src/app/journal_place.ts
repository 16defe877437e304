/**
 * Chooses where a run is recorded.
 *
 * @module
 */

import type { Definition } from "../domain/definition.ts";
import { CarillonError } from "../domain/error.ts";
import { SECOND_MS } from "../domain/time.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Journal } from "../runtime/ports.ts";
import type { LeaseOwner } from "../adapters/journal/lease.ts";
import { SqliteStartStore } from "../adapters/journal/sqlite_start_store.ts";
import { MemoryStartStore } from "../gateway/memory_start_store.ts";
import type { StartBudgetStore } from "../gateway/ports.ts";
import { SqliteJournal } from "../adapters/journal/sqlite_journal.ts";
import { MemoryJournal } from "../runtime/memory_journal.ts";
import { folderOf, resolveBeside } from "./source_file.ts";
import { formatInstant } from "./wire_form.ts";

/** The place, and where it is only memory, why. */
export type JournalPlace =
  | {
    readonly kind: "disk";
    readonly path: string;
    /** How much of a last write a crash has cut off; absent for none. @units bytes */
    readonly cutOffBytes?: number;
  }
  | { readonly kind: "memory"; readonly why: string };

/** What the choice depends on. */
export interface JournalQuestion {
  readonly definition: Definition;
  /** The session file's name; `-` for standard input. */
  readonly name: string;
  readonly folder: string;
  /** Whether time is played and not lived. */
  readonly isVirtual: boolean;
  readonly purpose: JournalPurpose;
}

/** What is recorded. */
export type JournalPurpose =
  | { readonly kind: "run" }
  /** What is only tried out must not count as done, nor be taken up by the run that means it. */
  | { readonly kind: "dry-run" }
  /**
   * Every close by hand has a record of its own: the run's belongs to the run that may be alive, and
   * another close may be under way. @units `at`: EpochMs
   */
  | { readonly kind: "flatten"; readonly at: EpochMs };

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

/**
 * The journal's path: as written, else `.carillon/<stem>.db` beside the file; a close by hand has
 * its instant in it, as in `.carillon/desk-flatten-20261123T163000Z.db`.
 */
export function journalPath(
  { definition, name, folder, purpose }: Omit<JournalQuestion, "isVirtual">,
): string {
  const suffix = suffixOf(purpose);
  if (definition.journal !== null) {
    return resolveBeside(folder, withSuffix(definition.journal, suffix));
  }
  const base = name.slice(
    Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1,
  );
  const stem = base.replace(/\.(ya?ml|m?ts)$/, "") || "sessions";
  return resolveBeside(folder, `.carillon/${stem}${suffix}.db`);
}

function suffixOf(purpose: JournalPurpose): string {
  switch (purpose.kind) {
    case "run":
      return "";
    case "dry-run":
      return "-dry-run";
    case "flatten":
      return `-flatten-${stampOf(purpose.at)}`;
  }
}

/** An instant that is part of a file's name: `20261123T163000Z`. */
function stampOf(at: EpochMs): string {
  return formatInstant(Math.floor(at / SECOND_MS) * SECOND_MS)
    .replaceAll(/[-:]/g, "");
}

/**
 * Opens the journal at its place, and claims it for its owner.
 *
 * @throws {CarillonError} a `journal/...` code
 */
export function openJournal(place: JournalPlace, owner: LeaseOwner): Journal {
  if (place.kind === "memory") return new MemoryJournal();
  try {
    Deno.mkdirSync(folderOf(place.path), { recursive: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CarillonError(
      "journal/unwritable",
      `Cannot write the journal "${place.path}": ${why}`,
      { cause: error, details: { path: place.path } },
    );
  }
  return new SqliteJournal(place.path, { owner });
}

/**
 * Where accounts' session starts are counted: in the journal's own file, which must be open by the time
 * that a store is asked for; in memory where the journal is there, too.
 *
 * @throws {CarillonError} "journal/unwritable" when a store is asked for
 */
export function startStoresAt(
  place: JournalPlace,
): (account: string) => StartBudgetStore {
  if (place.kind === "disk") {
    return (account) => new SqliteStartStore(place.path, account);
  }
  const kept = new Map<string, StartBudgetStore>();
  return (account) => {
    const store = kept.get(account) ?? new MemoryStartStore();
    kept.set(account, store);
    return store;
  };
}

/** A journal's place with what was found there; for a journal that was just opened. */
export function foundAt(place: JournalPlace, journal: Journal): JournalPlace {
  const isTorn = place.kind === "disk" && journal instanceof SqliteJournal &&
    journal.tail.kind === "torn";
  return isTorn ? { ...place, cutOffBytes: journal.tail.bytes } : place;
}

/** A journal that is open, and where it is. */
export interface OpenedJournal {
  readonly journal: Journal;
  readonly place: JournalPlace;
}

/**
 * Opens a new journal whatever happens: in memory where the disk does not take it, and under another
 * name where its own is taken.
 */
export function openEmergencyJournal(
  place: JournalPlace,
  owner: LeaseOwner,
): OpenedJournal {
  if (place.kind === "memory") return { journal: new MemoryJournal(), place };
  try {
    const path = claimPath(place.path);
    const journal = openJournal({ kind: "disk", path }, owner);
    return { journal, place: { kind: "disk", path } };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { journal: new MemoryJournal(), place: { kind: "memory", why } };
  }
}

/** Makes an empty file that nobody else has, so that two closes in one second do not meet. */
function claimPath(path: string): string {
  Deno.mkdirSync(folderOf(path), { recursive: true });
  for (let number = 1;; number++) {
    const own = number === 1 ? path : withSuffix(path, `-${number}`);
    try {
      Deno.openSync(own, { createNew: true, write: true }).close();
      return own;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

/** A path with something between its name and its extension. */
function withSuffix(path: string, suffix: string): string {
  return path.replace(/(\.[^./\\]*)?$/, `${suffix}$1`);
}
