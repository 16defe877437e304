/**
 * The broker's stream, kept open: reconnected when it ends, ended when it falls silent.
 *
 * @module
 */

import type { DurationMs } from "../../../domain/time.ts";
import type { BrokerWatch, Clock } from "../../../runtime/ports.ts";
import { readJson } from "./reading.ts";
import { toReport } from "./translate.ts";
import type { StreamConnection, Transport } from "./transport.ts";
import { readFrame, type WireFrame } from "./wire.ts";

/** The wait after the first failure; it doubles with each further one. @units milliseconds */
export const BACKOFF_MS_MIN: DurationMs = 250;
/** The longest wait between two tries. @units milliseconds */
export const BACKOFF_MS_MAX: DurationMs = 30_000;
/** How long a closing handshake is waited for. @units milliseconds */
const GOODBYE_MS: DurationMs = 1_000;

/** How long to wait before the try after so many failures in a row. @units milliseconds */
export function backoffMs(failures: number): DurationMs {
  return Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** (failures - 1));
}

/** A stream that comes back by itself until it is disposed of. */
export class BrokerStream implements AsyncDisposable {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #watch: BrokerWatch;
  readonly #ended = new AbortController();
  readonly #running: Promise<void>;

  /** Connects at once, and tells `watch` of every change. */
  constructor(transport: Transport, clock: Clock, watch: BrokerWatch) {
    this.#transport = transport;
    this.#clock = clock;
    this.#watch = watch;
    this.#running = this.#run();
  }

  /** Ends the stream; resolves once nothing of it is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#ended;
    let failures = 0;
    while (!signal.aborted) {
      const end = await this.#connectOnce();
      if (signal.aborted) return;
      // Said once: after the stream was up, and when it cannot be had in the first place.
      if (end.wasUp || failures === 0) {
        this.#watch({ type: "stream", state: "down", message: end.why });
      }
      failures = end.wasUp ? 1 : failures + 1;
      await this.#clock
        .sleepUntil(this.#clock.now() + backoffMs(failures), signal)
        // Disposed of while waiting: the loop's condition ends it.
        .catch(() => undefined);
    }
  }

  async #connectOnce(): Promise<{
    readonly wasUp: boolean;
    readonly why: string;
  }> {
    const end = Promise.withResolvers<string>();
    const over = new AbortController();
    let heardAt = this.#clock.elapsed();
    let wasUp = false;
    const connection = this.#transport.connect({
      message: (text) => {
        heardAt = this.#clock.elapsed();
        const frame = this.#read(text, end.resolve);
        if (frame === null) return;
        if (frame.type === "hello") wasUp = true;
        this.#tell(frame);
      },
      closed: end.resolve,
    });
    const leave = () => end.resolve("closed by us");
    this.#ended.signal.addEventListener("abort", leave, { once: true });
    const watching = this.#watchSilence(() => heardAt, over.signal)
      .then((why) => why === null ? undefined : end.resolve(why));
    const why = await end.promise;
    this.#ended.signal.removeEventListener("abort", leave);
    over.abort();
    await watching;
    await this.#sayGoodbye(connection);
    return { wasUp, why };
  }

  /** A frame; one that cannot be read ends the stream, since what it said is lost. */
  #read(text: string, end: (why: string) => void): WireFrame | null {
    try {
      return readJson(text, readFrame);
    } catch (error) {
      const why = error instanceof Error ? error.message : "no JSON";
      end(`a frame is unreadable: ${why}`);
      return null;
    }
  }

  #tell(frame: WireFrame): void {
    if (frame.type === "hello") {
      const message = `at execution ${frame.seq}`;
      this.#watch({ type: "stream", state: "up", message });
    } else if (frame.type === "order") {
      this.#watch({ type: "order", report: toReport(frame.order) });
    }
  }

  /** Resolves with the reason once nothing was heard for too long; with `null` once it is over. */
  async #watchSilence(
    heardAt: () => DurationMs,
    over: AbortSignal,
  ): Promise<string | null> {
    const limitMs = this.#transport.silenceMs;
    if (limitMs === null) return null;
    for (;;) {
      const silentMs = this.#clock.elapsed() - heardAt();
      if (silentMs >= limitMs) return `no sign of life within ${limitMs} ms`;
      try {
        const wakeAt = this.#clock.now() + Math.ceil(limitMs - silentMs);
        await this.#clock.sleepUntil(wakeAt, over);
      } catch {
        // The connection ended first.
        return null;
      }
    }
  }

  /** Closes, without waiting for ever for a peer that does not answer. */
  async #sayGoodbye(connection: StreamConnection): Promise<void> {
    const done = new AbortController();
    const patience = this.#clock
      .sleepUntil(this.#clock.now() + GOODBYE_MS, done.signal)
      // The peer answered in time.
      .catch(() => undefined);
    await Promise.race([connection.close(), patience]);
    done.abort();
    await patience;
  }
}
