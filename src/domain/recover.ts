/**
 * Goes on where an earlier run of the same journal broke off.
 *
 * Orders without a known end are asked about, closes that were cut off are taken up again under
 * their own order ids, and edges that were armed and passed while nothing ran are caught up as far
 * as that still makes sense. Nothing that lay before the journal's first run is touched, and no
 * edge is fired at an instant that only an edited file puts into the past.
 *
 * @module
 */

import type { AccountState } from "./account.ts";
import { rememberFired } from "./arm.ts";
import { finishJob, startJob } from "./carry_job.ts";
import { deadlineAfter } from "./close_deadline.ts";
import { resumeClosing } from "./close.ts";
import type { Session } from "./definition.ts";
import { leaveOut } from "./control.ts";
import { answerFault } from "./end_hook.ts";
import { type HookState, type Job, type JobPlan, planEdge } from "./job.ts";
import { isOver } from "./lateness.ts";
import type { Edge } from "./occurrence.ts";
import { placementsBetween, placeOn } from "./place.ts";
import {
  interruptedNotice,
  missedNotice,
  MOVED_BACK,
  skippedNotice,
} from "./settle.ts";
import { isSettled } from "./order.ts";
import type { FiredEdge, Owed, SessionState, State } from "./state.ts";
import { getRow } from "./table.ts";
import { askAfterRestart } from "./track.ts";
import type { EpochMs } from "./time.ts";
import { accountOf, putJob, tell, type Turn } from "./turn.ts";

/** What becomes of an edge that passed while nothing ran. */
export type MissedEdge =
  /** It still makes sense, with the settings of today's file. */
  | {
    readonly kind: "catch_up";
    readonly account: string;
    readonly edge: Edge;
  }
  /** It is told, and left. */
  | {
    readonly kind: "missed";
    readonly account: string;
    readonly edge: Edge;
    readonly reason: "not_running" | "edited";
  }
  /** Nothing passed, but the edited file has it at an instant that is past: it does not fire back. */
  | {
    readonly kind: "moved_back";
    readonly account: string;
    readonly edge: Edge;
  };

/** What an earlier run leaves to the next. */
export interface Inheritance {
  /** In the order in which they were due. */
  readonly missed: readonly MissedEdge[];
  /** By session: edges that must not come due again, nor be told once more. */
  readonly fired: ReadonlyMap<string, readonly FiredEdge[]>;
}

/**
 * Reads from the time line of an earlier definition what is still owed.
 *
 * @units `fromAt`: EpochMs; edges before it passed while nothing ran
 * @shape `owed`: what an earlier run was to catch up, and did not come to
 */
export function inherit(
  earlier: readonly SessionState[],
  sessions: readonly Session[],
  fromAt: EpochMs,
  owed: readonly Edge[] = [],
): Inheritance {
  const now = new Map(sessions.map((each) => [each.name, each]));
  const missed: MissedEdge[] = [];
  const fired = new Map<string, readonly FiredEdge[]>();
  for (const state of earlier) {
    const { name } = state.session;
    const session = now.get(name);
    const done: FiredEdge[] = [];
    for (const edge of session ? movedBack(state, session, fromAt) : []) {
      done.push(edge);
      if (edge.actions.length === 0) continue;
      missed.push({ kind: "moved_back", account: state.session.account, edge });
    }
    for (const passed of passedEdges(state, fromAt, owed)) {
      const today = session && edgeOfToday(session, passed.edge);
      // What an edit moved to a later hour has not passed: it will come due.
      if (today !== undefined && today.at >= fromAt) continue;
      done.push(passed.edge, ...today === undefined ? [] : [today]);
      if (passed.edge.actions.length === 0) continue;
      missed.push(fateOf(state, session, passed, today));
    }
    fired.set(name, rememberFired(state.fired, done));
  }
  missed.sort((a, b) =>
    a.edge.dueAt - b.edge.dueAt || a.edge.rank - b.edge.rank
  );
  return { missed, fired };
}

/** How many edges that were never armed are told as missed after a long time away. */
const UNARMED_TOLD = 200;

interface PassedEdge {
  readonly edge: Edge;
  /** Whether the earlier run had armed it; only then it is caught up. */
  readonly armed: boolean;
}

