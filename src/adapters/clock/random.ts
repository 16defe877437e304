/**
 * Names and numbers that differ from run to run, or that are the same in every run.
 *
 * @module
 */

import type { Random } from "../../runtime/ports.ts";

/** Chance from the system. */
export class SystemRandom implements Random {
  /** A name that no other run has. */
  id(): string {
    return crypto.randomUUID();
  }

  /** A number that nobody could have told before. @units fraction of 1 */
  fraction(): number {
    return Math.random();
  }
}

/** Names and numbers drawn from a seed: the same seed gives the same ones in the same order. */
export class SeededRandom implements Random {
  readonly #seed: number;
  #drawn = 0;

  /** Starts the row of this seed. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** The next name of the row: 16 hexadecimal digits. */
  id(): string {
    const drawn = this.#drawn++;
    return hex(mix(this.#seed, 2 * drawn)) +
      hex(mix(this.#seed, 2 * drawn + 1));
  }

  /** The next number of the row. @units fraction of 1 */
  fraction(): number {
    return mix(this.#seed, 2 * this.#drawn++) / 0x1_0000_0000;
  }
}

function hex(word: number): string {
  return word.toString(16).padStart(8, "0");
}

// A 32-bit finalizer over seed and counter: every bit of either changes about half of the result.
function mix(seed: number, counter: number): number {
  let word =
    (Math.imul(seed, 0x9e3779b1) ^ Math.imul(counter + 1, 0x85ebca6b)) >>> 0;
  word = Math.imul(word ^ (word >>> 16), 0x7feb352d);
  word = Math.imul(word ^ (word >>> 15), 0x846ca68b);
  return (word ^ (word >>> 16)) >>> 0;
}
