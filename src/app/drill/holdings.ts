/**
 * What the accounts of a drill hold: positions drawn from a seed, inside and outside of the scopes.
 *
 * @module
 */

import { paperPrices } from "../../adapters/brokers/paper/prices/paper_prices.ts";
import type { PriceText } from "../../adapters/brokers/paper/prices/csv_prices.ts";
import { instrumentOf } from "../../adapters/brokers/paper/symbols.ts";
import { SeededRandom } from "../../adapters/clock/random.ts";
import {
  type Decimal,
  decimal,
  divide,
  multiply,
} from "../../domain/decimal.ts";
import type {
  PaperAccount,
  PaperPosition,
  PositionSide,
  Scope,
  Session,
} from "../../domain/definition.ts";
import type { EpochMs } from "../../domain/time.ts";
import { reaches } from "./truth.ts";

/** What holdings are drawn for. */
export interface HoldingsGround {
  readonly account: PaperAccount;
  readonly prices: readonly PriceText[];
  /** Those of its sessions that close something. */
  readonly sessions: readonly Session[];
  readonly seed: number;
  /** When they are drawn. @units EpochMs */
  readonly at: EpochMs;
}

/** What is traded where nothing says what. */
const POOL = [
  "EURUSD",
  "GBPUSD",
  "USDJPY",
  "AUDUSD",
  "USDCAD",
  "NZDUSD",
  "USDCHF",
  "EURGBP",
];

/** Winners and losers are this far from the market's price: no day brings them back. @units hundredths */
const WON = 5;

/** The symbols that a session is played with: those of its scope, of the price files, or well-known ones. */
export function symbolsFor(
  { scope }: Session,
  { account, prices, seed }: Pick<
    HoldingsGround,
    "account" | "prices" | "seed"
  >,
): readonly string[] {
  if (scope.symbols !== null) {
    return scope.symbols.filter((symbol) => !scope.except.includes(symbol));
  }
  const own = account.positions
    .filter((position) => reaches(scope, position))
    .map(({ symbol }) => symbol);
  const priced = prices.map(({ symbol }) => symbol);
  const random = new SeededRandom(seed);
  const from = Math.floor(random.fraction() * POOL.length);
  const pool = [...POOL.slice(from), ...POOL.slice(0, from)];
  return [...new Set([...own, ...priced, ...pool])]
    .filter((symbol) => !scope.except.includes(symbol));
}

/** Draws what an account holds: long and short, winning and losing, and one position out of reach. */
export function drawHoldings(ground: HoldingsGround): readonly PaperPosition[] {
  const drawer = new Drawer(ground);
  const scopes = new Set<string>();
  for (const session of ground.sessions) {
    const scope = JSON.stringify(session.scope);
    if (!scopes.has(scope)) drawer.drawFor(session);
    scopes.add(scope);
  }
  drawer.drawOutOfReach();
  return drawer.positions;
}

/** A usual quantity of a symbol. */
export function drawQty(
  symbol: string,
  seed: number,
  fraction: number,
): Decimal {
  const lots = 1 + Math.floor(fraction * 9);
  const { unit } = instrumentOf(symbol, seed);
  const size = unit === "units" ? 1_000 : unit === "shares" ? 10 : 1;
  return decimal(String(lots * size));
}

/** A price moved by hundredths of itself. @units `percent`: hundredths of the price that are left */
export function scaled(price: Decimal, percent: number): Decimal {
  return divide(
    multiply(price, decimal(String(percent))),
    decimal("100"),
    PLACES,
  );
}

const PLACES = 5;

class Drawer {
  readonly positions: PaperPosition[] = [];
  readonly #ground: HoldingsGround;
  readonly #random: SeededRandom;

  constructor(ground: HoldingsGround) {
    this.#ground = ground;
    this.#random = new SeededRandom(ground.seed);
  }

  drawFor(session: Session): void {
    const { account } = this.#ground;
    const { tag } = session.scope;
    const free = symbolsFor(session, this.#ground)
      .filter((symbol) => this.#isFree(symbol));
    const [first, second, third] = free;
    if (first === undefined) return;
    this.#hold(first, "long", "wins", tag);
    if (second !== undefined) this.#hold(second, "short", "loses", tag);
    if (account.mode === "hedging") {
      this.#hold(first, "short", "loses", tag);
      this.#hold(second ?? first, "long", "loses", tag);
    } else if (third !== undefined) this.#hold(third, "long", "loses", tag);
  }

  drawOutOfReach(): void {
    const { sessions } = this.#ground;
    const named = sessions.flatMap(({ scope }) => scope.except);
    const symbol = [...named, ...POOL].find((each) =>
      this.#isFree(each) &&
      !sessions.some(({ scope }) => reaches(scope, { symbol: each, tag: null }))
    );
    if (symbol !== undefined) this.#hold(symbol, "long", "wins", null);
  }

  /** In a netting account one symbol is one position. */
  #isFree(symbol: string): boolean {
    return this.#ground.account.mode === "hedging" ||
      !this.positions.some((held) => held.symbol === symbol);
  }

  #hold(
    symbol: string,
    side: PositionSide,
    fate: "wins" | "loses",
    tag: Scope["tag"],
  ): void {
    const { account, prices, seed, at } = this.#ground;
    const { bid, ask } = paperPrices(account.seed, prices).series(symbol)
      .quoteAt(at);
    const cheap = (side === "long") === (fate === "wins");
    const price = scaled(
      side === "long" ? ask : bid,
      cheap ? 100 - WON : 100 + WON,
    );
    const qty = drawQty(symbol, seed, this.#random.fraction());
    this.positions.push({ symbol, side, qty, price, tag });
  }
}
