/**
 * What a close does about a market that is closed: it sends nothing that would queue into the next
 * day, and waits for the next open only where the file asks for it.
 *
 * @module
 */

import { type Closing, openTargets } from "./closing.ts";
import { sleptThroughResult, unfinishedResult } from "./closing_result.ts";
import {
  deadlineTimer,
  look,
  lookTimer,
  putClosing,
  settleClosing,
} from "./close_turn.ts";
import { isTradingAt, nextTradingAt } from "./market_hours.ts";
import type { Job, JobPlan } from "./job.ts";
import { isOver, JUDGE_LATE_MS_MAX } from "./lateness.ts";
import { getRow } from "./table.ts";
import { dropTimer, setTimer, tell, type Turn } from "./turn.ts";

/** Whether the market that the close keeps to is closed by its calendar. */
export function isShut(turn: Turn, { order: { market } }: Closing): boolean {
  return market.length > 0 && !isTradingAt(market, turn.at);
}

/** Marks every target while the market that the close keeps to is closed. */
export function noteMarket(turn: Turn, closing: Closing): Closing {
  if (!isShut(turn, closing)) return closing;
  const targets = (closing.targets ?? [])
    .map((target) => ({ ...target, marketClosed: true }));
  return { ...closing, targets };
}

/** Nothing can be sent while the market is closed: waits for its open, or ends. */
export function endShut(turn: Turn, closing: Closing): void {
  const { ifClosed, market } = closing.order;
  const opensAt = ifClosed.kind === "report"
    ? null
    : nextTradingAt(market, turn.at);
  if (ifClosed.kind === "report" || opensAt === null) {
    const known = { unanswered: 0, unseen: 0, working: [], disputed: false };
    return settleClosing(turn, closing, unfinishedResult(closing, known));
  }
  const untilAt = opensAt + ifClosed.offsetMs;
  dropTimer(turn, deadlineTimer(closing.id));
  dropTimer(turn, lookTimer(closing.id));
  keepDeferral(turn, { ...closing, phase: { kind: "deferred", untilAt } });
  tell(turn, {
    type: "close.deferred",
    at: turn.at,
    edge: closing.job,
    account: closing.account,
    stillOpen: openTargets(closing).map(({ line }) => line),
    untilAt,
  });
}

/** Asks to be woken for a close that waits for its market. */
export function keepDeferral(turn: Turn, closing: Closing): void {
  if (closing.phase.kind !== "deferred") return;
  putClosing(turn, closing);
  setTimer(turn, reopenTimer(closing.id), closing.phase.untilAt);
}

/**
 * The market opens: the close has its whole time anew, for what was open when it was due.
 *
 * What was opened since belongs to another day's close. Whoever sleeps through that open as well may
 * make up for it as for any other end: until the session opens again.
 */
export function lookAfterReopening(turn: Turn, closing: Closing): void {
  const plan = turn.state.jobs[closing.job]?.plan;
  if (closing.phase.kind !== "deferred" || plan === undefined) return;
  // A clock that was set back brings the wait to its end before the market opens.
  if (turn.at < closing.phase.untilAt) return keepDeferral(turn, closing);
  if (hasSleptThrough(turn, closing, plan)) {
    return settleClosing(turn, closing, sleptThroughResult(closing));
  }
  const openedBefore = closing.order.openedBefore ?? plan.edge?.at ?? null;
  const targets = (closing.targets ?? [])
    .map((target) => ({ ...target, marketClosed: false, trouble: null }));
  const deadlineAt = turn.at + plan.deadlineMs;
  const order = { ...closing.order, openedBefore };
  setTimer(turn, deadlineTimer(closing.id), deadlineAt);
  look(turn, { ...closing, order, targets, deadlineAt, failures: 0 });
}

/** Whether a close only waits for its market. */
export function isDeferred({ phase }: Closing): boolean {
  return phase.kind === "deferred";
}

function hasSleptThrough(
  turn: Turn,
  { phase, order: { action } }: Closing,
  { edge, session: name }: JobPlan,
): boolean {
  const session = name === null
    ? undefined
    : getRow(turn.state.sessions, name)?.session;
  if (phase.kind !== "deferred" || edge === null || session === undefined) {
    return false;
  }
  return turn.at - phase.untilAt > JUDGE_LATE_MS_MAX &&
    isOver({ session, edge, action, at: turn.at, judged: true });
}

/** Whether nothing of a job is under way but closes that wait for their market. */
export function isOnlyDeferred({ closings, hooks }: Job): boolean {
  return closings.some(isDeferred) &&
    closings.every((each) =>
      isDeferred(each) || each.phase.kind === "settled"
    ) &&
    hooks.every(({ status }) => status === "ended");
}

function reopenTimer(closing: string): string {
  return `reopen ${closing}`;
}
