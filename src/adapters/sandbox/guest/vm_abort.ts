/**
 * A signal like `AbortSignal`, for a machine that has none.
 *
 * @module
 */

import type { Abort } from "./guest.ts";

type Listener = (event: { readonly type: "abort" }) => void;

/** Makes a signal and the way to set it off. */
export function makeAbort(): Abort {
  const listeners = new Set<Listener>();
  const state: { reason: Error | undefined } = { reason: undefined };
  const signal = {
    onabort: null as Listener | null,
    get aborted() {
      return state.reason !== undefined;
    },
    get reason() {
      return state.reason;
    },
    throwIfAborted() {
      if (state.reason !== undefined) throw state.reason;
    },
    addEventListener(type: string, listener: Listener) {
      if (type === "abort") listeners.add(listener);
    },
    removeEventListener(_type: string, listener: Listener) {
      listeners.delete(listener);
    },
  };
  return {
    signal,
    abort(reason) {
      if (state.reason !== undefined) return;
      state.reason = reason;
      const event = { type: "abort" } as const;
      signal.onabort?.(event);
      for (const listener of listeners) listener(event);
    },
  };
}
