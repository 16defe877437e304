/**
 * Runs the hooks of a file: each in its sandbox, made ready beforehand.
 *
 * @module
 */

import { openIsolation } from "../../adapters/sandbox/choose_isolation.ts";
import type { HookRun } from "../../domain/effect.ts";
import { CarillonError } from "../../domain/error.ts";
import type { HookEnd, HookFault, HookPlace } from "../../domain/hook_end.ts";
import { hookKey } from "../../domain/hook_tally.ts";
import { hash32 } from "../../domain/id.ts";
import type { DurationMs } from "../../domain/time.ts";
import type { HookDesk } from "../../runtime/hook_desk.ts";
import type {
  HookOutcome,
  Isolation,
  Json,
  Sandbox,
} from "../../runtime/isolation.ts";
import type { Clock, HookRunner } from "../../runtime/ports.ts";
import { Lane } from "./broker_lane.ts";
import { contextData, type Reading, whyUnread } from "./context_data.ts";
import { CallHost } from "./hook_host.ts";
import {
  HOOK_LIMITS,
  SNAPSHOT_WAIT_MS,
  STRATEGY_LIMITS,
} from "./hook_limits.ts";
import { type Entered, orAborted, OverlapGate } from "./overlap_gate.ts";
import { hookText, type PlannedHook } from "./planned_hook.ts";
import { SecretFilter } from "./secret_filter.ts";
import { type Hold, TimeHold } from "./time_hold.ts";

/** What the runner works with. */
export interface FileHooksParts {
  /** Real time, by which a hook's own time runs out, also in a run of virtual time. */
  readonly realClock: Clock;
  /** Keeps the run's time standing still while a hook works; does nothing where time is real. */
  readonly hold: Hold;
}

/** A hook that stands ready. */
interface Ready {
  readonly planned: PlannedHook;
  readonly text: string;
  readonly sandbox: Sandbox;
  readonly secrets: SecretFilter;
  /** Calls that have not ended. */
  readonly running: Set<Promise<HookEnd>>;
}

/** Hooks that are to take the place of those that stand ready. */
export interface StagedHooks {
  /** Has them called from now on; a call that runs comes to its end as it was. */
  commit(): void;
  /** Lets go of them again. */
  discard(): Promise<void>;
}

/** The hooks of one file. */
export class FileHooks implements HookRunner, AsyncDisposable {
  readonly #parts: FileHooksParts;
  readonly #sandboxes = new Set<Sandbox>();
  readonly #isolations = new Map<string, Isolation>();
  #ready: ReadonlyMap<string, Ready> = new Map();
  readonly #gate = new OverlapGate();
  readonly #lane = new Lane();

  private constructor(parts: FileHooksParts) {
    this.#parts = parts;
  }

