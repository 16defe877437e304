/**
 * What is remembered of accounts and sessions that are not in today's definition.
 *
 * A file that leaves something out for a day, or a token that leads to another account by mistake,
 * must not make us forget what our sessions hold, or fire again what has fired.
 *
 * @module
 */

import type { AccountState } from "./account.ts";
import { emptyAccount } from "./account.ts";
import type { Definition } from "./definition.ts";
import type { AccountInfo } from "./position.ts";
import type { FiredEdge, FormerSession, State } from "./state.ts";
import { rows } from "./table.ts";
import { DAY_MS } from "./time.ts";
import type { DurationMs, EpochMs } from "./time.ts";
import { accountOf, putAccount, type Turn } from "./turn.ts";

/** How long a session that left is remembered. */
const SESSION_KEPT_MS: DurationMs = 40 * DAY_MS;

/** How many accounts that left are remembered. */
const ACCOUNTS_KEPT = 32;

/** The accounts of a definition with what is known of them, and those that left. */
export function inheritAccounts(
  earlier: State,
  definition: Definition,
): Pick<State, "accounts" | "formerAccounts"> {
  const all = [...earlier.formerAccounts, ...Object.values(earlier.accounts)];
  const names = new Set(definition.accounts.map(({ name }) => name));
  const accounts = Object.fromEntries(
    [...names].map((name) => [name, accountBefore(all, name)]),
  );
  const used = new Set(Object.values(accounts));
  const formerAccounts = all.filter((account) => !used.has(account))
    .slice(-ACCOUNTS_KEPT);
  return {
    accounts: Object.fromEntries(
      Object.entries(accounts).map((
        [name, account],
      ) => [name, { ...account, readers: {} }]),
    ),
    formerAccounts,
  };
}

function accountBefore(all: readonly AccountState[], name: string) {
  return all.findLast((account) => account.name === name) ?? emptyAccount(name);
}

/**
 * Puts what is known of an account in its place, once its broker said who it is; says whether it is
 * the account that it was.
 *
 * Another account under the same name has nothing to do with what was remembered; one whose books
 * were begun anew is the same, with nothing known of it.
 */
export function meetAccount(
  turn: Turn,
  name: string,
  info: AccountInfo,
): boolean {
  const known = accountOf(turn, name);
  const before = known.info;
  const isSame = before === null || before.id === info.id;
  if (isSame && (before === null || before.epoch === info.epoch)) {
    putAccount(turn, { ...known, info });
    return true;
  }
  const { reads, readers } = known;
  const { formerAccounts } = turn.state;
  const met = formerAccounts.findLast((account) =>
    account.name === name && account.info?.id === info.id &&
    account.info.epoch === info.epoch
  );
  putAccount(turn, { ...met ?? emptyAccount(name), reads, readers, info });
  turn.state = {
    ...turn.state,
    formerAccounts: [
      ...formerAccounts.filter((account) => account !== met),
      ...isSame ? [] : [{ ...known, readers: {} }],
    ].slice(-ACCOUNTS_KEPT),
  };
  return isSame;
}

/** The sessions that are not in a definition, with what they fired. @units `at`: EpochMs */
export function inheritSessions(
  earlier: State,
  definition: Definition,
  fired: ReadonlyMap<string, readonly FiredEdge[]>,
  at: EpochMs,
): State["formerSessions"] {
  const today = new Set(definition.sessions.map(({ name }) => name));
  const left = rows(earlier.sessions).map(({ session }): FormerSession => ({
    session,
    fired: fired.get(session.name) ?? [],
    leftAt: at,
  }));
  return Object.fromEntries(
    [...Object.values(earlier.formerSessions), ...left]
      .filter(({ session, leftAt }) =>
        !today.has(session.name) && at - leftAt < SESSION_KEPT_MS
      )
      .map((former) => [former.session.name, former]),
  );
}

/** What a session that comes back had fired; from now on it is no former one. */
export function takeFormer(turn: Turn, name: string): readonly FiredEdge[] {
  const { [name]: former, ...formerSessions } = turn.state.formerSessions;
  turn.state = { ...turn.state, formerSessions };
  return former?.fired ?? [];
}
