/**
 * Asks for an address again and again, so that somebody else notices when nobody does any more.
 *
 * @module
 */

import { SECOND_MS } from "../../domain/time.ts";
import type { DurationMs } from "../../domain/time.ts";
import type { Clock } from "../../runtime/ports.ts";
import { sendOnce } from "./send.ts";

/** Whether the signs of life arrive, told when it changes. */
export type HeartbeatChange =
  | { readonly state: "lost"; readonly why: string }
  | { readonly state: "restored" };

/** What a heartbeat works with. */
export interface HeartbeatParts {
  /** A secret. */
  readonly url: string;
  /** How often it beats. @units milliseconds */
  readonly everyMs: DurationMs;
  readonly clock: Clock;
  readonly report: (change: HeartbeatChange) => void;
}

/** The longest that an answer is waited for. @units milliseconds */
export const PING_MS_MAX: DurationMs = 10 * SECOND_MS;

/** How long an answer is waited for: always less than until the next one. @units milliseconds */
export function pingLimitMs(everyMs: DurationMs): DurationMs {
  return Math.min(PING_MS_MAX, Math.ceil(everyMs / 2));
}

/** Sends one sign of life at each beat, and none while another is under way. */
export class Heartbeat implements Disposable {
  readonly #parts: HeartbeatParts;
  readonly #ending = new AbortController();
  #isPinging = false;
  #isLost = false;

  /** One that has not beaten yet. */
  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
  }

  /** Sends a sign of life and waits for nothing. */
  beat(): void {
    if (this.#isPinging || this.#ending.signal.aborted) return;
    this.#isPinging = true;
    this.#ping().catch(() => {
      // Called off by the end of the run; there is nobody to tell.
    }).finally(() => {
      this.#isPinging = false;
    });
  }

  /** Sends nothing any more. */
  [Symbol.dispose](): void {
    this.#ending.abort();
  }

  async #ping(): Promise<void> {
    const { url, everyMs, clock } = this.#parts;
    const limitMs = pingLimitMs(everyMs);
    const sending = { url, body: null, limitMs };
    const result = await sendOnce(sending, clock, this.#ending.signal);
    this.#hear(result.kind === "delivered" ? null : result.why);
  }

  #hear(why: string | null): void {
    const { report } = this.#parts;
    if (why === null && this.#isLost) report({ state: "restored" });
    if (why !== null && !this.#isLost) report({ state: "lost", why });
    this.#isLost = why !== null;
  }
}
