/**
 * Whether an order that may open exposure is let through now: by its session's times, and by what
 * the run is doing.
 *
 * @module
 */

import { isDeferred } from "./close_deferral.ts";
import type { CloseOrder, Closing } from "./closing.ts";
import { inScope } from "./closing.ts";
import type { Session } from "./definition.ts";
import { holdOn, openAgainAt } from "./entry_hold.ts";
import { entryRight } from "./entry_right.ts";
import type { OrderRequested } from "./event.ts";
import type { Job } from "./job.ts";
import { pauseOf } from "./left_out.ts";
import type { OrderRefusalReason } from "./notice.ts";
import { tagOf } from "./session_share.ts";
import type { EpochMs } from "./time.ts";
import { accountOf, type Turn } from "./turn.ts";

/** Why an order is not sent. */
export interface OrderRefusal {
  readonly reason: OrderRefusalReason;
  /** Why, in a sentence. */
  readonly message: string;
  /** When it would be let through; `null` where that does not hang on the time. */
  readonly untilAt: EpochMs | null;
}

/** Why an entry is refused; `null` where it is let in. */
export function entryRefusal(
  turn: Turn,
  event: OrderRequested,
  session: Session | null,
): OrderRefusal | null {
  if (turn.state.stopping !== null) {
    const message = "The run is stopping: nothing new is opened";
    return { reason: "stopping", message, untilAt: null };
  }
  // Without a session of its own an order keeps to the pause of all.
  const pause = pauseOf(turn.state.controls.pauses, event.session ?? "");
  if (pause !== null) {
    const whose = pause.session === null
      ? "The run"
      : `Session "${pause.session}"`;
    const message = `${whose} is paused: nothing new is opened`;
    return { reason: "paused", message, untilAt: null };
  }
  const held = session === null ? null : holdRefusal(turn, session);
  if (held !== null) return held;
  const right = session === null ? null : entryRight(session, turn.at);
  if (right !== null && !right.allowed) {
    const { reason, message, until } = right;
    return { reason, message, untilAt: until };
  }
  const closing = closeReaching(turn, event, session);
  if (closing === null) return null;
  const message =
    `"${closing}" is closing ${event.symbol}: nothing new is opened meanwhile`;
  return { reason: "close_under_way", message, untilAt: null };
}

/** The refusal of a session whose code failed, where its file asks for that. */
function holdRefusal(turn: Turn, session: Session): OrderRefusal | null {
  const hold = holdOn(turn.state.entryHolds, session.name, turn.at);
  if (hold === null) return null;
  const message =
    `"${hold.call}" failed: session "${session.name}" opens nothing new until it closes`;
  const untilAt = openAgainAt(session, hold);
  return { reason: "hook_failed", message, untilAt };
}

/** The close under way that an entry would work against; `null` where there is none. */
function closeReaching(
  turn: Turn,
  event: OrderRequested,
  session: Session | null,
): string | null {
  const nets = accountOf(turn, event.account).info?.mode !== "hedging";
  const entry: Entry = {
    symbol: event.symbol,
    tag: session === null ? null : tagOf(session),
    session: event.session,
    nets,
  };
  const job = Object.values(turn.state.jobs).find((job) =>
    job.plan.account === event.account && reachesEntry(job, entry)
  );
  return job?.plan.key ?? null;
}

/** What a close may reach of an order. */
interface Entry {
  readonly symbol: string;
  readonly tag: string | null;
  readonly session: string | null;
  /** Whether all of a symbol is one position, whoever opened it. */
  readonly nets: boolean;
}

function reachesEntry({ plan, heldBy, closings }: Job, entry: Entry): boolean {
  if (heldBy.length > 0) {
    return plan.steps.some((step) =>
      step.kind === "close" && scopeReaches(step.order, entry)
    );
  }
  return closings.some((closing) =>
    closing.phase.kind !== "settled" &&
    // One that waits for its market closes what it has found, and nothing that is opened since.
    (closing.order.positions === null && !isDeferred(closing)
      ? scopeReaches(closing.order, entry)
      : namesSymbol(closing, entry))
  );
}

function scopeReaches({ scope }: CloseOrder, entry: Entry): boolean {
  if (entry.nets) return inScope({ ...scope, tag: null }, entry);
  return inScope(scope, entry) &&
    (scope.session === null || scope.session === entry.session);
}

/** Before its first look nobody knows which symbols a close of named positions is about. */
function namesSymbol({ targets }: Closing, { symbol }: Entry): boolean {
  return targets === null || targets.some(({ line }) => line.symbol === symbol);
}
