/**
 * One call of a guest from its first word to its outcome.
 *
 * @module
 */

import { CarillonError } from "../../domain/error.ts";
import type { DurationMs } from "../../domain/time.ts";
import type {
  CallOptions,
  HookHost,
  HookOutcome,
  Json,
  Limits,
} from "../../runtime/isolation.ts";
import type { Clock } from "../../runtime/ports.ts";
import { type CodeMap, placesIn } from "./code_places.ts";
import { passes } from "./deadline.ts";
import type { GuestEnd, GuestHandle, GuestWatch } from "./guest_handle.ts";
import {
  type GuestMessage,
  readGuestMessage,
  type SentProgram,
  type Task,
} from "./messages.ts";

/** What an isolation offers to its guests beside the host's methods. */
export type Service = (args: Json, signal: AbortSignal) => Promise<Json>;

/** What a call is made of. */
export interface CallParts {
  /** A name that no other call has. */
  readonly call: string;
  readonly guest: GuestHandle;
  readonly task: Task;
  /** Sent along where the guest does not have it yet. */
  readonly program: SentProgram | null;
  readonly methods: ReadonlySet<string>;
  readonly services: ReadonlyMap<string, Service>;
  readonly host: HookHost;
  readonly limits: Limits;
  readonly options: CallOptions;
  /** What is left of the time after the guest was there. @units milliseconds */
  readonly leftMs: DurationMs;
  readonly clock: Clock;
  readonly codeMap: CodeMap;
}

/** Makes one call and gives its one outcome; afterwards nothing that the guest says counts. */
export async function runCall(parts: CallParts): Promise<HookOutcome> {
  return await new CallRun(parts).run();
}

class CallRun implements GuestWatch {
  readonly #parts: CallParts;
  readonly #outcome = Promise.withResolvers<HookOutcome>();
  /** Ends every timer and request of this call. */
  readonly #over = new AbortController();
  #bytes = 0;
  #messages = 0;

  constructor(parts: CallParts) {
    this.#parts = parts;
  }

  async run(): Promise<HookOutcome> {
    const { guest } = this.#parts;
    guest.watch = this;
    try {
      this.#begin();
      this.#watchTime();
      this.#watchSignal();
      return await this.#outcome.promise;
    } finally {
      guest.watch = null;
      this.#over.abort();
    }
  }

