/**
 * One life of the program: from its start until it ends in order, or is dead.
 *
 * What is dead leaves nothing behind but what it wrote and what it sent: its answers are lost, what it
 * had not sent stays unsent, and it hears and writes nothing more.
 *
 * @module
 */

import type { Definition } from "../../domain/definition.ts";
import { CarillonError } from "../../domain/error.ts";
import type { OrderIntent, OrderReport } from "../../domain/order.ts";
import type { AccountInfo, Snapshot } from "../../domain/position.ts";
import type { EpochMs } from "../../domain/time.ts";
import type {
  Broker,
  BrokerWatch,
  Checkpoint,
  Clock,
  Entry,
  Journal,
} from "../../runtime/ports.ts";
import type { Runtime, RuntimeParts } from "../../runtime/runtime.ts";
import type { CrashPoint } from "./play_plan.ts";
import { appendAt, type CallKind, type Station } from "./station.ts";

/** What a life is begun with. */
export interface LifeParts {
  readonly definition: Definition;
  readonly runId: string;
  /** As the program sees it. */
  readonly clock: Clock;
  /** As the world has it. */
  readonly worldClock: Clock;
  readonly journal: Journal;
  /** Whether the journal takes entries now. */
  readonly isWritable: () => boolean;
  /** Connections of its own, by account name. */
  readonly brokers: ReadonlyMap<string, Broker>;
  /** Where it dies by itself; `null` where nothing of the kind is meant. */
  readonly crash: CrashPoint | null;
  /** Sees every batch on its way to the journal. */
  readonly onAppend: (entries: readonly Entry[]) => void;
  readonly openRuntime: (parts: RuntimeParts) => Promise<Runtime>;
}

/** How far a life has come. */
type Stage =
  | { readonly kind: "opening" }
  | { readonly kind: "running"; readonly runtime: Runtime }
  /** About to die with the answer to a call: no news gets through any more, nor another answer. */
  | { readonly kind: "dying"; readonly runtime: Runtime | null }
  | { readonly kind: "dead" };

/** A life under way. */
export class ProgramLife {
  readonly #parts: LifeParts;
  readonly #death = Promise.withResolvers<void>();
  readonly #stations: Station[] = [];
  readonly #leaving: PromiseLike<unknown>[] = [];
  #stage: Stage = { kind: "opening" };
  #appends = 0;
  #calls = 0;

  /** A life that has not begun. */
  constructor(parts: LifeParts) {
    this.#parts = parts;
  }

  /** What it passed so far. */
  get stations(): readonly Station[] {
    return this.#stations;
  }

  /** The run, while there is one. */
  get runtime(): Runtime | null {
    return "runtime" in this.#stage ? this.#stage.runtime : null;
  }

  /** Resolves once it is dead. */
  get death(): Promise<void> {
    return this.#death.promise;
  }

