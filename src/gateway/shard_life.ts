/**
 * What a shard can be in, what can happen to it, and what it can ask for.
 *
 * @module
 */

import { type DurationMs, SECOND_MS } from "../domain/time.ts";
import type { Tries } from "./backoff.ts";
import type { ParkReason } from "./gateway_event.ts";

/** How long a connection may take to its hello. @units milliseconds */
export const HELLO_MS_MAX: DurationMs = 20 * SECOND_MS;
/** How long an identify may go without its answer. @units milliseconds */
export const READY_MS_MAX: DurationMs = 15 * SECOND_MS;
/** How long a resume may go without anything being told. @units milliseconds */
export const RESUMED_MS_MAX: DurationMs = 30 * SECOND_MS;
/**
 * Shards that wait for the same reset come back within this time, each at another instant.
 *
 * @units milliseconds
 */
export const RESET_JITTER_MS: DurationMs = 5 * SECOND_MS;
/** How long a session lasts before what went wrong earlier is forgotten. @units milliseconds */
export const STEADY_MS: DurationMs = 30 * SECOND_MS;

/** What a server needs to hear to let a session go on; may be kept across restarts. */
export interface ShardSession {
  /** The server's name for the session. */
  readonly id: string;
  /** Where it may be resumed; `null` for the gateway's own address. */
  readonly resumeUrl: string | null;
  /** The number of the last event taken in. */
  readonly seq: number;
}

/** The pulse of a connection. */
export interface Beat {
  readonly intervalMs: DurationMs;
  /** When the heartbeat was sent that has no answer yet. @units milliseconds of a monotonic clock */
  readonly unansweredSince: DurationMs | null;
  /** How long the last answer took. @units milliseconds; `null` before the first */
  readonly latencyMs: DurationMs | null;
}

/**
 * Where a shard is in its life: `idle` before it is asked for; `waiting` to connect; `connecting`
 * up to the server's hello; `queued` for its turn to identify; `identifying` and `resuming` up to
 * the server's answer; `ready`; `parked` while no session may be started; `held` while nobody reads;
 * `dead` and `stopped` at the end, by itself and by us.
 */
export type ShardPhase =
  | "idle"
  | "waiting"
  | "connecting"
  | "queued"
  | "identifying"
  | "resuming"
  | "ready"
  | "parked"
  | "held"
  | "dead"
  | "stopped";

/** A shard's life, in each phase with what belongs to it alone. */
export type ShardState =
  /** Not asked for yet. */
  | { readonly kind: "idle"; readonly session: ShardSession | null }
  /** Waits before it connects. */
  | {
    readonly kind: "waiting";
    readonly session: ShardSession | null;
    readonly tries: Tries;
  }
  /** A socket is opening, or open and without its hello. */
  | {
    readonly kind: "connecting";
    readonly session: ShardSession | null;
    readonly tries: Tries;
  }
  /** Greeted, and waits for its turn to identify. */
  | { readonly kind: "queued"; readonly beat: Beat; readonly tries: Tries }
  /** Has identified and waits for the answer. */
  | { readonly kind: "identifying"; readonly beat: Beat; readonly tries: Tries }
  /** Has asked for what it missed, and is being told. */
  | {
    readonly kind: "resuming";
    readonly session: ShardSession;
    readonly beat: Beat;
    readonly tries: Tries;
    /** How many missed events were told so far. */
    readonly replayed: number;
    /** How many of them had been when somebody last looked whether it goes on. */
    readonly replayedAtLook: number;
  }
  /** Told of everything as it happens. */
  | {
    readonly kind: "ready";
    readonly session: ShardSession;
    readonly beat: Beat;
    readonly tries: Tries;
  }
  /** May not start a session now. */
  | {
    readonly kind: "parked";
    readonly why: ParkReason;
    readonly tries: Tries;
  }
  /** Has let go of its connection until its events are read. */
  | {
    readonly kind: "held";
    readonly session: ShardSession;
    readonly tries: Tries;
  }
  /** Does not come back. */
  | { readonly kind: "dead"; readonly code: number; readonly reason: string }
  /** Was told to leave. */
  | { readonly kind: "stopped"; readonly session: ShardSession | null };

/** One of the states, by name. */
export type StateOf<K extends ShardPhase> = Extract<
  ShardState,
  { readonly kind: K }
>;

/**
 * The waits of a shard: `wait` is its own, before it connects; those of the heartbeat and of the
 * phase it is in belong to its connection. A later wait of one name takes the place of the earlier.
 */
export type ShardTimer = "wait" | "phase" | "beat";

