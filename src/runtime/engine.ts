/**
 * The one loop: event, step, record, perform.
 *
 * @module
 */

import type { Effect } from "../domain/effect.ts";
import type { Event } from "../domain/event.ts";
import type { Notice } from "../domain/notice.ts";
import type { State } from "../domain/state.ts";
import { step } from "../domain/step.ts";
import type { Clock, Entry, Journal } from "./ports.ts";
import { Recorder } from "./recorder.ts";
import { restore } from "./restore.ts";
import { Upkeep } from "./upkeep.ts";
import { refusalOf } from "./while_unwritable.ts";

export { replay } from "./restore.ts";

/** An event before it has its time. */
export type NewEvent = Event extends infer E
  ? E extends Event ? Omit<E, "at"> : never
  : never;

/** Where the engine's effects go; must not throw and must not wait. */
export type Perform = (effect: Effect) => void;

/** Hears what the core tells. */
export type Listener = (notice: Notice) => void;

/**
 * Takes events in, one after another, and lets nothing out before it is on record.
 *
 * The mailbox is drained in one go: every waiting event is stepped, the whole batch is written
 * with one commit, and only then its effects are performed. Whatever they lead to comes back as an
 * event.
 *
 * When the record cannot be written the engine holds what it could not write, goes on with what
 * closes what is due and with nothing else, and tries again. Where there is no going on, because
 * nothing at all is on record or the journal belongs to another run by now, nothing of the batch is
 * performed and the engine stops.
 */
export class Engine {
  readonly #clock: Clock;
  readonly #recorder: Recorder;
  readonly #upkeep: Upkeep;
  readonly #perform: Perform;
  readonly #listeners = new Set<Listener>();
  readonly #mailbox: Event[] = [];
  readonly #onFailure: (error: unknown) => void;
  readonly #onListenerFault: (error: unknown) => void;
  #state: State;
  #draining = false;
  #closed = false;

  /** An engine that goes on from what its journal holds. */
  constructor(world: {
    readonly clock: Clock;
    readonly journal: Journal;
    readonly perform: Perform;
    readonly onFailure: (error: unknown) => void;
    /** Begins although nothing at all can be written: a close by hand must not wait for a disk. */
    readonly isEmergency?: boolean;
    /** Hears what a listener threw; the run goes on without caring. */
    readonly onListenerFault?: (error: unknown) => void;
  }) {
    this.#clock = world.clock;
    this.#perform = world.perform;
    this.#onFailure = world.onFailure;
    this.#onListenerFault = world.onListenerFault ?? (() => {});
    const { state, fromSeq } = restore(world.journal);
    this.#state = state;
    this.#recorder = new Recorder({
      clock: world.clock,
      journal: world.journal,
      hasBegun: state.run !== null || world.isEmergency === true,
      tell: (notice) => this.#tellAll(notice),
      onFailure: (error) => this.#fail(error),
    });
    this.#upkeep = new Upkeep(world.clock, world.journal, fromSeq);
    this.#upkeep.begin(state);
  }

  /** What the core remembers now. */
  get state(): State {
    return this.#state;
  }

  /** How many entries wait to be written, since the journal cannot be; 0 where all is on record. */
  get unwritten(): number {
    return this.#recorder.unwritten;
  }

  /** Hears every notice from now on; the answer ends it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes events in, in this order and in one batch, stamped with the time of now. */
  post(...events: readonly NewEvent[]): void {
    if (this.#closed) return;
    const at = this.#clock.now();
    // The cast puts together what NewEvent took apart.
    for (const event of events) this.#mailbox.push({ ...event, at } as Event);
    if (!this.#draining) this.#drain();
  }

  /** Takes nothing in any more, and performs nothing that is left. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#mailbox.length = 0;
    this.#recorder.close();
  }

  #drain(): void {
    this.#draining = true;
    try {
      while (this.#mailbox.length > 0) this.#takeBatch();
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#draining = false;
    }
  }

  #takeBatch(): void {
    const batch: Entry[] = [];
    let state = this.#state;
    for (const event of this.#mailbox.splice(0)) {
      const [next, effects] = step(state, event);
      state = next;
      const recordedAt = this.#clock.now();
      batch.push({ seq: state.seq, recordedAt, event, effects });
    }
    const isOnRecord = this.#recorder.record(batch);
    this.#state = state;
    for (const entry of batch) {
      for (const effect of entry.effects) {
        if (isOnRecord) this.#carryOut(effect);
        else this.#carryOutUnrecorded(effect);
      }
    }
    if (isOnRecord && !this.#closed) this.#upkeep.keepUp(state);
  }

  /** What closes what is due is done also without a record of it. */
  #carryOutUnrecorded(effect: Effect): void {
    const refusal = refusalOf(effect);
    if (refusal !== null) return this.post(refusal);
    if (effect.type === "run.end") this.#recorder.finish();
    this.#carryOut(effect);
  }

  #carryOut(effect: Effect): void {
    if (this.#closed) return;
    if (effect.type === "tell") this.#tellAll(effect.notice);
    else this.#perform(effect);
  }

  #fail(error: unknown): void {
    this.close();
    this.#onFailure(error);
  }

  #tellAll(notice: Notice): void {
    // Those who came before the notice hear it; who joins or leaves in between changes nothing.
    for (const listener of [...this.#listeners]) {
      this.#tell(listener, notice);
    }
  }

  #tell(listener: Listener, notice: Notice): void {
    try {
      listener(notice);
    } catch (error) {
      // Whoever only looks on must not be able to stop a close.
      this.#onListenerFault(error);
    }
  }
}
