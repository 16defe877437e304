/**
 * How a close ended, in a word, a reason and a sentence.
 *
 * @module
 */

import {
  type Closing,
  type ClosingResult,
  openTargets,
  type Target,
} from "./closing.ts";
import type { PositionLine } from "./notice.ts";

/** How a close ends whose last look shows that all of its targets are gone. */
export function verifiedResult(closing: Closing): ClosingResult {
  if (closing.unjudged.length > 0) {
    return {
      outcome: "partially_closed",
      reason: "profit_unknown",
      message: `The broker gives no profit for ${
        describeLines(closing.unjudged)
      }: neither winner nor loser, left open`,
    };
  }
  const all = closing.order.action === "close_all" &&
    closing.order.positions === null;
  if (all && closing.younger.length > 0 && !closing.order.ordersOnly) {
    return {
      outcome: "partially_closed",
      reason: "opened_after",
      message: `Opened after this was due, and left open: ${
        describeLines(closing.younger)
      }`,
    };
  }
  const outcome = closing.order.ordersOnly
    ? "done"
    : all
    ? "flat_verified"
    : "closed_verified";
  return { outcome, reason: null, message: null };
}

/** How a close ends that waited for its market, and whose run slept through that as well. */
export function sleptThroughResult(closing: Closing): ClosingResult {
  const left = describeLines(openTargets(closing).map(({ line }) => line));
  return {
    outcome: "missed",
    reason: "too_late",
    message:
      `Nothing ran when the market opened again, and now it is too late; not closed: ${left}`,
  };
}

/** What is known of a close's own orders when it has to end. */
export interface KnownOrders {
  /** Sent, and never answered. */
  readonly unanswered: number;
  /** Answered, and not in the lists as the answer has it. */
  readonly unseen: number;
  /** The broker's ids of those that still work there. */
  readonly working: readonly string[];
  /** Whether the list shows more than the broker's own executions explain. */
  readonly disputed: boolean;
}

/** How a close ends that could not finish: by what is known, and never better than that. */
export function unfinishedResult(
  closing: Closing,
  known: KnownOrders,
): ClosingResult {
  if (known.unanswered > 0) {
    return {
      outcome: "unknown",
      reason: "unanswered",
      message:
        `${known.unanswered} order(s) sent without an answer; treat as OPEN`,
    };
  }
  if (closing.targets === null || closing.blind) {
    return {
      outcome: "unknown",
      reason: "unreadable",
      message: withBroker(
        "The broker's lists could not be read; treat as OPEN",
        closing.lookTrouble,
      ),
    };
  }
  if (known.unseen > 0) {
    return {
      outcome: "unknown",
      reason: "unseen",
      message:
        `${known.unseen} order(s) answered that the broker's lists do not show; treat as OPEN`,
    };
  }
  const open = openTargets(closing);
  const left = describeLines(open.map((target) => target.line));
  if (open.length > 0 && open.every((target) => target.marketClosed)) {
    return {
      outcome: "refused",
      reason: "market_closed",
      message: `The market is closed; still open: ${left}`,
    };
  }
  const isPart = closing.targets.length > open.length;
  return {
    outcome: isPart ? "partially_closed" : "failed",
    ...unfinishedWhy(closing, open, known),
  };
}

function unfinishedWhy(
  closing: Closing,
  open: readonly Target[],
  { disputed, working }: KnownOrders,
): Omit<ClosingResult, "outcome"> {
  const left = describeLines(open.map((target) => target.line));
  if (open.length === 0) {
    const message =
      `${closing.workingOrders} working order(s) could not be cancelled`;
    return {
      reason: "working_orders",
      message: withBroker(message, closing.cancelTrouble),
    };
  }
  if (disputed) {
    return {
      reason: "disputed",
      message:
        `The broker reports executions that its list does not show; still listed: ${left}. Nothing more is sent for it`,
    };
  }
  const said = new Set(open.flatMap((target) => target.trouble ?? []));
  const message = withBroker(
    `Still open at the deadline: ${left}`,
    said.size === 0 ? null : [...said].join("; "),
  );
  if (working.length === 0) return { reason: "deadline", message };
  return {
    reason: "deadline",
    message: `${message}. Our closing order ${
      working.join(", ")
    } still works there: cancel it before closing by hand`,
  };
}

function withBroker(text: string, said: string | null): string {
  return said === null ? text : `${text}. Broker: ${said}`;
}

/** Positions as a trader would name them. */
function describeLines(lines: readonly PositionLine[]): string {
  return lines
    .map((line) =>
      `${line.symbol} ${line.side === "long" ? "+" : "-"}${line.qty}`
    )
    .join(", ");
}
