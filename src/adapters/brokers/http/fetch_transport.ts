/**
 * The open protocol over a network, by fetch and WebSocket.
 *
 * @module
 */

import type { DurationMs } from "../../../domain/time.ts";
import { brokerAddress } from "./address.ts";
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
  /** Base address, such as `https://bridge.example.com`, perhaps with a path. */
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

/** A way to a broker over HTTP and WebSocket. @throws {CarillonError} "broker/bad-address" */
export function fetchTransport(options: FetchTransportOptions): Transport {
  const { name, root } = brokerAddress(options.url);
  let once: Deno.HttpClient | null = null;
  return {
    name,
    silenceMs: options.silenceMs ?? SILENCE_MS,
    call(call, signal) {
      const init = { ...requestOf(options.token, call), signal };
      if (call.method === "GET") return send(root + call.path, init);
      once ??= sendsOnce();
      return send(root + call.path, { ...init, client: once });
    },
    connect: (listener) => connect(root, options.token, listener),
    [Symbol.dispose]() {
      once?.close();
      once = null;
    },
  };
}

/**
 * A client whose every request has a connection of its own, for those that change something.
 *
 * The platform's fetch sends a request again, by itself and whatever its method, when a connection
 * breaks that had served before: an order that arrived would arrive twice, and the failure told
 * would be that of the second try. It does not where no connection is kept, which the header
 * `connection: close` does not bring about; HTTP/2 shares connections, and has such retries of its
 * own. Reads may come twice.
 */
function sendsOnce(): Deno.HttpClient {
  return Deno.createHttpClient({ poolMaxIdlePerHost: 0, http2: false });
}

async function send(
  address: string,
  init: RequestInit & { signal: AbortSignal; client?: Deno.HttpClient },
): Promise<Answer> {
  try {
    const response = await fetch(address, init);
    return {
      status: response.status,
      retryAfterMs: retryAfter(response.headers.get("retry-after")),
      body: await response.text(),
    };
  } catch (error) {
    init.signal.throwIfAborted();
    throw brokenOff(address, error);
  }
}

/**
 * What a failed fetch tells: never "not sent", except where we were not allowed to.
 *
 * Only the words of the platform's error say whether there was a connection, and they describe its
 * last try. What rests on them must be harmless when they mislead: a sentence, never the leave to
 * send an order anew. To ask about an order that did not leave costs time and is never wrong.
 */
function brokenOff(address: string, error: unknown): Error {
  if (error instanceof Deno.errors.NotCapable) {
    const { host } = new URL(address);
    return new NotSent(`run with --allow-net=${host}`, { cause: error });
  }
  const causes = [error, error instanceof Error ? error.cause : null];
  const nobody = causes.some((one) =>
    one instanceof Error && one.message.includes("client error (Connect)")
  );
  const why = nobody
    ? "nobody answers there"
    : "the connection broke before the answer";
  return new Error(why, { cause: error });
}

function requestOf(token: string | null, call: Call): RequestInit {
  return {
    method: call.method,
    headers: headersOf(token, call),
    body: call.body,
    // Another address might belong to somebody else, and would be sent the token.
    redirect: "error",
  };
}

function headersOf(token: string | null, call: Call): Record<string, string> {
  return {
    accept: "application/json",
    ...(call.body === null ? {} : { "content-type": "application/json" }),
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
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
