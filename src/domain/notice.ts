// tidy: one closed union and its members; split, each half would need the other.

/**
 * What the runtime tells people: closed, plain, ready to be shown as a line or as JSON.
 *
 * @module
 */

import type {
  Action,
  CloseAction,
  PositionSide,
  StopPolicy,
} from "./definition.ts";
import type { BookDifference } from "./book.ts";
import type { Decimal } from "./decimal.ts";
import type { HookFailure, HookLog, HookPlace } from "./hook_end.ts";
import type { OrderIntent, OrderStatus } from "./order.ts";
import type { AccountInfo, OrderSide, Position } from "./position.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** One thing worth telling. */
export type Notice =
  | RunStarted
  | AccountReady
  | AccountNotReady
  | OccurrenceArmed
  | OccurrenceSkipped
  | RunRecovered
  | FileReloaded
  | EdgeFired
  | EdgeResumed
  | EdgeSettled
  | HookEnded
  | StrategyEnded
  | CloseStarted
  | CloseRetrying
  | CloseDeferred
  | OrderSent
  | OrderChanged
  | EdgeSkipNoted
  | RunPaused
  | RunResumed
  | OrderRefused
  | OrderAnswered
  | Anomaly
  | BookDiffers
  | JournalUnwritable
  | JournalRestored
  | RunStopping
  | RunStopped;

/** What every notice carries. */
export interface NoticeBase {
  /** When we learned of it. @units EpochMs */
  readonly at: EpochMs;
}

/** A definition is being carried out. */
export interface RunStarted extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "run.started";
  /** How many sessions it has. */
  readonly sessions: number;
  /** Whether it reads and tells, but sends nothing. */
  readonly dryRun: boolean;
}

/** A run goes on where an earlier one of the same journal ended or broke off. */
export interface RunRecovered extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "run.recovered";
  /** Whether the definition is not what the earlier run had loaded. */
  readonly edited: boolean;
  /** How many orders without a known end the broker is asked about. */
  readonly asked: number;
  /** How many edges that were under way are taken up again. */
  readonly resumed: number;
  /** How many edges that passed meanwhile are run now. */
  readonly caughtUp: number;
  /** How many edges that passed meanwhile are only told. */
  readonly missed: number;
}

/** The edited file is being carried out; this is what it changes. */
export interface FileReloaded extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "file.reloaded";
  /** Which sessions it changes, by name. */
  readonly sessions: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
  };
  /** Which edges come, go, or are due at another time or do something else. */
  readonly edges: {
    readonly added: readonly PlannedEdge[];
    readonly removed: readonly PlannedEdge[];
    readonly changed: readonly ReplannedEdge[];
  };
  /** Edges from here on are not compared. @units EpochMs */
  readonly untilAt: EpochMs;
  /** How many edges are left out of the lists, which have an end. @units a count */
  readonly untold: number;
}

/** An account answered and is who the file says. */
export interface AccountReady extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "account.ready";
  /** The name of the account. */
  readonly account: string;
  /** What the broker says of it. */
  readonly info: AccountInfo;
}

/**
 * An account that the run goes on without for now: it could not be opened, and an earlier run may
 * have left something to do in the others.
 */
export interface AccountNotReady extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "account.not_ready";
  /** The name of the account. */
  readonly account: string;
  /** Why: ours, or the broker's own. */
  readonly code: string;
  /** Why, in a sentence. */
  readonly message: string;
  /** When it is tried again; `null` where that would change nothing. @units EpochMs */
  readonly nextAt: EpochMs | null;
}

/** A dated session is on the time line; its edges will fire. */
export interface OccurrenceArmed extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "occurrence.armed";
  /** Its key, as in `london/2026-11-23`. */
  readonly occurrence: string;
  /** The name of the session. */
  readonly session: string;
  /** When it opens. @units EpochMs */
  readonly opensAt: EpochMs;
  /** When it closes. @units EpochMs */
  readonly closesAt: EpochMs;
}

