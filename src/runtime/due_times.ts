/**
 * What is due when, by the wall clock and by the time that has gone by.
 *
 * An edge is due at an instant of the wall clock. A wait of our own is a length of time: it is over
 * as soon as either clock says so, since a wall clock that is set back by an hour must not let a close
 * rest for an hour, and one that stands still while a machine sleeps says nothing of that sleep.
 *
 * @module
 */

import type { DurationMs, EpochMs } from "../domain/time.ts";
import { type DueItem, DueQueue } from "./due_queue.ts";
import type { Clock } from "./ports.ts";

/** Edges and waits, each by its own clock. */
export class DueTimes {
  readonly #clock: Pick<Clock, "now" | "elapsed">;
  readonly #wall = new DueQueue();
  /** The waits once more, by elapsed time. */
  readonly #elapsed = new DueQueue();
  /** When a wait was to be over by the wall clock. */
  readonly #dueAt = new Map<string, EpochMs>();

  /** Nothing is due. */
  constructor(clock: Pick<Clock, "now" | "elapsed">) {
    this.#clock = clock;
  }

  /** Adds an item; one of the same kind and key is replaced. */
  set(item: DueItem): void {
    this.#wall.set(item);
    if (item.what === "edge") return;
    const leftMs: DurationMs = item.dueAt - this.#clock.now();
    this.#dueAt.set(item.key, item.dueAt);
    this.#elapsed.set({ ...item, dueAt: this.#clock.elapsed() + leftMs });
  }

  /** Forgets an item, where there is one. */
  drop(item: Pick<DueItem, "what" | "key">): void {
    this.#wall.drop(item);
    if (item.what === "edge") return;
    this.#elapsed.drop(item);
    this.#dueAt.delete(item.key);
  }

  /** When to look next, by the wall clock as it stands; `null` where nothing waits. @units EpochMs */
  nextAt(): EpochMs | null {
    const wallAt = this.#wall.nextAt();
    const elapsedAt = this.#elapsed.nextAt();
    if (wallAt === null || elapsedAt === null) return wallAt;
    const leftMs: DurationMs = elapsedAt - this.#clock.elapsed();
    return Math.min(wallAt, this.#clock.now() + Math.max(leftMs, 0));
  }

  /** Takes out the first item that is due at `now`, or over; `null` where there is none. @units EpochMs */
  popDue(now: EpochMs): DueItem | null {
    const item = this.#wall.popDue(now) ?? this.#popOver();
    if (item !== null) this.drop(item);
    return item;
  }

  #popOver(): DueItem | null {
    const item = this.#elapsed.popDue(this.#clock.elapsed());
    if (item === null) return null;
    return { ...item, dueAt: this.#dueAt.get(item.key) ?? item.dueAt };
  }
}
