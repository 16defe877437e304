/**
 * Carries a close through its circle, one event at a time.
 *
 * @module
 */

import {
  CLOSE_RETRY_MS,
  type Closing,
  type ClosingPhase,
  LAST_LOOK_MS,
  lookAt,
  openTargets,
  ordersToCancel,
  ownSession,
  retryDelayMs,
  type Target,
} from "./closing.ts";
import type { DurationMs, EpochMs } from "./time.ts";
import { unfinishedResult, verifiedResult } from "./closing_result.ts";
import { afterOversleeping } from "./close_deadline.ts";
import type { Failure } from "./event.ts";
import { endShut, isShut, keepDeferral, noteMarket } from "./close_deferral.ts";
import {
  deadlineTimer,
  look,
  lookTimer,
  putClosing,
  settleClosing,
} from "./close_turn.ts";
import {
  absorbSnapshot,
  forgetOrders,
  isDisputed,
  isStale,
} from "./exposure.ts";
import { compare } from "./decimal.ts";
import { withoutGhosts } from "./ghost_target.ts";
import { pendingEntries } from "./pending_entry.ts";
import { closableShare, ownPart } from "./session_share.ts";
import { sendRound } from "./close_round.ts";
import { isSettled, REJECT_REASONS } from "./order.ts";
import type { Snapshot, WorkingOrder } from "./position.ts";
import {
  type AccountState,
  findTimer,
  isSentBy,
  orderOf,
  type TrackedOrder,
} from "./account.ts";
import {
  accountOf,
  dropTimer,
  putAccount,
  setTimer,
  tell,
  type Turn,
} from "./turn.ts";

/** What a close that was cut off still has. */
export interface ClosingRest {
  /** @units EpochMs */
  readonly deadlineAt: EpochMs;
  /** Only what was opened before is its own. @units EpochMs */
  readonly openedBefore: EpochMs;
}

/**
 * Takes a close up again that a crash cut off; without a rest of time it ends as what is known of it.
 */
export function resumeClosing(
  turn: Turn,
  closing: Closing,
  rest: ClosingRest | null,
): void {
  if (closing.phase.kind === "settled") return;
  if (closing.phase.kind === "deferred") return keepDeferral(turn, closing);
  if (rest === null) {
    return settleClosing(turn, closing, {
      outcome: "unknown",
      reason: "interrupted",
      message:
        "The run broke off in the middle of this, and it is too late to go on; treat as OPEN",
    });
  }
  const openedBefore = closing.order.openedBefore ?? rest.openedBefore;
  const resumed: Closing = {
    ...closing,
    order: { ...closing.order, openedBefore },
    deadlineAt: rest.deadlineAt,
    failures: 0,
    troubled: false,
    retryAfterMs: 0,
    blind: true,
  };
  beginClosing(turn, resumed);
  look(turn, resumed);
}

/** Begins a close: the first look is on its way, and the deadline stands. */
export function beginClosing(turn: Turn, closing: Closing): void {
  setTimer(turn, deadlineTimer(closing.id), closing.deadlineAt);
}

/** Takes in the account's lists, for the reckoning and for the close that asked. */
export function takeSnapshot(
  turn: Turn,
  closing: Closing,
  snapshot: Snapshot,
): void {
  const account = accountOf(turn, closing.account);
  if (isStale(account, snapshot)) return waitForLook(turn, closing);
  putAccount(turn, absorbSnapshot(account, snapshot, turn.at));
  const first = closing.targets === null;
  const reached = reachOf(turn, closing, snapshot);
  const noted = withoutGhosts(closing, snapshot);
  const seen = noteMarket(turn, lookAt(noted, reached));
  if (first) tellStarted(turn, seen, reached);
  if (turn.state.run?.dryRun) {
    return settleClosing(turn, seen, {
      outcome: "skipped",
      reason: "dry_run",
      message: null,
    });
  }
  act(turn, seen, reached, snapshot);
}

/** The lists as far as a close may touch what is in them: all, or a session's own part. */
export function reachOf(
  turn: Turn,
  closing: Closing,
  snapshot: Snapshot,
): Snapshot {
  const session = ownSession(closing.order);
  if (session === null) return snapshot;
  return ownPart(accountOf(turn, closing.account), session, snapshot);
}

/** A look failed: nothing is known, so look again later. */
export function missLook(
  turn: Turn,
  closing: Closing,
  failure: Failure,
): void {
  waitForLook(turn, {
    ...closing,
    blind: true,
    retryAfterMs: Math.max(closing.retryAfterMs, failure.retryAfterMs ?? 0),
    lookTrouble: failure.message,
  });
}

/** The wait between two looks is over. */
export function lookAgain(turn: Turn, closing: Closing): void {
  if (closing.phase.kind !== "waiting") return;
  look(turn, closing);
}

