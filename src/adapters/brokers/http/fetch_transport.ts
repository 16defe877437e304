/**
 * The open protocol over a network, by fetch and WebSocket.
 *
 * @module
 */

import type { DurationMs } from "../../../domain/time.ts";
import {
  type Answer,
  type Call,
  NotSent,
  type StreamConnection,
  type StreamListener,
  type Transport,
} from "../protocol/transport.ts";

/** A broker's address and the key to it. */
export interface FetchTransportOptions {
  /** Base address, such as `https://bridge.example.com`; a path is kept, the rest is not. */
  readonly url: string;
  /** Sent as a bearer token and as the stream's first message; never part of an address. */
  readonly token: string | null;
  /** Longest silence of a living stream. @units milliseconds by the clock */
  readonly silenceMs?: DurationMs;
}

/** Three heartbeats missed: a stream that says nothing for that long is dead. @units milliseconds */
export const SILENCE_MS: DurationMs = 15_000;

/** What a cut connection reports, depending on who noticed it first. */
const LOST_CODES: readonly number[] = [0, 1005, 1006];

/** A way to a broker over HTTP and WebSocket. @throws {TypeError} if the address is none */
export function fetchTransport(options: FetchTransportOptions): Transport {
  const base = new URL(options.url);
  const root = base.origin + base.pathname.replace(/\/+$/, "");
  return {
    name: base.origin,
    silenceMs: options.silenceMs ?? SILENCE_MS,
    call: (call, signal) => send(root, options.token, call, signal),
    connect: (listener) => connect(root, options.token, listener),
  };
}

async function send(
  root: string,
  token: string | null,
  call: Call,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const response = await fetch(root + call.path, {
      method: call.method,
      headers: headersOf(token, call),
      body: call.body,
      // Another address might belong to somebody else, and would be sent the token.
      redirect: "error",
      signal,
    });
    return {
      status: response.status,
      retryAfterMs: retryAfter(response.headers.get("retry-after")),
      body: await response.text(),
    };
  } catch (error) {
    signal.throwIfAborted();
    throw neverLeft(error)
      ? new NotSent("nobody answers there", { cause: error })
      : new Error("the connection broke before the answer", { cause: error });
  }
}

function headersOf(token: string | null, call: Call): Record<string, string> {
  return {
    accept: "application/json",
    ...(call.body === null ? {} : { "content-type": "application/json" }),
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
}

/**
 * Whether no connection came about. The platform says so in words only; should they change, the
 * failure counts as unknown and is asked about, which costs time and is never wrong.
 */
function neverLeft(error: unknown): boolean {
  const causes = [error, error instanceof Error ? error.cause : null];
  return causes.some((one) =>
    one instanceof Error && one.message.includes("client error (Connect)")
  );
}

/** Seconds, as nearly everybody sends them; a date would need a clock to compare with. */
function retryAfter(header: string | null): DurationMs | null {
  return header !== null && /^\d{1,6}$/.test(header)
    ? Number(header) * 1000
    : null;
}

function connect(
  root: string,
  token: string | null,
  listener: StreamListener,
): StreamConnection {
  const address = `${root.replace(/^http/, "ws")}/v1/stream`;
  const socket = new WebSocket(address);
  const closed = Promise.withResolvers<void>();
  socket.onopen = () => {
    if (token !== null) socket.send(JSON.stringify({ type: "auth", token }));
  };
  socket.onmessage = ({ data }) => listener.message(String(data));
  // A close event follows every error and says all there is to say.
  socket.onerror = (event) => event.preventDefault();
  socket.onclose = ({ code, reason }) => {
    closed.resolve();
    listener.closed(
      LOST_CODES.includes(code)
        ? "the connection was lost"
        : `the broker closed it with ${code}${reason ? ` ${reason}` : ""}`,
    );
  };
  return {
    close: () => {
      if (socket.readyState <= WebSocket.OPEN) socket.close(1000);
      return closed.promise;
    },
  };
}
