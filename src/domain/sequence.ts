/**
 * The one order of a journal: each entry is the next one.
 *
 * @module
 */

import { CarillonError } from "./error.ts";

/**
 * Refuses a batch that does not go on where the journal ends.
 *
 * @units `lastSeq`: the sequence number of the last entry on record; 0 for none
 * @throws {CarillonError} "journal/unwritable"
 */
export function verifySequence(
  lastSeq: number,
  entries: readonly { readonly seq: number }[],
): void {
  entries.forEach(({ seq }, index) => {
    const expected = lastSeq + 1 + index;
    if (seq === expected) return;
    throw new CarillonError(
      "journal/unwritable",
      `Cannot write entry ${seq} to the journal: the next one is ${expected}`,
      { details: { seq, expected } },
    );
  });
}

/**
 * Refuses a state that does not belong behind the last entry.
 *
 * @units `lastSeq`: a number of an entry
 * @throws {CarillonError} "journal/unwritable"
 */
export function verifyCheckpoint(
  { seq }: { readonly seq: number },
  lastSeq: number,
): void {
  if (seq === lastSeq) return;
  throw new CarillonError(
    "journal/unwritable",
    `Cannot keep a state behind entry ${seq}: the last entry is ${lastSeq}`,
    { details: { seq, lastSeq } },
  );
}