/** The deadline came: the close ends by what is known, unless it was slept through. */
export function endAtDeadline(turn: Turn, closing: Closing): void {
  if (closing.phase.kind === "settled") return;
  const late = afterOversleeping(turn, closing);
  if (late !== null) return goOnLate(turn, late);
  const account = accountOf(turn, closing.account);
  const unresolved = unresolvedOrders(account, closing);
  const [working, unanswered] = [true, false].map((works) =>
    unresolved.filter(({ order }) => (order.status === "working") === works)
  );
  const pending = pendingEntries(account, closing, turn.at);
  const isKnown = unresolved.length === 0 && pending.unanswered.length === 0 &&
    pending.unseen.length === 0;
  if (isKnown && isTurnedAway(closing)) return endShut(turn, closing);
  const result = unfinishedResult(closing, {
    unanswered: (unanswered?.length ?? 0) + pending.unanswered.length,
    // An order that is said to work and is in no list is as little known as a fill that is in none.
    unseen: pending.unseen.length +
      (closing.workingOrders === 0 ? pending.working.length : 0),
    working: (working ?? []).flatMap(({ order }) => order.orderId ?? []),
    disputed: disputedTargets(account, closing).length > 0,
  });
  settleClosing(turn, closing, result);
  if (result.reason !== "unseen") return;
  // Told once: what never shows in the lists must not spoil every close to come.
  const told = pending.unseen.filter(({ order }) => isSettled(order));
  putAccount(turn, forgetOrders(accountOf(turn, closing.account), told));
}

function goOnLate(turn: Turn, closing: Closing): void {
  beginClosing(turn, closing);
  if (closing.phase.kind !== "waiting") return putClosing(turn, closing);
  dropTimer(turn, lookTimer(closing.id));
  look(turn, closing);
}

/** An answer that was not good: what was said, and how long to wait. */
export interface Trouble {
  readonly message: string;
  /** @units milliseconds */
  readonly retryAfterMs: DurationMs;
}

/** An order of this close was answered, or its answer was lost. */
export function orderAnswered(
  turn: Turn,
  closing: Closing,
  clientOrderId: string,
  trouble: Trouble | null,
): void {
  const noted = noteAnswer(
    turn,
    noteTrouble(closing, trouble),
    clientOrderId,
    trouble,
  );
  // An answer that was long in coming is better news than the wait for the next look.
  if (noted.phase.kind === "waiting" && trouble === null) {
    dropTimer(turn, lookTimer(noted.id));
    return look(turn, noted);
  }
  if (noted.phase.kind !== "acting") return putClosing(turn, noted);
  const orders = noted.phase.orders.filter((id) => id !== clientOrderId);
  goOn(turn, noted, { ...noted.phase, orders });
}

/** A cancellation of this close was answered, or its answer was lost. */
export function cancelAnswered(
  turn: Turn,
  closing: Closing,
  orderId: string,
  trouble: Trouble | null,
): void {
  const cancelTrouble = trouble?.message ?? null;
  const noted = { ...noteTrouble(closing, trouble), cancelTrouble };
  if (noted.phase.kind !== "acting") return putClosing(turn, noted);
  const cancels = noted.phase.cancels.filter((id) => id !== orderId);
  goOn(turn, noted, { ...noted.phase, cancels });
}

function noteTrouble(closing: Closing, trouble: Trouble | null): Closing {
  if (trouble === null) return closing;
  return {
    ...closing,
    troubled: true,
    retryAfterMs: Math.max(closing.retryAfterMs, trouble.retryAfterMs),
  };
}

/** Remembers with its target what the broker said of an order. */
function noteAnswer(
  turn: Turn,
  closing: Closing,
  clientOrderId: string,
  trouble: Trouble | null,
): Closing {
  const tracked = orderOf(accountOf(turn, closing.account), clientOrderId);
  if (tracked === undefined) return closing;
  // A broker can be a moment behind at the open: its word holds until its next, or the deadline.
  const isShut = tracked.order.status === "rejected" &&
    tracked.order.reason === REJECT_REASONS.marketClosed;
  const targets = closing.targets?.map((target): Target =>
    target.line.id !== tracked.positionId ? target : {
      ...target,
      trouble: trouble?.message ?? null,
      marketClosed: isShut,
    }
  );
  return { ...closing, targets: targets ?? null };
}

/** After an answer: wait for the others, or look at what came of it. */
function goOn(
  turn: Turn,
  closing: Closing,
  phase: ClosingPhase & { readonly kind: "acting" },
): void {
  if (phase.orders.length + phase.cancels.length > 0) {
    return putClosing(turn, { ...closing, phase });
  }
  look(turn, closing);
}

