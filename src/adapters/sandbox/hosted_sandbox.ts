/**
 * A program behind its border, whatever the border is made of.
 *
 * @module
 */

import { invariant } from "../../domain/error.ts";
import type {
  CallOptions,
  HookHost,
  HookOutcome,
  HookProgram,
  JsonObject,
  Limits,
  Sandbox,
} from "../../runtime/isolation.ts";
import type { Clock } from "../../runtime/ports.ts";
import { runCall, type Service } from "./call_run.ts";
import { passes } from "./deadline.ts";
import type { GuestHandle } from "./guest_handle.ts";
import type { GuestPool } from "./guest_pool.ts";
import type { Task } from "./messages.ts";
import { type Preparation, prepareProgram } from "./prepare_program.ts";

/** What a sandbox is made of. */
export interface SandboxParts {
  readonly program: HookProgram;
  readonly limits: Limits;
  readonly pool: GuestPool;
  /** Which guests of the pool are of use. */
  readonly key: string;
  readonly services: ReadonlyMap<string, Service>;
  /** Real time. */
  readonly clock: Clock;
}

/** Evaluating a module asks for nothing, and what it logs is nobody's. */
const NO_HOST: HookHost = {
  request: () => Promise.reject(new Error("Nothing can be asked for here")),
  log: () => {},
};

/** A program, a guest to run it in, and another for when that one came to harm. */
export class HostedSandbox implements Sandbox {
  readonly #parts: SandboxParts;
  readonly #preparation: Preparation;
  readonly #methods: ReadonlySet<string>;
  #kept: GuestHandle | null = null;
  #callsOfKept = 0;
  #calls = 0;
  #running: Promise<unknown> | null = null;
  #ending: Promise<void> | null = null;
  #closed = new AbortController();

  /** Makes a guest ready. */
  constructor(parts: SandboxParts) {
    this.#parts = parts;
    this.#preparation = prepareProgram(parts.program);
    this.#methods = new Set(parts.program.methods);
    parts.pool.join(parts.key);
  }

  /** Reads an export as data. */
  evaluate(exportName: string, options: CallOptions): Promise<HookOutcome> {
    const task: Task = { kind: "evaluate", export: exportName };
    return this.#alone(() => this.#run(task, NO_HOST, options));
  }

  /** Calls the function behind a handle. */
  call(
    handle: string,
    input: JsonObject,
    host: HookHost,
    options: CallOptions,
  ): Promise<HookOutcome> {
    const task: Task = { kind: "call", handle, input };
    return this.#alone(() => this.#run(task, host, options));
  }

  /** Ends its guest, and whatever runs in it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort(new Error("The sandbox was closed"));
    this.#parts.pool.leave(this.#parts.key);
    await this.#running;
    const kept = this.#kept;
    this.#kept = null;
    if (kept !== null) await this.#parts.pool.release(kept);
    await this.#ending;
  }

  async #alone(run: () => Promise<HookOutcome>): Promise<HookOutcome> {
    invariant(
      this.#running === null,
      "a sandbox carries out one call at a time",
    );
    const running = run();
    this.#running = running.catch(() => {});
    try {
      return await running;
    } finally {
      this.#running = null;
    }
  }

  async #run(
    task: Task,
    host: HookHost,
    given: CallOptions,
  ): Promise<HookOutcome> {
    if (!this.#preparation.ok) return this.#preparation.failure;
    const { clock, limits, services } = this.#parts;
    const { sent, codeMap } = this.#preparation.prepared;
    const signal = given.signal === undefined
      ? this.#closed.signal
      : AbortSignal.any([given.signal, this.#closed.signal]);
    if (signal.aborted) return CANCELLED;
    const options: CallOptions = { ...given, signal };
    const startedAt = clock.elapsed();
    const taken = await this.#takeGuest(options);
    if (!("guest" in taken)) return taken;
    const { guest } = taken;
    const outcome = await runCall({
      call: `${++this.#calls}`,
      guest,
      task,
      program: this.#callsOfKept === 0 ? sent : null,
      methods: this.#methods,
      services,
      host,
      limits,
      options,
      leftMs: Math.max(1, options.timeoutMs - (clock.elapsed() - startedAt)),
      clock,
      codeMap,
    });
    this.#callsOfKept++;
    this.#putAway(guest, outcome);
    return outcome;
  }

  /** The guest of the last call, or a fresh one within the call's time. */
  async #takeGuest(
    options: CallOptions,
  ): Promise<{ readonly guest: GuestHandle } | HookOutcome> {
    const kept = this.#kept;
    this.#kept = null;
    if (kept !== null && kept.isAlive) return { guest: kept };
    if (kept !== null) this.#end(kept);
    this.#callsOfKept = 0;
    return await this.#takeFresh(options);
  }

  async #takeFresh(
    options: CallOptions,
  ): Promise<{ readonly guest: GuestHandle } | HookOutcome> {
    const { pool, key } = this.#parts;
    const over = new AbortController();
    const taking = pool.take(key, over.signal);
    const taken = taking.then(
      (guest) => ({ guest }),
      (error) => cannotStart(error),
    );
    const first = await Promise.race([taken, this.#until(options, over)]);
    over.abort();
    // One that comes too late is of use to nobody: it may hold what another waits for.
    if (!("guest" in first)) taking.then((guest) => this.#end(guest), () => {});
    return first;
  }

  /** What a call comes to that is given up, or runs out of time, before it has a guest. */
  async #until(
    { timeoutMs, signal }: CallOptions,
    over: AbortController,
  ): Promise<HookOutcome> {
    const until = signal === undefined
      ? over.signal
      : AbortSignal.any([signal, over.signal]);
    try {
      await passes(this.#parts.clock, timeoutMs, until);
      const message = `No guest was free within ${timeoutMs} ms`;
      return { kind: "timed_out", message };
    } catch {
      return CANCELLED;
    }
  }

  /** Keeps a guest that returned and may be called again; ends any other. */
  #putAway(guest: GuestHandle, { kind }: HookOutcome): void {
    const { limits } = this.#parts;
    // What threw may have left work behind that nobody waits for.
    if (
      kind === "returned" && guest.isAlive &&
      this.#callsOfKept < limits.callsMax
    ) {
      this.#kept = guest;
    } else this.#end(guest);
  }

  /** Ends a guest; the next one is started only now, so as not to slow down the call itself. */
  #end(guest: GuestHandle): void {
    const { pool, key } = this.#parts;
    const ending = pool.release(guest);
    pool.warm(key);
    this.#ending = Promise.all([this.#ending, ending]).then(() => {});
  }
}

const CANCELLED: HookOutcome = {
  kind: "cancelled",
  message: "Its caller gave it up",
};

function cannotStart(error: unknown): HookOutcome {
  const why = error instanceof Error ? error.message : String(error);
  return { kind: "crashed", message: `No guest could be started: ${why}` };
}
