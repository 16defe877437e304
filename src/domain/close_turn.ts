/**
 * The small moves of a close within one step: it looks, is replaced, or ends.
 *
 * @module
 */

import type { Closing, ClosingResult } from "./closing.ts";
import { askForPositions, dropTimer, putJob, type Turn } from "./turn.ts";

/** Asks for the account's lists. */
export function look(turn: Turn, closing: Closing): void {
  const request = askForPositions(turn, closing.account, {
    kind: "close",
    job: closing.job,
    closing: closing.id,
  });
  putClosing(turn, { ...closing, phase: { kind: "reading", request } });
}

/** Replaces a close in its job. */
export function putClosing(turn: Turn, closing: Closing): void {
  const job = turn.state.jobs[closing.job];
  if (job === undefined) return;
  putJob(turn, {
    ...job,
    closings: job.closings.map((old) => old.id === closing.id ? closing : old),
  });
}

/** Ends a close; its job is told by whoever looks at its closings next. */
export function settleClosing(
  turn: Turn,
  closing: Closing,
  result: ClosingResult,
): void {
  putClosing(turn, { ...closing, phase: { kind: "settled", result } });
  dropTimer(turn, deadlineTimer(closing.id));
  dropTimer(turn, lookTimer(closing.id));
}

/** The name of the wait for a close's deadline. */
export function deadlineTimer(closing: string): string {
  return `deadline ${closing}`;
}

/** The name of the wait between two looks of a close. */
export function lookTimer(closing: string): string {
  return `look ${closing}`;
}