function act(
  turn: Turn,
  closing: Closing,
  reached: Snapshot,
  snapshot: Snapshot,
): void {
  const account = accountOf(turn, closing.account);
  const { unanswered, unseen, working: coming } = pendingEntries(
    account,
    closing,
    turn.at,
  );
  askAboutUnlisted(turn, coming, snapshot);
  const unresolved = unresolvedOrders(account, closing).length +
    unanswered.length + unseen.length + coming.length;
  const open = openTargets(closing);
  const working = othersOrders(account, ordersToCancel(closing, reached));
  if (open.length + working.length + unresolved === 0) {
    return settleClosing(turn, closing, verifiedResult(closing));
  }
  if (keepsStill(turn, closing)) {
    if (unresolved === 0) return endShut(turn, closing);
    return waitForLook(turn, closing);
  }
  // What went wrong a moment ago is not tried again at once.
  if (closing.troubled) return waitForLook(turn, closing);
  const { closing: next, busy } = sendRound(turn, closing, working, snapshot);
  if (busy) putClosing(turn, next);
  else waitForLook(turn, next);
}

/** What is said to work and is in no list has ended, and nobody told us how. */
function askAboutUnlisted(
  turn: Turn,
  coming: readonly TrackedOrder[],
  { orders }: Snapshot,
): void {
  const listed = new Set(orders.map(({ orderId }) => orderId));
  for (const tracked of coming) {
    const { orderId } = tracked.order;
    if (orderId !== null && listed.has(orderId)) continue;
    setTimer(turn, findTimer(tracked), turn.at);
  }
}

/**
 * Whether nothing is to be sent or cancelled: nothing can be closed, and what works may protect what
 * stays open.
 */
function keepsStill(turn: Turn, closing: Closing): boolean {
  return openTargets(closing).length > 0 && isShut(turn, closing);
}

/** Whether the broker's last word on all that is open was that its market is closed. */
function isTurnedAway(closing: Closing): boolean {
  const open = openTargets(closing);
  return !closing.blind && open.length > 0 &&
    open.every((target) => target.marketClosed);
}

/** Working orders that are not sent by a close of our own. */
export function othersOrders(
  account: AccountState,
  orders: readonly WorkingOrder[],
): readonly WorkingOrder[] {
  return orders.filter(({ clientOrderId }) =>
    clientOrderId === null ||
    orderOf(account, clientOrderId)?.owner.kind !== "close"
  );
}

/** Waits before the next look, longer each time, but not past the last one that makes sense. */
function waitForLook(turn: Turn, closing: Closing): void {
  putClosing(turn, {
    ...closing,
    phase: { kind: "waiting" },
    failures: closing.failures + 1,
    troubled: false,
    retryAfterMs: 0,
  });
  const nextAt = nextLookAt(turn, closing);
  if (nextAt >= closing.deadlineAt) return;
  setTimer(turn, lookTimer(closing.id), nextAt);
  const open = openTargets(closing);
  const said = open.find((target) => target.trouble !== null)?.trouble;
  tell(turn, {
    type: "close.retrying",
    at: turn.at,
    edge: closing.job,
    account: closing.account,
    message: closing.lookTrouble ?? closing.cancelTrouble ?? said ??
      (open.length > 0
        ? `${open.length} still open`
        : "an order is not settled yet"),
    nextAt,
  });
}

function nextLookAt(turn: Turn, closing: Closing): EpochMs {
  const soonest = turn.at + Math.max(CLOSE_RETRY_MS, closing.retryAfterMs);
  const regular = turn.at + retryDelayMs(closing.failures);
  const last = closing.deadlineAt - LAST_LOOK_MS;
  return Math.max(soonest, Math.min(regular, last));
}

function unresolvedOrders(account: AccountState, closing: Closing) {
  return Object.values(account.orders).filter((tracked) =>
    isSentBy(tracked, closing.id) && !isSettled(tracked.order)
  );
}

function disputedTargets(account: AccountState, closing: Closing) {
  const session = ownSession(closing.order);
  return openTargets(closing).filter(({ line }) =>
    isDisputed(account, line) ||
    (session !== null &&
      compare(closableShare(account, session, line), line.qty) < 0)
  );
}

/** Tells what a close is about to do. */
export function tellStarted(
  turn: Turn,
  closing: Closing,
  snapshot: Snapshot,
  source: "book" | "rest" = "rest",
): void {
  tell(turn, {
    type: "close.started",
    at: turn.at,
    edge: closing.job,
    account: closing.account,
    action: closing.order.action,
    targets: (closing.targets ?? []).map((target) => target.line),
    leftOpen: closing.leftOpen,
    cancels: keepsStill(turn, closing)
      ? 0
      : ordersToCancel(closing, snapshot).length,
    deadlineAt: closing.deadlineAt,
    dryRun: turn.state.run?.dryRun ?? false,
    ...(source === "book" ? { source } : {}),
  });
}
