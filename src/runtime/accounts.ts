/**
 * Makes sure, before anything else, that every account is the one the file means.
 *
 * @module
 */

import type { Account } from "../domain/definition.ts";
import { CarillonError } from "../domain/error.ts";
import type { AccountInfo } from "../domain/position.ts";
import type { Broker, BrokerWatch } from "./ports.ts";

/** An account whose broker answered, and is who the file says. */
export interface OpenedAccount {
  readonly name: string;
  readonly info: AccountInfo;
}

/**
 * Opens every account at once and compares each answer with the file.
 *
 * @throws {CarillonError} "broker/unreachable", "broker/refused" or "broker/wrong-account"; its
 * message names the account
 */
export async function openAccounts(
  accounts: readonly Account[],
  brokers: ReadonlyMap<string, Broker>,
  watch: (account: string) => BrokerWatch,
): Promise<readonly OpenedAccount[]> {
  return await Promise.all(
    accounts.map((account) => openAccount(account, brokers, watch)),
  );
}

/**
 * Opens one account and compares the answer with the file.
 *
 * @throws {CarillonError} as `openAccounts()`
 */
export async function openAccount(
  account: Account,
  brokers: ReadonlyMap<string, Broker>,
  watch: (account: string) => BrokerWatch,
): Promise<OpenedAccount> {
  const { name } = account;
  const broker = brokers.get(name);
  if (broker === undefined) {
    throw new CarillonError(
      "broker/unreachable",
      `Cannot open account "${name}": no broker was given for it`,
      { details: { account: name, outcome: "unsent" } },
    );
  }
  const info = await askWho(name, broker, watch(name));
  verifyAccount(account, info);
  return { name, info };
}

/** A broker knows its address and not whose it is in the file, so its complaint is given the name. */
async function askWho(
  name: string,
  broker: Broker,
  watch: BrokerWatch,
): Promise<AccountInfo> {
  try {
    return await broker.open(watch);
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    const { code, message, details, cause } = error;
    const why = message.replace(/^Cannot /, "cannot ");
    throw new CarillonError(code, `Cannot open account "${name}": ${why}`, {
      cause: cause ?? error,
      details: { ...details, account: name },
    });
  }
}

/**
 * Compares what the file says of an account with what its broker says.
 *
 * @throws {CarillonError} "broker/wrong-account" if they differ in a way that matters
 */
export function verifyAccount(account: Account, info: AccountInfo): void {
  if (account.kind === "paper") return;
  if (account.id !== null && account.id !== info.id) {
    throw wrongAccount(
      account.name,
      `the file says id "${account.id}", the broker says "${info.id}"`,
    );
  }
  // A bridge that does not say what it is counts as live.
  const isLive = info.live ?? true;
  if (isLive && account.live !== true) {
    const why = info.live === null
      ? "the broker does not say that it is a demo, so it counts as live"
      : "the broker says that it is live";
    throw wrongAccount(
      account.name,
      `${why}, and the file does not say "live: true"`,
    );
  }
  if (!isLive && account.live === true) {
    throw wrongAccount(
      account.name,
      'the file says "live: true", the broker says that it is a demo',
    );
  }
}

function wrongAccount(name: string, why: string): CarillonError {
  return new CarillonError(
    "broker/wrong-account",
    `Cannot use account "${name}": ${why}`,
    { details: { account: name, outcome: "unsent" } },
  );
}