  #begin(): void {
    const { guest, call, task, program, options, leftMs, limits } = this.#parts;
    const { at, seed } = options;
    const { messageBytesMax, outputBytesMax, messagesMax } = limits;
    const budget = { messageBytesMax, outputBytesMax, messagesMax };
    const timeoutMs = leftMs;
    guest.send({
      type: "run",
      call,
      task,
      program,
      at,
      seed,
      timeoutMs,
      budget,
    });
  }

  said(text: string): void {
    if (!this.#counts(text.length)) return;
    const message = readGuestMessage(text);
    if (message !== null && message.call === this.#parts.call) {
      this.#take(message);
    }
  }

  spilled(bytes: number): void {
    this.#counts(bytes);
  }

  ended({ kind, message }: GuestEnd): void {
    this.#settle({ kind, message });
  }

  #settle(outcome: HookOutcome): void {
    this.#outcome.resolve(outcome);
  }

  /** Whether the guest may say so much more. */
  #counts(bytes: number): boolean {
    const { limits } = this.#parts;
    this.#bytes += bytes;
    this.#messages++;
    const tooMuch = bytes > limits.messageBytesMax
      ? `one message of ${bytes} bytes, more than ${limits.messageBytesMax}`
      : this.#bytes > limits.outputBytesMax
      ? `${this.#bytes} bytes, more than ${limits.outputBytesMax}`
      : this.#messages > limits.messagesMax
      ? `${this.#messages} messages, more than ${limits.messagesMax}`
      : null;
    if (tooMuch === null) return true;
    this.#settle({ kind: "flooded", message: `It said too much: ${tooMuch}` });
    return false;
  }

  #take(message: GuestMessage): void {
    switch (message.type) {
      case "log":
        return this.#log(message);
      case "ask":
        return void this.#answer(message);
      case "done":
        return this.#settle({ kind: "returned", value: message.value });
      case "threw": {
        if (OUT_OF_MEMORY.test(message.message)) {
          const text = "It used up its memory";
          return this.#settle({ kind: "out_of_memory", message: text });
        }
        if (message.message === INTERRUPTED) return this.#timedOut();
        return this.#settle({
          kind: "failed",
          message: message.message,
          stack: placesIn(message.stack, this.#parts.codeMap),
        });
      }
    }
  }

  /** A fault of the host's own is the caller's to hear, and must not end the reader of the guest. */
  #log({ level, text }: GuestMessage & { type: "log" }): void {
    try {
      this.#parts.host.log(level, text);
    } catch (error) {
      this.#outcome.reject(error);
    }
  }

  async #answer(asked: GuestMessage & { type: "ask" }): Promise<void> {
    const { guest, call } = this.#parts;
    const { request } = asked;
    try {
      const value = await this.#serve(asked);
      if (this.#over.signal.aborted) return;
      guest.send({ type: "answer", call, request, value });
    } catch (error) {
      if (this.#over.signal.aborted) return;
      guest.send({ type: "refuse", call, request, ...refusal(error) });
    }
  }

  async #serve({ name, args }: GuestMessage & { type: "ask" }): Promise<Json> {
    const { methods, services, host } = this.#parts;
    const { signal } = this.#over;
    const service = services.get(name);
    if (service !== undefined) return await service(args, signal);
    if (methods.has(name)) return await host.request(name, args, signal);
    throw new CarillonError(
      "hook/not-possible",
      `Ask for something that there is: "${name}" is none of this code's methods`,
    );
  }

  async #watchTime(): Promise<void> {
    const { clock, leftMs, limits } = this.#parts;
    const { signal } = this.#over;
    const noticeMs = Math.min(limits.graceMs, leftMs / 2);
    try {
      await passes(clock, leftMs - noticeMs, signal);
      this.#abort("Its time is nearly up");
      await passes(clock, noticeMs, signal);
      this.#timedOut();
    } catch (error) {
      if (!signal.aborted) this.#outcome.reject(error);
    }
  }

  #timedOut(): void {
    const { timeoutMs } = this.#parts.options;
    const message = `It did not end within ${timeoutMs} ms`;
    this.#settle({ kind: "timed_out", message });
  }

  #watchSignal(): void {
    const { signal } = this.#parts.options;
    const giveUp = () => void this.#cancel();
    if (signal?.aborted) return giveUp();
    const until = { once: true, signal: this.#over.signal };
    signal?.addEventListener("abort", giveUp, until);
  }

  /** Says so, lets it tidy up for a moment, and ends it. */
  async #cancel(): Promise<void> {
    const { clock, limits, guest } = this.#parts;
    const { signal } = this.#over;
    this.#abort("Its caller gave it up");
    const cancelled: HookOutcome = {
      kind: "cancelled",
      message: "Its caller gave it up",
    };
    // What it still says is heard, its end is not: it was given up whatever it returns now.
    guest.watch = {
      said: (text) => {
        const message = readGuestMessage(text);
        if (message === null || message.call !== this.#parts.call) return;
        if (message.type === "done" || message.type === "threw") {
          this.#settle(cancelled);
        } else this.said(text);
      },
      spilled: (bytes) => this.spilled(bytes),
      ended: () => this.#settle(cancelled),
    };
    try {
      await passes(clock, limits.graceMs, signal);
      this.#settle(cancelled);
    } catch (error) {
      if (!signal.aborted) this.#outcome.reject(error);
    }
  }

  #abort(message: string): void {
    const { guest, call } = this.#parts;
    guest.send({ type: "abort", call, message });
  }
}

/** How both engines say that the memory is used up. */
const OUT_OF_MEMORY =
  /^(?:InternalError: out of memory|RangeError: (?:Array buffer allocation failed|WebAssembly\.Memory\(\): could not allocate memory))/;

/** What a machine makes of code that it stopped at its deadline. */
const INTERRUPTED = "InternalError: interrupted";

/** What a guest is told of an error of ours: only what is meant to be told. */
function refusal(error: unknown): { code: string; message: string } {
  if (error instanceof CarillonError) {
    return { code: error.code, message: error.message };
  }
  return { code: "hook/no-answer", message: "The host could not answer" };
}
