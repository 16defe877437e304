/**
 * A definition as it may be written down: what could be a secret is left out.
 *
 * @module
 */

import type { Account, Definition, SecretText } from "./definition.ts";

/** What stands in the place of text that was written into a file and could be a secret. */
export const REDACTED = "(left out)";

const REFERENCE = /\$\{env:[A-Za-z_][A-Za-z0-9_]*\}/g;

/** The definition with its references to secrets, and without any secret written into it. */
export function withoutSecrets(definition: Definition): Definition {
  const { heartbeat } = definition;
  return {
    ...definition,
    accounts: definition.accounts.map(redactAccount),
    notify: definition.notify.map((entry) => ({
      ...entry,
      webhook: redactText(entry.webhook),
    })),
    heartbeat: heartbeat === null
      ? null
      : { ...heartbeat, url: redactText(heartbeat.url) },
  };
}

function redactAccount(account: Account): Account {
  if (account.kind === "paper") return account;
  const options = Object.entries(account.options).map(([key, text]) =>
    [key, redactText(text)] as const
  );
  return {
    ...account,
    url: account.url === null ? null : redactUrl(account.url),
    token: account.token === null ? null : redactText(account.token),
    options: Object.fromEntries(options),
  };
}

/** References say where a secret is and may stay; every other text may be one. */
function redactText(text: SecretText): SecretText {
  return text.match(REFERENCE)?.join("") ?? REDACTED;
}

/** A user's name and password in an address are secrets; the address itself is none. */
function redactUrl(url: string): string {
  return url.replace(/^([a-z+]+:\/\/)[^/@]*@/i, `$1${REDACTED}@`);
}