/** A trade date on which the session should run and cannot. */
export interface OccurrenceSkipped extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "occurrence.skipped";
  /** Its key, as in `london/2026-11-23`. */
  readonly occurrence: string;
  /** Why, as a word for programs. */
  readonly reason: string;
  /** Why, in a sentence. */
  readonly message: string;
}

/** An edge's time came and its actions begin. */
export interface EdgeFired extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "edge.fired";
  /** The edge's key, or `request/...` for what was asked for by hand. */
  readonly edge: string;
  /** The caller's word for a request by hand; `null` for an edge of the file. */
  readonly request: string | null;
  /** When it was due. @units EpochMs */
  readonly dueAt: EpochMs;
  /** How far behind `dueAt` we are. @units milliseconds */
  readonly lateMs: DurationMs;
  /** What it does, in this order. */
  readonly actions: readonly Action[];
}

/** An edge that was under way when an earlier run broke off goes on. */
export interface EdgeResumed extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "edge.resumed";
  /** The edge's key. */
  readonly edge: string;
  /** When it was due. @units EpochMs */
  readonly dueAt: EpochMs;
  /** How far behind `dueAt` we are. @units milliseconds */
  readonly lateMs: DurationMs;
  /** The closes it goes on with. */
  readonly actions: readonly CloseAction[];
}

/** An edge later than this is told as late. @units milliseconds */
export const LATE_MS: DurationMs = 1_000;

/** How an edge ended; every edge that came due has exactly one. */
export interface EdgeSettled extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "edge.settled";
  /** The edge's key, or `request/...` for what was asked for by hand. */
  readonly edge: string;
  /** The caller's word for a request by hand; `null` for an edge of the file. */
  readonly request: string | null;
  /** The name of the account. */
  readonly account: string;
  /** When it was due. @units EpochMs */
  readonly dueAt: EpochMs;
  /** When its actions began. @units EpochMs */
  readonly firedAt: EpochMs;
  /** How it ended. */
  readonly outcome: Outcome;
  /** How many of this edge's targets are gone. */
  readonly closed: number;
  /** How many of this edge's targets are still there. */
  readonly remaining: number;
  /** Working orders in scope that are still there. */
  readonly workingOrders: number;
  /** The highest number of orders sent for one position. */
  readonly attempts: number;
  /** What winners-only or losers-only left open on purpose, and positions nobody could judge. */
  readonly leftOpen: readonly PositionLine[];
  /** Targets that are still open. */
  readonly stillOpen: readonly PositionLine[];
  /** How its own functions ended. */
  readonly hooks: readonly HookLine[];
  /** How its closes ended, where one of its functions ended worse; absent where that is all there is. */
  readonly close?: CloseVerdict;
  /** Why it ended so, as a word for programs; `null` where there is nothing to say. */
  readonly reason: string | null;
  /** Why it ended so, in a sentence; `null` where there is nothing to say. */
  readonly message: string | null;
}

/** How an edge can end, best first. */
export type Outcome =
  | "done"
  | "flat_verified"
  | "closed_verified"
  | "skipped"
  | "partially_closed"
  | "refused"
  | "missed"
  | "failed"
  | "unknown";

/** How the closes of an edge ended, whatever its functions did. */
export interface CloseVerdict {
  /** How they ended. */
  readonly outcome: Outcome;
  /** Why, as a word for programs; `null` where there is nothing to say. */
  readonly reason: string | null;
  /** Why, in a sentence; `null` where there is nothing to say. */
  readonly message: string | null;
}

/** A position in one line. */
export interface PositionLine {
  /** The ticket where the account hedges, the symbol where it nets. */
  readonly id: string;
  /** What is held. */
  readonly symbol: string;
  /** Which way it earns. */
  readonly side: PositionSide;
  /** How much, above zero. */
  readonly qty: Decimal;
  /** What it earns, as its session counts it; `null` where the broker does not give it. */
  readonly profit: Decimal | null;
  /** The currency of the profit; `null` where the broker does not give it. */
  readonly profitCurrency: string | null;
}

