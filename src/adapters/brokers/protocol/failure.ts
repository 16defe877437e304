/**
 * What a failed request means: surely not sent, refused, or nobody knows.
 *
 * @module
 */

import {
  CarillonError,
  type ErrorCode,
  type FailureOutcome,
} from "../../../domain/error.ts";
import type { DurationMs } from "../../../domain/time.ts";
import { isRecord, readJson, ShapeError } from "./reading.ts";
import { type Answer, NotSent } from "./transport.ts";
import { readError } from "./wire.ts";

/** What a request is for, which decides the code of its failure. */
export type Purpose = "open" | "read" | "change";

/** What is known of a failure. */
export interface Failing {
  readonly outcome: FailureOutcome;
  readonly why: string;
  readonly status: number | null;
  /** The broker's own code. */
  readonly brokerCode: string | null;
  readonly retryAfterMs: DurationMs | null;
}

const CODES: Readonly<
  Record<Purpose, Readonly<Record<FailureOutcome, ErrorCode>>>
> = {
  open: {
    unsent: "broker/unreachable",
    refused: "broker/refused",
    unknown: "broker/unreachable",
  },
  read: {
    unsent: "broker/unreadable",
    refused: "broker/unreadable",
    unknown: "broker/unreadable",
  },
  change: {
    unsent: "broker/unreachable",
    refused: "broker/refused",
    unknown: "broker/unknown",
  },
};

const REQUEST_TIMEOUT = 408;
const TOO_MANY = 429;

/** The error of a failed request; `doing` completes "Cannot ...". */
export function brokerError(
  purpose: Purpose,
  doing: string,
  failing: Failing,
  cause?: unknown,
): CarillonError {
  const { outcome, why, status, brokerCode, retryAfterMs } = failing;
  const code = status === TOO_MANY && purpose !== "read"
    ? "broker/busy"
    : CODES[purpose][outcome];
  return new CarillonError(code, `Cannot ${doing}: ${why}`, {
    cause,
    details: {
      outcome,
      ...(status === null ? {} : { status }),
      ...(brokerCode === null ? {} : { brokerCode }),
      ...(retryAfterMs === null ? {} : { retryAfterMs }),
    },
  });
}

/** What an answer that is not a success means. */
export function failingAnswer(answer: Answer): Failing {
  const { status } = answer;
  const said = errorOf(answer.body);
  const why = said === null
    ? `the broker answered ${status}`
    : `the broker answered ${status} ${said.code}: ${said.message}`;
  const retryAfterMs = said?.retry_after_ms ?? answer.retryAfterMs;
  return {
    outcome: outcomeOf(status),
    why,
    status,
    brokerCode: said?.code ?? null,
    retryAfterMs,
  };
}

/** What an exception on the way means. */
export function failingCall(error: unknown): Failing {
  const why = error instanceof Error ? error.message : "the connection failed";
  return {
    outcome: error instanceof NotSent ? "unsent" : "unknown",
    why: error instanceof ShapeError ? `the answer is unreadable: ${why}` : why,
    status: null,
    brokerCode: null,
    retryAfterMs: null,
  };
}

function outcomeOf(status: number): FailureOutcome {
  // Told to come back later, the broker did nothing; a request that it gave up on may have arrived.
  if (status === TOO_MANY) return "unsent";
  if (status >= 400 && status < 500 && status !== REQUEST_TIMEOUT) {
    return "refused";
  }
  return "unknown";
}

function errorOf(body: string): ReturnType<typeof readError> | null {
  try {
    return readJson(
      body,
      (value, path) => isRecord(value) ? readError(value, path) : null,
    );
  } catch {
    // A proxy's page instead of the broker's words: the status alone has to do.
    return null;
  }
}
