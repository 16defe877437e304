/**
 * Everything the core can ask of the world.
 *
 * @module
 */

import type { Hook, HookAction } from "./definition.ts";
import type { Notice } from "./notice.ts";
import type { OrderIntent } from "./order.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** One thing to do, carried out only after the event that led to it is on record. */
export type Effect =
  | TimerSet
  | TimerDrop
  | PositionsRead
  | OrderSubmit
  | OrderFind
  | OrderCancel
  | HookRun
  | HookCancel
  | Tell
  | RunEnd;

/** Wake us at an instant: for an edge, or for a wait of our own. */
export interface TimerSet {
  /** Tells it from other effects. */
  readonly type: "timer.set";
  /** Whether it is for an edge or a wait. */
  readonly what: "edge" | "timer";
  /** The edge's key or the timer's name; setting it again replaces it. */
  readonly key: string;
  /** When. @units EpochMs */
  readonly dueAt: EpochMs;
  /** Which of several at one instant comes first: the lowest. */
  readonly rank: number;
}

/** Forget a wake-up. */
export interface TimerDrop {
  /** Tells it from other effects. */
  readonly type: "timer.drop";
  /** Whether it was for an edge or a wait. */
  readonly what: "edge" | "timer";
  /** The edge's key or the timer's name. */
  readonly key: string;
}

/** Read the account's positions, working orders, and fills since a sequence number. */
export interface PositionsRead {
  /** Tells it from other effects. */
  readonly type: "positions.read";
  /** The name of the account. */
  readonly account: string;
  /** The number of the question; the answer carries it. */
  readonly request: number;
  /** `null` for the first look, which needs no executions. */
  readonly sinceSeq: number | null;
  /** Whether a book may answer at once, before the lists that are read all the same; not if left out. */
  readonly bookFirst?: true;
}

/** Send an order. */
export interface OrderSubmit {
  /** Tells it from other effects. */
  readonly type: "order.submit";
  /** The name of the account. */
  readonly account: string;
  /** The order. */
  readonly intent: OrderIntent;
}

/** Ask what became of an order. */
export interface OrderFind {
  /** Tells it from other effects. */
  readonly type: "order.find";
  /** The name of the account. */
  readonly account: string;
  /** Our own name for the order. */
  readonly clientOrderId: string;
}

/** Cancel a working order. */
export interface OrderCancel {
  /** Tells it from other effects. */
  readonly type: "order.cancel";
  /** The name of the account. */
  readonly account: string;
  /** The broker's name for the order. */
  readonly orderId: string;
}

/** Call the user's function. */
export interface HookRun {
  /** Tells it from other effects. */
  readonly type: "hook.run";
  /** The call's own name; what comes of it is told by it. */
  readonly call: string;
  /** The name of the session. */
  readonly session: string;
  /** The edge's key, or `request/...` for what was asked for by hand; a strategy's occurrence. */
  readonly edge: string;
  /** Which of its functions. */
  readonly name: HookAction | "strategy";
  /** The function and its limits. */
  readonly hook: Hook;
  /** When the edge was due. @units EpochMs */
  readonly dueAt: EpochMs;
  /** The occurrence it belongs to; `null` where none is open, and absent in journals of old. */
  readonly occurrence?: HookOccurrence | null;
  /** Which strategy, and what it kept; only where it is one. */
  readonly strategy?: HookStrategy;
}

/** What a strategy is told of itself. */
export interface HookStrategy {
  /** Tells it from the session's other strategies. */
  readonly name: string;
  /** How often it is called. @units milliseconds */
  readonly everyMs: DurationMs;
  /** The symbols it trades. */
  readonly symbols: readonly string[];
  /** What it kept at its last call, as JSON text; `null` for nothing. */
  readonly state: string | null;
}

/** Give up a call that runs; how it ended is told like any other end. */
export interface HookCancel {
  /** Tells it from other effects. */
  readonly type: "hook.cancel";
  /** The call's own name. */
  readonly call: string;
}

/** What a hook is told of its occurrence. */
export interface HookOccurrence {
  /** Its key, as in `london/2026-11-23`. */
  readonly key: string;
  /** The trade date. */
  readonly tradeDate: string;
  /** When it opens. @units EpochMs */
  readonly opensAt: EpochMs;
  /** When it closes. @units EpochMs */
  readonly closesAt: EpochMs;
}

/** Tell whoever listens. */
export interface Tell {
  /** Tells it from other effects. */
  readonly type: "tell";
  /** What is told. */
  readonly notice: Notice;
}

/** Nothing is left to do; the run may end. */
export interface RunEnd {
  /** Tells it from other effects. */
  readonly type: "run.end";
}