/** A hook's own outcome. */
export interface HookLine {
  /** Which of the functions. */
  readonly name: "custom_start" | "custom_end";
  /** How it ended. */
  readonly outcome: HookFailure | "returned" | "interrupted" | "not_run";
  /** What went wrong; `null` where nothing did. */
  readonly message: string | null;
  /** Where, in the user's own code; left out where that cannot be told. */
  readonly place?: HookPlace;
}

/** A call of the user's own code has ended. */
export interface HookEnded extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "hook.ended";
  /** The call's own name, as in `london/2026-11-23/start/custom_start`. */
  readonly call: string;
  /** The edge's key, or `request/...` for what was asked for by hand. */
  readonly edge: string;
  /** The name of the session. */
  readonly session: string;
  /** Which of the functions. */
  readonly name: HookLine["name"];
  /** How it ended. */
  readonly outcome: HookFailure | "returned";
  /** How long it ran. @units milliseconds */
  readonly elapsedMs: DurationMs;
  /** What went wrong; `null` where nothing did. */
  readonly message: string | null;
  /** Where, in the user's own code; `null` where that cannot be told. */
  readonly place: HookPlace | null;
  /** What it returned, as JSON text; `null` for nothing. */
  readonly value: string | null;
  /** What it logged. */
  readonly logs: readonly HookLog[];
  /** Until when the session's entries are refused because of it; `null` where they are not. */
  readonly refusedUntilAt: EpochMs | null;
}

/** A call of a strategy failed, was left out, or had something to say; the others are on record only. */
export interface StrategyEnded extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "strategy.ended";
  /** The call's own name, as in `london/2026-11-23/ema@2026-11-23T08:05:00Z`. */
  readonly call: string;
  /** The name of the session. */
  readonly session: string;
  /** The strategy's name, as in `ema`. */
  readonly strategy: string;
  /** When it was due. @units EpochMs */
  readonly dueAt: EpochMs;
  /** How it ended. */
  readonly outcome: HookFailure | "returned" | "interrupted";
  /** How long it ran. @units milliseconds */
  readonly elapsedMs: DurationMs;
  /** What went wrong; `null` where nothing did. */
  readonly message: string | null;
  /** Where, in the user's own code; `null` where that cannot be told. */
  readonly place: HookPlace | null;
  /** What it logged. */
  readonly logs: readonly HookLog[];
  /** Until when the session's entries are refused because of it; `null` where they are not. */
  readonly refusedUntilAt: EpochMs | null;
}

/** A close knows its targets. */
export interface CloseStarted extends NoticeBase {
  /** Only where a book showed what is closed, and the broker's lists have not answered yet. */
  readonly source?: "book";
  /** Tells it from other notices. */
  readonly type: "close.started";
  /** The edge's key, or `request/...` for what was asked for by hand. */
  readonly edge: string;
  /** The name of the account. */
  readonly account: string;
  /** What is closed. */
  readonly action: CloseAction;
  /** The positions that it closes. */
  readonly targets: readonly PositionLine[];
  /** What it leaves open on purpose, and positions nobody could judge. */
  readonly leftOpen: readonly PositionLine[];
  /** How many working orders it cancels first. */
  readonly cancels: number;
  /** When it has to be done. @units EpochMs */
  readonly deadlineAt: EpochMs;
  /** Whether nothing is sent. */
  readonly dryRun: boolean;
}

/** A close found something still open, or could not see, and goes on. */
export interface CloseRetrying extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "close.retrying";
  /** The edge's key, or `request/...` for what was asked for by hand. */
  readonly edge: string;
  /** The name of the account. */
  readonly account: string;
  /** What keeps it. */
  readonly message: string;
  /** When it goes on. @units EpochMs */
  readonly nextAt: EpochMs;
}

