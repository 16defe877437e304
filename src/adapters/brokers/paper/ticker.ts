/**
 * Lets working orders fill while somebody listens, although nobody asks.
 *
 * @module
 */

import type { DurationMs } from "../../../domain/time.ts";
import { MINUTE_MS } from "../../../domain/time.ts";
import type { Clock } from "../../../runtime/ports.ts";
import { nextFillAt } from "./matching.ts";
import type {
  EngineReply,
  EngineRequest,
  PaperState,
  PaperWorld,
} from "./state.ts";

/** How far ahead prices are looked through for the next fill. @units milliseconds */
const LOOKAHEAD_MS: DurationMs = 10 * MINUTE_MS;

/** What is kept moving. */
export interface Ticking {
  readonly world: PaperWorld;
  readonly state: PaperState;
  readonly clock: Clock;
  readonly listening: number;
  ask(request: EngineRequest): EngineReply;
}

/**
 * Sleeps until the instant at which the next order fills.
 *
 * The prices of a paper market are known beforehand, so there is no need to look every second: a
 * virtual day with a working order wakes a hundred times instead of a hundred thousand.
 */
export class Ticker implements AsyncDisposable {
  readonly #of: Ticking;
  #sleep: AbortController | null = null;
  #running: Promise<void> | null = null;
  #ended = false;

  /** Moves nothing before it is told to look. */
  constructor(of: Ticking) {
    this.#of = of;
  }

  /** Looks again at what works and who listens. */
  look(): void {
    if (this.#ended) return;
    this.#sleep?.abort();
    this.#running ??= this.#run();
  }

  /** Stops; resolves once it sleeps no more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    this.#sleep?.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    // Whoever told us to look is still at it: begin when they are done.
    await Promise.resolve();
    while (!this.#ended && this.#isNeeded()) {
      const { world, state, clock } = this.#of;
      const untilAt = Math.max(clock.now(), state.lookedAt) + LOOKAHEAD_MS;
      const at = nextFillAt(world, state, untilAt) ?? untilAt;
      const sleep = new AbortController();
      this.#sleep = sleep;
      // A look from outside wakes it; the loop then plans anew.
      await clock.sleepUntil(at, sleep.signal).catch(() => undefined);
      this.#sleep = null;
      if (!sleep.signal.aborted) this.#of.ask({ type: "advance" });
    }
    this.#running = null;
  }

  #isNeeded(): boolean {
    return this.#of.listening > 0 && this.#of.state.working.length > 0;
  }
}
