/**
 * An edge that came due, or a request by hand, as plain data.
 *
 * @module
 */

import type { CloseLimits, CloseOrder, Closing } from "./closing.ts";
import {
  type Action,
  type Hook,
  type HookAction,
  isCloseAction,
  type Session,
} from "./definition.ts";
import { partByLateness } from "./lateness.ts";
import type { HookLine } from "./notice.ts";
import type { Edge } from "./occurrence.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** What a job is to do, as plain data. */
export interface JobPlan {
  /** The edge's key, or `request/<run>/<seq>`. */
  readonly key: string;
  /** The caller's word for a request by hand. */
  readonly request: string | null;
  readonly account: string;
  readonly edge: Edge | null;
  readonly session: string | null;
  readonly dueAt: EpochMs;
  readonly deadlineMs: DurationMs;
  readonly steps: readonly JobStep[];
  /** What the edge was to do and came too late for. */
  readonly tooLate: readonly Action[];
}

/** One action of a job. */
export type JobStep =
  | { readonly kind: "close"; readonly order: CloseOrder }
  | {
    readonly kind: "hook";
    readonly name: HookAction;
    readonly hook: Hook | null;
  };

/** What is asked for by hand is asked for now: whatever there is, and the broker says what is open. */
export const NO_LIMITS: CloseLimits = {
  market: [],
  ifClosed: { kind: "report" },
  openedBefore: null,
};

/** A session's action as a step of a job. */
export function planStep(
  session: Session,
  action: Action,
  limits: CloseLimits = NO_LIMITS,
): JobStep {
  if (isCloseAction(action)) {
    return {
      kind: "close",
      order: {
        action,
        scope: session.scope,
        profit: session.profit,
        cancelOrders: session.cancelOrders,
        positions: null,
        ordersOnly: false,
        ...limits,
      },
    };
  }
  const hook = action === "custom_start"
    ? session.customStart
    : session.customEnd;
  return { kind: "hook", name: action, hook };
}

/** What an edge of a session is to do, and what it is too late for. @units `at`: EpochMs */
export function planEdge(
  session: Session,
  edge: Edge,
  at: EpochMs,
  { caughtUp = false }: { readonly caughtUp?: boolean } = {},
): JobPlan {
  const { inTime, tooLate } = partByLateness(session, edge, at);
  const limits: CloseLimits = {
    // Pre-market sessions and those without a calendar leave it to the broker.
    market: session.hours === "clip" ? session.calendar : [],
    ifClosed: session.ifClosed,
    openedBefore: caughtUp || at > edge.dueAt + session.deadlineMs
      ? edge.at
      : null,
  };
  return {
    key: edge.key,
    request: null,
    account: session.account,
    edge,
    session: session.name,
    dueAt: edge.dueAt,
    deadlineMs: session.deadlineMs,
    steps: inTime.map((action) => planStep(session, action, limits)),
    tooLate,
  };
}

/** An edge that came due, or a request by hand, until it has ended. */
export interface Job {
  readonly plan: JobPlan;
  readonly firedAt: EpochMs;
  /** Jobs that must end before this one begins. */
  readonly heldBy: readonly string[];
  readonly hooks: readonly HookState[];
  readonly closings: readonly Closing[];
  /** What came due under its key meanwhile, moved there by an edit: it begins when this has ended. */
  readonly again?: readonly JobPlan[];
}

/** A hook's call. */
export type HookState =
  | {
    readonly call: string;
    readonly status: "running";
    readonly name: HookLine["name"];
  }
  | {
    readonly call: string;
    readonly status: "ended";
    readonly line: HookLine;
  };
