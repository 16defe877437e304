/**
 * One close under way: what it is to close, how far it has come, and how it ended.
 *
 * The circle is: read the broker's lists, cancel what still works, close what is open, wait for
 * every answer, read again. It ends when the lists show nothing left, when all that is left stands
 * in a closed market, or at the deadline. Only a list that was read after the last answer proves
 * anything.
 *
 * @module
 */

import type {
  CloseAction,
  IfClosed,
  MarketCalendar,
  ProfitKind,
  Scope,
} from "./definition.ts";
import { compare, type Decimal, ZERO } from "./decimal.ts";
import type { Outcome, PositionLine } from "./notice.ts";
import type { Position, Snapshot, WorkingOrder } from "./position.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** A close under way. */
export interface Closing {
  /** `<job>#<index>` */
  readonly id: string;
  /**
   * What makes its order ids: the id, and the instant of its edge where it has one.
   *
   * A file whose edge was moved to another hour of the same day asks for something else, and its
   * orders must not be taken for repeats.
   */
  readonly cause: string;
  readonly job: string;
  readonly account: string;
  readonly order: CloseOrder;
  readonly deadlineAt: EpochMs;
  readonly phase: ClosingPhase;
  /** `null` until the first snapshot is judged. */
  readonly targets: readonly Target[] | null;
  /** What winners-only or losers-only leaves open on purpose. */
  readonly leftOpen: readonly PositionLine[];
  /** Positions in scope that were opened after the edge, and are not its to close. */
  readonly younger: readonly PositionLine[];
  /** Positions that nobody could judge, since the broker gives no profit. */
  readonly unjudged: readonly PositionLine[];
  /** Working orders that we have asked to cancel at least once. */
  readonly triedCancels: readonly string[];
  /** Working orders in scope at the last look. */
  readonly workingOrders: number;
  /** How many rounds ended without what they were for; makes the waits longer. */
  readonly failures: number;
  /** Whether an answer of the round under way was not good. */
  readonly troubled: boolean;
  /** The longest wait a broker asked for since the last look. @units milliseconds */
  readonly retryAfterMs: DurationMs;
  /** Whether something was sent, or could not be read, since the last look. */
  readonly blind: boolean;
  /** Why the last cancellation failed; `null` once one succeeds. */
  readonly cancelTrouble: string | null;
  /** Why the last look failed; `null` once one succeeds. */
  readonly lookTrouble: string | null;
}

/** What keeps a close from acting, although it is asked for. */
export interface CloseLimits {
  /** The calendars that must be open for anything to be sent; none where the broker alone says. */
  readonly market: readonly MarketCalendar[];
  /** What it does where the market is closed. */
  readonly ifClosed: IfClosed;
  /** Only positions opened before this instant; `null` for all. @units EpochMs */
  readonly openedBefore: EpochMs | null;
}

/** What a close is told to do. */
export interface CloseOrder extends CloseLimits {
  readonly action: CloseAction;
  readonly scope: Scope;
  readonly profit: ProfitKind;
  readonly cancelOrders: boolean;
  /** Only these positions; `null` for all in scope. */
  readonly positions: readonly string[] | null;
  /** Cancel working orders and touch no position. */
  readonly ordersOnly: boolean;
}

/** Where in its circle a close is. */
export type ClosingPhase =
  | { readonly kind: "reading"; readonly request: number }
  | {
    readonly kind: "acting";
    readonly orders: readonly string[];
    readonly cancels: readonly string[];
  }
  | { readonly kind: "waiting" }
  /** Until the market opens. @units EpochMs */
  | { readonly kind: "deferred"; readonly untilAt: EpochMs }
  | { readonly kind: "settled"; readonly result: ClosingResult };

/** A position that is to be closed. */
export interface Target {
  readonly line: PositionLine;
  readonly status: "open" | "gone";
  /** How many orders were sent for it. */
  readonly attempts: number;
  /** The market is closed: nothing more is sent. */
  readonly marketClosed: boolean;
  /** What the broker said of its last order, if that was not good. */
  readonly trouble: string | null;
  /** Only a book has shown it so far; absent once the broker's lists have. */
  readonly byBook?: true;
}

/** How a close ended. */
export interface ClosingResult {
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly message: string | null;
}

/** Waits between looks start here and double up to the longest. @units milliseconds */
export const CLOSE_RETRY_MS = 250;

/** A last look is taken this long before the deadline. @units milliseconds */
export const LAST_LOOK_MS = 500;

/** The longest wait between two looks. @units milliseconds */
export const CLOSE_RETRY_MS_MAX = 5_000;

/**
 * How long to wait after a number of failures in a row.
 *
 * @units milliseconds
 */
export function retryDelayMs(failures: number): DurationMs {
  return Math.min(
    CLOSE_RETRY_MS * 2 ** Math.min(failures, 10),
    CLOSE_RETRY_MS_MAX,
  );
}

/** A close that has been asked for and has not looked yet. */
export function createClosing(
  at: {
    readonly job: string;
    readonly index: number;
    readonly account: string;
    /** The instant of the edge; `null` for a request by hand. */
    readonly edgeAt: EpochMs | null;
    readonly deadlineAt: EpochMs;
    readonly request: number;
  },
  order: CloseOrder,
): Closing {
  const id = `${at.job}#${at.index}`;
  return {
    id,
    cause: at.edgeAt === null ? id : `${id}@${at.edgeAt}`,
    job: at.job,
    account: at.account,
    order,
    deadlineAt: at.deadlineAt,
    phase: { kind: "reading", request: at.request },
    targets: null,
    leftOpen: [],
    younger: [],
    unjudged: [],
    triedCancels: [],
    workingOrders: 0,
    failures: 0,
    troubled: false,
    retryAfterMs: 0,
    blind: true,
    cancelTrouble: null,
    lookTrouble: null,
  };
}

