/**
 * Chooses entries of a journal.
 *
 * @module
 */

import type { Event } from "../../domain/event.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Entry } from "../../runtime/ports.ts";
import { EntrySubjects } from "./entry_subjects.ts";

/** Which entries are wanted; `null` leaves a question open. */
export interface EntryFilter {
  /** An edge's key, or the beginning of one up to a `/`. */
  readonly edge: string | null;
  /** A session's name. */
  readonly session: string | null;
  /** A type of event or notice, or the family of one. */
  readonly type: string | null;
  /** @units EpochMs */
  readonly sinceAt: EpochMs | null;
  /** Itself counted. @units EpochMs */
  readonly untilAt: EpochMs | null;
  /** @units a number of entries */
  readonly last: number | null;
}

/** An entry, and the edges that it is about. */
export interface ChosenEntry<E extends Entry> {
  readonly entry: E;
  readonly keys: ReadonlySet<string>;
}

/**
 * The entries that are wanted, one at a time; of the last ones no more than are asked for are held.
 *
 * `onEvery` hears every entry before it is judged.
 */
export function* chooseEntries<E extends Entry>(
  entries: Iterable<E>,
  filter: EntryFilter,
  onEvery: (entry: E) => void = () => {},
): Generator<ChosenEntry<E>> {
  const subjects = new EntrySubjects();
  const kept: ChosenEntry<E>[] = [];
  const { last } = filter;
  for (const entry of entries) {
    onEvery(entry);
    const keys = subjects.take(entry);
    if (!isWanted(entry, keys, filter)) continue;
    if (last === null) {
      yield { entry, keys };
      continue;
    }
    kept.push({ entry, keys });
    // Cut in large pieces, so that a long journal is not moved about entry by entry.
    if (kept.length >= 2 * last) kept.splice(0, kept.length - last);
  }
  if (last !== null) yield* kept.slice(-last);
}

function isWanted(
  { event, effects }: Entry,
  keys: ReadonlySet<string>,
  { edge, session, type, sinceAt, untilAt }: EntryFilter,
): boolean {
  if (sinceAt !== null && event.at < sinceAt) return false;
  if (untilAt !== null && event.at > untilAt) return false;
  if (edge !== null && !startsAny(keys, edge)) return false;
  if (session !== null && !isOfSession(event, keys, session)) return false;
  return type === null || isOfType(event.type, type) ||
    effects.some((effect) =>
      effect.type === "tell" && isOfType(effect.notice.type, type)
    );
}

function isOfSession(
  event: Event,
  keys: ReadonlySet<string>,
  name: string,
): boolean {
  if (startsAny(keys, name)) return true;
  if (!("session" in event)) return false;
  const { session } = event;
  return (typeof session === "object" ? session?.name : session) === name;
}

function startsAny(keys: ReadonlySet<string>, start: string): boolean {
  for (const key of keys) {
    if (key === start || key.startsWith(`${start}/`)) return true;
  }
  return false;
}

function isOfType(type: string, wanted: string): boolean {
  return type === wanted || type.startsWith(`${wanted}.`);
}
