/**
 * Runs functions of this very process as hooks: awaited, timed, and kept from harming the run.
 *
 * @module
 */

import { CarillonError } from "../domain/error.ts";
import type { HookRun } from "../domain/effect.ts";
import type { HookEnd } from "../domain/hook_end.ts";
import type { DurationMs } from "../domain/time.ts";
import type { HookDesk } from "../runtime/hook_desk.ts";
import type { Clock, HookRunner } from "../runtime/ports.ts";
import type { HookContext, Session, SessionFunction } from "./session.ts";

/** A hook's function, and the session that it belongs to. */
export interface BoundFunction {
  readonly session: Session;
  readonly run: SessionFunction;
}

/** What the runner works with. */
export interface FunctionHooksParts {
  /** The function that a call means; `null` where there is none any more. */
  readonly find: (call: HookRun) => BoundFunction | null;
  /** The run's time, which the functions are told. */
  readonly clock: Clock;
  /** Real time, by which a function's own time runs out, also in a run of virtual time. */
  readonly realClock: Clock;
  /** Runs hooks that are not functions; `null` where there are none. */
  readonly otherwise: HookRunner | null;
}

/**
 * Awaits each function within its time.
 *
 * A function that throws or takes too long is an outcome. One that has run out of time is told by
 * its signal and waited for no longer; it cannot be ended by force, and until it has ended
 * its own `overlap` policy holds for the next call.
 *
 * | overlap | the next call while the last still runs |
 * | --- | --- |
 * | `skip` | fails |
 * | `buffer_one` | waits, within its own time; a further one fails |
 * | `cancel_other` | aborts the last one's signal and begins |
 */
export class FunctionHooks implements HookRunner {
  readonly #parts: FunctionHooksParts;
  readonly #running = new Map<string, Running>();

  /** Makes a runner that has called nothing yet. */
  constructor(parts: FunctionHooksParts) {
    this.#parts = parts;
  }

  /**
   * Calls one function and waits for it.
   *
   * @throws {CarillonError} "hook/failed" or "hook/timed-out"
   */
  async run(
    call: HookRun,
    signal: AbortSignal,
    desk: HookDesk,
  ): Promise<HookEnd | void> {
    if (call.hook.source.kind !== "function") {
      return await this.#runElsewhere(call, signal, desk);
    }
    const stop = new AbortController();
    const inner = AbortSignal.any([signal, stop.signal]);
    const timer = new AbortController();
    const work = this.#callInTurn(call, stop, inner);
    // Whoever no longer waits for it must not be brought down by it.
    work.catch(() => {});
    try {
      await Promise.race([
        work,
        this.#runOut(call, timer.signal),
        aborted(signal, timer.signal),
      ]);
    } catch (error) {
      stop.abort(error);
      throw asHookError(call, error);
    } finally {
      timer.abort();
    }
  }

  async #runElsewhere(
    call: HookRun,
    signal: AbortSignal,
    desk: HookDesk,
  ): Promise<HookEnd | void> {
    const { otherwise } = this.#parts;
    if (otherwise !== null) return await otherwise.run(call, signal, desk);
    throw hookFailed(call, `nothing here runs a ${call.hook.source.kind}`);
  }

  async #callInTurn(
    call: HookRun,
    stop: AbortController,
    signal: AbortSignal,
  ): Promise<void> {
    const key = `${call.session}/${call.name}`;
    for (
      let last = this.#running.get(key);
      last !== undefined;
      last = this.#running.get(key)
    ) {
      if (call.hook.overlap === "cancel_other") {
        last.stop.abort(hookFailed(call, "a later call took its place"));
        break;
      }
      await waitFor(last, call, signal);
    }
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const running: Running = { stop, ended, hasWaiter: false };
    // Before the function is called: it may ask for its own edge again.
    this.#running.set(key, running);
    try {
      await this.#call(call, signal);
    } finally {
      if (this.#running.get(key) === running) this.#running.delete(key);
      resolve();
    }
  }

  async #call(call: HookRun, signal: AbortSignal): Promise<void> {
    const bound = this.#parts.find(call);
    if (bound === null) throw hookFailed(call, "its session has left the run");
    const { clock } = this.#parts;
    const context: HookContext = {
      session: bound.session,
      edge: call.edge,
      dueAt: instant(call.dueAt),
      signal,
      now: () => instant(clock.now()),
    };
    await bound.run(context);
  }

  /** Rejects when the call's time is up. */
  async #runOut(call: HookRun, signal: AbortSignal): Promise<never> {
    const { timeoutMs } = call.hook;
    await passes(this.#parts.realClock, timeoutMs, signal);
    throw new CarillonError(
      "hook/timed-out",
      `Cannot wait for "${call.name}" of session "${call.session}": it did not end within ${timeoutMs} ms`,
      { details: { session: call.session, edge: call.edge, timeoutMs } },
    );
  }
}

/** A function that has not ended, waited for or not. */
interface Running {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  hasWaiter: boolean;
}

/** Waits for the last call's end, where the policy lets this one wait. */
async function waitFor(
  last: Running,
  call: HookRun,
  signal: AbortSignal,
): Promise<void> {
  if (call.hook.overlap === "skip" || last.hasWaiter) {
    throw hookFailed(call, "its last call still runs");
  }
  last.hasWaiter = true;
  try {
    await Promise.race([last.ended, aborted(signal)]);
    signal.throwIfAborted();
  } finally {
    last.hasWaiter = false;
  }
}

/** The longest sleep between two looks at the time that really passed. @units milliseconds */
const LOOK_MS_MAX: DurationMs = 1_000;

/** Resolves once so much time has gone by, however the wall clock jumps. */
async function passes(
  clock: Clock,
  ms: DurationMs,
  signal: AbortSignal,
): Promise<void> {
  const from = clock.elapsed();
  for (;;) {
    const leftMs = ms - (clock.elapsed() - from);
    if (leftMs <= 0) return;
    const sliceMs = Math.ceil(Math.min(leftMs, LOOK_MS_MAX));
    await clock.sleepUntil(clock.now() + sliceMs, signal);
  }
}

/** Rejects when a signal is aborted; `over` ends the interest in it. */
function aborted(signal: AbortSignal, over?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    const options = over === undefined ? {} : { signal: over };
    signal.addEventListener("abort", stop, { once: true, ...options });
  });
}

function instant(at: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(at);
}

function asHookError(call: HookRun, error: unknown): CarillonError {
  const isOurs = error instanceof CarillonError &&
    (error.code === "hook/timed-out" || error.code === "hook/failed");
  if (isOurs) return error;
  const why = error instanceof Error ? error.message : String(error);
  return hookFailed(call, why, error);
}

function hookFailed(
  { name, session, edge }: HookRun,
  why: string,
  cause?: unknown,
): CarillonError {
  return new CarillonError(
    "hook/failed",
    `Cannot finish "${name}" of session "${session}": ${why}`,
    { cause, details: { session, edge } },
  );
}
