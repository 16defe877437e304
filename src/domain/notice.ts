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
import type { Decimal } from "./decimal.ts";
import type { OrderIntent, OrderStatus } from "./order.ts";
import type { AccountInfo, Position } from "./position.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** One thing worth telling. */
export type Notice =
  | RunStarted
  | AccountReady
  | OccurrenceArmed
  | OccurrenceSkipped
  | EdgeFired
  | EdgeSettled
  | CloseStarted
  | CloseRetrying
  | OrderSent
  | OrderChanged
  | Anomaly
  | RunStopping
  | RunStopped;

/** What every notice carries. */
export interface NoticeBase {
  readonly at: EpochMs;
}

/** A definition is being carried out. */
export interface RunStarted extends NoticeBase {
  readonly type: "run.started";
  readonly sessions: number;
  readonly dryRun: boolean;
}

/** An account answered and is who the file says. */
export interface AccountReady extends NoticeBase {
  readonly type: "account.ready";
  readonly account: string;
  readonly info: AccountInfo;
}

/** A dated session is on the time line; its edges will fire. */
export interface OccurrenceArmed extends NoticeBase {
  readonly type: "occurrence.armed";
  readonly occurrence: string;
  readonly session: string;
  readonly opensAt: EpochMs;
  readonly closesAt: EpochMs;
}

/** A trade date on which the session should run and cannot. */
export interface OccurrenceSkipped extends NoticeBase {
  readonly type: "occurrence.skipped";
  readonly occurrence: string;
  readonly reason: string;
  readonly message: string;
}

/** An edge's time came and its actions begin. */
export interface EdgeFired extends NoticeBase {
  readonly type: "edge.fired";
  readonly edge: string;
  /** The caller's word for a request by hand; `null` for an edge of the file. */
  readonly request: string | null;
  readonly dueAt: EpochMs;
  /** How far behind `dueAt` we are. @units milliseconds */
  readonly lateMs: DurationMs;
  readonly actions: readonly Action[];
}

/** An edge later than this is told as late. @units milliseconds */
export const LATE_MS: DurationMs = 1_000;

/** How an edge ended; every edge that came due has exactly one. */
export interface EdgeSettled extends NoticeBase {
  readonly type: "edge.settled";
  /** The edge's key, or `request/...` for what was asked for by hand. */
  readonly edge: string;
  /** The caller's word for a request by hand; `null` for an edge of the file. */
  readonly request: string | null;
  readonly account: string;
  readonly dueAt: EpochMs;
  readonly firedAt: EpochMs;
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
  readonly hooks: readonly HookLine[];
  readonly reason: string | null;
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

/** A position in one line. */
export interface PositionLine {
  readonly id: string;
  readonly symbol: string;
  readonly side: PositionSide;
  readonly qty: Decimal;
  readonly profit: Decimal | null;
  readonly profitCurrency: string | null;
}

/** A hook's own outcome. */
export interface HookLine {
  readonly name: "custom_start" | "custom_end";
  readonly outcome: "returned" | "failed" | "timed_out" | "not_run";
  readonly message: string | null;
}

/** A close knows its targets. */
export interface CloseStarted extends NoticeBase {
  readonly type: "close.started";
  readonly edge: string;
  readonly account: string;
  readonly action: CloseAction;
  readonly targets: readonly PositionLine[];
  readonly leftOpen: readonly PositionLine[];
  readonly cancels: number;
  readonly deadlineAt: EpochMs;
  readonly dryRun: boolean;
}

/** A close found something still open, or could not see, and goes on. */
export interface CloseRetrying extends NoticeBase {
  readonly type: "close.retrying";
  readonly edge: string;
  readonly account: string;
  readonly message: string;
  readonly nextAt: EpochMs;
}

/** An order left for the broker. */
export interface OrderSent extends NoticeBase {
  readonly type: "order.sent";
  readonly edge: string;
  readonly account: string;
  readonly intent: OrderIntent;
  readonly attempt: number;
}

/** Something became of an order. */
export interface OrderChanged extends NoticeBase {
  readonly type: "order.changed";
  readonly edge: string;
  readonly account: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly status: OrderStatus;
  readonly filledQty: Decimal;
  readonly reason: string | null;
  readonly message: string | null;
}

/** Something that should not happen, recorded as it came. */
export interface Anomaly extends NoticeBase {
  readonly type: "anomaly";
  readonly about: string;
  readonly message: string;
}

/** The run is ending; this is what is still under way. */
export interface RunStopping extends NoticeBase {
  readonly type: "run.stopping";
  readonly policy: StopPolicy;
  readonly waitingFor: readonly string[];
}

/** The run is over; this is what stays. */
export interface RunStopped extends NoticeBase {
  readonly type: "run.stopped";
  readonly reason: "user" | "until" | "library";
  /** `null` where the account could not be read. */
  readonly open: readonly {
    readonly account: string;
    readonly positions: readonly Position[] | null;
  }[];
  /** Edges that were armed and will not run. */
  readonly notRun: readonly {
    readonly edge: string;
    readonly dueAt: EpochMs;
    readonly actions: readonly Action[];
  }[];
}
