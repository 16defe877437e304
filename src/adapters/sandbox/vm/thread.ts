/**
 * A guest in a virtual machine, in a thread of its own.
 *
 * @module
 */

import type { DurationMs } from "../../../domain/time.ts";
import type { Clock } from "../../../runtime/ports.ts";
import { passes } from "../deadline.ts";
import type { GuestEnd, GuestHandle, GuestWatch } from "../guest_handle.ts";
import type { HostMessage } from "../messages.ts";
import type { ThreadNews, ThreadOrder } from "../guest/vm_thread.ts";

/** What threads are made of. */
export interface ThreadParts {
  readonly threadUrl: string;
  readonly bootText: string;
  /** Real time. */
  readonly clock: Clock;
}

/**
 * How long a thread may take to stop before it is left to itself; what heeds the deadline at all
 * does so within a few milliseconds.
 *
 * @units milliseconds
 */
const STOP_MS_MAX: DurationMs = 250;

/** One thread; it serves one machine after another. */
export class Thread implements GuestHandle {
  watch: GuestWatch | null = null;
  readonly #parts: ThreadParts;
  readonly #worker: Worker;
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  #opening = Promise.withResolvers<void>();
  #closing = Promise.withResolvers<void>();
  #state: "idle" | "open" | "broken" | "gone" = "idle";
  readonly #onClosed: (thread: Thread, isSound: boolean) => void;

  /** Starts a thread; `onClosed` is told when a machine is gone, and whether the thread is of further use. */
  constructor(
    parts: ThreadParts,
    onClosed: (thread: Thread, isSound: boolean) => void,
  ) {
    this.#parts = parts;
    this.#onClosed = onClosed;
    this.#worker = new Worker(parts.threadUrl, { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<ThreadNews>) =>
      this.#take(data);
    this.#worker.onerror = (event) => {
      // Unhandled, it would end the whole program.
      event.preventDefault();
      this.#broke({ kind: "crashed", message: event.message });
    };
  }

  /** Whether it can still be called. */
  get isAlive(): boolean {
    return this.#state === "open";
  }

  /** Makes a fresh machine. @units `memoryMb`: MiB */
  async open(memoryMb: number): Promise<void> {
    this.#opening = Promise.withResolvers();
    this.#closing = Promise.withResolvers();
    Atomics.store(this.#stop, 0, 0);
    const { bootText } = this.#parts;
    this.#order({ type: "open", memoryMb, bootText, stop: this.#stop });
    await this.#opening.promise;
  }

  /** Says one thing to it. */
  send(message: HostMessage): void {
    if (this.isAlive) this.#order({ type: "message", message });
  }

  /** Ends what runs in it, and waits for that; a thread that does not listen is left to itself. */
  async kill(): Promise<void> {
    if (this.#state === "gone") return;
    this.watch = null;
    Atomics.store(this.#stop, 0, 1);
    this.#state = "idle";
    this.#order({ type: "close" });
    const over = new AbortController();
    const tooLong = passes(this.#parts.clock, STOP_MS_MAX, over.signal)
      .then(() => false, () => true);
    const isSound = await Promise.race([
      this.#closing.promise.then(() => true),
      tooLong,
    ]);
    over.abort();
    if (!isSound) this.end();
    this.#onClosed(this, isSound);
  }

  /** Ends the thread; one that spins ends with the program. */
  end(): void {
    this.#state = "gone";
    this.#worker.terminate();
  }

  #order(order: ThreadOrder): void {
    this.#worker.postMessage(order);
  }

  #take(news: ThreadNews): void {
    switch (news.type) {
      case "opened":
        this.#state = "open";
        return this.#opening.resolve();
      case "closed":
        return this.#closing.resolve();
      case "said":
        return this.watch?.said(news.text);
      case "spilled":
        return this.watch?.spilled(news.bytes);
      case "broken":
        return this.#broke(endOf(news));
    }
  }

  #broke(end: GuestEnd): void {
    if (this.#state === "open") this.#state = "broken";
    this.#opening.reject(new Error(end.message));
    this.watch?.ended(end);
  }
}

function endOf({ message, isLate }: ThreadNews & { type: "broken" }): GuestEnd {
  if (isLate) return { kind: "timed_out", message: "It did not end in time" };
  const isMemory = /out of memory|OOM|memory access out of bounds/i;
  return isMemory.test(message)
    ? { kind: "out_of_memory", message: "It used up its memory" }
    : { kind: "crashed", message: `Its machine broke: ${message}` };
}
