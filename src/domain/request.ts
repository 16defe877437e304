/**
 * What is asked for by hand: `flatten`, the library's methods.
 *
 * @module
 */

import { startJob } from "./carry_job.ts";
import type { Session } from "./definition.ts";
import type { ActionsRequested, CloseRequested } from "./event.ts";
import { requestKey } from "./id.ts";
import { type JobPlan, NO_LIMITS, planStep } from "./job.ts";
import { refusedNotice } from "./settle.ts";
import { getRow } from "./table.ts";
import { MINUTE_MS } from "./time.ts";
import type { DurationMs } from "./time.ts";
import { tell, type Turn } from "./turn.ts";

/** How long a close of a whole account has that no session's deadline covers. */
const REQUEST_DEADLINE_MS: DurationMs = MINUTE_MS;

const WHOLE_ACCOUNT = {
  written: false,
  symbols: null,
  except: [],
  tag: null,
  session: null,
} as const;

/** Closes by hand what a session's scope reaches, or a whole account where no session is named. */
export function requestClose(turn: Turn, event: CloseRequested): void {
  const session = sessionOf(turn, event.session);
  if (!Object.hasOwn(turn.state.accounts, event.account)) {
    return refuse(turn, event, event.account, {
      reason: "unknown_account",
      message: `There is no account "${event.account}" in this run`,
    });
  }
  // A session that is not known has a scope that is not known: never take the account for it.
  if (event.session !== null && session === null) {
    return refuse(turn, event, event.account, unknownSession(event.session));
  }
  startJob(turn, {
    ...requestPlan(turn, event.request, event.account),
    session: session?.name ?? null,
    deadlineMs: session?.deadlineMs ?? REQUEST_DEADLINE_MS,
    steps: [{
      kind: "close",
      order: {
        action: event.action,
        scope: session?.scope ?? WHOLE_ACCOUNT,
        profit: session?.profit ?? "net",
        cancelOrders: event.ordersOnly || (session?.cancelOrders ?? true),
        positions: event.positions,
        ordersOnly: event.ordersOnly,
        ...NO_LIMITS,
      },
    }],
  });
}

/** Carries out a session's start or end actions, or given ones, by hand. */
export function requestActions(turn: Turn, event: ActionsRequested): void {
  const session = sessionOf(turn, event.session);
  if (session === null) {
    return refuse(turn, event, "", unknownSession(event.session));
  }
  const actions = event.actions === "start"
    ? session.onStart
    : event.actions === "end"
    ? session.onEnd
    : event.actions;
  startJob(turn, {
    ...requestPlan(turn, event.request, session.account),
    session: session.name,
    deadlineMs: session.deadlineMs,
    steps: actions.map((action) => planStep(session, action)),
  });
}

function sessionOf(turn: Turn, name: string | null): Session | null {
  if (name === null) return null;
  return getRow(turn.state.sessions, name)?.session ?? null;
}

function requestPlan(
  turn: Turn,
  request: string,
  account: string,
): Omit<JobPlan, "steps" | "deadlineMs"> {
  const runId = turn.state.run?.runId ?? "";
  return {
    key: requestKey(runId, turn.state.seq),
    request,
    account,
    edge: null,
    session: null,
    dueAt: turn.at,
    tooLate: [],
  };
}

function refuse(
  turn: Turn,
  { request }: { readonly request: string },
  account: string,
  why: { readonly reason: string; readonly message: string },
): void {
  const plan = requestPlan(turn, request, account);
  tell(turn, refusedNotice(turn.at, plan, why.reason, why.message));
}

function unknownSession(name: string) {
  const message = `There is no session "${name}" in this run`;
  return { reason: "unknown_session", message };
}
