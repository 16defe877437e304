/**
 * What happened, until somebody reads it: a bounded row with one end to read from.
 *
 * @module
 */

/** Items on their way to a reader; who puts them in looks first whether there is room. */
export class Delivery<T> implements AsyncIterable<T> {
  readonly #sizeMax: number;
  readonly #onRoom: () => void;
  #items: T[] = [];
  #head = 0;
  #readers: ((result: IteratorResult<T, undefined>) => void)[] = [];
  #phase: "open" | "full" | "ended" = "open";

  /** Has room for so many, and says when there is room again after it was full. @units `sizeMax`: items */
  constructor(sizeMax: number, onRoom: () => void) {
    this.#sizeMax = sizeMax;
    this.#onRoom = onRoom;
  }

  /** How many wait to be read. */
  get size(): number {
    return this.#items.length - this.#head;
  }

  /** Whether another item fits; once it did not, only when half of the room is free again. */
  get hasRoom(): boolean {
    if (this.#phase === "open" && this.size >= this.#sizeMax) {
      this.#phase = "full";
    }
    return this.#phase === "open";
  }

  /** Puts one in, also where there is no room: that is for those that looked, and for the few that must be told. */
  push(item: T): void {
    if (this.#phase === "ended") return;
    const reader = this.#readers.shift();
    if (reader === undefined) this.#items.push(item);
    else reader({ done: false, value: item });
  }

  /** Ends it; what is in it can still be read. */
  end(): void {
    this.#phase = "ended";
    for (const reader of this.#readers.splice(0)) {
      reader({ done: true, value: undefined });
    }
  }

  /** Reads, each item by one reader; leaving the loop leaves the rest for the next one. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    const iterator: AsyncIterableIterator<T, undefined> = {
      next: () => this.#next(),
      return: () => Promise.resolve({ done: true, value: undefined }),
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  #next(): Promise<IteratorResult<T, undefined>> {
    if (this.size > 0) {
      return Promise.resolve({ done: false, value: this.#take() });
    }
    if (this.#phase === "ended") {
      return Promise.resolve({ done: true, value: undefined });
    }
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  #take(): T {
    // The size was looked at, so that there is one; T itself may be undefined.
    const item = this.#items[this.#head++] as T;
    if (this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    if (this.#phase === "full" && this.size * 2 <= this.#sizeMax) {
      this.#phase = "open";
      this.#onRoom();
    }
    return item;
  }
}
