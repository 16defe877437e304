/**
 * Requests and answers as plain values, so that they need neither a socket nor a stream.
 *
 * @module
 */

import type { DurationMs } from "../../../domain/time.ts";

/** A request of the open protocol. */
export interface PaperRequest {
  readonly method: string;
  /** The path alone, still encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string | null;
  /** The name and port it was sent to; absent within the process. */
  readonly host?: string | null;
}

/** An answer. */
export interface PaperReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const JSON_HEADERS = { "content-type": "application/json" } as const;

/** An answer with a value. */
export function jsonReply(status: number, value: unknown): PaperReply {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(value) };
}

/** An answer that says what went wrong. @units `retryAfterMs`: milliseconds */
export function errorReply(
  status: number,
  code: string,
  message: string,
  retryAfterMs: DurationMs | null = null,
): PaperReply {
  const hint = retryAfterMs === null ? {} : { retry_after_ms: retryAfterMs };
  const reply = jsonReply(status, { error: { code, message, ...hint } });
  if (retryAfterMs === null) return reply;
  const seconds = String(Math.ceil(retryAfterMs / 1000));
  return { ...reply, headers: { ...reply.headers, "retry-after": seconds } };
}

/** A request that is not what the protocol says. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
  readonly status: number;
  readonly code: string;

  /** Says what is wrong with it. */
  constructor(message: string, status = 400, code = "request/invalid") {
    super(message);
    this.status = status;
    this.code = code;
  }
}
