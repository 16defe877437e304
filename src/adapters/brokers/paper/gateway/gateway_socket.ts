/**
 * One WebSocket of the gateway, from its opening to its end.
 *
 * @module
 */

import { CLOSE } from "./close_code.ts";
import type { GatewayConnection, GatewayDoor } from "./gateway_door.ts";
import type { PaperGateway } from "./paper_gateway.ts";

/** What may lie unsent before a client counts as too slow. @units bytes */
const BUFFER_MAX = 1 << 20;
/** The longest reason that a closing frame has room for. @units bytes */
const REASON_BYTES_MAX = 123;

/** Serves a WebSocket; resolves once it is closed. */
export function serveGateway(
  socket: WebSocket,
  gateway: PaperGateway,
  door: GatewayDoor,
  signal: AbortSignal,
): Promise<void> {
  const over = Promise.withResolvers<void>();
  let connection: GatewayConnection | null = null;
  const close = (code: number, reason: string) => {
    if (socket.readyState < WebSocket.CLOSING) socket.close(code, fit(reason));
  };
  const leave = () => {
    const reason = "the broker is closing";
    connection?.close(CLOSE.goingAway, reason);
    // One that a fault has silenced is told nothing by the gateway.
    close(CLOSE.goingAway, reason);
  };
  const peer = {
    close,
    send(frame: string) {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (socket.bufferedAmount > BUFFER_MAX) {
        connection?.close(CLOSE.unknownError, "too slow");
      } else socket.send(frame);
    },
    cut() {
      // As near to a cut as a WebSocket comes: an end without a code.
      if (socket.readyState < WebSocket.CLOSING) socket.close();
    },
  };
  socket.onopen = () => {
    connection = gateway.connect(peer, door);
    if (signal.aborted) leave();
  };
  socket.onmessage = ({ data }) => connection?.receive(data);
  socket.onclose = ({ code }) => {
    signal.removeEventListener("abort", leave);
    connection?.ended(code);
    over.resolve();
  };
  // The close event that follows ends everything.
  socket.onerror = (event) => {
    if (event instanceof ErrorEvent) event.preventDefault();
  };
  signal.addEventListener("abort", leave, { once: true });
  return over.promise;
}

/** A reason as long as a closing frame has room for; what is not ASCII takes more than it shows. */
function fit(reason: string): string {
  return reason.replaceAll(/[^ -~]/g, "?").slice(0, REASON_BYTES_MAX);
}
