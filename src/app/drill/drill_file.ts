/**
 * A session file as a drill plays it: every account is a paper account, whoever its broker is.
 *
 * @module
 */

import type { PriceText } from "../../adapters/brokers/paper/prices/csv_prices.ts";
import { decimal, ZERO } from "../../domain/decimal.ts";
import type {
  Account,
  Definition,
  PaperAccount,
  Session,
} from "../../domain/definition.ts";
import type { DrillDay } from "./drill_day.ts";
import { drawHoldings } from "./holdings.ts";

/** An account as it is played. */
export interface DrillAccount {
  /** With what it holds. */
  readonly account: PaperAccount;
  readonly prices: readonly PriceText[];
  /** The broker that the file names. */
  readonly kind: Account["kind"];
  /** Where its positions come from. */
  readonly positionsFrom: "file" | "seed";
}

/** What a drill is made of. */
export interface DrillFile {
  readonly definition: Definition;
  readonly accounts: readonly DrillAccount[];
  readonly seed: number;
}

/** Turns a definition into what a drill plays. */
export function drillFile(
  definition: Definition,
  { day, seed, pricesOf }: {
    readonly day: DrillDay;
    readonly seed: number;
    readonly pricesOf: (account: string) => readonly PriceText[];
  },
): DrillFile {
  const accounts = definition.accounts.map((account, index): DrillAccount => {
    const prices = pricesOf(account.name);
    const sessions = closingSessions(day, account.name);
    const paper = paperOf(account, seed + index);
    const isOwn = paper.positions.length > 0;
    const positions = isOwn ? paper.positions : drawHoldings({
      account: paper,
      prices,
      sessions,
      seed: seed + index,
      at: day.fromAt,
    });
    return {
      account: { ...paper, positions },
      prices,
      kind: account.kind,
      positionsFrom: isOwn ? "file" : "seed",
    };
  });
  return {
    definition: {
      ...definition,
      accounts: accounts.map(({ account }) => account),
      // Nobody is to be called out of bed by a drill.
      notify: [],
      heartbeat: null,
    },
    accounts,
    seed,
  };
}

/** The sessions of an account that close something on a day, each once. */
export function closingSessions(
  day: DrillDay,
  account: string,
): readonly Session[] {
  const sessions = day.edges
    .filter(({ closes, session }) => closes && session.account === account)
    .map(({ session }) => session);
  return [...new Set(sessions)];
}

const CASH = decimal("1000000");

function paperOf(account: Account, seed: number): PaperAccount {
  if (account.kind === "paper") return account;
  return {
    kind: "paper",
    name: account.name,
    // Tickets are the harder case where nobody knows how the broker counts.
    mode: account.kind === "alpaca" ? "netting" : "hedging",
    cash: CASH,
    currency: "USD",
    positions: [],
    prices: [],
    seed,
    commission: ZERO,
    latencyMs: 0,
  };
}
