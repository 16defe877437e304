/**
 * What is due when, as data: ordered by instant, then rank, then the order in which it was added.
 *
 * @module
 */

import type { EpochMs } from "../domain/time.ts";

/** Something that comes due. */
export interface DueItem {
  readonly what: "edge" | "timer";
  readonly key: string;
  readonly dueAt: EpochMs;
  readonly rank: number;
}

/** How many items the columns hold at first; they double when they are full. */
const CAPACITY_FIRST = 64;

/**
 * A queue of due items: a binary heap over columns of numbers.
 *
 * An item is a row: a number in each column and its key. Nothing is made for it but its place in a
 * map, so a year's edges of hundreds of sessions wait in a few megabytes.
 *
 * | call | cost |
 * | --- | --- |
 * | `set`, `drop`, `popDue` | log n |
 * | `nextAt` | constant |
 */
export class DueQueue {
  readonly #rows = {
    edge: new Map<string, number>(),
    timer: new Map<string, number>(),
  };
  readonly #keys: string[] = [];
  #dueAt = new Float64Array(CAPACITY_FIRST);
  #rank = new Float64Array(CAPACITY_FIRST);
  /** In which order the rows were added; what waits longer goes first. */
  #seq = new Float64Array(CAPACITY_FIRST);
  #isTimer = new Uint8Array(CAPACITY_FIRST);
  /** Rows, as a heap. */
  #heap = new Uint32Array(CAPACITY_FIRST);
  /** Where in the heap a row stands. */
  #place = new Uint32Array(CAPACITY_FIRST);
  #seqNext = 0;
  #size = 0;

  /** How many items wait. */
  get size(): number {
    return this.#size;
  }

  /** Adds an item; one of the same kind and key is replaced. */
  set(item: DueItem): void {
    this.drop(item);
    // The heap's unused end holds the rows that are free; beyond them rows come in order.
    const place = this.#size++;
    if (place >= this.#heap.length) this.#grow();
    const row = this.#keys.length <= place
      ? this.#keys.push("") - 1
      : rowAt(this.#heap, place);
    this.#keys[row] = item.key;
    this.#rows[item.what].set(item.key, row);
    this.#dueAt[row] = item.dueAt;
    this.#rank[row] = item.rank;
    this.#seq[row] = this.#seqNext++;
    this.#isTimer[row] = item.what === "timer" ? 1 : 0;
    this.#put(row, place);
    this.#rise(place);
  }

  /** Forgets an item, where there is one. */
  drop({ what, key }: Pick<DueItem, "what" | "key">): void {
    const row = this.#rows[what].get(key);
    if (row === undefined) return;
    this.#rows[what].delete(key);
    this.#remove(row);
  }

  /** When the next item is due; `null` for an empty queue. @units EpochMs */
  nextAt(): EpochMs | null {
    return this.#size === 0
      ? null
      : numberAt(this.#dueAt, rowAt(this.#heap, 0));
  }

  /** Takes out the first item that is due at `now`; `null` where there is none. */
  popDue(now: EpochMs): DueItem | null {
    const row = rowAt(this.#heap, 0);
    if (this.#size === 0 || numberAt(this.#dueAt, row) > now) return null;
    const item: DueItem = {
      what: this.#isTimer[row] === 1 ? "timer" : "edge",
      key: this.#keys[row] ?? "",
      dueAt: numberAt(this.#dueAt, row),
      rank: numberAt(this.#rank, row),
    };
    this.drop(item);
    return item;
  }

  /** Takes a row out of the heap and leaves it behind its end, to be used again. */
  #remove(row: number): void {
    const place = rowAt(this.#place, row);
    const last = --this.#size;
    const moved = rowAt(this.#heap, last);
    this.#put(row, last);
    this.#keys[row] = "";
    if (row === moved) return;
    this.#put(moved, place);
    this.#rise(place);
    this.#sink(rowAt(this.#place, moved));
  }

  #put(row: number, place: number): void {
    this.#heap[place] = row;
    this.#place[row] = place;
  }

  #rise(from: number): void {
    const row = rowAt(this.#heap, from);
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = rowAt(this.#heap, parent);
      if (!this.#isBefore(row, above)) break;
      this.#put(above, place);
      place = parent;
    }
    this.#put(row, place);
  }

  #sink(from: number): void {
    const row = rowAt(this.#heap, from);
    let place = from;
    for (;;) {
      const child = this.#firstChild(place);
      if (child === null) break;
      const below = rowAt(this.#heap, child);
      if (!this.#isBefore(below, row)) break;
      this.#put(below, place);
      place = child;
    }
    this.#put(row, place);
  }

  #firstChild(place: number): number | null {
    const left = 2 * place + 1;
    if (left >= this.#size) return null;
    const right = left + 1;
    const isRight = right < this.#size &&
      this.#isBefore(rowAt(this.#heap, right), rowAt(this.#heap, left));
    return isRight ? right : left;
  }

  #isBefore(a: number, b: number): boolean {
    const apart = numberAt(this.#dueAt, a) - numberAt(this.#dueAt, b) ||
      numberAt(this.#rank, a) - numberAt(this.#rank, b) ||
      numberAt(this.#seq, a) - numberAt(this.#seq, b);
    return apart < 0;
  }

  #grow(): void {
    const capacity = 2 * this.#heap.length;
    const numbers = (column: Float64Array) => {
      const wider = new Float64Array(capacity);
      wider.set(column);
      return wider;
    };
    const rows = (column: Uint32Array) => {
      const wider = new Uint32Array(capacity);
      wider.set(column);
      return wider;
    };
    this.#dueAt = numbers(this.#dueAt);
    this.#rank = numbers(this.#rank);
    this.#seq = numbers(this.#seq);
    this.#heap = rows(this.#heap);
    this.#place = rows(this.#place);
    const kinds = new Uint8Array(capacity);
    kinds.set(this.#isTimer);
    this.#isTimer = kinds;
  }
}

// A row in use is in every column, so there always is a value. One function a kind of column:
// with one for all of them the compiler can no longer read the array itself.
function numberAt(column: Float64Array, index: number): number {
  return column[index] ?? 0;
}

function rowAt(column: Uint32Array, index: number): number {
  return column[index] ?? 0;
}
