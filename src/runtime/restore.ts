/**
 * From a journal back to the state of the run that wrote it.
 *
 * @module
 */

import { CarillonError } from "../domain/error.ts";
import { emptyState, type State } from "../domain/state.ts";
import { decodeState, STATE_FORMAT } from "../domain/state_codec.ts";
import { step } from "../domain/step.ts";
import type { Entry, Journal } from "./ports.ts";

/** A state, and how much of the journal had to be read for it. */
export interface Restored {
  readonly state: State;
  /** The entry behind which reading began; 0 for all of it. */
  readonly fromSeq: number;
}

/**
 * The state behind the last entry: from the newest checkpoint that this version reads, or from the
 * beginning.
 *
 * @throws {CarillonError} "journal/unreadable" where neither is there any more
 */
export function restore(journal: Journal): Restored {
  const checkpoint = journal.checkpoints()
    .find(({ stateFormat }) => stateFormat === STATE_FORMAT);
  if (checkpoint === undefined) {
    return { state: replay(fromTheFirst(journal)), fromSeq: 0 };
  }
  const { seq } = checkpoint;
  const state = replay(journal.read(seq), decodeState(checkpoint.state));
  return { state, fromSeq: seq };
}

/** Folds the core over a record: the state of the run that wrote it. */
export function replay(
  entries: Iterable<Entry>,
  from: State = emptyState(),
): State {
  let state = from;
  for (const { event } of entries) [state] = step(state, event);
  return state;
}

function* fromTheFirst(journal: Journal): Iterable<Entry> {
  let isFirst = true;
  for (const entry of journal.read()) {
    if (isFirst && entry.seq !== 1) throw cutOff(journal, entry.seq);
    isFirst = false;
    yield entry;
  }
}

function cutOff({ path }: Journal, seq: number): CarillonError {
  return new CarillonError(
    "journal/unreadable",
    `Cannot go on with journal "${path}": entries before ${seq} were dropped, and no state of form ${STATE_FORMAT} stands for them; run the version that wrote it, or give the file a journal of its own`,
    { details: { path, seq, stateFormat: STATE_FORMAT } },
  );
}
