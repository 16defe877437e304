/**
 * What a notice is to whoever is told of it.
 *
 * @module
 */

import type { NotificationEvent } from "../../domain/definition.ts";
import { HOOK_FAILURES, isHookFault } from "../../domain/hook_end.ts";
import type { EdgeSettled, Notice } from "../../domain/notice.ts";
import { isGood } from "../../domain/settle.ts";

/** Events that say that something went wrong, the worst first. */
export const URGENT_EVENTS: readonly NotificationEvent[] = [
  "run_failed",
  "unknown",
  "close_failed",
  "missed",
  "journal_failed",
  "hook_failed",
];

/** The events that a notice belongs to, the worst first; none for what nobody asks for. */
export function eventsOf(notice: Notice): readonly NotificationEvent[] {
  switch (notice.type) {
    case "edge.settled":
      return settledEvents(notice);
    case "close.deferred":
      return ["close_failed"];
    case "account.not_ready":
      return ["unknown"];
    case "run.started":
      return ["started"];
    case "run.stopped":
      return ["stopped"];
    case "journal.restored":
    case "journal.unwritable":
      return ["journal_failed"];
    case "edge.skip_noted":
    case "run.paused":
    case "run.resumed":
      return ["paused"];
    case "strategy.ended":
      return isHookFault(notice.outcome) ? ["hook_failed"] : [];
    case "account.ready":
    case "anomaly":
    case "book.differs":
    case "close.retrying":
    case "close.started":
    case "edge.fired":
    case "hook.ended":
    case "edge.resumed":
    case "occurrence.armed":
    case "occurrence.skipped":
    case "order.answered":
    case "order.changed":
    case "order.refused":
    case "order.sent":
    case "file.reloaded":
    case "run.recovered":
    case "run.stopping":
      return [];
  }
}

/** What became of the close is told also where a function of the same edge ended worse. */
function settledEvents(notice: EdgeSettled): readonly NotificationEvent[] {
  const { close, ...edge } = notice;
  const events = [
    ...outcomeEvents(notice),
    ...hookEvents(notice),
    ...(close === undefined ? [] : outcomeEvents({ ...edge, ...close })),
  ];
  return [...new Set(events)];
}

function outcomeEvents(notice: EdgeSettled): readonly NotificationEvent[] {
  switch (notice.outcome) {
    case "unknown":
      return ["unknown"];
    case "refused":
    case "partially_closed":
      return ["close_failed"];
    case "failed":
      return isOnlyHook(notice) ? [] : ["close_failed"];
    case "missed":
      return ["missed"];
    case "flat_verified":
      return ["flat"];
    case "closed_verified":
      return ["closed"];
    case "done":
    case "skipped":
      return [];
  }
}

/** Whether only the user's own code failed: what is still open says more than the edge's reason. */
export function isOnlyHook(
  { reason, close, remaining, workingOrders }: EdgeSettled,
): boolean {
  const isHook = HOOK_FAILURES.some((failure) => reason === `hook_${failure}`);
  const isClosed = close === undefined || isGood(close.outcome);
  return isHook && isClosed && remaining === 0 && workingOrders === 0;
}

function hookEvents({ hooks }: EdgeSettled): readonly NotificationEvent[] {
  const hasFailed = hooks.some(({ outcome }) => isHookFault(outcome));
  return hasFailed ? ["hook_failed"] : [];
}
