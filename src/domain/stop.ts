/**
 * Ends a run in order: finish what is under way, carry out the policy, look once more, say what
 * stays open.
 *
 * @module
 */

import { disarmStrategies } from "./arm_strategy.ts";
import { startJob } from "./carry_job.ts";
import type { Session } from "./definition.ts";
import type { Snapshot } from "./position.ts";
import { isRequestOf, requestKey } from "./id.ts";
import { type Job, planStep } from "./job.ts";
import { isOnlyDeferred } from "./close_deferral.ts";
import type { Edge } from "./occurrence.ts";
import type { State, Stopping, StopReason } from "./state.ts";
import { rows } from "./table.ts";
import { DAY_MS } from "./time.ts";
import type { DurationMs } from "./time.ts";
import { disarmSession } from "./arm.ts";
import { ask, askForPositions, tell, type Turn } from "./turn.ts";
import type { StopPolicy } from "./definition.ts";

/** Edges further ahead than this are not named among those that will not run. */
const NOT_RUN_WITHIN_MS: DurationMs = DAY_MS;

/** Begins the end: nothing more comes due, what is under way goes on. */
export function beginStop(
  turn: Turn,
  policy: StopPolicy,
  reason: StopReason,
): void {
  if (turn.state.stopping !== null) return;
  const sessions = rows(turn.state.sessions);
  const notRun = [
    ...sessions.flatMap((session) => session.waiting)
      .filter((edge) => isWorthNaming(edge, turn)),
    ...deferredEdges(turn),
  ].sort((a, b) => a.dueAt - b.dueAt || a.rank - b.rank);
  for (const { session } of sessions) {
    disarmSession(turn, session.name);
    disarmStrategies(turn, session);
  }
  turn.state = {
    ...turn.state,
    stopping: { phase: "finishing", policy, reason, notRun },
  };
  tell(turn, {
    type: "run.stopping",
    at: turn.at,
    policy,
    waitingFor: busyJobs(turn).map(({ plan }) => plan.key),
  });
}

/** What only waits for its market is left to the next run; everything else is finished first. */
function busyJobs(turn: Turn): readonly Job[] {
  return Object.values(turn.state.jobs).filter((job) => !isOnlyDeferred(job));
}

function deferredEdges(turn: Turn): readonly Edge[] {
  return Object.values(turn.state.jobs)
    .filter(isOnlyDeferred)
    .flatMap(({ plan }) => plan.edge ?? []);
}

function isWorthNaming(edge: Edge, turn: Turn): boolean {
  return edge.actions.length > 0 && edge.dueAt <= turn.at + NOT_RUN_WITHIN_MS;
}

/** Goes on with the end once nothing is under way any more. */
export function continueStop(turn: Turn): void {
  const { stopping } = turn.state;
  if (stopping === null || busyJobs(turn).length > 0) return;
  if (awaitsOrders(turn.state)) return;
  if (stopping.phase === "finishing") return carryOutPolicy(turn, stopping);
  if (stopping.phase === "closing") return readForLastWord(turn, stopping);
}

/** Whether an order that was asked for in this run is on its way; every one is answered. */
function awaitsOrders({ run, accounts, waitingOrders }: State): boolean {
  if (Object.keys(waitingOrders).length > 0) return true;
  return Object.values(accounts).some(({ orders }) =>
    Object.values(orders).some(({ order, owner }) =>
      order.status === "submitted" && owner.kind === "request" &&
      isRequestOf(run?.runId ?? "", owner.key)
    )
  );
}

function carryOutPolicy(
  turn: Turn,
  stopping: Stopping & { readonly phase: "finishing" },
): void {
  const { policy, reason, notRun } = stopping;
  putStopping(turn, { phase: "closing", policy, reason, notRun });
  const { run, sessions } = turn.state;
  if (policy !== "leave" && run !== null) {
    rows(sessions).forEach(({ session }, index) =>
      closeScope(
        turn,
        session,
        policy,
        `${requestKey(run.runId, turn.state.seq)}/${index}`,
      )
    );
  }
  continueStop(turn);
}

/** Each session answers for what its own scope reaches, and for nothing else. */
function closeScope(
  turn: Turn,
  session: Session,
  policy: Exclude<StopPolicy, "leave">,
  key: string,
): void {
  const step = planStep(session, "close_all");
  if (step.kind !== "close") return;
  startJob(turn, {
    key,
    request: `stop:${session.name}`,
    account: session.account,
    edge: null,
    session: session.name,
    dueAt: turn.at,
    deadlineMs: session.deadlineMs,
    tooLate: [],
    steps: [{
      kind: "close",
      order: {
        ...step.order,
        cancelOrders: true,
        ordersOnly: policy === "cancel_orders",
      },
    }],
  });
}

function readForLastWord(
  turn: Turn,
  stopping: Stopping & { readonly phase: "closing" },
): void {
  const waitingFor = Object.keys(turn.state.accounts).map((account) => ({
    account,
    request: askForPositions(turn, account, null),
  }));
  putStopping(turn, { ...stopping, phase: "reading", waitingFor, open: [] });
  sayLastWord(turn);
}

/** Takes in an account's lists for the last word; `null` where they could not be read. */
export function takeLastLook(
  turn: Turn,
  account: string,
  request: number,
  snapshot: Snapshot | null,
): void {
  const { stopping } = turn.state;
  if (stopping?.phase !== "reading") return;
  const waitingFor = stopping.waitingFor.filter((wait) =>
    wait.account !== account || wait.request !== request
  );
  if (waitingFor.length === stopping.waitingFor.length) return;
  const open = [
    ...stopping.open,
    { account, positions: snapshot?.positions ?? null },
  ];
  putStopping(turn, { ...stopping, waitingFor, open });
  sayLastWord(turn);
}

function sayLastWord(turn: Turn): void {
  const { stopping } = turn.state;
  if (stopping?.phase !== "reading" || stopping.waitingFor.length > 0) return;
  const { reason, open, notRun } = stopping;
  putStopping(turn, { phase: "stopped", reason });
  tell(turn, {
    type: "run.stopped",
    at: turn.at,
    reason,
    open,
    notRun: notRun.map(({ key, dueAt, actions }) => ({
      edge: key,
      dueAt,
      actions,
    })),
  });
  ask(turn, { type: "run.end" });
}

function putStopping(turn: Turn, stopping: State["stopping"]): void {
  turn.state = { ...turn.state, stopping };
}
