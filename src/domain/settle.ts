/**
 * The one outcome of an edge, out of the outcomes of its actions.
 *
 * @module
 */

import {
  type Closing,
  type ClosingResult,
  openTargets,
  type Target,
} from "./closing.ts";
import { invariant } from "./error.ts";
import type { EdgeSettled, HookLine, Outcome } from "./notice.ts";
import type { Edge } from "./occurrence.ts";
import type { HookState, Job, JobPlan } from "./job.ts";
import { MINUTE_MS } from "./time.ts";
import type { EpochMs } from "./time.ts";

/** From the best to the worst. */
export const OUTCOMES: readonly Outcome[] = [
  "done",
  "flat_verified",
  "closed_verified",
  "skipped",
  "partially_closed",
  "refused",
  "missed",
  "failed",
  "unknown",
];

/** Whether an outcome is what the user asked for, or was left out on purpose. */
export function isGood(outcome: Outcome): boolean {
  return OUTCOMES.indexOf(outcome) <= OUTCOMES.indexOf("skipped");
}

/** What is told of a job that has ended. */
export function settledNotice(at: EpochMs, job: Job): EdgeSettled {
  const { plan, closings } = job;
  const results = closings.map(resultOf);
  const hooks = job.hooks.map(lineOfHook);
  const close = worstResult([...results, ...missedResults(job)]);
  const worst = worstResult([close, ...hooks.map(resultOfHook)]);
  const targets = closings.flatMap((closing) => closing.targets ?? []);
  return {
    ...emptySettled(at, plan),
    firedAt: job.firedAt,
    outcome: worst.outcome,
    closed: targets.filter((target) => target.status === "gone").length,
    remaining: closings.flatMap(openTargets).length,
    workingOrders: closings.reduce(
      (n, { workingOrders }) => n + workingOrders,
      0,
    ),
    attempts: targets.reduce((most, t) => Math.max(most, t.attempts), 0),
    leftOpen: closings.flatMap(({ leftOpen, younger }) => [
      ...leftOpen,
      ...younger,
    ]),
    stillOpen: closings.flatMap(openTargets).map((target: Target) =>
      target.line
    ),
    hooks,
    ...(worst === close || close.outcome === "done" ? {} : { close }),
    reason: worst.reason,
    message: worst.message,
  };
}

/** What is told of a job that its run did not live to end. */
export function interruptedNotice(at: EpochMs, job: Job): EdgeSettled {
  const { plan, closings } = job;
  const sends = closings.length > 0;
  return {
    ...emptySettled(at, plan),
    firedAt: job.firedAt,
    outcome: sends ? "unknown" : "failed",
    reason: "interrupted",
    message: sends
      ? "The run broke off in the middle of this; look at the broker, treat as OPEN"
      : "The run broke off in the middle of this",
  };
}

/** Why an edge is left out that an edited file has before now. */
export const MOVED_BACK =
  "The edited file has it at a time that is past; it does not fire back";

/** What is told of an edge that came due and is left out. */
export function skippedNotice(
  at: EpochMs,
  account: string,
  edge: Pick<Edge, "key" | "dueAt">,
  reason: string,
  message: string,
): EdgeSettled {
  const subject = { key: edge.key, request: null, account, dueAt: edge.dueAt };
  return { ...emptySettled(at, subject), outcome: "skipped", reason, message };
}

const MISSED_WHY = {
  not_running: "",
  edited: ", and the edited file has it at no later time",
  other_account: ", and the account is another one now",
} as const;

/** What is told of an edge that was armed and whose time passed while nothing ran. */
export function missedNotice(
  at: EpochMs,
  { account, edge, reason }: {
    readonly account: string;
    readonly edge: Edge;
    readonly reason: "not_running" | "edited" | "other_account";
  },
): EdgeSettled {
  const subject = { key: edge.key, request: null, account, dueAt: edge.dueAt };
  const actions = edge.actions.join(", ");
  const why = `Nothing ran when ${actions} was due${MISSED_WHY[reason]}`;
  const message = `${why}; look at the broker`;
  return { ...emptySettled(at, subject), outcome: "missed", reason, message };
}

/** What is told of a request that cannot be carried out at all. */
export function refusedNotice(
  at: EpochMs,
  plan: Omit<JobPlan, "steps" | "deadlineMs">,
  reason: string,
  message: string,
): EdgeSettled {
  return { ...emptySettled(at, plan), outcome: "failed", reason, message };
}

function emptySettled(
  at: EpochMs,
  subject: {
    readonly key: string;
    readonly request: string | null;
    readonly account: string;
    readonly dueAt: EpochMs;
  },
): EdgeSettled {
  return {
    type: "edge.settled",
    at,
    edge: subject.key,
    request: subject.request,
    account: subject.account,
    dueAt: subject.dueAt,
    firedAt: at,
    outcome: "done",
    closed: 0,
    remaining: 0,
    workingOrders: 0,
    attempts: 0,
    leftOpen: [],
    stillOpen: [],
    hooks: [],
    reason: null,
    message: null,
  };
}

function missedResults({ plan, firedAt }: Job): readonly ClosingResult[] {
  if (plan.tooLate.length === 0) return [];
  const minutes = Math.floor((firedAt - plan.dueAt) / MINUTE_MS);
  return [{
    outcome: "missed",
    reason: "too_late",
    message: `${
      plan.tooLate.join(", ")
    } came ${minutes} minutes late and was left out`,
  }];
}

function resultOf({ phase, id }: Closing): ClosingResult {
  invariant(phase.kind === "settled", `close "${id}" has not ended`);
  return phase.result;
}

function lineOfHook(hook: HookState): HookLine {
  invariant(hook.status === "ended", `hook "${hook.call}" has not ended`);
  return hook.line;
}

function resultOfHook(line: HookLine): ClosingResult {
  switch (line.outcome) {
    case "returned":
      return { outcome: "done", reason: null, message: null };
    case "not_run":
      return {
        outcome: "skipped",
        reason: "hook_not_run",
        message: line.message,
      };
    case "skipped":
      return {
        outcome: "skipped",
        reason: "hook_skipped",
        message: `${line.name}: ${line.message ?? line.outcome}`,
      };
    case "failed":
    case "timed_out":
    case "crashed":
    case "out_of_memory":
    case "flooded":
    case "cancelled":
    case "interrupted":
      return {
        outcome: "failed",
        reason: `hook_${line.outcome}`,
        message: `${line.name}: ${line.message ?? line.outcome}`,
      };
  }
}

function worstResult(results: readonly ClosingResult[]): ClosingResult {
  return results.reduce(
    (worst, result) =>
      OUTCOMES.indexOf(result.outcome) > OUTCOMES.indexOf(worst.outcome)
        ? result
        : worst,
    { outcome: "done", reason: null, message: null },
  );
}
