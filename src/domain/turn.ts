/**
 * One step in the making: the state as it becomes, and what is asked of the world.
 *
 * A turn lives inside a single call of `step` and never leaves it; that is what keeps `step` pure
 * while its parts stay short.
 *
 * @module
 */

import type { Effect } from "./effect.ts";
import { invariant } from "./error.ts";
import type { Notice } from "./notice.ts";
import type { AccountState, Reader } from "./account.ts";
import type { Job } from "./job.ts";
import type { State } from "./state.ts";
import type { EpochMs } from "./time.ts";

/** The work of one step. */
export interface Turn {
  state: State;
  readonly at: EpochMs;
  readonly effects: Effect[];
}

/** Asks the world for something. */
export function ask(turn: Turn, effect: Effect): void {
  turn.effects.push(effect);
}

/** Tells whoever listens. */
export function tell(turn: Turn, notice: Notice): void {
  turn.effects.push({ type: "tell", notice });
}

/** An account that the definition names. */
export function accountOf(turn: Turn, name: string): AccountState {
  const account = turn.state.accounts[name];
  invariant(
    account !== undefined,
    `account "${name}" is not in the definition`,
  );
  return account;
}

/** Replaces what is known of an account. */
export function putAccount(turn: Turn, account: AccountState): void {
  turn.state = {
    ...turn.state,
    accounts: { ...turn.state.accounts, [account.name]: account },
  };
}

/** Adds or replaces a job. */
export function putJob(turn: Turn, job: Job): void {
  turn.state = {
    ...turn.state,
    jobs: { ...turn.state.jobs, [job.plan.key]: job },
  };
}

/**
 * Asks for the account's lists, for a close or for the last word; gives the question's number.
 *
 * Who can act on a book's word may have it first; the lists answer as well.
 */
export function askForPositions(
  turn: Turn,
  accountName: string,
  reader: Reader | null,
  first: "book" | "rest" = "rest",
): number {
  const account = accountOf(turn, accountName);
  const request = account.reads + 1;
  const readers = reader === null
    ? account.readers
    : { ...account.readers, [request]: reader };
  putAccount(turn, { ...account, reads: request, readers });
  ask(turn, {
    type: "positions.read",
    account: accountName,
    request,
    sinceSeq: account.seq,
    ...(first === "book" ? { bookFirst: true } : {}),
  });
  return request;
}

/** Asks to be woken for a wait of our own. */
export function setTimer(turn: Turn, key: string, dueAt: EpochMs): void {
  ask(turn, { type: "timer.set", what: "timer", key, dueAt, rank: TIMER_RANK });
}

/** Takes back a wait of our own. */
export function dropTimer(turn: Turn, key: string): void {
  ask(turn, { type: "timer.drop", what: "timer", key });
}

/** At a shared instant our own waits come after every edge. */
export const TIMER_RANK = 3;
