/**
 * Both sides of a gateway: the account behind it, and who comes in.
 *
 * @module
 */

import type { Clock } from "../../../../runtime/ports.ts";
import type { FaultBox } from "../faults.ts";
import type { EngineListener, PaperState, PaperWorld } from "../state.ts";

/** The account behind a gateway. */
export interface GatewayDesk {
  readonly world: PaperWorld;
  readonly state: PaperState;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  faults: FaultBox;
  listen(listener: EngineListener): () => void;
}

/** How a connection came in. */
export interface GatewayDoor {
  /** What clients must show; `null` lets everybody in. */
  readonly token: string | null;
  /** The address of the gateway, without path: `ws://127.0.0.1:8787`. */
  readonly base: string;
  /** What its address asks for. */
  readonly query: URLSearchParams;
}

/** What a client does with its connection. */
export interface GatewayConnection {
  /** A message came; text, or anything else. */
  receive(data: unknown): void;
  /** The client closed, or is gone. @units `code`: that of the WebSocket */
  ended(code: number): void;
  /** We close. @units `code`: that of the WebSocket */
  close(code: number, reason: string): void;
}
