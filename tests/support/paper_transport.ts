/**
 * The paper broker's gateway as a way within the process, for virtual time.
 *
 * @module
 */

import type { PaperBroker } from "../../src/adapters/brokers/paper/paper_broker.ts";
import type { GatewayTransport } from "../../src/gateway/ports.ts";

const BASE = "ws://paper.test";

/** A way to a paper broker's gateway that needs no socket. */
export function paperTransport(broker: PaperBroker): GatewayTransport {
  return {
    name: "paper",
    async information() {
      await Promise.resolve();
      const body = JSON.stringify(broker.gateway.botJson(BASE));
      return { status: 200, retryAfterMs: null, body };
    },
    connect(url, listener) {
      let state: "open" | "over" = "open";
      const later = (tell: () => void) =>
        queueMicrotask(() => state === "open" ? tell() : undefined);
      const end = (code: number, reason: string) =>
        later(() => {
          state = "over";
          listener.closed(code, reason);
          connection.ended(code);
        });
      const connection = broker.gateway.connect({
        send: (frame) => later(() => listener.message(frame)),
        close: end,
        cut: () => end(1006, ""),
      }, { token: null, base: BASE, query: new URL(url).searchParams });
      return {
        send: (text) => later(() => connection.receive(text)),
        close(code) {
          if (state === "open") {
            state = "over";
            connection.ended(code);
          }
          return Promise.resolve();
        },
      };
    },
  };
}
