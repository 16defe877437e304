/**
 * What a paper gateway allows, and for how long it remembers.
 *
 * @module
 */

import { CarillonError } from "../../../../domain/error.ts";
import type { DurationMs } from "../../../../domain/time.ts";
import { INTENTS_ALL } from "./intents.ts";

/** What a gateway is told; every field has a default. */
export interface PaperGatewayOptions {
  /** How many shards it asks for; 1 by default. */
  readonly shards?: number;
  /** Session starts in each period; 1,000 by default. @units a count */
  readonly sessionStarts?: number;
  /** Length of a period of session starts; a day by default. @units milliseconds */
  readonly sessionStartsMs?: DurationMs;
  /** Identifies in each window, one for each remainder of shard id by this; 1 by default. @units a count */
  readonly maxConcurrency?: number;
  /** Length of a window of identifies; 5 s by default. @units milliseconds */
  readonly identifyMs?: DurationMs;
  /** How often a client must be heard of; 41.25 s by default. @units milliseconds */
  readonly heartbeatMs?: DurationMs;
  /** How much later than that it may be; 20 s by default. @units milliseconds */
  readonly heartbeatGraceMs?: DurationMs;
  /** For how long a session without a connection, and its news, are kept; 3 minutes by default. @units milliseconds */
  readonly resumeMs?: DurationMs;
  /** How many of a session's latest news are kept at least, and twice as many at most; 1,000 by default. */
  readonly resumeEventsMin?: number;
  /** Frames that a client may send on a connection in 60 s; 120 by default. */
  readonly clientEventsMax?: number;
  /** Fewest shards that it takes; 1 by default. */
  readonly shardsMin?: number;
  /** The intents that are allowed; all by default. @units the sum of intents */
  readonly intents?: number;
  /** Who gets the news of a symbol: its shard (the default), or all. */
  readonly routing?: "symbol" | "all";
  /** How often prices are looked at; every second by default, never with 0. @units milliseconds */
  readonly quotesMs?: DurationMs;
  /** Whose prices are told; by default those with a file, a position or a working order. */
  readonly quoteSymbols?: readonly string[];
}

/** What holds for a gateway. */
export type GatewayLimits = Required<Omit<PaperGatewayOptions, "quoteSymbols">>;

/** The largest count of shards. */
export const SHARDS_MAX = 16_384;
/** The longest frame of a client. @units bytes */
export const CLIENT_BYTES_MAX = 4_096;
/** The stretch in which a client's frames are counted. @units milliseconds */
export const CLIENT_EVENTS_MS: DurationMs = 60_000;

/** What holds where nothing else was told. */
export const GATEWAY_DEFAULTS: GatewayLimits = {
  shards: 1,
  sessionStarts: 1_000,
  sessionStartsMs: 86_400_000,
  maxConcurrency: 1,
  identifyMs: 5_000,
  heartbeatMs: 41_250,
  heartbeatGraceMs: 20_000,
  resumeMs: 180_000,
  resumeEventsMin: 1_000,
  clientEventsMax: 120,
  shardsMin: 1,
  intents: INTENTS_ALL,
  routing: "symbol",
  quotesMs: 1_000,
};

/** What may be nothing; all other numbers are above 0. */
const MAY_BE_ZERO: readonly string[] = [
  "heartbeatGraceMs",
  "intents",
  "quotesMs",
  "sessionStarts",
];

/**
 * Fills in what was left out.
 *
 * @throws {CarillonError} "paper/invalid-request" if a number is not whole, or too small
 */
export function gatewayLimits(options: PaperGatewayOptions): GatewayLimits {
  const { quoteSymbols: _, ...told } = options;
  const limits = { ...GATEWAY_DEFAULTS, ...told };
  for (const [name, value] of Object.entries(limits)) {
    if (typeof value !== "number") continue;
    const least = MAY_BE_ZERO.includes(name) ? 0 : 1;
    if (Number.isSafeInteger(value) && value >= least) continue;
    throw new CarillonError(
      "paper/invalid-request",
      `Cannot open a gateway with "${name}" of ${value}: it must be a whole ` +
        `number from ${least} up`,
      { details: { name, value } },
    );
  }
  return limits;
}
