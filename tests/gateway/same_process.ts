/**
 * The way from our own gateway client to the paper broker's gateway within one process, so that a
 * virtual clock sees all of it.
 *
 * @module
 */

import type { PaperBroker } from "../../src/adapters/brokers/paper/paper_broker.ts";
import type { GatewayTransport } from "../../src/gateway/ports.ts";

/** Leads to an account's gateway; everything arrives one turn later, in order. */
export function sameProcess(account: PaperBroker): GatewayTransport {
  return {
    name: "the paper broker",
    async information() {
      const path = "/gateway/bot";
      const query = new URLSearchParams();
      const asked = { method: "GET", path, query, body: null };
      const reply = await account.router(asked);
      if (reply === null) throw new Error("It was not answered");
      return { status: reply.status, retryAfterMs: null, body: reply.body };
    },
    connect(url, listener) {
      const later = (act: () => void) => void Promise.resolve().then(act);
      let isOver = false;
      const end = (code: number, reason: string) => {
        if (!isOver) later(() => listener.closed(code, reason));
        isOver = true;
      };
      const connection = account.gateway.connect({
        send: (frame) => later(() => listener.message(frame)),
        close: end,
        cut: () => end(1006, ""),
      }, {
        token: null,
        base: "ws://paper",
        query: new URL(url).searchParams,
      });
      return {
        send: (text) => later(() => connection.receive(text)),
        close(code) {
          later(() => connection.ended(code));
          end(code, "");
          return Promise.resolve();
        },
      };
    },
  };
}
