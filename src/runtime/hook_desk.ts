/**
 * What the user's code may ask of the run: always in the name of one session, on its one account.
 *
 * Every answer comes by way of the engine's events, and nothing waits for the loop: a call that asks
 * for an order from inside its own run is answered like anybody else.
 *
 * @module
 */

import type { Bar, BarWish } from "../domain/bar.ts";
import type { CloseAction, Session } from "../domain/definition.ts";
import type { Decimal } from "../domain/decimal.ts";
import type { EntryRight } from "../domain/entry_right.ts";
import type {
  EdgeSettled,
  OrderAnswered,
  OrderRefused,
} from "../domain/notice.ts";
import type { AccountInfo, OrderSide, Snapshot } from "../domain/position.ts";
import type { MarketQuote } from "../domain/quote.ts";
import type { EpochMs } from "../domain/time.ts";

/** What a call can see and ask for. */
export interface HookDesk {
  /** The session as the run carries it out; `null` once it has left the run. */
  readonly session: Session | null;
  /** The run's time. @units EpochMs */
  now(): EpochMs;
  /** Whether the session lets entries in now, by its times and by what became of its hooks. */
  entries(): EntryRight | null;
  /**
   * Reads the account's lists and gives what the session's scope reaches of them.
   *
   * @throws {CarillonError} "broker/unreadable" or "runtime/stopped"
   */
  look(): Promise<Snapshot>;
  /**
   * Reads what the account is and is worth; where the broker tells that only once, what it said then.
   *
   * @throws {CarillonError} "broker/unreadable"
   */
  account(): Promise<AccountInfo | null>;
  /**
   * Asks for the prices of a symbol in scope.
   *
   * @throws {CarillonError} "broker/no-quotes", "broker/unreadable" or "hook/out-of-scope"
   */
  quote(symbol: string): Promise<MarketQuote>;
  /**
   * The last bars of a symbol in scope that have ended, the newest last; fewer where fewer are known.
   *
   * @throws {CarillonError} "broker/no-quotes", "broker/unreadable" or "hook/out-of-scope"
   */
  bars(symbol: string, wish: BarWish): Promise<readonly Bar[]>;
  /**
   * Asks for an order; settles with why it is not sent, or with what the broker first says of it.
   *
   * @throws {CarillonError} "runtime/stopped"
   */
  order(wish: OrderWish): Promise<OrderRefused | OrderAnswered>;
  /**
   * Closes what the session's scope reaches, with the same proof as an edge; settles at its end.
   *
   * @throws {CarillonError} "runtime/stopped"
   */
  close(action: CloseAction): Promise<EdgeSettled>;
}

/** An order that a call asks for. */
export interface OrderWish {
  /** What is traded. */
  readonly symbol: string;
  /** Which way. */
  readonly side: OrderSide;
  /** How much, above zero. */
  readonly qty: Decimal;
  /** `null` for a market order. */
  readonly limitPrice: Decimal | null;
  /** The position that it may only reduce; `null` for an order that may open one. */
  readonly closes: string | null;
}
