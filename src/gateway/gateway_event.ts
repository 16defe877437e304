/**
 * Everything that a fleet of shards tells.
 *
 * @module
 */

import type { EpochMs } from "../domain/time.ts";

/** One thing that happened to one shard. */
export type GatewayEvent =
  | ShardReady
  | ShardResumed
  | ShardDispatch
  | ShardGap
  | ShardLost
  | SessionLost
  | ShardParked
  | ShardHeld
  | ShardAnomaly
  | ShardFailed;

/** What every event carries. */
export interface GatewayEventBase {
  /** The shard's id, from 0. @units a shard's id */
  readonly shard: number;
  /** When we learned of it. @units EpochMs */
  readonly at: EpochMs;
}

/** A new session began; whatever happened before it is not told. */
export interface ShardReady extends GatewayEventBase {
  /** Tells it from other events. */
  readonly type: "ready";
  /** The server's name for the session. */
  readonly sessionId: string;
  /** What the server says at the beginning of a session. */
  readonly data: unknown;
}

/** A session goes on: what was missed has been told. */
export interface ShardResumed extends GatewayEventBase {
  /** Tells it from other events. */
  readonly type: "resumed";
  /** How many missed events were told again. */
  readonly replayed: number;
}

/** The server's news. */
export interface ShardDispatch extends GatewayEventBase {
  /** Tells it from other events. */
  readonly type: "dispatch";
  /** Its place in the session; `null` for news outside of the count. */
  readonly seq: number | null;
  /** What kind of news. */
  readonly name: string;
  /** What it says. */
  readonly data: unknown;
}

/** Numbers of the session did not come: what they told has to be read elsewhere. */
export interface ShardGap extends GatewayEventBase {
  /** Tells it from other events. */
  readonly type: "gap";
  /** The first number that did not come. */
  readonly fromSeq: number;
  /** The last number that did not come. */
  readonly toSeq: number;
}

/** The connection ended. */
export interface ShardLost extends GatewayEventBase {
  /** Tells it from other events. */
  readonly type: "lost";
  /** The WebSocket's close code; `null` where we ended it. @units close code */
  readonly code: number | null;
  /** Why, in words. */
  readonly reason: string;
  /** What comes next. */
  readonly next: "resume" | "identify";
  /** When the next connection is tried. @units EpochMs */
  readonly untilAt: EpochMs;
}

/** The session is over: what happens before the next `ready` is not told. */
export interface SessionLost extends GatewayEventBase {
  /** Tells it from other events. */
  readonly type: "session.lost";
  /** The server's name for the session. */
  readonly sessionId: string;
  /** Why, in words. */
  readonly reason: string;
}

/** No new session may be started now. */
export interface ShardParked extends GatewayEventBase {
  /** Tells it from other events. */
  readonly type: "parked";
  /** What forbids it. */
  readonly why: ParkReason;
  /** When it is tried again. @units EpochMs */
  readonly untilAt: EpochMs;
}

/**
 * What forbids a session start: none `spent` before the reset, the rest being a `reserve` for those
 * that a close needs, a `breaker` that was tripped by starts that led to nothing, a record that is
 * `unrecorded`, a gateway that could not be asked (`unreachable`).
 */
export type ParkReason =
  | "spent"
  | "reserve"
  | "breaker"
  | "unrecorded"
  | "unreachable";

/** The reader is behind: the shard let go of its connection and resumes when there is room again. */
export interface ShardHeld extends GatewayEventBase {
  /** Tells it from other events. */
  readonly type: "held";
}

/** Something came that should not have; the shard went on. */
export interface ShardAnomaly extends GatewayEventBase {
  /** Tells it from other events. */
  readonly type: "anomaly";
  /** What. */
  readonly message: string;
}

/** The shard does not come back. */
export interface ShardFailed extends GatewayEventBase {
  /** Tells it from other events. */
  readonly type: "failed";
  /** The WebSocket's close code. @units close code */
  readonly code: number;
  /** Why, in words. */
  readonly reason: string;
}
