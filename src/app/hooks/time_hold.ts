/**
 * Keeps virtual time standing still while a guest works, and lets it go on while the guest waits.
 *
 * @module
 */

/** Keeps time standing still until the work is done. */
export type Hold = (work: Promise<unknown>) => void;

/** One call's hold on the run's time. */
export class TimeHold {
  readonly #hold: Hold;
  #release: (() => void) | null = null;
  #waits = 0;

  /** Holds time from now on. */
  constructor(hold: Hold) {
    this.#hold = hold;
    this.#take();
  }

  /** Lets time go on until something that the guest waits for has come. */
  async whileWaiting<T>(answer: () => Promise<T>): Promise<T> {
    this.#waits++;
    this.#let();
    try {
      return await answer();
    } finally {
      this.#waits--;
      if (this.#waits === 0 && !this.#isOver) this.#take();
    }
  }

  #isOver = false;

  /** Ends the hold. */
  end(): void {
    this.#isOver = true;
    this.#let();
  }

  #take(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#release = resolve;
    this.#hold(promise);
  }

  #let(): void {
    this.#release?.();
    this.#release = null;
  }
}