  /**
   * Opens the accounts and starts the run; never resolves where it dies meanwhile.
   *
   * @throws {CarillonError} what keeps it from starting
   */
  async begin(): Promise<Runtime> {
    const { definition, runId, clock, brokers, openRuntime } = this.#parts;
    const runtime = await openRuntime({
      definition,
      runId,
      dryRun: false,
      brokers: new Map(
        [...brokers].map(([name, broker]) => [name, this.#mortal(broker)]),
      ),
      hooks: RETURNED,
      clock,
      journal: this.#journal(),
    });
    if (this.#isDeaf()) {
      runtime.abandon();
      return await new Promise<never>(() => {});
    }
    this.#stage = { kind: "running", runtime };
    runtime.start();
    return runtime;
  }

  /** Ends it at once, and cuts everything that was on its way out. */
  die(): void {
    if (this.#isDead()) return;
    const { runtime } = this;
    this.#stage = { kind: "dead" };
    runtime?.abandon();
    for (const broker of this.#parts.brokers.values()) {
      this.#leaving.push(broker[Symbol.asyncDispose]());
    }
    this.#death.resolve();
  }

  /** Resolves once nothing of it is left. */
  async gone(): Promise<void> {
    await Promise.all(this.#leaving);
  }

  #isDead(): boolean {
    return this.#stage.kind === "dead";
  }

  #at(): EpochMs {
    return this.#parts.worldClock.now();
  }

  /** Dies where it was meant to; says whether it is dead. */
  #passes(station: Station, moment: CrashPoint["moment"]): boolean {
    if (this.#isCrash(station, moment)) this.die();
    return this.#isDead();
  }

  #isCrash({ kind, n }: Station, moment: CrashPoint["moment"]): boolean {
    const { crash } = this.#parts;
    return !this.#isDead() && crash?.kind === kind && crash.n === n &&
      crash.moment === moment;
  }

  #append(entries: readonly Entry[]): void {
    if (this.#isDead()) throw dead();
    const station = appendAt(++this.#appends, this.#at(), entries);
    this.#stations.push(station);
    if (this.#passes(station, "before")) throw dead();
    this.#parts.onAppend(entries);
    if (!this.#parts.isWritable()) throw diskFull();
    this.#parts.journal.append(entries);
    this.#passes(station, "after");
  }

  #journal(): Journal {
    const { journal, isWritable } = this.#parts;
    const change = () => {
      if (this.#isDead()) throw dead();
      if (!isWritable()) throw diskFull();
    };
    return {
      path: journal.path,
      append: (entries) => this.#append(entries),
      read: (afterSeq) => journal.read(afterSeq),
      checkpoints: () => journal.checkpoints(),
      keep: (checkpoint: Checkpoint) => {
        change();
        journal.keep(checkpoint);
      },
      dropBefore: (before) => {
        change();
        return journal.dropBefore(before);
      },
      [Symbol.dispose]() {},
    };
  }

  async #call<T>(call: CallKind, ask: () => Promise<T>): Promise<T> {
    const n = ++this.#calls;
    const station: Station = { kind: "call", n, at: this.#at(), call };
    if (!this.#isDead()) this.#stations.push(station);
    // Nobody is left who could wait for it.
    if (this.#passes(station, "before")) return await new Promise(() => {});
    if (this.#isCrash(station, "after")) {
      this.#stage = { kind: "dying", runtime: this.runtime };
    }
    try {
      return await ask();
    } finally {
      // An answer, good or bad, that comes to the dead is heard by nobody.
      const isLost = this.#passes(station, "after") || this.#isDeaf();
      if (isLost) await new Promise(() => {});
    }
  }

  #isDeaf(): boolean {
    return this.#stage.kind === "dying" || this.#isDead();
  }

  #mortal(broker: Broker): Broker {
    return {
      open: (watch: BrokerWatch): Promise<AccountInfo> =>
        this.#call("open", () =>
          broker.open((event) => {
            if (!this.#isDeaf()) watch(event);
          })),
      read: (sinceSeq: number | null): Promise<Snapshot> =>
        this.#call("read", () => broker.read(sinceSeq)),
      submit: (intent: OrderIntent): Promise<OrderReport> =>
        this.#call("submit", () => broker.submit(intent)),
      cancel: (orderId: string): Promise<OrderReport> =>
        this.#call("cancel", () => broker.cancel(orderId)),
      find: (clientOrderId: string): Promise<OrderReport | null> =>
        this.#call("find", () => broker.find(clientOrderId)),
      [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
    };
  }
}

/** A drill is about orders: the user's own functions are not called, and count as returned. */
const RETURNED = { run: () => Promise.resolve() };

/** Not a failure of the journal: there is nobody left to write. */
function dead(): Error {
  return new Error("The program is dead");
}

function diskFull(): CarillonError {
  return new CarillonError(
    "journal/unwritable",
    "Cannot write to the journal: no space is left on its disk",
  );
}
