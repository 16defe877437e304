/**
 * What a close may do on a book's word, before the broker's lists have answered.
 *
 * A book is as good as the news that it is kept by, so it may only begin what the lists go on with:
 * it cancels and sends, within what the reckoning of executions lets through, and ends nothing. What
 * the account's count of executions stands at is never taken from it.
 *
 * @module
 */

import { othersOrders, reachOf, tellStarted } from "./close.ts";
import { isShut } from "./close_deferral.ts";
import { canSend, sendRound } from "./close_round.ts";
import { putClosing } from "./close_turn.ts";
import { type Closing, lookAt, ordersToCancel, ownSession } from "./closing.ts";
import {
  absorbSnapshot,
  hasBookBase,
  isStale,
  rememberBookBase,
} from "./exposure.ts";
import type { Snapshot } from "./position.ts";
import { accountOf, putAccount, type Turn } from "./turn.ts";

/** What a book says, and how far the broker's own lists bear it out. */
export interface BookWord {
  readonly snapshot: Snapshot;
  /** The execution that the lists reflected when they were last read into it. */
  readonly provenSeq: number;
}

/**
 * Begins a close by what a book says, where that is enough to judge by; otherwise nothing happens, and
 * the lists answer as if there were no book.
 */
export function takeHeadStart(
  turn: Turn,
  closing: Closing,
  { snapshot, provenSeq }: BookWord,
): void {
  if (!mayTakeWord(turn, closing, snapshot)) return;
  const before = accountOf(turn, closing.account);
  const reached = reachOf(turn, closing, snapshot);
  const seen = lookAt(closing, reached);
  // Winners and losers are told apart by profits, and a book has none.
  if (seen.unjudged.length > 0) return;
  const working = othersOrders(before, ordersToCancel(seen, reached));
  if (!canSend(before, seen, working, snapshot)) return;
  tellStarted(turn, seen, reached, "book");
  const { closing: sent } = sendRound(turn, seen, working, snapshot);
  const after = accountOf(turn, closing.account);
  putAccount(turn, {
    ...rememberBookBase(after, before, snapshot.seq),
    // Without a count of our own, executions since the last reading would never be asked for.
    seq: after.seq ?? provenSeq,
  });
  const targets = (sent.targets ?? [])
    .map((target) => ({ ...target, byBook: true } as const));
  putClosing(turn, { ...sent, targets });
}

/**
 * Takes in lists that answer the question of a close that a book has begun: they set right what is
 * reckoned from the book, and leave the close to its own next look.
 */
export function checkHeadStart(
  turn: Turn,
  name: string,
  snapshot: Snapshot,
): void {
  const account = accountOf(turn, name);
  if (!hasBookBase(account) || isStale(account, snapshot)) return;
  putAccount(turn, absorbSnapshot(account, snapshot, turn.at));
}

function mayTakeWord(
  turn: Turn,
  closing: Closing,
  snapshot: Snapshot,
): boolean {
  const account = accountOf(turn, closing.account);
  if (turn.state.run?.dryRun || closing.targets !== null) return false;
  if (isStale(account, snapshot) || isShut(turn, closing)) return false;
  // What a session owns is counted by executions, and the book has none to count.
  return ownSession(closing.order) === null || account.seq === snapshot.seq;
}
