/**
 * Takes in how a call of the user's code ended.
 *
 * @module
 */

import { finishJob } from "./carry_job.ts";
import type { Hook, Session } from "./definition.ts";
import { holdEntries, hookNamed } from "./entry_hold.ts";
import type { HookFailed, HookReturned } from "./event.ts";
import { isHookFault } from "./hook_end.ts";
import { countEnd, hookKey } from "./hook_tally.ts";
import type { HookState, Job } from "./job.ts";
import type { HookLine } from "./notice.ts";
import { getRow } from "./table.ts";
import type { EpochMs } from "./time.ts";
import { putJob, tell, type Turn } from "./turn.ts";

/** Notes a call's end in its job, tells of it, and settles the job if it was the last to end. */
export function endHook(turn: Turn, event: HookReturned | HookFailed): void {
  const { call } = event;
  const key = call.slice(0, call.lastIndexOf("/"));
  const job = turn.state.jobs[key];
  const state = job?.hooks.find((hook) =>
    hook.call === call && hook.status === "running"
  );
  if (job === undefined || state?.status !== "running") return;
  const { name } = state;
  const outcome = event.type === "hook.returned" ? "returned" : event.outcome;
  const message = event.type === "hook.returned" ? null : event.message;
  const place = event.type === "hook.returned" ? null : event.place ?? null;
  const line: HookLine = {
    name,
    outcome,
    message,
    ...(place === null ? {} : { place }),
  };
  const hooks = job.hooks.map((hook): HookState =>
    hook === state ? { call, status: "ended", line } : hook
  );
  putJob(turn, { ...job, hooks });
  const session = job.plan.session ?? "";
  const tallies = turn.state.hookTallies;
  turn.state = {
    ...turn.state,
    hookTallies: countEnd(tallies, hookKey(session, name), outcome),
  };
  tell(turn, {
    type: "hook.ended",
    at: turn.at,
    call,
    edge: key,
    session,
    name,
    outcome,
    elapsedMs: event.elapsedMs,
    message,
    place,
    value: event.type === "hook.returned" ? event.value ?? null : null,
    logs: event.logs ?? [],
    refusedUntilAt: answerFault(turn, job, call, line),
  });
  finishJob(turn, key);
}

/** What a session's file asks for after a fault of its code; gives until when entries are refused. */
export function answerFault(
  turn: Turn,
  { plan }: Job,
  call: string,
  { name, outcome }: HookLine,
): EpochMs | null {
  if (!isHookFault(outcome)) return null;
  const session = sessionNamed(turn, plan.session);
  const hook: Hook | null = session === null ? null : hookNamed(session, name);
  if (session === null || hook?.onFailure !== "refuse_entries") return null;
  return holdEntries(turn, { session, plan, call });
}

function sessionNamed(turn: Turn, name: string | null): Session | null {
  return name === null
    ? null
    : getRow(turn.state.sessions, name)?.session ?? null;
}
