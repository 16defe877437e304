/**
 * The world of one play: time, brokers, a journal, and whoever starts the program again.
 *
 * @module
 */

import {
  createPaperBroker,
  type PaperBroker,
} from "../../adapters/brokers/paper/paper_broker.ts";
import { SeededRandom } from "../../adapters/clock/random.ts";
import { VirtualClock } from "../../adapters/clock/virtual_clock.ts";
import type { EdgeSettled } from "../../domain/notice.ts";
import { HOUR_MS, SECOND_MS } from "../../domain/time.ts";
import type { DurationMs, EpochMs } from "../../domain/time.ts";
import { MemoryJournal } from "../../runtime/memory_journal.ts";
import type { Broker, Entry } from "../../runtime/ports.ts";
import type { Runtime, RuntimeParts } from "../../runtime/runtime.ts";
import type { DrillFile } from "./drill_file.ts";
import { MachineClock } from "./machine_clock.ts";
import { buildRoad } from "./network.ts";
import { ownOrder, type Trade, trade } from "./other_trader.ts";
import type { Deed, PlayPlan } from "./play_plan.ts";
import { ProgramLife } from "./program_life.ts";
import { settledIn } from "./station.ts";
import { lookAtBroker, type Truth } from "./truth.ts";

/** How long after its death the program is started again, as a service manager does. @units milliseconds */
export const RESTART_MS: DurationMs = 5 * SECOND_MS;

/** How the program itself is put together; tests break a piece of it. */
export interface DrilledProgram {
  readonly openRuntime: (parts: RuntimeParts) => Promise<Runtime>;
  /** What stands between the program and its connection to a broker. */
  readonly wrapBroker: (broker: Broker) => Broker;
}

/** The world, and what may be done to it. */
export class World implements AsyncDisposable {
  readonly clock: VirtualClock;
  readonly papers: ReadonlyMap<string, PaperBroker>;
  readonly journal = new MemoryJournal();
  readonly lives: ProgramLife[] = [];
  /** What the brokers held when an edge was about to be told as ended. */
  readonly truths = new Map<EdgeSettled, Truth>();
  /** How edges were told to have ended, on record or not. */
  readonly told: EdgeSettled[] = [];
  /** What ended a run that nobody killed. */
  readonly troubles: string[] = [];
  readonly #file: DrillFile;
  readonly #plan: PlayPlan;
  readonly #program: DrilledProgram;
  readonly #machine: MachineClock;
  readonly #names: SeededRandom;
  readonly #over = new AbortController();
  #downMs: DurationMs = RESTART_MS;
  #writable = true;
  #running: Promise<void> = Promise.resolve();

  /** A world at peace, in which nothing runs yet. */
  constructor(file: DrillFile, plan: PlayPlan, program: DrilledProgram) {
    this.#file = file;
    this.#plan = plan;
    this.#program = program;
    this.clock = new VirtualClock(plan.day.fromAt);
    const isSet = plan.deeds.some(({ kind }) => kind === "set_clock");
    this.#machine = new MachineClock(this.clock, isSet);
    this.#names = new SeededRandom(file.seed);
    this.papers = new Map(file.accounts.map(({ account, prices }) => [
      account.name,
      createPaperBroker({ account, prices, clock: this.clock }),
    ]));
  }

  /** Starts the program, and sees to it that it is started again whenever it dies. */
  start(): void {
    this.#running = this.#keepRunning();
  }

  /** Until when a close waits for its market to open; `null` where none does. @units EpochMs */
  deferredUntil(): EpochMs | null {
    const jobs = Object.values(this.lives.at(-1)?.runtime?.state.jobs ?? {});
    const ends = jobs.flatMap(({ closings, plan }) =>
      closings.flatMap(({ phase }) =>
        phase.kind === "deferred" ? [phase.untilAt + plan.deadlineMs] : []
      )
    );
    return ends.length === 0 ? null : Math.max(...ends);
  }

