/**
 * Everything that can happen to us: what decides, or changes what we owe.
 *
 * @module
 */

import type {
  Action,
  CloseAction,
  Definition,
  Session,
  StopPolicy,
} from "./definition.ts";
import type { BookDifference } from "./book.ts";
import type { Decimal } from "./decimal.ts";
import type { FailureOutcome } from "./error.ts";
import type { HookFailure, HookLog, HookPlace } from "./hook_end.ts";
import type { OrderReport } from "./order.ts";
import type { AccountInfo, OrderSide, Snapshot } from "./position.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** One thing that happened, with the time at which we learned of it. */
export type Event =
  | FileLoaded
  | FileReloaded
  | AccountOpened
  | AccountUnopened
  | EdgeDue
  | EdgeAdvanced
  | TimerDue
  | PositionsRead
  | PositionsUnread
  | BookDiffered
  | OrderReported
  | OrderLost
  | OrderAbsent
  | CancelAnswered
  | HookReturned
  | HookFailed
  | CloseRequested
  | ActionsRequested
  | OrderRequested
  | ListsRequested
  | SessionAdded
  | SessionRemoved
  | EdgeSkipRequested
  | PauseRequested
  | ResumeRequested
  | StopRequested;

/** What every event carries. */
export interface EventBase {
  /** When we learned of it. @units EpochMs */
  readonly at: EpochMs;
}

/** A definition was loaded and is to be carried out from now on. */
export interface FileLoaded extends EventBase {
  /** Tells it from other events. */
  readonly type: "file.loaded";
  /** Tells this run's hand-made requests from another's; random. */
  readonly runId: string;
  /** Digest of the definition. */
  readonly hash: string;
  /** What is carried out. */
  readonly definition: Definition;
  /** Read and tell, but send nothing. */
  readonly dryRun: boolean;
  /** Edges before this instant are not ours; those since are, however long the start took. */
  readonly fromAt: EpochMs;
  /** Whether its sessions go on the time line; without, only requests by hand are carried out. */
  readonly armed: boolean;
  /** The edition of the time zone data, as in `2026b`; left out where it is not known. */
  readonly zoneData?: string;
  /**
   * Another run's state as text, of which the accounts are taken over; only for a run that has no
   * record of its own and has to know what sessions opened.
   */
  readonly known?: string;
}

/** The file was edited, and its new definition takes the place of the one that is carried out. */
export interface FileReloaded extends EventBase {
  /** Tells it from other events. */
  readonly type: "file.reloaded";
  /** Digest of the definition. */
  readonly hash: string;
  /** What is carried out from now on; its accounts are those of the run. */
  readonly definition: Definition;
  /** What was due until then has fired by the old definition; edges since then are the new one's. */
  readonly fromAt: EpochMs;
}

/** A broker told who the account is. */
export interface AccountOpened extends EventBase {
  /** Tells it from other events. */
  readonly type: "account.opened";
  /** The name of the account. */
  readonly account: string;
  /** What the broker says of it. */
  readonly info: AccountInfo;
}

/** An account that a run goes on without for now, since its broker did not let it be opened. */
export interface AccountUnopened extends EventBase {
  /** Tells it from other events. */
  readonly type: "account.unopened";
  /** The name of the account. */
  readonly account: string;
  /** Why. */
  readonly failure: Failure;
  /** When it is tried again; `null` where that would change nothing. @units EpochMs */
  readonly nextAt: EpochMs | null;
}

/** An armed edge's time came. */
export interface EdgeDue extends EventBase {
  /** Tells it from other events. */
  readonly type: "edge.due";
  /** The edge's key. */
  readonly edge: string;
  /** When it was due. @units EpochMs */
  readonly dueAt: EpochMs;
}

/** Somebody asked for an armed edge now, before it is due: the end of a session that is left. */
export interface EdgeAdvanced extends EventBase {
  /** Tells it from other events. */
  readonly type: "edge.advanced";
  /** The edge's key. */
  readonly edge: string;
}