/** A close found its market closed and waits for it to open, as the file asks. */
export interface CloseDeferred extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "close.deferred";
  /** The edge's key. */
  readonly edge: string;
  /** The name of the account. */
  readonly account: string;
  /** What stays open until then. */
  readonly stillOpen: readonly PositionLine[];
  /** When it goes on. @units EpochMs */
  readonly untilAt: EpochMs;
}

/** An order left for the broker. */
export interface OrderSent extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "order.sent";
  /** The edge's key, or `request/...` for what was asked for by hand. */
  readonly edge: string;
  /** The name of the account. */
  readonly account: string;
  /** The order. */
  readonly intent: OrderIntent;
  /** Which order it is for this position, from 1. */
  readonly attempt: number;
}

/** Something became of an order. */
export interface OrderChanged extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "order.changed";
  /** The edge's key, or `request/...` for what was asked for by hand. */
  readonly edge: string;
  /** The name of the account. */
  readonly account: string;
  /** Our own name for the order. */
  readonly clientOrderId: string;
  /** What is traded. */
  readonly symbol: string;
  /** Where it stands. */
  readonly status: OrderStatus;
  /** How much of it is filled. */
  readonly filledQty: Decimal;
  /** Why it was rejected or cancelled: a code, ours or the broker's; `null` for none. */
  readonly reason: string | null;
  /** The broker's own words; `null` for none. */
  readonly message: string | null;
}

/** An edge that is ahead. */
export interface PlannedEdge {
  /** The edge's key. */
  readonly edge: string;
  /** When it is due. @units EpochMs */
  readonly dueAt: EpochMs;
  /** What it does. */
  readonly actions: readonly Action[];
}

/** An edge that an edited file has at another time, or for something else. */
export interface ReplannedEdge extends PlannedEdge {
  /** When it was due. @units EpochMs */
  readonly wasDueAt: EpochMs;
  /** What it did. */
  readonly wasActions: readonly Action[];
}

/** An edge is to be left out when it comes due, or is to run after all. */
export interface EdgeSkipNoted extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "edge.skip_noted";
  /** The edge's key. */
  readonly edge: string;
  /** Which of the two. */
  readonly wish: "skip" | "run";
  /** When it is due; `null` where it is not armed yet. @units EpochMs */
  readonly dueAt: EpochMs | null;
  /** What it does; empty where it is not armed yet. */
  readonly actions: readonly Action[];
}

/** Everything that comes due is left out, until told otherwise. */
export interface RunPaused extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "run.paused";
  /** The name of the session; `null` for all. */
  readonly session: string | null;
  /** When the pause began. @units EpochMs */
  readonly sinceAt: EpochMs;
  /** What would be due within a day. */
  readonly willNotRun: readonly PlannedEdge[];
}

/** Edges run again as they come due. */
export interface RunResumed extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "run.resumed";
  /** The name of the session; `null` for all. */
  readonly session: string | null;
  /** When the pause began that is over; `null` where there was none. @units EpochMs */
  readonly sinceAt: EpochMs | null;
}

/** An order that somebody asked for is not sent. */
export interface OrderRefused extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "order.refused";
  /** Its key, as in `request/...`. */
  readonly order: string;
  /** The caller's word for it. */
  readonly request: string;
  /** The name of the account. */
  readonly account: string;
  /** The session that asked for it; `null` for none. */
  readonly session: string | null;
  /** What it would have traded. */
  readonly symbol: string;
  /** Which way. */
  readonly side: OrderSide;
  /** How much. */
  readonly qty: Decimal;
  /** Why, as a word for programs. */
  readonly reason: OrderRefusalReason;
  /** Why, in a sentence. */
  readonly message: string;
  /** When it would be let through; `null` where that does not hang on the time. @units EpochMs */
  readonly untilAt: EpochMs | null;
}

