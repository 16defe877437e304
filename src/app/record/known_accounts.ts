/**
 * What the record of a run says of its accounts, for a close by hand beside it.
 *
 * Only the record knows what a session opened where an account nets; it is read and left as it is.
 *
 * @module
 */

import { openJournalForReading } from "../../adapters/journal/journal_reader.ts";
import type { AccountState } from "../../domain/account.ts";
import type { AccountInfo } from "../../domain/position.ts";
import { emptyState } from "../../domain/state.ts";
import { encodeState } from "../../domain/state_codec.ts";
import { replay } from "../../runtime/engine.ts";
import { keptState } from "./kept_state.ts";

/** What is known of accounts, by name; where nothing is, why. */
export type KnownAccounts =
  | {
    readonly kind: "known";
    readonly accounts: Readonly<Record<string, AccountState>>;
  }
  | { readonly kind: "unknown"; readonly why: string };

/** Reads a run's record, alive or not; whatever stands against that is said and no fault. */
export function readKnownAccounts(path: string): KnownAccounts {
  try {
    using journal = openJournalForReading(path);
    const kept = keptState(journal);
    if (kept === null && journal.droppedThrough > 0) {
      return unknown(`journal "${path}" was written by another version`);
    }
    const state = replay(journal.entries(kept?.seq ?? 0), kept?.state);
    if (state.run === null) return unknown(`journal "${path}" has no run`);
    return { kind: "known", accounts: state.accounts };
  } catch (error) {
    return unknown(error instanceof Error ? error.message : String(error));
  }
}

/**
 * What is known of one account, held against who its broker says it is; the reason where nothing is.
 */
export function knownOf(
  known: KnownAccounts,
  name: string,
  info: AccountInfo,
): { readonly why: string | null } {
  if (known.kind === "unknown") return known;
  const before = Object.hasOwn(known.accounts, name)
    ? known.accounts[name]?.info ?? null
    : null;
  if (before === null) {
    return { why: `the run's record has not met account "${name}"` };
  }
  if (before.id !== info.id) {
    return { why: `the run's record is of account "${before.id}"` };
  }
  return before.epoch === info.epoch
    ? { why: null }
    : { why: "the broker began its books anew since the run's record" };
}

/** What is known as the text of a state, as a run takes it over. */
export function knownText(
  { accounts }: KnownAccounts & { readonly kind: "known" },
): string {
  return encodeState({ ...emptyState(), accounts });
}

function unknown(why: string): KnownAccounts {
  return { kind: "unknown", why };
}
