/**
 * How long a close has, and what it has left where its deadline was slept through.
 *
 * @module
 */

import type { CloseOrder, Closing } from "./closing.ts";
import type { JobPlan } from "./job.ts";
import { isOver } from "./lateness.ts";
import { getRow } from "./table.ts";
import { SECOND_MS } from "./time.ts";
import type { DurationMs, EpochMs } from "./time.ts";
import type { Turn } from "./turn.ts";

/** A deadline that comes later than this was slept through, or its clock was set forward. */
const OVERSLEPT_MS: DurationMs = 5 * SECOND_MS;

/** A late close gets its whole time from now on, but never past the market's own close. */
export function deadlineAfter(turn: Turn, plan: JobPlan): EpochMs {
  const deadlineAt = Math.max(plan.dueAt, turn.at) + plan.deadlineMs;
  const closesAt = plan.edge?.marketClosesAt ?? null;
  return closesAt === null || closesAt <= turn.at
    ? deadlineAt
    : Math.min(deadlineAt, closesAt);
}

/**
 * A close whose deadline came long after its time, with its whole time anew: nobody looked meanwhile,
 * so that not even what it had sent was followed up. `null` where its deadline holds, or where going
 * on would make no sense any more.
 */
export function afterOversleeping(
  turn: Turn,
  closing: Closing,
): Closing | null {
  if (turn.at - closing.deadlineAt <= OVERSLEPT_MS) return null;
  const plan = turn.state.jobs[closing.job]?.plan;
  if (plan === undefined || isTooLate(turn, closing, plan)) return null;
  return {
    ...closing,
    order: untilItsDeadline(closing),
    deadlineAt: deadlineAfter(turn, plan),
    failures: 0,
  };
}

function isTooLate(
  turn: Turn,
  { targets, order: { action } }: Closing,
  { edge, session: name }: JobPlan,
): boolean {
  const session = name === null
    ? undefined
    : getRow(turn.state.sessions, name)?.session;
  if (edge === null || session === undefined) return false;
  const judged = targets !== null;
  return isOver({ session, edge, action, at: turn.at, judged });
}

/**
 * What a close is to take that was cut off or slept through: nothing that came when it should long
 * have ended.
 *
 * While it runs it takes whatever is in scope, as an order that was filled at the last moment. Hours
 * later, what was opened meanwhile was meant to be open.
 */
function untilItsDeadline({ order, deadlineAt }: Closing): CloseOrder {
  return { ...order, openedBefore: order.openedBefore ?? deadlineAt };
}
