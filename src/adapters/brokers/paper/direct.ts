/**
 * The paper broker's router called as a function: the open protocol without a network.
 *
 * @module
 */

import { orAborted } from "../protocol/deadline.ts";
import type { Transport } from "../protocol/transport.ts";
import { eventJson } from "./replies.ts";
import type { PaperRouter } from "./router.ts";
import type { EngineListener, PaperState } from "./state.ts";

/** What the transport leads to. */
export interface DirectTarget {
  readonly router: PaperRouter;
  readonly state: PaperState;
  listen(listener: EngineListener): () => void;
}

/** A way to a paper broker in the same process. */
export function directTransport(target: DirectTarget): Transport {
  return {
    name: "the paper broker",
    silenceMs: null,
    async call(call, signal) {
      const [path = "", query = ""] = call.path.split("?");
      const answering = target.router({
        method: call.method,
        path,
        query: new URLSearchParams(query),
        body: call.body,
      });
      const reply = await orAborted(answering, signal);
      // Never answered: as on a network, only the caller's patience ends it.
      if (reply === null) return await orAborted(new Promise(() => {}), signal);
      return { status: reply.status, retryAfterMs: null, body: reply.body };
    },
    connect(listener) {
      const leave = target.listen((event) =>
        listener.message(JSON.stringify(eventJson(event)))
      );
      const hello = { type: "hello", seq: target.state.seq };
      listener.message(JSON.stringify(hello));
      return {
        close() {
          leave();
          return Promise.resolve();
        },
      };
    },
    [Symbol.dispose]() {
      // A call in the process holds nothing.
    },
  };
}
