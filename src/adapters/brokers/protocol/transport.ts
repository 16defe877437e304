/**
 * How requests of the open protocol travel: over a network, or as a call within the process.
 *
 * @module
 */

import type { DurationMs } from "../../../domain/time.ts";

/** One request. */
export interface Call {
  readonly method: "GET" | "POST" | "DELETE";
  /** Path and query, encoded. */
  readonly path: string;
  readonly body: string | null;
}

/** One answer. */
export interface Answer {
  readonly status: number;
  /** The `Retry-After` header. @units milliseconds */
  readonly retryAfterMs: DurationMs | null;
  readonly body: string;
}

/** What a stream tells. */
export interface StreamListener {
  /** One text frame. */
  message(text: string): void;
  /** The end of it, for whatever reason; told once. */
  closed(why: string): void;
}

/** An open stream. */
export interface StreamConnection {
  /** Ends it; resolves once nothing of it is left. */
  close(): Promise<void>;
}

/** A way to one broker; disposing of it lets go of what its calls held, and none may follow. */
export interface Transport extends Disposable {
  /** The broker as messages name it; never holds a secret. */
  readonly name: string;
  /** Longest silence of a stream that is alive; `null` where a stream cannot die unseen. @units milliseconds */
  readonly silenceMs: DurationMs | null;
  /**
   * Sends a request and waits for the answer; ends with the signal.
   *
   * A request that changes something leaves once at most: nothing on the way may repeat it.
   *
   * @throws {NotSent} where it is proven that the request did not leave
   * @throws any other error where it may have arrived
   */
  call(call: Call, signal: AbortSignal): Promise<Answer>;
  /** Opens the stream; a failure is told to the listener as its end. */
  connect(listener: StreamListener): StreamConnection;
}

/** A request that did not reach the broker, which is proven and not only likely. */
export class NotSent extends Error {
  override readonly name = "NotSent";
}
