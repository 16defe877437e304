/**
 * Guests that stand ready, so that nobody waits for a start; never more than so many at once.
 *
 * Guests of one key are alike until they are given a program.
 *
 * @module
 */

import type { GuestHandle } from "./guest_handle.ts";

/** How a pool makes its guests, and how many. */
export interface PoolParts {
  /** Starts a guest; resolves when it can be spoken to. */
  spawn(key: string): Promise<GuestHandle>;
  /** How many may be alive at once, spares included. */
  readonly guestsMax: number;
  /** How many stand ready for each key at most; never more than there are users of it. */
  readonly sparesMax: number;
}

interface Spare {
  readonly key: string;
  readonly guest: Promise<GuestHandle>;
}

/** The guests of one isolation. */
export class GuestPool {
  readonly #parts: PoolParts;
  readonly #spares: Spare[] = [];
  /** How many use a key. */
  readonly #users = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  readonly #taken = new Set<GuestHandle>();
  readonly #ending = new Set<Promise<void>>();
  #alive = 0;
  #killed = 0;
  #isClosed = false;

  /** Makes an empty pool. */
  constructor(parts: PoolParts) {
    this.#parts = parts;
  }

  /** How many guests are alive. */
  get alive(): number {
    return this.#alive;
  }

  /** How many guests were ended by force. */
  get killed(): number {
    return this.#killed;
  }

  /** Tells that somebody will need guests of a key, and begins to make one ready. */
  join(key: string): void {
    this.#users.set(key, (this.#users.get(key) ?? 0) + 1);
    this.warm(key);
  }

  /** Tells that somebody who joined needs no more of them. */
  leave(key: string): void {
    const left = (this.#users.get(key) ?? 1) - 1;
    this.#users.set(key, left);
    if (left > 0) return;
    this.#users.delete(key);
    for (const spare of this.#spares.filter((one) => one.key === key)) {
      this.#forget(spare);
      this.#follow(this.#endSpare(spare));
    }
  }

  /** Begins to make a guest ready for a key, where there is room and somebody who may need it. */
  warm(key: string): void {
    const { guestsMax, sparesMax } = this.#parts;
    const wanted = Math.min(sparesMax, this.#users.get(key) ?? 0);
    const ready = this.#spares.filter((spare) => spare.key === key).length;
    if (this.#isClosed || ready >= wanted || this.#alive >= guestsMax) return;
    const guest = this.#start(key);
    const spare = { key, guest };
    this.#spares.push(spare);
    // Whoever takes it is told; until then a failure only means that there is no spare.
    guest.catch(() => this.#forget(spare));
  }

  /**
   * Takes a guest; waits for one to end where all are in use.
   *
   * @throws {Error} if a guest cannot be started, or the pool is closed
   * @throws the signal's reason once it is aborted
   */
  async take(key: string, signal: AbortSignal): Promise<GuestHandle> {
    const taking = this.#takeOrStart(key, signal);
    // One that is still starting is waited for by whoever closes the pool meanwhile.
    this.#follow(taking.then(() => {}, () => {}));
    return await taking;
  }

  async #takeOrStart(key: string, signal: AbortSignal): Promise<GuestHandle> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#isClosed) throw new Error("The isolation was closed");
      const guest = await this.#takeSpare(key);
      if (guest !== null) return await this.#handOut(guest);
      if (this.#alive < this.#parts.guestsMax) {
        return await this.#handOut(await this.#start(key));
      }
      const other = this.#spares.shift();
      if (other !== undefined) await this.#endSpare(other);
      else await this.#untilOneEnds(signal);
    }
  }

  /** Ends a guest that was taken. */
  async release(guest: GuestHandle): Promise<void> {
    if (!this.#taken.delete(guest)) return;
    this.#killed++;
    await this.#follow(guest.kill().finally(() => this.#ended()));
  }

  /** Ends every guest, in use or not, and makes no more; resolves when all are gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([
      ...this.#spares.splice(0).map((one) => this.#endSpare(one)),
      ...Array.from(this.#taken, (guest) => this.release(guest)),
    ]);
    await Promise.allSettled(this.#ending);
  }

  /** Remembers what is still ending, for whoever closes the pool meanwhile. */
  async #follow(ending: Promise<void>): Promise<void> {
    this.#ending.add(ending);
    try {
      await ending;
    } finally {
      this.#ending.delete(ending);
    }
  }

  async #handOut(guest: GuestHandle): Promise<GuestHandle> {
    this.#taken.add(guest);
    if (!this.#isClosed) return guest;
    await this.release(guest);
    throw new Error("The isolation was closed");
  }

  async #takeSpare(key: string): Promise<GuestHandle | null> {
    const place = this.#spares.findIndex((spare) => spare.key === key);
    const [spare] = place < 0 ? [] : this.#spares.splice(place, 1);
    if (spare === undefined) return null;
    const guest = await spare.guest;
    if (guest.isAlive) return guest;
    this.#ended();
    return null;
  }

  async #start(key: string): Promise<GuestHandle> {
    this.#alive++;
    try {
      return await this.#parts.spawn(key);
    } catch (error) {
      this.#ended();
      throw error;
    }
  }

  async #endSpare(spare: Spare): Promise<void> {
    try {
      const guest = await spare.guest;
      await guest.kill();
    } catch {
      // It never started, and was counted out by its start.
      return;
    }
    this.#ended();
  }

  #forget(spare: Spare): void {
    const place = this.#spares.indexOf(spare);
    if (place >= 0) this.#spares.splice(place, 1);
  }

  #ended(): void {
    this.#alive--;
    this.#waiting.shift()?.();
  }

  #untilOneEnds(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        const place = this.#waiting.indexOf(wake);
        if (place >= 0) this.#waiting.splice(place, 1);
        reject(signal.reason);
      };
      // It may have been given up while a spare was looked for.
      if (signal.aborted) return reject(signal.reason);
      this.#waiting.push(wake);
      signal.addEventListener("abort", leave, { once: true });
    });
  }
}