/** Something that happens to a shard. */
export type ShardInput =
  | { readonly type: "start" }
  | { readonly type: "hello"; readonly intervalMs: DurationMs }
  | { readonly type: "ack" }
  | { readonly type: "beat.asked" }
  | { readonly type: "reconnect" }
  | { readonly type: "invalid"; readonly resumable: boolean }
  | {
    readonly type: "ready";
    readonly seq: number;
    readonly sessionId: string;
    readonly resumeUrl: string | null;
    readonly data: unknown;
  }
  | { readonly type: "resumed"; readonly seq: number | null }
  | {
    readonly type: "dispatch";
    readonly seq: number | null;
    readonly name: string;
    readonly data: unknown;
  }
  | { readonly type: "strange"; readonly op: number }
  | { readonly type: "unreadable"; readonly why: string }
  | {
    readonly type: "closed";
    readonly code: number;
    readonly reason: string;
  }
  | { readonly type: "due"; readonly timer: ShardTimer }
  /** The turn to identify has come, and the start is on record. */
  | { readonly type: "granted" }
  /** No session may be started. */
  | {
    readonly type: "denied";
    readonly why: ParkReason;
    readonly afterMs: DurationMs;
  }
  /** Another shard was refused for good, for a reason that all share. */
  | {
    readonly type: "condemned";
    readonly code: number;
    readonly reason: string;
  }
  /** There is no room for the next event. */
  | { readonly type: "full" }
  /** There is room again. */
  | { readonly type: "drained" }
  | { readonly type: "stop"; readonly keepSession: boolean };

/** The name of an input. */
export type InputType = ShardInput["type"];

/** One of the inputs, by name. */
export type InputOf<T extends InputType> = Extract<
  ShardInput,
  { readonly type: T }
>;

/** Something a shard asks for. */
export type ShardOutput =
  /** A connection; with a session to resume where it says, else to the gateway's own address. */
  | { readonly type: "connect"; readonly session: ShardSession | null }
  /** Let go of the connection with all its waits; `null` where the other side has ended it. */
  | { readonly type: "release"; readonly code: number | null }
  | {
    readonly type: "wait";
    readonly timer: ShardTimer;
    readonly ms: DurationMs;
  }
  | {
    readonly type: "heartbeat";
    readonly seq: number | null;
    /** Whether the server asked for it, beside the regular ones. */
    readonly asked: boolean;
  }
  /** Ask for a turn to identify. */
  | { readonly type: "turn" }
  | { readonly type: "identify" }
  | { readonly type: "resume"; readonly session: ShardSession }
  /** The server has answered the identify, or taken note of it. */
  | { readonly type: "answered" }
  /** The session has lasted. */
  | { readonly type: "steady" }
  | { readonly type: "tell"; readonly event: ShardTelling };

/** What a shard tells; who it is and when is added by whoever carries it. */
export type ShardTelling =
  | {
    readonly type: "ready";
    readonly sessionId: string;
    readonly data: unknown;
  }
  | { readonly type: "resumed"; readonly replayed: number }
  | {
    readonly type: "dispatch";
    readonly seq: number | null;
    readonly name: string;
    readonly data: unknown;
  }
  | { readonly type: "gap"; readonly fromSeq: number; readonly toSeq: number }
  | {
    readonly type: "lost";
    readonly code: number | null;
    readonly reason: string;
    readonly next: "resume" | "identify";
    readonly afterMs: DurationMs;
  }
  | {
    readonly type: "session.lost";
    readonly sessionId: string;
    readonly reason: string;
  }
  | {
    readonly type: "parked";
    readonly why: ParkReason;
    readonly afterMs: DurationMs;
  }
  | { readonly type: "held" }
  | { readonly type: "anomaly"; readonly message: string }
  | { readonly type: "failed"; readonly code: number; readonly reason: string };

/** What a move may know of the world. */
export interface ShardContext {
  /** Now. @units milliseconds of a monotonic clock */
  readonly at: DurationMs;
  /** A number drawn for this move. @units fraction of 1 */
  readonly chance: number;
}

/** Where a move leads, and what it asks for, in order. */
export type ShardMove = readonly [ShardState, readonly ShardOutput[]];

/** States that have been greeted. */
export type LinkedState = StateOf<
  "queued" | "identifying" | "resuming" | "ready"
>;
/** States that have, or are about to have, a connection. */
export type ConnectedState = StateOf<"connecting"> | LinkedState;

/** The session that a state could resume; `null` for none. */
export function sessionOf(state: ShardState): ShardSession | null {
  return "session" in state ? state.session : null;
}
