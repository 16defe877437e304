/**
 * Who sleeps until when, earliest first.
 *
 * @module
 */

import type { EpochMs } from "../../domain/time.ts";

/** Somebody who waits for an instant. */
export interface Sleeper {
  readonly at: EpochMs;
  /** Order of arrival; of two that wake at one instant the first to lie down wakes first. */
  readonly seq: number;
  wake(): void;
}

/** Sleepers ordered by `(at, seq)`, kept sorted: few sleep at once, and looking is more common than adding. */
export class SleeperQueue {
  // Latest first, so that the next one to wake is taken off the end.
  readonly #sleepers: Sleeper[] = [];
  #seq = 0;

  /** How many are asleep. */
  get size(): number {
    return this.#sleepers.length;
  }

  /** Adds one. @units `at`: EpochMs */
  add(at: EpochMs, wake: () => void): Sleeper {
    const sleeper = { at, seq: this.#seq++, wake };
    this.#sleepers.splice(this.#placeOf(sleeper), 0, sleeper);
    return sleeper;
  }

  /** The next to wake. */
  first(): Sleeper | undefined {
    return this.#sleepers.at(-1);
  }

  /** Takes one out; nothing happens where it has left already. */
  remove(sleeper: Sleeper): void {
    const place = this.#placeOf(sleeper);
    if (this.#sleepers[place] === sleeper) this.#sleepers.splice(place, 1);
  }

  #placeOf(sleeper: Sleeper): number {
    let low = 0;
    let high = this.#sleepers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#sleepers[middle];
      if (other !== undefined && isLater(other, sleeper)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isLater(a: Sleeper, b: Sleeper): boolean {
  return a.at === b.at ? a.seq > b.seq : a.at > b.at;
}
