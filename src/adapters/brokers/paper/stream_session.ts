/**
 * One WebSocket of the stream, from its first message to its end.
 *
 * @module
 */

import type { DurationMs } from "../../../domain/time.ts";
import type { Clock } from "../../../runtime/ports.ts";
import { object, readJson, word } from "../protocol/reading.ts";
import { isSameSecret } from "./guard.ts";
import { eventJson, instantText, type Json } from "./replies.ts";
import type { EngineListener, PaperState } from "./state.ts";

/** How often a stream shows that it is alive. @units milliseconds */
export const HEARTBEAT_MS: DurationMs = 5_000;
/** How long a stream may take to say who it is. @units milliseconds */
const AUTH_MS: DurationMs = 5_000;
/** What may lie unsent before a listener counts as too slow. @units bytes */
const BUFFER_MAX = 1 << 20;

const UNAUTHORIZED = 4401;
const TOO_SLOW = 4408;
const GOING_AWAY = 1001;

/** What a stream needs. */
export interface StreamSessionOptions {
  readonly account: {
    readonly state: PaperState;
    listen(listener: EngineListener): () => void;
  };
  readonly token: string;
  /** Whether the request that opened it carried the token. */
  readonly authorized: boolean;
  readonly clock: Clock;
  readonly heartbeatMs: DurationMs;
  /** Aborted when the server closes. */
  readonly signal: AbortSignal;
}

/** Serves a stream; resolves once its socket is closed. */
export async function serveStream(
  socket: WebSocket,
  options: StreamSessionOptions,
): Promise<void> {
  const { clock, account } = options;
  const closed = new AbortController();
  const over = Promise.withResolvers<void>();
  const known = Promise.withResolvers<boolean>();
  socket.onclose = () => {
    closed.abort();
    known.resolve(false);
    over.resolve();
  };
  // The close event that follows ends everything.
  socket.onerror = (event) => {
    if (event instanceof ErrorEvent) event.preventDefault();
  };
  socket.onopen = () => {
    if (options.authorized) known.resolve(true);
  };
  socket.onmessage = ({ data }) =>
    known.resolve(isAuth(String(data), options.token));
  const leave = () => socket.close(GOING_AWAY, "the broker is closing");
  options.signal.addEventListener("abort", leave, { once: true });
  const waited = new AbortController();
  const patience = clock.sleepUntil(clock.now() + AUTH_MS, waited.signal)
    .then(() => known.resolve(false), () => undefined);
  const welcome = await known.promise;
  waited.abort();
  await patience;
  if (!welcome) {
    if (!closed.signal.aborted) socket.close(UNAUTHORIZED, "unauthorized");
    await over.promise;
  } else {
    const stop = account.listen((event) => send(socket, eventJson(event)));
    send(socket, {
      type: "hello",
      seq: account.state.seq,
      heartbeat_ms: options.heartbeatMs,
    });
    await beat(socket, options, closed.signal);
    stop();
    await over.promise;
  }
  options.signal.removeEventListener("abort", leave);
}

/** Shows that the stream is alive until it is closed. */
async function beat(
  socket: WebSocket,
  { clock, heartbeatMs }: StreamSessionOptions,
  closed: AbortSignal,
): Promise<void> {
  while (!closed.aborted) {
    await clock.sleepUntil(clock.now() + heartbeatMs, closed)
      // Closed meanwhile: the loop's condition ends it.
      .catch(() => undefined);
    if (!closed.aborted) {
      send(socket, { type: "heartbeat", at: instantText(clock.now()) });
    }
  }
}

function send(socket: WebSocket, frame: Json): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  if (socket.bufferedAmount > BUFFER_MAX) {
    socket.close(TOO_SLOW, "too slow");
  } else {
    socket.send(JSON.stringify(frame));
  }
}

function isAuth(message: string, token: string): boolean {
  try {
    const reader = object<{ readonly type: string; readonly token: string }>({
      type: word,
      token: word,
    });
    const frame = readJson(message, reader);
    return frame.type === "auth" && isSameSecret(frame.token, token);
  } catch {
    // Whatever it is, it is no proof of who sent it.
    return false;
  }
}