  /**
   * Makes every hook ready; nothing of the user's runs yet.
   *
   * @throws {CarillonError} "hook/not-possible" or "hook/no-guest"
   */
  static async open(
    planned: readonly PlannedHook[],
    parts: FileHooksParts,
  ): Promise<FileHooks> {
    const hooks = new FileHooks(parts);
    try {
      const staged = await hooks.stage(planned);
      staged.commit();
      return hooks;
    } catch (error) {
      await hooks[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What the isolations cannot do here, as sentences for people. */
  get shortcomings(): readonly string[] {
    const all = Array.from(
      this.#isolations.values(),
      ({ shortcomings }) => shortcomings,
    );
    return [...new Set(all.flat())];
  }

  /** How many guests are alive, were left to themselves, and were ended by force. */
  get health(): {
    readonly guests: number;
    readonly abandoned: number;
    readonly killed: number;
  } {
    const sum = { guests: 0, abandoned: 0, killed: 0 };
    for (const { health } of this.#isolations.values()) {
      sum.guests += health.guests;
      sum.abandoned += health.abandoned;
      sum.killed += health.killed;
    }
    return sum;
  }

  /** Calls one hook and waits for its end. */
  async run(
    call: HookRun,
    signal: AbortSignal,
    desk: HookDesk,
  ): Promise<HookEnd> {
    const key = keyOf(call.session, call.name, call.strategy?.name ?? null);
    const ready = this.#ready.get(key);
    if (ready === undefined) {
      throw new CarillonError(
        "hook/failed",
        `Cannot run "${call.name}" of session "${call.session}": it was not there when the run began`,
      );
    }
    const entered = await this.#enter(key, call, signal);
    if ("kind" in entered) return entered;
    const calling = this.#call(ready, call, entered.signal, desk);
    ready.running.add(calling);
    try {
      return await calling;
    } finally {
      ready.running.delete(calling);
      entered.leave();
    }
  }

  /**
   * Makes the hooks of an edited file ready, beside those that are called; what did not change
   * stays as it is.
   *
   * @throws {CarillonError} "hook/not-possible" or "hook/no-guest"
   */
  async stage(planned: readonly PlannedHook[]): Promise<StagedHooks> {
    const before = this.#ready;
    const next = new Map<string, Ready>();
    const kept = new Set<Ready>();
    const discard = async () => {
      const made = [...next.values()].filter((ready) => !kept.has(ready));
      await Promise.all(made.map((ready) => this.#end(ready)));
    };
    try {
      for (const each of planned) {
        const key = keyOf(each.session, each.name, each.strategy);
        const known = before.get(key);
        const isSame = known?.text === hookText(each);
        const ready = isSame ? known : await this.#start(each);
        if (isSame) kept.add(ready);
        next.set(key, ready);
      }
    } catch (error) {
      await discard();
      throw error;
    }
    const commit = () => {
      this.#ready = next;
      const left = [...before.values()].filter((ready) => !kept.has(ready));
      for (const ready of left) void this.#retire(ready);
    };
    return { commit, discard };
  }

  /** Ends every guest. */
  async [Symbol.asyncDispose](): Promise<void> {
    const sandboxes = [...this.#sandboxes];
    this.#sandboxes.clear();
    await Promise.allSettled(
      sandboxes.map((one) => one[Symbol.asyncDispose]()),
    );
    const isolations = [...this.#isolations.values()];
    await Promise.all(isolations.map((one) => one[Symbol.asyncDispose]()));
  }

  /** A call that is under way when its file is edited is not cut short. */
  async #retire(ready: Ready): Promise<void> {
    while (ready.running.size > 0) await Promise.allSettled(ready.running);
    await this.#end(ready);
  }

  async #end({ sandbox }: Ready): Promise<void> {
    if (!this.#sandboxes.delete(sandbox)) return;
    await sandbox[Symbol.asyncDispose]();
  }

  async #start(planned: PlannedHook): Promise<Ready> {
    const { program, isolation: kind, name } = planned;
    const limits = name === "strategy" ? STRATEGY_LIMITS : HOOK_LIMITS;
    let isolation = this.#isolations.get(kind);
    if (isolation === undefined) {
      isolation = await openIsolation(kind, this.#parts.realClock);
      this.#isolations.set(kind, isolation);
    }
    const sandbox = await isolation.start(program, limits);
    this.#sandboxes.add(sandbox);
    const secrets = new SecretFilter(Object.values(program.grant.env));
    const text = hookText(planned);
    return { planned, text, sandbox, secrets, running: new Set() };
  }

  /** Waits for the call's turn, within its own time. */
  async #enter(
    key: string,
    { hook }: HookRun,
    signal: AbortSignal,
  ): Promise<Entered | HookFault> {
    const waiting = new AbortController();
    const until = AbortSignal.any([signal, waiting.signal]);
    const over = new AbortController();
    const late = this.#passes(hook.timeoutMs, over.signal)
      .then(() => waiting.abort(), () => {});
    try {
      const entered = await this.#gate.enter(key, hook.overlap, until);
      if (entered !== null) return entered;
      return fault("skipped", "Its last call still runs");
    } catch {
      return signal.aborted ? fault("cancelled", "The run was left") : fault(
        "timed_out",
        `Its last call did not end within ${hook.timeoutMs} ms`,
      );
    } finally {
      over.abort();
      await late;
    }
  }

  async #call(
    { planned, sandbox, secrets }: Ready,
    call: HookRun,
    signal: AbortSignal,
    desk: HookDesk,
  ): Promise<HookEnd> {
    const reading = await this.#read(desk, signal);
    const input = contextData(call, desk, reading);
    const hold = new TimeHold(this.#parts.hold);
    const host = new CallHost({ desk, secrets, lane: this.#lane, hold });
    try {
      const outcome = await sandbox.call(planned.handle, input, host, {
        timeoutMs: call.hook.timeoutMs,
        signal,
        at: desk.now(),
        seed: hash32(call.call),
      });
      return endOf(outcome, host, planned, secrets);
    } finally {
      hold.end();
    }
  }

  /** Reads the account for a call; one that cannot be read is told as such, and in good time. */
  async #read(desk: HookDesk, signal: AbortSignal): Promise<Reading> {
    const over = new AbortController();
    const until = AbortSignal.any([signal, over.signal]);
    const late = this.#passes(SNAPSHOT_WAIT_MS, until)
      .then(() => over.abort(), () => {});
    const read = <T>(work: () => Promise<T>) =>
      orAborted(this.#lane.run(until, work), until);
    const [snapshot, account] = await Promise.allSettled([
      read(() => desk.look()),
      read(() => desk.account()),
    ]);
    over.abort();
    await late;
    const failed = [snapshot, account].find(({ status }) =>
      status === "rejected"
    );
    return {
      snapshot: snapshot.status === "fulfilled" ? snapshot.value : null,
      account: account.status === "fulfilled" ? account.value : null,
      unread: failed?.status === "rejected" ? whyUnread(failed.reason) : null,
    };
  }

  /** Resolves once so much real time has gone by; a clock that jumps does not matter here. */
  async #passes(ms: DurationMs, signal: AbortSignal): Promise<void> {
    const { realClock } = this.#parts;
    await realClock.sleepUntil(realClock.now() + ms, signal);
  }
}

/** A session may have several strategies, and each is called for itself. */
function keyOf(
  session: string,
  name: HookRun["name"],
  strategy: string | null,
): string {
  return name === "strategy"
    ? `${session}/strategy/${strategy ?? ""}`
    : hookKey(session, name);
}

function fault(kind: HookFault["kind"], message: string): HookFault {
  return { kind, message, place: null, logs: [] };
}

function endOf(
  outcome: HookOutcome,
  { logs }: CallHost,
  planned: PlannedHook,
  secrets: SecretFilter,
): HookEnd {
  switch (outcome.kind) {
    case "returned":
      return {
        kind: "returned",
        value: valueText(outcome.value, secrets),
        logs,
      };
    case "failed": {
      const message = secrets.clean(outcome.message);
      return {
        kind: "failed",
        message,
        place: placeOf(outcome.stack, planned),
        logs,
      };
    }
    default: {
      const { kind } = outcome;
      const message = secrets.clean(outcome.message);
      return { kind, message, place: null, logs };
    }
  }
}

function valueText(value: Json, secrets: SecretFilter): string | null {
  return value === null ? null : JSON.stringify(secrets.cleanData(value));
}

function placeOf(
  stack: readonly {
    readonly module: string;
    readonly line: number;
    readonly column: number;
  }[],
  { fileOf }: PlannedHook,
): HookPlace | null {
  const [first] = stack;
  if (first === undefined) return null;
  const { module, line, column } = first;
  return { file: fileOf(module), line, column };
}
