/**
 * How a gateway's connection ends, and whether its session outlives it.
 *
 * @module
 */

/** Codes with which a gateway closes a connection. */
export const CLOSE = {
  goingAway: 1001,
  unknownError: 4000,
  unknownOpcode: 4001,
  decodeError: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  invalidSeq: 4007,
  rateLimited: 4008,
  sessionTimedOut: 4009,
  invalidShard: 4010,
  shardingRequired: 4011,
  invalidVersion: 4012,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const;

/** A code with which a gateway closes a connection. */
export type CloseCode = typeof CLOSE[keyof typeof CLOSE];

/** What a cut connection counts as. */
export const CUT = 1006;

const OVER: readonly number[] = [
  CLOSE.authenticationFailed,
  CLOSE.invalidSeq,
  CLOSE.invalidShard,
  CLOSE.shardingRequired,
  CLOSE.invalidVersion,
  CLOSE.invalidIntents,
  CLOSE.disallowedIntents,
];

/** Whether a session can be resumed that the gateway itself has closed so. */
export function outlivesOurs(code: number): boolean {
  return !OVER.includes(code);
}

/** Whether a session can be resumed whose client has closed so; 1000 and 1001 say that it is done. */
export function outlivesTheirs(code: number): boolean {
  return code !== 1000 && code !== 1001;
}
