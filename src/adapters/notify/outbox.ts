/**
 * Messages on their way to one webhook: one at a time, again where that can help, never in the way.
 *
 * @module
 */

import type { DurationMs } from "../../domain/time.ts";
import type { Clock } from "../../runtime/ports.ts";
import type { Message } from "./body.ts";
import type { Attempt } from "./send.ts";

/** A message that did not arrive, or may not have. */
export interface Undelivered {
  readonly message: Message;
  /** Why it is not sent again. */
  readonly reason: "refused" | "gave_up" | "dropped" | "stopped";
  /** How often it was sent. */
  readonly attempts: number;
  /** What stood against it, as the end of a sentence. */
  readonly why: string;
}

/** What an outbox works with. */
export interface OutboxParts {
  readonly clock: Clock;
  /** Sends a message once; throws only where the signal is aborted. */
  readonly send: (message: Message, signal: AbortSignal) => Promise<Attempt>;
  readonly report: (undelivered: Undelivered) => void;
  /** How many messages may wait; `WAITING_MAX` by default. */
  readonly waitingMax?: number;
}

/** How many messages may wait for one webhook. */
export const WAITING_MAX = 100;

/** How often one message is sent: with the waits below, for a quarter of an hour. */
export const ATTEMPTS_MAX = 20;

/** The wait after the first failure; it doubles with each. @units milliseconds */
export const BACKOFF_MS: DurationMs = 1_000;

/** The longest wait that is our own choice. @units milliseconds */
export const BACKOFF_MS_MAX: DurationMs = 60_000;

/** The longest wait that a receiver may ask for. @units milliseconds */
export const RETRY_AFTER_MS_MAX: DurationMs = 15 * 60_000;

const NO_TIME = "there was no time left";

/**
 * The wait after so many failed attempts; the receiver's wish comes first where it is longer.
 *
 * @units `afterMs` and the answer: milliseconds
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([1, 2, 3, 9].map((n) => retryWaitMs(n, null)), [
 *   1000, 2000, 4000, 60000,
 * ]);
 * assert.equal(retryWaitMs(1, 30_000), 30_000);
 * ```
 */
export function retryWaitMs(
  attempts: number,
  afterMs: DurationMs | null,
): DurationMs {
  const own = Math.min(BACKOFF_MS * 2 ** (attempts - 1), BACKOFF_MS_MAX);
  return Math.max(own, Math.min(afterMs ?? 0, RETRY_AFTER_MS_MAX));
}

/** A queue of its own for one webhook; to put something into it takes no time. */
export class Outbox {
  readonly #parts: OutboxParts;
  readonly #waiting: Message[] = [];
  /** Aborted when the run is over: nothing waits for a later try any more. */
  readonly #closing = new AbortController();
  /** Aborted when the grace is over. */
  readonly #ending = new AbortController();
  #working: Promise<void> | null = null;

  /** An empty outbox. */
  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** Takes a message; it leaves after whatever the caller is in the middle of. */
  put(message: Message): void {
    if (this.#closing.signal.aborted) {
      return this.#tell(message, "stopped", 0, "the run is over");
    }
    this.#waiting.push(message);
    this.#dropSurplus();
    this.#working ??= this.#work();
  }

  /**
   * Gives everything that waits one more try, and says what did not arrive.
   *
   * @units `graceMs`: milliseconds, for all of it together
   */
  async close(graceMs: DurationMs, leave?: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    this.#closing.abort();
    if (this.#working === null) return;
    const over = new AbortController();
    const end = () => this.#ending.abort();
    if (leave?.aborted === true) end();
    leave?.addEventListener("abort", end, { once: true });
    clock.sleepUntil(clock.now() + graceMs, over.signal).then(end, () => {});
    try {
      await this.#working;
    } finally {
      over.abort();
      leave?.removeEventListener("abort", end);
    }
  }

  /** The oldest of those that are no alarm goes first; an alarm only where there is nothing else. */
  #dropSurplus(): void {
    const { waitingMax = WAITING_MAX } = this.#parts;
    while (this.#waiting.length > waitingMax) {
      const lesser = this.#waiting.findIndex(({ urgent }) => !urgent);
      const [dropped] = this.#waiting.splice(Math.max(lesser, 0), 1);
      if (dropped === undefined) return;
      this.#tell(dropped, "dropped", 0, `more than ${waitingMax} were waiting`);
    }
  }

  async #work(): Promise<void> {
    // Whoever put the message in goes on first: a close must not wait even for a request's start.
    await null;
    for (let next = this.#take(); next !== null; next = this.#take()) {
      await this.#deliver(next);
    }
    this.#working = null;
  }

  #take(): Message | null {
    return this.#waiting.shift() ?? null;
  }

  async #deliver(message: Message): Promise<void> {
    for (let attempts = 1;; attempts++) {
      if (this.#ending.signal.aborted) {
        return this.#tell(message, "stopped", attempts - 1, NO_TIME);
      }
      const result = await this.#attempt(message);
      if (result.kind === "delivered") return;
      const { why } = result;
      if (result.kind === "refused") {
        return this.#tell(message, "refused", attempts, why);
      }
      if (this.#closing.signal.aborted) {
        return this.#tell(message, "stopped", attempts, why);
      }
      if (attempts >= ATTEMPTS_MAX) {
        return this.#tell(message, "gave_up", attempts, why);
      }
      await this.#pause(retryWaitMs(attempts, result.afterMs));
    }
  }

  async #attempt(message: Message): Promise<Attempt> {
    const { signal } = this.#ending;
    try {
      return await this.#parts.send(message, signal);
    } catch {
      // What was thrown is not looked at: it may hold the address.
      const why = signal.aborted ? NO_TIME : "it could not be sent";
      return { kind: "again", why, afterMs: null };
    }
  }

  async #pause(ms: DurationMs): Promise<void> {
    const { clock } = this.#parts;
    try {
      await clock.sleepUntil(clock.now() + ms, this.#closing.signal);
    } catch (error) {
      // The run ends: it is tried once more, now.
      if (!this.#closing.signal.aborted) throw error;
    }
  }

  #tell(
    message: Message,
    reason: Undelivered["reason"],
    attempts: number,
    why: string,
  ): void {
    try {
      this.#parts.report({ message, reason, attempts, why });
    } catch {
      // Whoever hears of it must not be able to keep back the messages that follow.
    }
  }
}