/** Why an order that somebody asked for is not sent. */
export type OrderRefusalReason =
  /** No occurrence of the session is open. */
  | "session_closed"
  /** Outside of the session's `entries`. */
  | "outside_entries"
  /** In the session's last minutes, by `no_new_entries`. */
  | "no_new_entries"
  /** In one of the session's `blackouts`. */
  | "blackout"
  /** An edge that closes is due, and its instant has not come. */
  | "close_due"
  /** The run has no account of that name. */
  | "unknown_account"
  /** The run has no session of that name. */
  | "unknown_session"
  /** The session acts on another account. */
  | "wrong_account"
  /** The quantity is not above zero. */
  | "quantity"
  /** The limit price is not above zero. */
  | "price"
  /** Nothing is sent in a dry run. */
  | "dry_run"
  /** The run is coming to its end. */
  | "stopping"
  /** The user has paused the session, or the run. */
  | "paused"
  /** A hook of the session failed, and its file asks for no entries then. */
  | "hook_failed"
  /** The session's scope does not reach it. */
  | "out_of_scope"
  /** A close is under way that would close what the order opens. */
  | "close_under_way"
  /** The account's lists could not be read. */
  | "unreadable"
  /** There is no such position to reduce, or it is held the other way. */
  | "unknown_position"
  /** More than can still be closed of the position. */
  | "exceeds_position";

/** What the broker first said of an order that somebody asked for. */
export interface OrderAnswered extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "order.answered";
  /** Its key, as in `request/...`. */
  readonly order: string;
  /** The caller's word for it. */
  readonly request: string;
  /** The name of the account. */
  readonly account: string;
  /** The session that asked for it; `null` for none. */
  readonly session: string | null;
  /** Our own name for the order. */
  readonly clientOrderId: string;
  /** Whether it was taken; `unknown` is asked about, and what comes of it is told as a change. */
  readonly answer: OrderAnswer;
  /** Where it stands. */
  readonly status: OrderStatus;
  /** How much of it is filled. */
  readonly filledQty: Decimal;
  /** Why it was rejected or cancelled: a code, ours or the broker's; `null` for none. */
  readonly reason: string | null;
  /** The broker's own words; `null` for none. */
  readonly message: string | null;
}

/** Whether a broker took an order, as far as is known. */
export type OrderAnswer = "accepted" | "refused" | "unknown";

/** Something that should not happen, recorded as it came. */
export interface Anomaly extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "anomaly";
  /** What it is about, by name. */
  readonly about: string;
  /** What happened. */
  readonly message: string;
}

/** An account's book had something otherwise than the broker's lists, which hold. */
export interface BookDiffers extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "book.differs";
  /** The name of the account. */
  readonly account: string;
  /** Both sides of each. */
  readonly differences: readonly BookDifference[];
}

/**
 * The journal cannot be written: what is due is still closed, and nothing else is begun.
 *
 * The only notices that no entry leads to are this one and its end.
 */
export interface JournalUnwritable extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "journal.unwritable";
  /** Why. */
  readonly message: string;
}

/** The journal can be written again, and holds what happened meanwhile. */
export interface JournalRestored extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "journal.restored";
  /** How many entries were written late. @units a count */
  readonly entries: number;
  /** Since when it could not be written. @units EpochMs */
  readonly sinceAt: EpochMs;
}

/** The run is ending; this is what is still under way. */
export interface RunStopping extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "run.stopping";
  /** What becomes of what is open. */
  readonly policy: StopPolicy;
  /** Keys of the edges and requests that are finished first. */
  readonly waitingFor: readonly string[];
}

/** The run is over; this is what stays. */
export interface RunStopped extends NoticeBase {
  /** Tells it from other notices. */
  readonly type: "run.stopped";
  /** Who or what ended it. */
  readonly reason: "user" | "until" | "library";
  /** `null` where the account could not be read. */
  readonly open: readonly {
    readonly account: string;
    readonly positions: readonly Position[] | null;
  }[];
  /** Edges that were armed and will not run. */
  readonly notRun: readonly PlannedEdge[];
}
