/**
 * What a fleet of shards is told when it is opened, and what it may be asked to send.
 *
 * @module
 */

import type { Clock, Random } from "../runtime/ports.ts";
import type { GatewayTransport, StartBudgetStore } from "./ports.ts";
import type { ShardSession } from "./shard_life.ts";

/** Events that may wait to be read before shards let go of their connections. */
export const BUFFER_MAX = 10_000;
/** What the client calls itself where nobody says otherwise. */
export const CLIENT_NAME = "carillon";

/** What a fleet is made of. */
export interface GatewayOptions {
  /** The way to the gateway. */
  readonly transport: GatewayTransport;
  /** Time. */
  readonly clock: Clock;
  /** Chance, for back-off and first heartbeats. */
  readonly random: Random;
  /** Who we are; sent in the handshake only. */
  readonly token: string;
  /** Which news are wanted, as the gateway counts them; left to the gateway by default. @units bit field */
  readonly intents?: number;
  /** How many shards there are, wherever they run; as many as the gateway recommends by default. */
  readonly shardCount?: number;
  /** The shards that run here; all by default. */
  readonly shardIds?: readonly number[];
  /** Where the start budget is kept; in memory by default, so that a restart believes the server. */
  readonly store?: StartBudgetStore;
  /** Starts that are kept for shards that a close needs; as many as shards run here by default. @units starts */
  readonly reserve?: number;
  /** Start what can be started although fewer sessions remain than shards are needed. */
  readonly startAnyway?: boolean;
  /** Events that may wait to be read before shards let go of their connections. */
  readonly bufferMax?: number;
  /** Sessions of an earlier run to resume, by shard. */
  readonly sessions?: ReadonlyMap<number, ShardSession>;
  /** What the client calls itself. */
  readonly clientName?: string;
  /** Gives up the opening. */
  readonly signal?: AbortSignal;
}

/** A message to the gateway: any opcode that does not belong to the connection itself. */
export interface GatewayMessage {
  /** What it is. @units opcode */
  readonly op: number;
  /** What it says. */
  readonly d: unknown;
}
