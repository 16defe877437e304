/**
 * Users' frames that wait until their shard may send them.
 *
 * @module
 */

import { CarillonError } from "../domain/error.ts";
import type { ClientFrame } from "./frames.ts";

/** Frames that may wait on one shard; one more is refused. */
export const OUTBOX_MAX = 1_000;

interface Waiting {
  readonly frame: ClientFrame;
  /** Sent. */
  resolve(): void;
  /** Not sent, and never will be. */
  reject(reason: unknown): void;
}

/** First in, first out; a frame leaves once, or its promise is rejected and it never leaves. */
export class Outbox {
  #waiting: Waiting[] = [];

  /** Whether nothing waits. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /**
   * Resolves once the frame was handed to the connection.
   *
   * @throws {CarillonError} "gateway/closed" if too many wait already
   * @throws the signal's reason once it is aborted, if the frame has not left
   */
  put(frame: ClientFrame, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#waiting.length >= OUTBOX_MAX) {
      return Promise.reject(
        new CarillonError(
          "gateway/closed",
          `Cannot send: ${OUTBOX_MAX} frames wait for the shard already`,
        ),
      );
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
        reject(signal?.reason);
      };
      const forget = () => signal?.removeEventListener("abort", leave);
      const waiting: Waiting = {
        frame,
        resolve: () => (forget(), resolve()),
        reject: (reason) => (forget(), reject(reason)),
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiting);
    });
  }

  /** Sends the first one. */
  next(send: (frame: ClientFrame) => void): void {
    const first = this.#waiting.shift();
    if (first === undefined) return;
    send(first.frame);
    first.resolve();
  }

  /** Nothing leaves any more. */
  end(reason: CarillonError): void {
    for (const one of this.#waiting.splice(0)) one.reject(reason);
  }
}