/** Whether a scope reaches something with this symbol and tag. */
export function inScope(
  scope: Scope,
  thing: { readonly symbol: string; readonly tag: string | null },
): boolean {
  return (scope.symbols === null || scope.symbols.includes(thing.symbol)) &&
    !scope.except.includes(thing.symbol) &&
    (scope.tag === null || scope.tag === thing.tag);
}

/** The session whose own part alone a close is about; `null` where it is about more, or names positions. */
export function ownSession({ scope, positions }: CloseOrder): string | null {
  return positions === null ? scope.session : null;
}

/** A position in one line, with the profit that counts. */
export function lineOf(position: Position, profit: ProfitKind): PositionLine {
  return {
    id: position.id,
    symbol: position.symbol,
    side: position.side,
    qty: position.qty,
    profit: profit === "net" ? position.netProfit : position.grossProfit,
    profitCurrency: position.profitCurrency,
  };
}

/**
 * Takes in a snapshot: judges the targets on the first, follows them on every later one.
 *
 * Winners and losers are chosen once. A close of everything goes on taking in what appears in its
 * scope, such as a position that a working order opened before it could be cancelled.
 */
export function lookAt(closing: Closing, snapshot: Snapshot): Closing {
  const { order } = closing;
  const inReach = snapshot.positions.filter((position) =>
    order.positions === null
      ? inScope(order.scope, position)
      : order.positions.includes(position.id)
  );
  const reached = inReach.filter((position) => isOldEnough(order, position));
  const judged = closing.targets === null ? judge(closing, reached) : closing;
  const followed = followTargets(judged, reached);
  return {
    ...followed,
    younger: inReach.filter((position) => !isOldEnough(order, position))
      .map((position) => lineOf(position, order.profit)),
    workingOrders: ordersInReach(followed, snapshot).length,
    blind: false,
    lookTrouble: null,
  };
}

/** A broker that does not say when a position was opened leaves it to the close. */
function isOldEnough(
  { openedBefore }: CloseOrder,
  { openedAt }: Position,
): boolean {
  return openedBefore === null || openedAt === null || openedAt < openedBefore;
}

function judge(closing: Closing, reached: readonly Position[]): Closing {
  const { action, profit, ordersOnly } = closing.order;
  if (ordersOnly) return { ...closing, targets: [] };
  const lines = reached.map((position) => lineOf(position, profit));
  const chosen = lines.filter((line) => isChosen(action, line.profit));
  return {
    ...closing,
    targets: chosen.map(openTarget),
    leftOpen: lines.filter((line) => !isChosen(action, line.profit)),
    unjudged: action === "close_all"
      ? []
      : lines.filter((line) => line.profit === null),
  };
}

function isChosen(action: CloseAction, profit: Decimal | null): boolean {
  if (action === "close_all") return true;
  if (profit === null) return false;
  const wins = compare(profit, ZERO) >= 0;
  return action === "close_win" ? wins : !wins;
}

function openTarget(line: PositionLine): Target {
  return {
    line,
    status: "open",
    attempts: 0,
    marketClosed: false,
    trouble: null,
  };
}

function followTargets(
  closing: Closing,
  reached: readonly Position[],
): Closing {
  const known = closing.targets ?? [];
  const listed = new Map(
    reached.map((position) => [targetKey(position), position]),
  );
  const followed = known.map((target): Target => {
    const position = listed.get(targetKey(target.line));
    if (position === undefined) return { ...target, status: "gone" };
    const line = lineOf(position, closing.order.profit);
    return { ...target, status: "open", line };
  });
  const takesNew = closing.order.action === "close_all" &&
    closing.order.positions === null && !closing.order.ordersOnly;
  if (!takesNew) return { ...closing, targets: followed };
  const names = new Set(known.map((target) => targetKey(target.line)));
  const fresh = reached
    .filter((position) => !names.has(targetKey(position)))
    .map((position) => openTarget(lineOf(position, closing.order.profit)));
  return { ...closing, targets: [...followed, ...fresh] };
}

/** A position that turned around is another one. */
function targetKey(line: { readonly id: string; readonly side: string }) {
  return `${line.side} ${line.id}`;
}

/** The working orders that a close cancels: none where it is told to leave them. */
export function ordersToCancel(
  closing: Closing,
  snapshot: Snapshot,
): readonly WorkingOrder[] {
  return closing.order.cancelOrders ? ordersInReach(closing, snapshot) : [];
}

/**
 * The working orders that a close is about.
 *
 * Everything in scope where it closes everything; for winners, losers and named positions only
 * those that belong to a target.
 */
function ordersInReach(
  closing: Closing,
  snapshot: Snapshot,
): readonly WorkingOrder[] {
  const { order } = closing;
  if (order.action === "close_all" && order.positions === null) {
    return snapshot.orders.filter((working) => inScope(order.scope, working));
  }
  const ids = new Set((closing.targets ?? []).map((target) => target.line.id));
  // Where the account nets, a position's id is its symbol.
  return snapshot.orders.filter((working) =>
    ids.has(working.positionId ?? working.symbol)
  );
}

/**
 * How many orders were sent for a position, whichever way it stood then.
 *
 * One that turned around is another target, and its orders must not carry the ids of the first.
 */
export function attemptsFor(closing: Closing, positionId: string): number {
  return (closing.targets ?? []).reduce(
    (most, { line, attempts }) =>
      line.id === positionId ? Math.max(most, attempts) : most,
    0,
  );
}

/** The targets that the last look still showed. */
export function openTargets(closing: Closing): readonly Target[] {
  return (closing.targets ?? []).filter((target) => target.status === "open");
}
