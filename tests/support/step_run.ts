/**
 * A whole run against the paper broker on a clock that a test moves by hand, either way.
 *
 * @module
 */

import {
  createPaperBroker,
  type PaperBroker,
} from "../../src/adapters/brokers/paper/paper_broker.ts";
import { decimal, ZERO } from "../../src/domain/decimal.ts";
import type { PaperAccount, Session } from "../../src/domain/definition.ts";
import type { Notice } from "../../src/domain/notice.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import type { Broker, HookRunner } from "../../src/runtime/ports.ts";
import { Runtime } from "../../src/runtime/runtime.ts";
import { clockSession, instant } from "./clock_session.ts";
import { CLOSE_ALL, held, paperDefinition } from "./paper_run.ts";
import { StepClock } from "./step_clock.ts";

const ACCOUNT: PaperAccount = {
  kind: "paper",
  name: "main",
  mode: "netting",
  cash: decimal("100000"),
  currency: "USD",
  positions: [held("EURUSD")],
  prices: [],
  seed: 7,
  commission: ZERO,
  latencyMs: 0,
};

const NO_HOOKS: HookRunner = {
  run: () => Promise.reject(new Error("no hook was expected")),
};

/** A run that has started. */
export interface StepRun extends AsyncDisposable {
  readonly clock: StepClock;
  readonly paper: PaperBroker;
  /** What the run calls; a test may put methods of its own in. */
  readonly broker: Broker;
  readonly runtime: Runtime;
  readonly journal: MemoryJournal;
  readonly notices: readonly Notice[];
  /** How the edges ended, in words. */
  readonly told: () => readonly string[];
  /** Whether nothing is held any more. */
  readonly isFlat: () => boolean;
  /** Lets the world go on from where its clock stands, second by second. */
  readonly pass: (seconds: number) => Promise<void>;
}

/** Starts a run that holds 1000 EURUSD, at an instant. */
export async function startStepRun(
  iso: string,
  sessions: readonly Partial<Session>[] = [CLOSE_ALL],
): Promise<StepRun> {
  const clock = new StepClock(instant(iso));
  const paper = createPaperBroker({ account: ACCOUNT, prices: [], clock });
  const broker: Broker = paper.openBroker();
  const journal = new MemoryJournal();
  const runtime = await Runtime.open({
    definition: paperDefinition(sessions.map(clockSession)),
    runId: "run",
    dryRun: false,
    brokers: new Map([["main", broker]]),
    hooks: NO_HOOKS,
    clock,
    journal,
  });
  const notices: Notice[] = [];
  runtime.listen((notice) => notices.push(notice));
  runtime.start();
  await clock.settle();
  return {
    clock,
    paper,
    broker,
    runtime,
    journal,
    notices,
    told: () =>
      notices.flatMap((notice) =>
        notice.type === "edge.settled"
          ? [
            [notice.outcome, ...notice.reason ? [notice.reason] : []].join(" "),
          ]
          : []
      ),
    isFlat: () => paper.state.positions.size === 0,
    pass: async (seconds) => {
      for (let second = 0; second < seconds; second++) {
        await clock.set(clock.now() + 1_000, 1_000);
      }
    },
    async [Symbol.asyncDispose]() {
      runtime.abandon();
      await broker[Symbol.asyncDispose]();
      await paper[Symbol.asyncDispose]();
    },
  };
}