  /** Ends the program in order; one that does not end is told. */
  async stop(): Promise<void> {
    this.#over.abort();
    const runtime = this.lives.at(-1)?.runtime ?? null;
    if (runtime === null) this.troubles.push("it does not run at the end");
    const ended = runtime?.stop("leave", "until").catch((error: unknown) => {
      // What could not be put on record is judged by what was told.
      if (this.#writable) this.troubles.push(messageOf(error));
    });
    let isStopped = ended === undefined;
    ended?.finally(() => isStopped = true);
    await this.clock.settle();
    const untilAt = this.clock.now() + HOUR_MS;
    while (!isStopped && this.clock.now() < untilAt) {
      await this.clock.advance(SECOND_MS);
    }
    if (!isStopped) this.troubles.push("it does not stop");
  }

  /** Whether the journal takes entries. */
  get isWritable(): boolean {
    return this.#writable;
  }

  /** Lets somebody trade in it, now. */
  async trade(deal: Trade): Promise<void> {
    const paper = this.papers.get(deal.session.account);
    if (paper === undefined) return;
    if (deal.does !== "ask_session") return await trade(paper, deal);
    const order = ownOrder(deal);
    const runtime = this.lives.at(-1)?.runtime ?? null;
    if (order === null || runtime === null) return;
    // A program that dies meanwhile gives no answer, and nothing hangs on one.
    runtime.place(order).catch(() => {});
    await this.clock.settle();
  }

  /** Does something to it, now. */
  do(deed: Deed): void {
    switch (deed.kind) {
      case "faults":
        for (const paper of this.papers.values()) paper.setFaults(deed.rules);
        return;
      case "kill":
        this.#downMs = deed.downMs;
        this.lives.at(-1)?.die();
        return;
      case "suspend":
        return this.clock.jump(Math.max(deed.untilAt, this.clock.now()));
      case "set_clock":
        this.#machine.aheadMs = deed.aheadMs;
        return;
      case "journal":
        this.#writable = deed.writable;
        return;
    }
  }

  /** Lets go of everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    for (const life of this.lives) life.die();
    await this.clock.settle();
    await this.#running;
    for (const paper of this.papers.values()) {
      await paper[Symbol.asyncDispose]();
    }
  }

  async #keepRunning(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      await this.#liveOnce();
      const downMs = this.#downMs;
      this.#downMs = RESTART_MS;
      try {
        await this.clock.sleepUntil(this.clock.now() + downMs, signal);
      } catch {
        // The day is over, and nobody starts it again.
        return;
      }
    }
  }

  /** Resolves once the program is dead, however it came to it. */
  async #liveOnce(): Promise<void> {
    const life = this.#newLife();
    this.lives.push(life);
    life.begin().then((runtime) => {
      runtime.listen((notice) => {
        if (notice.type === "edge.settled") this.told.push(notice);
      });
      runtime.ended.catch((error) => {
        if (!this.#over.signal.aborted) this.troubles.push(messageOf(error));
        life.die();
      });
    }, () => life.die());
    await life.death;
  }

  #newLife(): ProgramLife {
    const clock = this.#machine;
    const brokers = [...this.papers].map(([name, paper]) => {
      const line = paper.openBroker(clock);
      const road = buildRoad(this.#plan.road, line);
      return [name, this.#program.wrapBroker(road)] as const;
    });
    return new ProgramLife({
      definition: this.#file.definition,
      runId: this.#names.id(),
      clock,
      worldClock: this.clock,
      journal: this.journal,
      isWritable: () => this.#writable,
      brokers: new Map(brokers),
      crash: this.#plan.crashes[this.lives.length] ?? null,
      onAppend: (entries) => this.#witness(entries),
      openRuntime: this.#program.openRuntime,
    });
  }

  /** Looks at the brokers' own books at the very instant at which an edge is said to have ended. */
  #witness(entries: readonly Entry[]): void {
    for (const settled of settledIn(entries)) {
      const paper = this.papers.get(settled.account);
      if (paper === undefined || this.truths.has(settled)) continue;
      this.truths.set(settled, lookAtBroker(paper, this.clock.now()));
    }
  }

  /** When it is, for whoever looks from outside. @units EpochMs */
  now(): EpochMs {
    return this.clock.now();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