/** The edges of a session that passed while nothing ran: armed ones, and those behind them. */
function passedEdges(
  { session, waiting, placedAt }: SessionState,
  fromAt: EpochMs,
  owed: readonly Edge[],
): readonly PassedEdge[] {
  const own = owed.filter((edge) => edge.session === session.name);
  const armed = [...own, ...waiting.filter(({ at }) => at < fromAt)]
    .map((edge) => ({ edge, armed: true }));
  if (placedAt === null || placedAt >= fromAt) return armed;
  const known = new Set(waiting.map(({ key }) => key));
  const unarmed = placementsBetween(session, placedAt + 1, fromAt)
    .flatMap((placement) =>
      // One that opened by then was armed, and what of it passed has its record.
      placement.kind === "occurrence" && placement.occurrence.opensAt > placedAt
        ? placement.occurrence.edges
        : []
    )
    .filter(({ at, key }) => at < fromAt && !known.has(key))
    .map((edge) => ({ edge, armed: false }));
  return [...armed, ...unarmed.slice(-UNARMED_TOLD)];
}

/** Edges that were still ahead, and are behind in the file of today. */
function movedBack(
  { waiting, fired }: SessionState,
  session: Session,
  fromAt: EpochMs,
): readonly Edge[] {
  return waiting.filter(({ at }) => at >= fromAt)
    .flatMap((edge) => edgeOfToday(session, edge) ?? [])
    .filter(({ key, at }) =>
      at < fromAt && !fired.some((told) => told.key === key && told.at === at)
    );
}

/** The same edge in the file of today; `undefined` where it has none. */
export function edgeOfToday(
  session: Session,
  { key, tradeDate }: Edge,
): Edge | undefined {
  const placement = placeOn(session, tradeDate);
  if (placement?.kind !== "occurrence") return undefined;
  return placement.occurrence.edges.find((edge) => edge.key === key);
}

function fateOf(
  { session: { account } }: SessionState,
  session: Session | undefined,
  { edge, armed }: PassedEdge,
  today: Edge | undefined,
): MissedEdge {
  const isMoved = today === undefined || today.at !== edge.at;
  if (isMoved || session?.account !== account) {
    return { kind: "missed", account, edge, reason: "edited" };
  }
  if (armed) return { kind: "catch_up", account, edge: today };
  return { kind: "missed", account, edge, reason: "not_running" };
}

/** Asks what became of every order of an account whose end is not known. */
function askForOrders(turn: Turn, account: string): void {
  for (const tracked of Object.values(accountOf(turn, account).orders)) {
    askAfterRestart(turn, tracked);
  }
}

/** How many orders of earlier runs have no known end. */
export function countUnknownOrders(
  accounts: Readonly<Record<string, AccountState>>,
): number {
  return Object.values(accounts)
    .flatMap(({ orders }) => Object.values(orders))
    .filter(({ order }) => !isSettled(order)).length;
}

/**
 * Parts what was under way: edges wait for their account to say who it is; what nobody waits for
 * any more is told and left.
 */
export function oweJobs(turn: Turn, earlier: State): number {
  const before = [
    ...Object.values(earlier.owed).flatMap(({ jobs }) => jobs),
    ...Object.values(earlier.jobs).map((job) => ({
      job,
      session: sessionOfJob(earlier, job),
    })),
  ];
  let owed = 0;
  for (const { job, session } of before) {
    const { edge, account } = job.plan;
    const isKnown = Object.hasOwn(turn.state.accounts, account);
    if (edge === null || session === undefined || !isKnown) {
      tellInterrupted(turn, job);
      continue;
    }
    owed++;
    putOwed(turn, account, ({ jobs, edges }) => ({
      jobs: [...jobs, { job, session }],
      edges,
    }));
  }
  return owed;
}

function tellInterrupted(turn: Turn, job: Job): void {
  tell(turn, interruptedNotice(turn.at, job));
  for (const plan of job.again ?? []) {
    tell(turn, interruptedNotice(turn.at, { ...job, plan, closings: [] }));
  }
}

function sessionOfJob(earlier: State, { plan }: Job): Session | undefined {
  if (plan.session === null) return undefined;
  return getRow(earlier.sessions, plan.session)?.session ??
    earlier.formerSessions[plan.session]?.session;
}

function putOwed(
  turn: Turn,
  account: string,
  change: (owed: Owed) => Owed,
): void {
  const { owed } = turn.state;
  const before = owed[account] ?? { jobs: [], edges: [] };
  turn.state = {
    ...turn.state,
    owed: { ...owed, [account]: change(before) },
  };
}

/**
 * Takes up on an account what earlier runs left to do there, now that its broker said who it is.
 *
 * Whatever was begun or armed for another account is told and left: its orders are not here, and
 * its positions are somebody else's.
 */
