/**
 * A gateway over the network, by fetch and WebSocket.
 *
 * @module
 */

import { CarillonError } from "../../domain/error.ts";
import type { DurationMs } from "../../domain/time.ts";
import type {
  GatewayAnswer,
  GatewaySocket,
  GatewayTransport,
  SocketListener,
} from "../../gateway/ports.ts";

/** Where a gateway is and how to be let in. */
export interface WebGatewayOptions {
  /** Base address; `/gateway/bot` comes after it. No user, password, query or fragment. */
  readonly url: string;
  /** Sent as `Authorization: Bot ...`; never part of an address. */
  readonly token: string;
}

/** Told of a connection that we did not open; libraries and servers use the codes from 3000 on. */
const NOT_OPENED = 3000;

/**
 * A way to a gateway over HTTP and WebSocket.
 *
 * @throws {CarillonError} "gateway/bad-address"; the message shows nothing that may be a secret
 */
export function webGateway(options: WebGatewayOptions): GatewayTransport {
  const { name, root, isEncrypted } = gatewayAddress(options.url);
  return {
    name,
    information: (signal) => ask(`${root}/gateway/bot`, options.token, signal),
    connect(url, listener) {
      if (isEncrypted && !url.startsWith("wss:")) {
        const why = "its address is not encrypted, and the gateway's is";
        return notOpened(listener, NOT_OPENED, why);
      }
      return connect(url, listener);
    },
  };
}

interface GatewayAddress {
  readonly name: string;
  readonly root: string;
  readonly isEncrypted: boolean;
}

function gatewayAddress(text: string): GatewayAddress {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    // Not shown: what cannot be taken apart may hold a secret anywhere.
    throw badAddress("it must be one such as https://gateway.example.com/api");
  }
  const { username, password, search, hash } = url;
  if (username + password + search + hash !== "") {
    throw badAddress("it holds a user, a password, a query or a fragment");
  }
  const name = `${url.protocol}//${url.host}`;
  return {
    name,
    root: name + url.pathname.replace(/\/+$/, ""),
    isEncrypted: url.protocol === "https:",
  };
}

function badAddress(why: string): CarillonError {
  return new CarillonError(
    "gateway/bad-address",
    `Cannot use the gateway's address: ${why}`,
  );
}

async function ask(
  address: string,
  token: string,
  signal: AbortSignal,
): Promise<GatewayAnswer> {
  const response = await fetch(address, {
    headers: { accept: "application/json", authorization: `Bot ${token}` },
    // Another address might belong to somebody else, and would be sent the token.
    redirect: "error",
    signal,
  });
  return {
    status: response.status,
    retryAfterMs: retryAfter(response.headers.get("retry-after")),
    body: await response.text(),
  };
}

/** Seconds, as nearly everybody sends them; a date would need a clock to compare with. */
function retryAfter(header: string | null): DurationMs | null {
  return header !== null && /^\d{1,6}$/.test(header)
    ? Number(header) * 1_000
    : null;
}

function connect(url: string, listener: SocketListener): GatewaySocket {
  let socket: WebSocket;
  try {
    socket = new WebSocket(url);
  } catch (error) {
    // An address that is none, or one that we may not reach.
    const why = error instanceof Error ? error.message : String(error);
    return notOpened(listener, NOT_OPENED, why);
  }
  const over = Promise.withResolvers<void>();
  socket.onmessage = ({ data }) => listener.message(String(data));
  // A close event follows every error and says all there is to say.
  socket.onerror = (event) => event.preventDefault();
  socket.onclose = ({ code, reason }) => {
    over.resolve();
    listener.closed(code, reason);
  };
  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close(code) {
      if (socket.readyState <= WebSocket.OPEN) socket.close(code);
      return over.promise;
    },
  };
}

function notOpened(
  listener: SocketListener,
  code: number,
  why: string,
): GatewaySocket {
  queueMicrotask(() => listener.closed(code, why));
  return { send: () => {}, close: () => Promise.resolve() };
}
