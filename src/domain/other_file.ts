/**
 * Tells the journal of another session file from that of an edited one.
 *
 * @module
 */

import type { Account, Definition } from "./definition.ts";

/**
 * Whether two definitions cannot be versions of one file: not one session and not one account is in
 * both.
 *
 * Names change one at a time and accounts stay, so whoever edits a file keeps something. A file
 * without sessions is anybody's.
 */
export function isOtherFile(earlier: Definition, now: Definition): boolean {
  if (earlier.sessions.length === 0 || now.sessions.length === 0) return false;
  const names = new Set(earlier.sessions.map(({ name }) => name));
  return !now.sessions.some(({ name }) => names.has(name)) &&
    !now.accounts.some((account) =>
      earlier.accounts.some((other) => isSameAccount(account, other))
    );
}

function isSameAccount(a: Account, b: Account): boolean {
  if (a.kind !== b.kind || a.name !== b.name) return false;
  const [one, other] = [idOf(a), idOf(b)];
  return one === null || other === null || one === other;
}

function idOf(account: Account): string | null {
  return account.kind === "paper" ? null : account.id;
}
