/**
 * What can go wrong that is not a mistake in a session file.
 *
 * @module
 */

/** The closed list of codes; callers branch on these, never on text or class. */
export const ERROR_CODES = [
  "broker/bad-address",
  "broker/busy",
  "broker/no-quotes",
  "broker/refused",
  "broker/unknown",
  "broker/unreachable",
  "broker/unreadable",
  "broker/wrong-account",
  "calendar/unknown",
  "clock/backwards",
  "clock/stopped",
  "control/no-answer",
  "control/not-paused",
  "dsl/invalid",
  "edge/passed",
  "edge/unknown",
  "file/unreadable",
  "gateway/bad-address",
  "gateway/closed",
  "gateway/no-starts",
  "gateway/too-large",
  "gateway/unauthorized",
  "gateway/undecodable",
  "gateway/unreachable",
  "hook/bad-request",
  "hook/failed",
  "hook/no-guest",
  "hook/not-possible",
  "hook/out-of-scope",
  "hook/timed-out",
  "hook/too-many-requests",
  "journal/dry-run",
  "journal/fenced",
  "journal/foreign",
  "journal/in-use",
  "journal/memory-live",
  "journal/missing",
  "journal/newer-format",
  "journal/other-file",
  "journal/rolled-back",
  "journal/unreadable",
  "journal/unwritable",
  "notify/bad-address",
  "paper/bad-prices",
  "paper/invalid-request",
  "permission/missing",
  "runtime/stopped",
  "secret/missing",
  "session/detached",
  "session/invalid",
  "session/not-closed",
  "session/unknown",
  "support/not-yet",
] as const;

/** What went wrong. */
export type ErrorCode = typeof ERROR_CODES[number];

/**
 * What became of a request that failed on its way to the broker.
 *
 * `unsent` may be sent again, `refused` never in the same form, `unknown` must be asked about by
 * its client order id first.
 */
export type FailureOutcome = "unsent" | "refused" | "unknown";

/** A fault of the world, with a code to branch on and the cause that led to it. */
export class CarillonError extends Error {
  /** Tells it from other errors where `instanceof` cannot. */
  override readonly name = "CarillonError";
  /** What happened, from a closed list. */
  readonly code: ErrorCode;
  /** The numbers and names behind the sentence; never a secret. */
  readonly details: Readonly<Record<string, unknown>>;

  /** Makes an error that keeps its cause. */
  constructor(
    code: ErrorCode,
    message: string,
    options: {
      readonly cause?: unknown;
      readonly details?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super(
      message,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.details = options.details ?? {};
  }
}

/**
 * Stops the program when something we rely on is not so: a fault of ours, never of the world.
 *
 * @throws {Error} when `condition` is false
 */
export function invariant(
  condition: unknown,
  message: string,
): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${message}`);
}
