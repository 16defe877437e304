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

interface QueuedItem extends DueItem {
  readonly seq: number;
}

/**
 * A queue of due items: a binary heap, with dropped and replaced items left in it until they
 * surface.
 *
 * | call | cost |
 * | --- | --- |
 * | `set`, `pop` | log n |
 * | `drop`, `nextAt` | constant, amortised |
 */
export class DueQueue {
  readonly #heap: QueuedItem[] = [];
  readonly #valid = new Map<string, QueuedItem>();
  #seq = 0;

  /** How many items wait. */
  get size(): number {
    return this.#valid.size;
  }

  /** Adds an item; one of the same kind and key is replaced. */
  set(item: DueItem): void {
    const queued = { ...item, seq: this.#seq++ };
    this.#valid.set(slot(item), queued);
    this.#heap.push(queued);
    this.#rise(this.#heap.length - 1);
  }

  /** Forgets an item, where there is one. */
  drop(item: Pick<DueItem, "what" | "key">): void {
    this.#valid.delete(slot(item));
  }

  /** When the next item is due; `null` for an empty queue. @units EpochMs */
  nextAt(): EpochMs | null {
    this.#shed();
    return this.#heap[0]?.dueAt ?? null;
  }

  /** Takes out the first item that is due at `now`; `null` where there is none. */
  popDue(now: EpochMs): DueItem | null {
    this.#shed();
    const first = this.#heap[0];
    if (first === undefined || first.dueAt > now) return null;
    this.#valid.delete(slot(first));
    this.#removeFirst();
    return first;
  }

  /** Removes what was dropped or replaced from the top. */
  #shed(): void {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || this.#valid.get(slot(first)) === first) return;
      this.#removeFirst();
    }
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  #sink(from: number): void {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      const child = this.#isBefore(right, left) ? right : left;
      if (!this.#swapIfBefore(child, index)) return;
      index = child;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const first = this.#heap[a];
    const second = this.#heap[b];
    return first !== undefined && second !== undefined &&
      compareItems(first, second) < 0;
  }

  #swapIfBefore(a: number, b: number): boolean {
    const first = this.#heap[a];
    const second = this.#heap[b];
    if (first === undefined || second === undefined) return false;
    if (compareItems(first, second) >= 0) return false;
    this.#heap[a] = second;
    this.#heap[b] = first;
    return true;
  }
}

function compareItems(a: QueuedItem, b: QueuedItem): number {
  return a.dueAt - b.dueAt || a.rank - b.rank || a.seq - b.seq;
}

function slot({ what, key }: Pick<DueItem, "what" | "key">): string {
  return `${what} ${key}`;
}