export function takeUpOwed(
  turn: Turn,
  account: string,
  isSameAccount: boolean,
): void {
  const { [account]: own, ...owed } = turn.state.owed;
  turn.state = { ...turn.state, owed };
  if (isSameAccount) askForOrders(turn, account);
  for (const { job, session } of own?.jobs ?? []) {
    const { edge } = job.plan;
    if (isSameAccount && edge !== null) resumeJob(turn, job, edge, session);
    else tellInterrupted(turn, job);
  }
  const why = isSameAccount
    ? { reason: "not_running" } as const
    : { reason: "other_account" } as const;
  for (const edge of own?.edges ?? []) {
    const plan = isSameAccount ? planCatchUp(turn, edge) : null;
    if (plan !== null) startJob(turn, plan);
    else tell(turn, missedNotice(turn.at, { account, edge, ...why }));
  }
}

function resumeJob(
  turn: Turn,
  job: Job,
  edge: Edge,
  session: Session,
): void {
  const { key } = job.plan;
  if (job.heldBy.length > 0) {
    // It had not begun; those that it waited for came before it, and were taken up before it.
    startJob(turn, planEdge(session, edge, turn.at, { caughtUp: true }));
    for (const plan of job.again ?? []) startJob(turn, plan);
    return;
  }
  tell(turn, {
    type: "edge.resumed",
    at: turn.at,
    edge: key,
    dueAt: job.plan.dueAt,
    lateMs: Math.max(turn.at - job.plan.dueAt, 0),
    actions: job.closings.map(({ order }) => order.action),
  });
  putJob(turn, { ...job, hooks: job.hooks.map(interruptHook) });
  for (const hook of job.hooks) {
    if (hook.status === "ended") continue;
    const { call, name } = hook;
    const line = { name, outcome: "interrupted", message: null } as const;
    answerFault(turn, job, call, line);
  }
  const deadlineAt = deadlineAfter(turn, job.plan);
  for (const closing of job.closings) {
    const judged = closing.targets !== null;
    const { action } = closing.order;
    const late = isOver({ session, edge, action, at: turn.at, judged });
    // A close that had begun has its time, even where its session opens again at that instant; what
    // is opened then is not its own, nor is what is opened after its time has run out.
    const isOpen = !late || turn.at < closing.deadlineAt;
    const openedBefore = late ? edge.at : closing.deadlineAt;
    resumeClosing(turn, closing, isOpen ? { deadlineAt, openedBefore } : null);
  }
  finishJob(turn, key);
}

/** A function of the user's is not called twice: nobody knows how far it came. */
function interruptHook(hook: HookState): HookState {
  if (hook.status === "ended") return hook;
  const message = "The run broke off while it ran; it is not called again";
  const { call, name } = hook;
  return {
    call,
    status: "ended",
    line: { name, outcome: "interrupted", message },
  };
}

/**
 * Keeps what was missed and still makes sense until its account has said who it is, and tells the
 * rest; gives how much waits.
 */
export function oweEdges(
  turn: Turn,
  missed: readonly MissedEdge[],
): number {
  const worth = missed.filter((each) => isWorthwhile(turn, each));
  for (const { account, edge } of worth) {
    putOwed(turn, account, ({ jobs, edges }) => ({
      jobs,
      edges: [...edges, edge],
    }));
  }
  return worth.length;
}

/** Runs what was missed and still makes sense, on accounts that are open, and tells the rest. */
export function catchUp(turn: Turn, missed: readonly MissedEdge[]): void {
  for (const each of missed) {
    if (!isWorthwhile(turn, each)) continue;
    const plan = planCatchUp(turn, each.edge);
    if (plan !== null) startJob(turn, plan);
  }
}

/**
 * Whether a missed edge is still to be run; one that is not is told.
 *
 * What the user wanted left out is left out, whether something ran at its time or not.
 */
function isWorthwhile(turn: Turn, missed: MissedEdge): boolean {
  const { kind, account, edge } = missed;
  if (leaveOut(turn, account, edge)) return false;
  if (kind === "catch_up" && planCatchUp(turn, edge) !== null) return true;
  tell(turn, passedNotice(turn.at, missed));
  return false;
}

function planCatchUp(turn: Turn, edge: Edge): JobPlan | null {
  const session = getRow(turn.state.sessions, edge.session)?.session;
  if (session === undefined) return null;
  const plan = planEdge(session, edge, turn.at, { caughtUp: true });
  return plan.steps.length > 0 ? plan : null;
}

function passedNotice(
  at: EpochMs,
  { kind, account, edge, ...why }: MissedEdge,
) {
  if (kind === "moved_back") {
    return skippedNotice(at, account, edge, "edited", MOVED_BACK);
  }
  const reason = "reason" in why ? why.reason : "not_running";
  return missedNotice(at, { account, edge, reason });
}