/** A wait that the core asked for is over. */
export interface TimerDue extends EventBase {
  /** Tells it from other events. */
  readonly type: "timer.due";
  /** The wait's name. */
  readonly timer: string;
  /** When it was over. @units EpochMs */
  readonly dueAt: EpochMs;
}

/**
 * What an account holds: the broker's lists, read in one go, or a book's word, which comes before them.
 *
 * A book answers at once and proves nothing: the lists answer the same question after it.
 */
export interface PositionsRead extends EventBase {
  /** Tells it from other events. */
  readonly type: "positions.read";
  /** The name of the account. */
  readonly account: string;
  /** The number of the question, so that a late answer is not taken for a new one. */
  readonly request: number;
  /** What the broker holds. */
  readonly snapshot: Snapshot;
  /** Whose answer it is; the broker's lists where it is left out. */
  readonly source?: "book" | "rest";
  /** The execution up to which the book is the broker's own lists; only of a book. */
  readonly provenSeq?: number;
}

/** The broker's lists were read, and a book had something otherwise; the lists hold. */
export interface BookDiffered extends EventBase {
  /** Tells it from other events. */
  readonly type: "book.differed";
  /** The name of the account. */
  readonly account: string;
  /** Both sides of each. */
  readonly differences: readonly BookDifference[];
}

/** The broker's lists could not be read; nothing is known of them, least of all that they are empty. */
export interface PositionsUnread extends EventBase {
  /** Tells it from other events. */
  readonly type: "positions.unread";
  /** The name of the account. */
  readonly account: string;
  /** The number of the question. */
  readonly request: number;
  /** Why. */
  readonly failure: Failure;
}

/** The broker said something of an order of ours: its answer, its stream, or our question. */
export interface OrderReported extends EventBase {
  /** Tells it from other events. */
  readonly type: "order.reported";
  /** The name of the account. */
  readonly account: string;
  /** Our own name for the order. */
  readonly clientOrderId: string;
  /** What the broker said. */
  readonly report: OrderReport;
}

/** A request about an order failed: placing it, asking for it, or cancelling a working one. */
export interface OrderLost extends EventBase {
  /** Tells it from other events. */
  readonly type: "order.lost";
  /** The name of the account. */
  readonly account: string;
  /** The client order id; for a cancellation the broker's order id. */
  readonly order: string;
  /** What was asked for. */
  readonly during: "submit" | "find" | "cancel";
  /** Why. */
  readonly failure: Failure;
}

/** We asked for an order by its client order id and the broker has none. */
export interface OrderAbsent extends EventBase {
  /** Tells it from other events. */
  readonly type: "order.absent";
  /** The name of the account. */
  readonly account: string;
  /** Our own name for the order. */
  readonly clientOrderId: string;
}

/** The broker said how a working order ended that we asked to cancel. */
export interface CancelAnswered extends EventBase {
  /** Tells it from other events. */
  readonly type: "cancel.answered";
  /** The name of the account. */
  readonly account: string;
  /** The broker's name for the order. */
  readonly orderId: string;
  /** How it ended. */
  readonly report: OrderReport;
}

/** A user's function came back. */
export interface HookReturned extends EventBase {
  /** Tells it from other events. */
  readonly type: "hook.returned";
  /** The call's own name. */
  readonly call: string;
  /** How long it ran. @units milliseconds */
  readonly elapsedMs: DurationMs;
  /** What it returned, as JSON text; `null` for nothing, and absent in journals of old. */
  readonly value?: string | null;
  /** What it logged; absent in journals of old. */
  readonly logs?: readonly HookLog[];
}

/** A user's function threw, did not come back in time, or came to harm otherwise. */
export interface HookFailed extends EventBase {
  /** Tells it from other events. */
  readonly type: "hook.failed";
  /** The call's own name. */
  readonly call: string;
  /** How long it ran. @units milliseconds */
  readonly elapsedMs: DurationMs;
  /** What became of it. */
  readonly outcome: HookFailure;
  /** What went wrong. */
  readonly message: string;
  /** Where, in the user's own code; `null` where that cannot be told, and absent in journals of old. */
  readonly place?: HookPlace | null;
  /** What it logged; absent in journals of old. */
  readonly logs?: readonly HookLog[];
}

