/**
 * One request to an address that is a secret, and what became of it.
 *
 * The platform's errors hold the whole address, so nothing of them is passed on.
 *
 * @module
 */

import type { DurationMs } from "../../domain/time.ts";
import type { Clock } from "../../runtime/ports.ts";

/** How one request ended. */
export type Attempt =
  | { readonly kind: "delivered" }
  /** To send it again would end the same way. */
  | { readonly kind: "refused"; readonly why: string }
  | {
    readonly kind: "again";
    readonly why: string;
    /** How long the receiver wants to be left alone; `null` where it does not say. */
    readonly afterMs: DurationMs | null;
  };

/** A request to be made. */
export interface Sending {
  /** A secret. */
  readonly url: string;
  /** JSON to be posted; `null` asks for the address with nothing to say. */
  readonly body: string | null;
  /** How long an answer is waited for. @units milliseconds */
  readonly limitMs: DurationMs;
}

/** Answers that are about the moment and not about the request. */
const PASSING = [408, 425, 429];

/** More of an answer is not read. @units bytes */
const ANSWER_BYTES_MAX = 8_192;

/**
 * Makes a request and never fails, except where it is called off.
 *
 * A redirect is not followed: whoever is at its other end must not be sent anything.
 *
 * @throws the signal's reason once it is aborted
 */
export async function sendOnce(
  { url, body, limitMs }: Sending,
  clock: Clock,
  signal: AbortSignal,
): Promise<Attempt> {
  signal.throwIfAborted();
  const cut = new AbortController();
  const done = new AbortController();
  const relay = () => cut.abort(signal.reason);
  signal.addEventListener("abort", relay, { once: true });
  const expiry = clock.sleepUntil(clock.now() + limitMs, done.signal).then(
    () => cut.abort(),
    // Woken by `done`: the request ended first.
    () => {},
  );
  try {
    return await readAnswer(await fetch(url, initOf(body, cut.signal)), clock);
  } catch (error) {
    signal.throwIfAborted();
    return failureOf(error, cut.signal.aborted ? limitMs : null);
  } finally {
    signal.removeEventListener("abort", relay);
    done.abort();
    await expiry;
  }
}

function initOf(body: string | null, signal: AbortSignal): RequestInit {
  const shared = { signal, redirect: "manual" } as const;
  return body === null ? { ...shared, method: "GET" } : {
    ...shared,
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  };
}

async function readAnswer(response: Response, clock: Clock): Promise<Attempt> {
  const { status } = response;
  if (PASSING.includes(status) || status >= 500) {
    const waits = [
      headerWait(response.headers.get("retry-after"), clock),
      bodyWait(await beginning(response)),
    ].filter((wait) => wait !== null);
    return {
      kind: "again",
      why: `it answered ${status}`,
      afterMs: waits.length === 0 ? null : Math.max(...waits),
    };
  }
  // The status is the answer: whatever becomes of the rest must not make it another.
  response.body?.cancel().catch(() => {});
  if (response.ok) return { kind: "delivered" };
  const isRedirect = status === 0 || (status >= 300 && status < 400);
  const why = isRedirect
    ? "it answered with a redirect, which is not followed"
    : `it answered ${status}`;
  return { kind: "refused", why };
}

function failureOf(error: unknown, limitMs: DurationMs | null): Attempt {
  if (limitMs !== null) {
    const why = `no answer within ${limitMs} ms`;
    return { kind: "again", why, afterMs: null };
  }
  if (error instanceof Deno.errors.NotCapable) {
    return { kind: "refused", why: "the process may not reach its host" };
  }
  return { kind: "again", why: "it could not be reached", afterMs: null };
}

/** Seconds, or a date. */
function headerWait(header: string | null, clock: Clock): DurationMs | null {
  if (header === null) return null;
  if (/^\d{1,6}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - clock.now());
}

/** Discord says it in `retry_after`, Telegram in `parameters.retry_after`: seconds, also in parts. */
function bodyWait(text: string): DurationMs | null {
  const answer = fieldsOf(parsed(text));
  const inner = fieldsOf(answer.parameters);
  const seconds = [answer.retry_after, inner.retry_after].find((value) =>
    typeof value === "number" && value >= 0
  );
  return typeof seconds === "number" ? Math.ceil(seconds * 1000) : null;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON, as proxies answer: then it names no wait.
    return null;
  }
}

/** As much of an answer as can matter. */
async function beginning({ body }: Response): Promise<string> {
  if (body === null) return "";
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  while (bytes < ANSWER_BYTES_MAX) {
    const { value, done } = await reader.read();
    if (done) return text;
    bytes += value.length;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text;
}
