/**
 * A broker behind an address: our own paper broker, or anybody's bridge.
 *
 * @module
 */

import type { DurationMs } from "../../../domain/time.ts";
import type { Broker, Clock } from "../../../runtime/ports.ts";
import { ProtocolBroker } from "../protocol/client.ts";
import { fetchTransport } from "./fetch_transport.ts";

/** Where a broker is and how to be let in. */
export interface HttpBrokerOptions {
  /** Base address, without `/v1`; no user, password, query or fragment. */
  readonly url: string;
  /** Bearer token; `null` for a broker that wants none. */
  readonly token: string | null;
  /** The clock that both waits go by. */
  readonly clock: Clock;
  /** How long an answer is waited for, by the clock given. @units milliseconds */
  readonly timeoutMs?: DurationMs;
  /** Longest silence of a living stream, by the clock given. @units milliseconds */
  readonly silenceMs?: DurationMs;
}

/**
 * Makes a broker of an address; nothing is sent before its `open()`.
 *
 * @throws {CarillonError} "broker/bad-address"
 */
export function openHttpBroker(options: HttpBrokerOptions): Broker {
  const { url, token, clock, timeoutMs, silenceMs } = options;
  return new ProtocolBroker({
    transport: fetchTransport({
      url,
      token,
      ...(silenceMs === undefined ? {} : { silenceMs }),
    }),
    clock,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}
