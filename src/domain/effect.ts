/**
 * Everything the core can ask of the world.
 *
 * @module
 */

import type { Hook } from "./definition.ts";
import type { Notice } from "./notice.ts";
import type { OrderIntent } from "./order.ts";
import type { EpochMs } from "./time.ts";

/** One thing to do, carried out only after the event that led to it is on record. */
export type Effect =
  | TimerSet
  | TimerDrop
  | PositionsRead
  | OrderSubmit
  | OrderFind
  | OrderCancel
  | HookRun
  | Tell
  | RunEnd;

/** Wake us at an instant: for an edge, or for a wait of our own. */
export interface TimerSet {
  readonly type: "timer.set";
  readonly what: "edge" | "timer";
  /** The edge's key or the timer's name; setting it again replaces it. */
  readonly key: string;
  readonly dueAt: EpochMs;
  readonly rank: number;
}

/** Forget a wake-up. */
export interface TimerDrop {
  readonly type: "timer.drop";
  readonly what: "edge" | "timer";
  readonly key: string;
}

/** Read the account's positions, working orders, and fills since a sequence number. */
export interface PositionsRead {
  readonly type: "positions.read";
  readonly account: string;
  readonly request: number;
  /** `null` for the first look, which needs no executions. */
  readonly sinceSeq: number | null;
}

/** Send an order. */
export interface OrderSubmit {
  readonly type: "order.submit";
  readonly account: string;
  readonly intent: OrderIntent;
}

/** Ask what became of an order. */
export interface OrderFind {
  readonly type: "order.find";
  readonly account: string;
  readonly clientOrderId: string;
}

/** Cancel a working order. */
export interface OrderCancel {
  readonly type: "order.cancel";
  readonly account: string;
  readonly orderId: string;
}

/** Call the user's function. */
export interface HookRun {
  readonly type: "hook.run";
  readonly call: string;
  readonly session: string;
  readonly edge: string;
  readonly name: "custom_start" | "custom_end";
  readonly hook: Hook;
  readonly dueAt: EpochMs;
}

/** Tell whoever listens. */
export interface Tell {
  readonly type: "tell";
  readonly notice: Notice;
}

/** Nothing is left to do; the run may end. */
export interface RunEnd {
  readonly type: "run.end";
}
