/**
 * The paper broker on a real socket of this machine.
 *
 * @module
 */

import type { DurationMs } from "../../../domain/time.ts";
import type { Clock } from "../../../runtime/ports.ts";
import { orAborted } from "../protocol/deadline.ts";
import { checkOrigin, checkToken } from "./guard.ts";
import { serveGateway } from "./gateway/gateway_socket.ts";
import type { PaperBroker } from "./paper_broker.ts";
import { errorReply, type PaperReply } from "./reply.ts";
import { HEARTBEAT_MS, serveStream } from "./stream_session.ts";

/** How a paper broker is served. */
export interface ServeOptions {
  /** 0 takes any free one. */
  readonly port: number;
  /** The bearer token that every request must carry. */
  readonly token: string;
  /** For heartbeats; the broker's own by default. */
  readonly clock?: Clock;
  /** How often a stream shows that it is alive. @units milliseconds */
  readonly heartbeatMs?: DurationMs;
}

/** A paper broker that listens. */
export interface PaperServer extends AsyncDisposable {
  /** Base address, without `/v1`. */
  readonly url: string;
  /** The bearer token that every request must carry. */
  readonly token: string;
  /** Ends every stream and request; the account itself goes on. */
  close(): Promise<void>;
}

/** What is a WebSocket. */
const SOCKET_PATHS = ["/v1/stream", "/gateway", "/gateway/resume"] as const;
/** The largest body that is read. @units bytes */
const BODY_MAX = 64 * 1024;
/** How long streams may take to say goodbye. @units milliseconds */
const GOODBYE_MS: DurationMs = 1_000;

/**
 * Serves a paper broker on loopback; it listens once this returns.
 *
 * @throws {Deno.errors.AddrInUse} if the port is taken
 */
export function servePaper(
  broker: PaperBroker,
  options: ServeOptions,
): PaperServer {
  const clock = options.clock ?? broker.clock;
  const closing = new AbortController();
  const streams = new Set<Promise<void>>();
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: options.port,
    // The address is known from the value returned; nothing is printed here.
    onListen: () => {},
    onError: () =>
      toResponse(errorReply(500, "broker/fault", "the paper broker failed")),
  }, async (request) => {
    const foreign = checkOrigin(request.headers);
    if (foreign !== null) return toResponse(foreign);
    const upgrade = socketPath(request);
    if (upgrade === "/v1/stream") return openStream(request);
    if (upgrade !== null) return openGateway(request);
    const stranger = checkToken(request.headers, options.token);
    if (stranger !== null) return toResponse(stranger);
    return toResponse(await answer(broker, request, closing.signal));
  });

  function openStream(request: Request): Response {
    // An upgraded request has no headers any more.
    const authorized = checkToken(request.headers, options.token) === null;
    const { socket, response } = Deno.upgradeWebSocket(request);
    const serving = serveStream(socket, {
      account: broker,
      token: options.token,
      authorized,
      clock,
      heartbeatMs: options.heartbeatMs ?? HEARTBEAT_MS,
      signal: closing.signal,
    });
    remember(serving);
    return response;
  }

  function openGateway(request: Request): Response {
    const { host, searchParams } = new URL(request.url);
    const { socket, response } = Deno.upgradeWebSocket(request);
    const { token } = options;
    const door = { token, base: `ws://${host}`, query: searchParams };
    remember(serveGateway(socket, broker.gateway, door, closing.signal));
    return response;
  }

  function remember(serving: Promise<void>): void {
    streams.add(serving);
    serving.finally(() => streams.delete(serving));
  }

  async function close(): Promise<void> {
    closing.abort();
    const done = new AbortController();
    const patience = clock.sleepUntil(clock.now() + GOODBYE_MS, done.signal)
      // Every stream ended in time.
      .catch(() => undefined);
    await Promise.race([Promise.all(streams), patience]);
    done.abort();
    await patience;
    await server.shutdown();
  }

  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    token: options.token,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Where a WebSocket is asked for that is served; `null` for any other request. */
function socketPath(request: Request): string | null {
  if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
    return null;
  }
  const { pathname } = new URL(request.url);
  return SOCKET_PATHS.find((path) =>
    path === pathname || `${path}/` === pathname
  ) ?? null;
}

async function answer(
  broker: PaperBroker,
  request: Request,
  closing: AbortSignal,
): Promise<PaperReply> {
  const body = await readBody(request);
  if (body === "too large") {
    return errorReply(413, "request/too-large", `at most ${BODY_MAX} bytes`);
  }
  const url = new URL(request.url);
  const given = {
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    body: body.text,
    host: url.host,
  };
  try {
    const reply = await orAborted(broker.router(given), closing);
    // Never answered: the connection stays until the client gives up or the server closes.
    return reply ?? await orAborted(new Promise<PaperReply>(() => {}), closing);
  } catch (error) {
    if (!closing.aborted) throw error;
    return errorReply(503, "broker/closing", "the broker is closing");
  }
}

async function readBody(
  request: Request,
): Promise<{ readonly text: string | null } | "too large"> {
  if (request.body === null) return { text: null };
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > BODY_MAX) return "too large";
    text += decoder.decode(chunk, { stream: true });
  }
  return { text: text + decoder.decode() };
}

function toResponse({ status, headers, body }: PaperReply): Response {
  return new Response(body, { status, headers });
}
