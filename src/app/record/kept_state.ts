/**
 * The newest state that a journal keeps, for readers of a record whose beginning was dropped.
 *
 * @module
 */

import type { JournalReader } from "../../adapters/journal/journal_reader.ts";
import type { State } from "../../domain/state.ts";
import { decodeState, STATE_FORMAT } from "../../domain/state_codec.ts";

/** A state, and the entry behind which it stood. */
export interface KeptState {
  /** The number of that entry. @units a count */
  readonly seq: number;
  /** What the core remembered there. */
  readonly state: State;
}

/**
 * The newest state that this version reads; `null` for none.
 *
 * @throws {CarillonError} "journal/unreadable"
 */
export function keptState(
  journal: Pick<JournalReader, "checkpoints">,
): KeptState | null {
  const found = journal.checkpoints()
    .find(({ stateFormat }) => stateFormat === STATE_FORMAT);
  return found === undefined
    ? null
    : { seq: found.seq, state: decodeState(found.state) };
}
