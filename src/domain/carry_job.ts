/**
 * Carries a job from its first action to its one outcome.
 *
 * @module
 */

import { beginClosing } from "./close.ts";
import { deadlineAfter } from "./close_deadline.ts";
import { isOnlyDeferred } from "./close_deferral.ts";
import { type CloseOrder, type Closing, createClosing } from "./closing.ts";
import type { Action } from "./definition.ts";
import type { HookOccurrence } from "./effect.ts";
import { occurrenceOf } from "./entry_hold.ts";
import type { HookState, Job, JobPlan, JobStep } from "./job.ts";
import { partByLateness } from "./lateness.ts";
import { EDGE_RANK } from "./occurrence.ts";
import { settledNotice } from "./settle.ts";
import { getRow } from "./table.ts";
import { ask, askForPositions, putJob, tell, type Turn } from "./turn.ts";

/**
 * Starts a job: its hooks and its closes begin at once and in the order written.
 *
 * An edge that an edit moved may come due while it is still under way: it runs once more, after that.
 */
export function startJob(turn: Turn, plan: JobPlan): void {
  const same = turn.state.jobs[plan.key];
  if (same !== undefined) {
    return putJob(turn, { ...same, again: [...same.again ?? [], plan] });
  }
  const held = holders(turn, plan);
  putJob(turn, {
    plan,
    firedAt: turn.at,
    heldBy: held,
    hooks: [],
    closings: [],
  });
  if (held.length === 0) beginJob(turn, plan);
}

/** What a job that was held still has to do: the wait may have made it too late for a part of it. */
function judgeAgain(turn: Turn, plan: JobPlan): JobPlan {
  const { edge, session: name } = plan;
  const session = name === null
    ? undefined
    : getRow(turn.state.sessions, name)?.session;
  if (edge === null || session === undefined) return plan;
  const { tooLate } = partByLateness(session, edge, turn.at);
  return {
    ...plan,
    tooLate,
    steps: plan.steps.filter((step) => !tooLate.includes(actionOf(step))),
  };
}

function actionOf(step: JobStep): Action {
  return step.kind === "close" ? step.order.action : step.name;
}

/**
 * The jobs that a start has to wait for: ends and moments of its account at the same instant.
 *
 * What a session opens at its start must not fall to the close of the one before it.
 */
function holders(turn: Turn, { edge, account }: JobPlan): readonly string[] {
  if (edge === null || edge.rank !== EDGE_RANK.start) return [];
  return Object.values(turn.state.jobs)
    .filter((job) =>
      job.plan.account === account && job.plan.edge?.at === edge.at &&
      job.plan.edge.rank !== EDGE_RANK.start && !isOnlyDeferred(job)
    )
    .map(({ plan }) => plan.key);
}

function beginJob(turn: Turn, plan: JobPlan): void {
  tell(turn, {
    type: "edge.fired",
    at: turn.at,
    edge: plan.key,
    request: plan.request,
    dueAt: plan.dueAt,
    lateMs: Math.max(turn.at - plan.dueAt, 0),
    actions: plan.steps.map(actionOf),
  });
  const hooks: HookState[] = [];
  const closings: Closing[] = [];
  for (const step of plan.steps) {
    if (step.kind === "hook") hooks.push(callHook(turn, plan, step, hooks));
    else closings.push(planClosing(turn, plan, step.order, closings.length));
  }
  const begun = turn.state.jobs[plan.key];
  putJob(turn, {
    plan,
    firedAt: turn.at,
    heldBy: [],
    hooks,
    closings,
    ...(begun?.again === undefined ? {} : { again: begun.again }),
  });
  for (const closing of closings) beginClosing(turn, closing);
  finishJob(turn, plan.key);
}

function planClosing(
  turn: Turn,
  plan: JobPlan,
  order: CloseOrder,
  index: number,
): Closing {
  const closing = `${plan.key}#${index}`;
  const reader = { kind: "close", job: plan.key, closing } as const;
  return createClosing({
    job: plan.key,
    index,
    account: plan.account,
    edgeAt: plan.edge?.at ?? null,
    deadlineAt: deadlineAfter(turn, plan),
    request: askForPositions(turn, plan.account, reader, "book"),
  }, order);
}

function callHook(
  turn: Turn,
  plan: JobPlan,
  step: JobStep & { readonly kind: "hook" },
  before: readonly HookState[],
): HookState {
  const { hook, name } = step;
  const plain = `${plan.key}/${name}`;
  // The same function may be asked for twice; each call has its own answer.
  const call = before.some((other) => other.call === plain)
    ? `${plain}#${before.length + 1}`
    : plain;
  if (hook === null || plan.session === null || turn.state.run?.dryRun) {
    const message = hook === null
      ? `There is no function for "${name}"`
      : "Dry run";
    return {
      call,
      status: "ended",
      line: { name, outcome: "not_run", message },
    };
  }
  ask(turn, {
    type: "hook.run",
    call,
    session: plan.session,
    edge: plan.key,
    name,
    hook,
    dueAt: plan.dueAt,
    occurrence: toldOccurrence(turn, plan, plan.session),
  });
  return { call, status: "running", name };
}

function toldOccurrence(
  turn: Turn,
  plan: JobPlan,
  name: string,
): HookOccurrence | null {
  const session = getRow(turn.state.sessions, name)?.session;
  const found = session === undefined
    ? null
    : occurrenceOf(session, plan, turn.at);
  if (found === null) return null;
  const { key, tradeDate, opensAt, closesAt } = found;
  return { key, tradeDate, opensAt, closesAt };
}

/** Settles a job whose last action has ended, and lets go of what waited for it. */
export function finishJob(turn: Turn, key: string): void {
  const job = turn.state.jobs[key];
  if (job === undefined) return;
  // What waits for its market, perhaps for days, holds nobody else up.
  if (isOnlyDeferred(job)) return releaseHeld(turn, key);
  if (isBusy(job)) return;
  const { [key]: _, ...jobs } = turn.state.jobs;
  turn.state = { ...turn.state, jobs };
  tell(turn, settledNotice(turn.at, job));
  for (const plan of job.again ?? []) startJob(turn, plan);
  releaseHeld(turn, key);
}

function isBusy(job: Job): boolean {
  return job.heldBy.length > 0 ||
    job.hooks.some((hook) => hook.status === "running") ||
    job.closings.some((closing) => closing.phase.kind !== "settled");
}

function releaseHeld(turn: Turn, key: string): void {
  for (const job of Object.values(turn.state.jobs)) {
    if (!job.heldBy.includes(key)) continue;
    const heldBy = job.heldBy.filter((holder) => holder !== key);
    putJob(turn, { ...job, heldBy });
    if (heldBy.length === 0) beginJob(turn, judgeAgain(turn, job.plan));
  }
}
