/**
 * What a paper gateway is made to get wrong, for tests and drills.
 *
 * @module
 */

import {
  count,
  flag,
  maybe,
  object,
  type Reader,
  ShapeError,
  text,
} from "../../protocol/reading.ts";

/** What can bring a fault about at the gateway. */
export const GATEWAY_FAULT_TARGETS = [
  "gateway_connect",
  "gateway_identify",
  "gateway_resume",
  "gateway_heartbeat",
  "gateway_event",
] as const;

/** What brings a fault about: something that a client does, or news that is due to it. */
export type GatewayFaultTarget = typeof GATEWAY_FAULT_TARGETS[number];

/** One rule about the gateway. */
export interface GatewayFaultRule {
  /** What brings it about; the fault takes its place, except that news is told afterwards. */
  readonly on: GatewayFaultTarget;
  /** Only connections of this shard; which it is shows when a client identifies. @units a shard's id */
  readonly shard?: number | null;
  /** How many times nothing happens first; none by default. */
  readonly after?: number | null;
  /** How many times it applies, then never again; for ever by default. */
  readonly times?: number | null;
  /** What goes wrong. */
  readonly do: GatewayFault;
}

/**
 * What goes wrong with a connection of the gateway; names and fields are those of the JSON.
 *
 * @units `code`: that of a WebSocket's end; `ms`: milliseconds
 */
export type GatewayFault =
  /** Ends the connection without a code; its session can be resumed. */
  | { readonly kind: "cut" }
  /** Neither hears nor says anything any more, and stays open. */
  | { readonly kind: "half_open" }
  /** Asks the client to connect again (op 7). */
  | { readonly kind: "reconnect" }
  /** Asks for a heartbeat at once (op 1), beside what was to happen. */
  | { readonly kind: "ask_heartbeat" }
  /** Says that the session is invalid (op 9). */
  | { readonly kind: "invalid_session"; readonly resumable?: boolean | null }
  /** Closes with a code. */
  | {
    readonly kind: "close";
    readonly code: number;
    readonly reason?: string | null;
  }
  /** Forgets the session and cuts the connection, as a server does that starts anew. */
  | { readonly kind: "lose_session" }
  /** Says everything that much later from now on. */
  | { readonly kind: "slow"; readonly ms: number };

/** Codes of the standard that a server may send; 3000 to 4999 are free. */
const STANDARD_CODES: readonly number[] = [1000, 1001, 1011, 1012];

const code: Reader<number> = (value, path) => {
  const read = count(value, path);
  const isFree = read >= 3000 && read <= 4999;
  if (isFree || STANDARD_CODES.includes(read)) return read;
  const codes = STANDARD_CODES.join(", ");
  throw new ShapeError(path, `one of ${codes} or 3000 to 4999`, value);
};

/** Reads the fields of each kind. */
export const GATEWAY_FAULT_READERS: {
  readonly [K in GatewayFault["kind"]]: Reader<object>;
} = {
  cut: object({}),
  half_open: object({}),
  reconnect: object({}),
  ask_heartbeat: object({}),
  invalid_session: object({ resumable: maybe(flag) }),
  close: object({ code, reason: maybe(text) }),
  lose_session: object({}),
  slow: object({ ms: count }),
};