/** Somebody asked for a close by hand: `flatten`, a method of the library, the end of a run. */
export interface CloseRequested extends EventBase {
  /** Tells it from other events. */
  readonly type: "close.requested";
  /** The caller's own word for it, to find the answer by. */
  readonly request: string;
  /** The session whose scope and deadline apply; `null` for a whole account. */
  readonly session: string | null;
  /** The name of the account. */
  readonly account: string;
  /** What is to be closed. */
  readonly action: CloseAction;
  /** Only these positions; `null` for all that the scope reaches. */
  readonly positions: readonly string[] | null;
  /** Cancel working orders and touch no position. */
  readonly ordersOnly: boolean;
}

/** Somebody asked for a session's start or end actions, or for one of its actions, by hand. */
export interface ActionsRequested extends EventBase {
  /** Tells it from other events. */
  readonly type: "actions.requested";
  /** The caller's own word for it, to find the answer by. */
  readonly request: string;
  /** The name of the session. */
  readonly session: string;
  /** Those of its start, those of its end, or these alone. */
  readonly actions: "start" | "end" | readonly Action[];
}

/** Somebody asked for an order: the user's own code, in the name of its session. */
export interface OrderRequested extends EventBase {
  /** Tells it from other events. */
  readonly type: "order.requested";
  /** The caller's own word for it, to find the answer by. */
  readonly request: string;
  /** The name of the account. */
  readonly account: string;
  /** The session whose rules and scope apply; `null` for none. */
  readonly session: string | null;
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

/** Somebody wants to see the account's lists: the user's own code. */
export interface ListsRequested extends EventBase {
  /** Tells it from other events. */
  readonly type: "lists.requested";
  /** The caller's own word for it, to find the answer by. */
  readonly request: string;
  /** The name of the account. */
  readonly account: string;
}

/** A session joined the running definition. */
export interface SessionAdded extends EventBase {
  /** Tells it from other events. */
  readonly type: "session.added";
  /** The session in full. */
  readonly session: Session;
}

/** A session left the running definition; its armed edges go with it. */
export interface SessionRemoved extends EventBase {
  /** Tells it from other events. */
  readonly type: "session.removed";
  /** The name of the session. */
  readonly session: string;
}

/** The user wants an edge to be left out when it comes due, or to run after all. */
export interface EdgeSkipRequested extends EventBase {
  /** Tells it from other events. */
  readonly type: "edge.skip_requested";
  /** The edge's key; it may be armed only by a later run. */
  readonly edge: string;
  /** Which of the two. */
  readonly wish: "skip" | "run";
}

/** The user wants everything that comes due to be left out until told otherwise. */
export interface PauseRequested extends EventBase {
  /** Tells it from other events. */
  readonly type: "pause.requested";
  /** The name of the session; `null` for all. */
  readonly session: string | null;
}

/** The user wants edges to run again. */
export interface ResumeRequested extends EventBase {
  /** Tells it from other events. */
  readonly type: "resume.requested";
  /** The name of the session; `null` for all. */
  readonly session: string | null;
}

/** The run is to end: finish what is under way, then carry out the policy. */
export interface StopRequested extends EventBase {
  /** Tells it from other events. */
  readonly type: "stop.requested";
  /** What becomes of what is open. */
  readonly policy: StopPolicy;
  /** Who or what ended it. */
  readonly reason: "user" | "until" | "library";
}

/** Why a request failed, as data. */
export interface Failure {
  /** Ours, or the broker's own. */
  readonly code: string;
  /** What went wrong. */
  readonly message: string;
  /** What became of the request. */
  readonly outcome: FailureOutcome;
  /** How long the broker asks us to wait. @units milliseconds */
  readonly retryAfterMs: DurationMs | null;
}
