/**
 * Accounts as written -> their finished definitions.
 *
 * @module
 */

import type {
  Account,
  AccountGateway,
  PaperAccount,
  PaperPosition,
  PriceSource,
  RemoteAccount,
} from "../src/domain/definition.ts";
import type { AccountSpec, HttpSpec, PaperSpec } from "./decode_account.ts";
import type { FileSpec } from "./decode.ts";
import { ACCOUNT_NAME, PAPER_DEFAULTS } from "./defaults.ts";
import { type IssueLog, relatedTo } from "./issue_log.ts";
import { entryOf } from "./node.ts";
import { plain } from "./shape.ts";

/**
 * The file's accounts; `null` where they could not be read.
 *
 * A file that names none acts on a paper account: nothing real is ever touched unasked.
 */
export function lowerAccounts(
  spec: FileSpec,
  log: IssueLog,
): readonly Account[] | null {
  const { broker, accounts } = spec.keys;
  const isUnread = (key: "broker" | "accounts"): boolean =>
    entryOf(spec.node, key) !== null && spec.keys[key] === undefined;
  if (isUnread("broker") || isUnread("accounts")) return null;
  if (broker !== undefined && accounts !== undefined) {
    log.at(broker.node, "account/broker-and-accounts", {
      expected: 'either "broker" or "accounts"',
      received: "both",
      related: relatedTo("accounts are here", accounts.node),
    });
    return null;
  }
  if (accounts === undefined) {
    const only = broker?.value ?? { kind: "paper", spec: null };
    return [lowerAccount(ACCOUNT_NAME, only, log)];
  }
  if (accounts.value.size === 0) {
    log.at(accounts.node, "value/empty", { expected: "at least one account" });
    return null;
  }
  return [...accounts.value].map(([name, { value }]) =>
    lowerAccount(name, value, log)
  );
}

function lowerAccount(
  name: string,
  account: AccountSpec,
  log: IssueLog,
): Account {
  if (account.kind === "paper") return lowerPaper(name, account.spec);
  return lowerRemote(name, account, log);
}

function lowerPaper(name: string, spec: PaperSpec | null): PaperAccount {
  const keys: PaperSpec["keys"] = spec?.keys ?? {};
  return {
    kind: "paper",
    name,
    mode: keys.mode?.value ?? PAPER_DEFAULTS.mode,
    cash: keys.cash?.value ?? PAPER_DEFAULTS.cash,
    currency: keys.currency?.value ?? PAPER_DEFAULTS.currency,
    positions: lowerPositions(keys.positions),
    prices: lowerPrices(keys.prices),
    seed: keys.seed?.value ?? PAPER_DEFAULTS.seed,
    commission: keys.commission?.value ?? PAPER_DEFAULTS.commission,
    latencyMs: keys.latency?.value ?? PAPER_DEFAULTS.latencyMs,
    ...lowerGateway(keys.gateway),
  };
}

/** Left out of the definition where it is not asked for, so that older ones read the same. */
function lowerGateway(
  asked: PaperSpec["keys"]["gateway"],
): { readonly gateway?: AccountGateway } {
  if (asked === undefined || asked.value === false) return {};
  const keys = asked.value === true ? {} : asked.value.keys;
  return {
    gateway: {
      shards: keys.shards?.value ?? null,
      reserve: keys.reserve?.value ?? null,
    },
  };
}

function lowerPositions(
  positions: PaperSpec["keys"]["positions"],
): readonly PaperPosition[] {
  return plain(positions?.value ?? []).flatMap(({ keys }) => {
    const { symbol, side, qty, price, tag } = keys;
    // Absent only in a file that is refused already.
    if (!symbol || !side || !qty) return [];
    return [{
      symbol: symbol.value,
      side: side.value,
      qty: qty.value,
      price: price?.value ?? null,
      tag: tag?.value ?? null,
    }];
  });
}

function lowerPrices(
  prices: PaperSpec["keys"]["prices"],
): readonly PriceSource[] {
  return [...prices?.value ?? []].map(([symbol, { value }]) =>
    typeof value === "string" ? { symbol, bid: value, ask: null } : {
      symbol,
      bid: value.keys.bid?.value ?? "",
      ask: value.keys.ask?.value ?? null,
    }
  );
}

function lowerRemote(
  name: string,
  account: Exclude<AccountSpec, { readonly kind: "paper" }>,
  log: IssueLog,
): RemoteAccount {
  const keys: HttpSpec["keys"] = account.spec?.keys ?? {};
  const { id, live, token } = keys;
  if (live?.value === true && id === undefined) {
    log.at(live.node, "account/live-needs-id", {
      expected: 'the key "id" beside "live: true"',
      received: null,
      hint:
        "it is compared with the broker's answer before anything else is done",
    });
  }
  if (token !== undefined && !token.value.includes("${env:")) {
    log.at(token.node, "account/literal-token", {
      severity: "warning",
      expected: '"${env:NAME}"',
      received: null,
      hint: "whoever reads this file can trade on the account",
    });
  }
  const options = account.kind === "http" ? [] : [...account.options];
  return {
    kind: account.kind,
    name,
    id: id?.value ?? null,
    live: live?.value ?? null,
    url: keys.url?.value ?? null,
    token: token?.value ?? null,
    options: Object.fromEntries(
      options.map(([key, { value }]) => [key, value]),
    ),
    ...lowerGateway(keys.gateway),
  };
}
