/**
 * Brings due times and the clock together.
 *
 * @module
 */

import type { DurationMs, EpochMs } from "../domain/time.ts";
import type { DueTimes } from "./due_times.ts";
import type { NewEvent } from "./engine.ts";
import type { Clock } from "./ports.ts";

/** A sign of life that the drive gives between two looks at its queue. */
export interface Pulse {
  /** How long from one to the next. @units milliseconds */
  readonly everyMs: DurationMs;
  /** Must not throw and must not wait. */
  readonly beat: () => void;
}

/** What the drive works with. */
export interface DriveParts {
  readonly clock: Clock;
  readonly due: DueTimes;
  readonly post: (...events: readonly NewEvent[]) => void;
  /** Ends the drive. */
  readonly signal: AbortSignal;
  /** Comes from this loop and no other, so that it ends where nothing is fired any more. */
  readonly pulse?: Pulse;
}

/**
 * Fires what is due, again and again, until its signal is aborted.
 *
 * At every wake-up the clock is asked anew: too early sleeps on, on time and too late fire in order
 * of (due, rank, sequence); the event carries both times, and the core tells how late it was.
 */
export class Drive {
  readonly #parts: DriveParts;
  #alarm = new AbortController();
  #beatenAt: EpochMs | null = null;

  /** A drive that has not begun. */
  constructor(parts: DriveParts) {
    this.#parts = parts;
  }

  /** Makes the drive look at the queue again, since something in it changed. */
  wake(): void {
    this.#alarm.abort();
  }

  /** Runs until the signal is aborted. */
  async run(): Promise<void> {
    const { signal } = this.#parts;
    const stop = () => this.wake();
    signal.addEventListener("abort", stop);
    try {
      while (!signal.aborted) {
        this.#alarm = new AbortController();
        this.fireDue();
        this.#beat();
        await this.#sleep();
      }
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /**
   * Fires what is due at this instant, and says which instant it is.
   *
   * @units EpochMs; what was due until then has come due
   */
  fireDue(): EpochMs {
    const { clock, due, post } = this.#parts;
    const now = clock.now();
    const events: NewEvent[] = [];
    for (let item = due.popDue(now); item !== null; item = due.popDue(now)) {
      const { what, key, dueAt } = item;
      events.push(
        what === "edge"
          ? { type: "edge.due", edge: key, dueAt }
          : { type: "timer.due", timer: key, dueAt },
      );
    }
    if (events.length > 0) post(...events);
    return now;
  }

  /** After what was due, so that a loop that cannot get past it gives no sign of life. */
  #beat(): void {
    const { clock, pulse, signal } = this.#parts;
    if (pulse === undefined || signal.aborted) return;
    const now = clock.now();
    const at = this.#beatenAt;
    // Since a clock that was set back would silence it: not yet means after the last one, too.
    if (at !== null && now >= at && now < at + pulse.everyMs) return;
    this.#beatenAt = now;
    pulse.beat();
  }

  #beatAt(): EpochMs {
    const { pulse } = this.#parts;
    return pulse === undefined || this.#beatenAt === null
      ? FAR_FUTURE
      : this.#beatenAt + pulse.everyMs;
  }

  async #sleep(): Promise<void> {
    const { clock, due, signal } = this.#parts;
    if (signal.aborted || this.#alarm.signal.aborted) return;
    const until = Math.min(due.nextAt() ?? FAR_FUTURE, this.#beatAt());
    try {
      await clock.sleepUntil(until, this.#alarm.signal);
    } catch (error) {
      // Woken on purpose: the queue changed or the run ends.
      if (!this.#alarm.signal.aborted) throw error;
    }
  }
}

/** Later than any due time: the last instant that a date can hold. */
const FAR_FUTURE: EpochMs = 8.64e15;
