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
 * @throws {CarillonError} "broker/unreachable", "broker/refused" or "broker/wrong-account"
 */
export async function openAccounts(
  accounts: readonly Account[],
  brokers: ReadonlyMap<string, Broker>,
  watch: (account: string) => BrokerWatch,
): Promise<readonly OpenedAccount[]> {
  return await Promise.all(accounts.map(async (account) => {
    const { name } = account;
    const broker = brokers.get(name);
    if (broker === undefined) {
      throw new CarillonError(
        "broker/unreachable",
        `Cannot open account "${name}": no broker was given for it`,
        { details: { account: name, outcome: "unsent" } },
      );
    }
    const info = await broker.open(watch(name));
    verifyAccount(account, info);
    return { name, info };
  }));
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
