/**
 * What the runtime needs of the world: interfaces only.
 *
 * @module
 */

import type { BookDifference, BookView } from "../domain/book.ts";
import type { Bar, BarWish } from "../domain/bar.ts";
import type { Effect, HookRun } from "../domain/effect.ts";
import type { Event } from "../domain/event.ts";
import type { HookEnd } from "../domain/hook_end.ts";
import type { OrderIntent, OrderReport } from "../domain/order.ts";
import type { AccountInfo, Snapshot } from "../domain/position.ts";
import type { MarketQuote } from "../domain/quote.ts";
import type { DurationMs, EpochMs } from "../domain/time.ts";
import type { HookDesk } from "./hook_desk.ts";

/** Time, as far as the runtime may know it. */
export interface Clock {
  /** Wall time; may jump either way, so never measure with it. @units EpochMs */
  now(): EpochMs;
  /** Monotonic time from an arbitrary origin; only for differences. @units milliseconds */
  elapsed(): DurationMs;
  /**
   * Resolves at or after `at` by the wall clock, and soon after one that jumped ahead over it; where
   * it was set back, once as much time has gone by as was missing at first. Whoever waits for the
   * instant itself looks again.
   *
   * @units `at`: EpochMs
   * @throws the signal's reason once it is aborted
   */
  sleepUntil(at: EpochMs, signal?: AbortSignal): Promise<void>;
}

/** Chance, where something must differ from run to run. */
export interface Random {
  /** A name that no other run has. */
  id(): string;
  /** A number from 0 up to but not including 1, all alike likely. @units fraction of 1 */
  fraction(): number;
}

/**
 * One account at one broker.
 *
 * Six questions, each with its own way to fail, and four that not every broker has; every failure is
 * a `CarillonError` with a `broker/...` code whose `details.outcome` says whether the request was
 * `unsent`, `refused` or is `unknown`.
 */
export interface Broker extends AsyncDisposable {
  /**
   * Connects, learns who the account is, and tells of changes from then on.
   *
   * @throws {CarillonError} "broker/unreachable" if nobody answers
   */
  open(watch: BrokerWatch): Promise<AccountInfo>;
  /**
   * Reads positions, working orders, and fills after `sinceSeq` (none for `null`); all belong to
   * `Snapshot.seq`.
   *
   * A list that cannot be read is an error, never an empty list.
   *
   * @throws {CarillonError} "broker/unreadable"
   */
  read(sinceSeq: number | null): Promise<Snapshot>;
  /**
   * Sends an order; a client order id that the broker knows gives the first order and does nothing.
   *
   * @throws {CarillonError} with `details.outcome`
   */
  submit(intent: OrderIntent): Promise<OrderReport>;
  /**
   * Asks for a working order's end; the report says how it ended.
   *
   * @throws {CarillonError} with `details.outcome`
   */
  cancel(orderId: string): Promise<OrderReport>;
  /**
   * What became of an order; `null` only where the broker says that it has none of that id.
   *
   * @throws {CarillonError} "broker/unreadable"
   */
  find(clientOrderId: string): Promise<OrderReport | null>;
  /**
   * Who the account is and what it is worth now; left out where the broker tells it only once.
   *
   * @throws {CarillonError} "broker/unreadable"
   */
  account?(): Promise<AccountInfo>;
  /**
   * The prices of a symbol now; left out where the broker gives none.
   *
   * @throws {CarillonError} "broker/unreadable"
   */
  quote?(symbol: string): Promise<MarketQuote>;
  /**
   * The last bars of a symbol that have ended, the newest last; left out where the broker gives none,
   * and then they are made of quotes.
   *
   * @throws {CarillonError} "broker/unreadable"
   */
  bars?(symbol: string, wish: BarWish): Promise<readonly Bar[]>;
  /**
   * What the account holds by a book that news keeps: at once, and no proof; `null` while anything may
   * be missing from it. A broker without a book leaves this out.
   *
   * Asking says that a close is about to begin.
   */
  peek?(): BookView | null;
}

/** Where a broker tells of changes that nobody asked for. */
export type BrokerWatch = (event: BrokerEvent) => void;

/** A change at the broker, as its stream tells it. */
export type BrokerEvent =
  | { readonly type: "order"; readonly report: OrderReport }
  | {
    readonly type: "stream";
    readonly state: "up" | "down";
    readonly message: string;
  }
  /** The broker's lists were read, and its book had something otherwise. */
  | { readonly type: "book"; readonly differences: readonly BookDifference[] };

/** One event on record, with what it led to. */
export interface Entry {
  /** Position in the journal, from 1; alone decides the order of replay. */
  readonly seq: number;
  /** When it was written. @units EpochMs */
  readonly recordedAt: EpochMs;
  /** What happened. */
  readonly event: Event;
  /** What the core asked for in answer. */
  readonly effects: readonly Effect[];
}

/** The durable record. */
export interface Journal extends Disposable {
  /** Where it lies, for people; `null` in memory. */
  readonly path: string | null;
  /**
   * Writes a batch, all or nothing; on return it outlives a crash of the machine.
   *
   * @throws {CarillonError} "journal/unwritable"
   */
  append(entries: readonly Entry[]): void;
  /**
   * Everything written so far behind a number, in order; without one, all that is kept.
   *
   * @units `afterSeq`: the number of an entry
   * @throws {CarillonError} "journal/unreadable" at the first entry that is not what was written, or
   * where entries behind `afterSeq` were dropped
   */
  read(afterSeq?: number): Iterable<Entry>;
  /** States that were kept and from which a start may go on, newest first; none for a young journal. */
  checkpoints(): readonly Checkpoint[];
  /**
   * Keeps the state behind the last entry, in place of older ones.
   *
   * @throws {CarillonError} "journal/unwritable"
   */
  keep(checkpoint: Checkpoint): void;
  /**
   * Drops some of the entries that were written before an instant and that checkpoints stand for;
   * says whether there are more, and does little at a time.
   *
   * @units `before`: EpochMs
   * @throws {CarillonError} "journal/unwritable"
   */
  dropBefore(before: EpochMs): boolean;
}

/** What the core remembered behind an entry, as text. */
export interface Checkpoint {
  /** The number of that entry. */
  readonly seq: number;
  /** When it was written. @units EpochMs */
  readonly recordedAt: EpochMs;
  /** The form of `state`: `STATE_FORMAT` of the version that wrote it. @units a version */
  readonly stateFormat: number;
  /** The state, by `encodeState()`. */
  readonly state: string;
}

/** Runs the user's functions. */
export interface HookRunner {
  /**
   * Calls one function and waits for its end; nothing is the same as having returned nothing.
   *
   * The desk is what the function may ask for meanwhile. What is thrown is a failure, and with the
   * code "hook/timed-out" one for want of time.
   *
   * @throws {CarillonError} "hook/failed" or "hook/timed-out"
   */
  run(
    call: HookRun,
    signal: AbortSignal,
    desk: HookDesk,
  ): Promise<HookEnd | void>;
}
