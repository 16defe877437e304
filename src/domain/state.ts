/**
 * What the core remembers.
 *
 * @module
 */

import type { AccountState } from "./account.ts";
import { type Controls, emptyControls } from "./left_out.ts";
import type { HookTallies } from "./hook_tally.ts";
import type { StrategyState } from "./strategy.ts";
import type { Definition, Session, StopPolicy } from "./definition.ts";
import type { OrderRequested } from "./event.ts";
import type { Job } from "./job.ts";
import type { Edge } from "./occurrence.ts";
import type { Position } from "./position.ts";
import { emptyTable, type Table } from "./table.ts";
import type { EpochMs } from "./time.ts";

/** Everything that decides what happens next; folding `step` over a journal gives it back. */
export interface State {
  /** How many events were folded: the journal's sequence number of the last one. */
  readonly seq: number;
  readonly run: Run | null;
  readonly accounts: Readonly<Record<string, AccountState>>;
  readonly sessions: Table<SessionState>;
  /** Edges and requests that came due and have not ended, in the order in which they came. */
  readonly jobs: Readonly<Record<string, Job>>;
  /** Orders that were asked for and wait for their account's lists, by key. */
  readonly waitingOrders: Readonly<Record<string, WaitingOrder>>;
  /** Occurrences whose entries are refused, since a hook of theirs failed; outlives the run. */
  readonly entryHolds: readonly EntryHold[];
  /** How the calls of each hook ended in this run. */
  readonly hookTallies: HookTallies;
  /** What is remembered of each strategy, by its key. */
  readonly strategies: Table<StrategyState>;
  readonly stopping: Stopping | null;
  /** What the user told us to leave out; outlives the run. */
  readonly controls: Controls;
  /** By account: what earlier runs left to do, until its broker has said who it is. */
  readonly owed: Readonly<Record<string, Owed>>;
  /** By name: sessions that left, so that what they did is known when they come back. */
  readonly formerSessions: Readonly<Record<string, FormerSession>>;
  /** Accounts that left, or became others; what our sessions hold there is not forgotten. */
  readonly formerAccounts: readonly AccountState[];
}

/** What earlier runs left to do on one account. */
export interface Owed {
  /** What was cut off. */
  readonly jobs: readonly OwedJob[];
  /** Edges that passed, as today's file has them. */
  readonly edges: readonly Edge[];
}

/** An edge that was cut off, with its session as it was then. */
export interface OwedJob {
  readonly job: Job;
  readonly session: Session;
}

/** A session that left the definition. */
export interface FormerSession {
  readonly session: Session;
  readonly fired: readonly FiredEdge[];
  /** @units EpochMs */
  readonly leftAt: EpochMs;
}

/** The definition that is being carried out. */
export interface Run {
  readonly runId: string;
  readonly hash: string;
  readonly definition: Definition;
  readonly dryRun: boolean;
  readonly loadedAt: EpochMs;
  /** The edition of the time zone data that its edges were placed by, where it is known. */
  readonly zoneData?: string;
  /** When an edit took the place of what was loaded; left out until then. @units EpochMs */
  readonly reloadedAt?: EpochMs;
}

/** A session on the time line. */
export interface SessionState {
  readonly session: Session;
  /** Edges that are armed and have not come due, by `dueAt`. */
  readonly waiting: readonly Edge[];
  /** The last edges that came due: none of them does so again, whatever the clock or a restart says. */
  readonly fired: readonly FiredEdge[];
  /** When the last occurrence that was placed opens; `null` where there is none left. */
  readonly placedAt: EpochMs | null;
}

/** An edge that came due; moved to another instant it would be another one. */
export type FiredEdge = Pick<Edge, "key" | "at">;

/** An order that was asked for and waits for its account's lists. */
export interface WaitingOrder {
  /** `request/<run>/<seq>` */
  readonly key: string;
  readonly event: OrderRequested;
}

/** Entries of one occurrence are refused until it closes, since a hook of its session failed. */
export interface EntryHold {
  readonly session: string;
  /** The call that failed. */
  readonly call: string;
  readonly untilAt: EpochMs;
}

/** How far the end of the run has come. */
export type Stopping =
  /** Waiting for what was under way. */
  | {
    readonly phase: "finishing";
    readonly policy: StopPolicy;
    readonly reason: StopReason;
    readonly notRun: readonly Edge[];
  }
  /** Carrying out the policy. */
  | {
    readonly phase: "closing";
    readonly policy: StopPolicy;
    readonly reason: StopReason;
    readonly notRun: readonly Edge[];
  }
  /** Reading every account for the last word. */
  | {
    readonly phase: "reading";
    readonly policy: StopPolicy;
    readonly reason: StopReason;
    readonly notRun: readonly Edge[];
    readonly waitingFor: readonly {
      readonly account: string;
      readonly request: number;
    }[];
    readonly open: readonly {
      readonly account: string;
      readonly positions: readonly Position[] | null;
    }[];
  }
  | { readonly phase: "stopped"; readonly reason: StopReason };

/** Who asked for the run's end. */
export type StopReason = "user" | "until" | "library";

/** A core that has seen nothing. */
export function emptyState(): State {
  return {
    seq: 0,
    run: null,
    accounts: {},
    sessions: emptyTable(),
    jobs: {},
    waitingOrders: {},
    entryHolds: [],
    hookTallies: {},
    strategies: emptyTable(),
    stopping: null,
    controls: emptyControls(),
    owed: {},
    formerSessions: {},
    formerAccounts: [],
  };
}
