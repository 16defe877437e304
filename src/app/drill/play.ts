/**
 * Plays one day, and keeps what can be held against the program afterwards.
 *
 * @module
 */

import type { PaperAudit } from "../../adapters/brokers/paper/audit.ts";
import { entriesOf } from "../../adapters/brokers/paper/ledger.ts";
import { auditJournal } from "../../domain/audit.ts";
import type { AuditReport } from "../../domain/audit_finding.ts";
import type { EdgeSettled } from "../../domain/notice.ts";
import type { OrderIntent } from "../../domain/order.ts";
import { MINUTE_MS } from "../../domain/time.ts";
import type { DrillFile } from "./drill_file.ts";
import { tradesOf } from "./other_trader.ts";
import type { PlayPlan } from "./play_plan.ts";
import { settledIn, type Station } from "./station.ts";
import { lookAtBroker, type TruePosition, type Truth } from "./truth.ts";
import { type DrilledProgram, World } from "./world.ts";

/** How an edge ended, and what its broker held at that instant. */
export interface Ending {
  readonly settled: EdgeSettled;
  readonly truth: Truth;
}

/** What an account's own books say at the end of the day. */
export interface Books {
  readonly account: string;
  readonly audit: PaperAudit;
  /** Every holding that was seen, by the name of its exposure. */
  readonly seen: ReadonlyMap<string, TruePosition>;
  /** Every order that ever arrived. */
  readonly orders: readonly OrderIntent[];
}

/** A day that was played. */
export interface PlayRecord {
  readonly plan: PlayPlan;
  /** In the order in which they ended. */
  readonly endings: readonly Ending[];
  readonly books: readonly Books[];
  /** `null` where the journal could not be written at the end. */
  readonly audit: AuditReport | null;
  /** One list for each life of the program. */
  readonly lives: readonly (readonly Station[])[];
  /** What ended the program that nobody did to it. */
  readonly troubles: readonly string[];
}

/** Plays a day from its start to its end. */
export async function play(
  file: DrillFile,
  plan: PlayPlan,
  program: DrilledProgram,
): Promise<PlayRecord> {
  await using world = new World(file, plan, program);
  const seen = new Map<string, Map<string, TruePosition>>();
  const look = () => {
    for (const [name, paper] of world.papers) {
      const known = seen.get(name) ?? new Map<string, TruePosition>();
      for (const held of lookAtBroker(paper, world.now()).positions) {
        known.set(held.exposure, held);
      }
      seen.set(name, known);
    }
  };
  look();
  world.start();
  for (const step of stepsOf(file, plan)) {
    await world.clock.run(Math.max(step.at, world.now()));
    if ("kind" in step) world.do(step);
    else await world.trade(step);
    look();
  }
  await world.clock.run(Math.max(plan.day.untilAt, world.now()));
  // A close that found its market shut may wait for the next day.
  const deferredUntil = world.deferredUntil();
  if (deferredUntil !== null) {
    await world.clock.run(Math.max(deferredUntil + MINUTE_MS, world.now()));
  }
  await world.stop();
  return {
    plan,
    endings: endingsOf(world),
    books: [...world.papers].map(([account, paper]) => ({
      account,
      audit: paper.audit(),
      seen: seen.get(account) ?? new Map(),
      orders: [...entriesOf(paper.state.orders).values()]
        .map(({ intent }) => intent),
    })),
    audit: world.isWritable ? auditOf(world) : null,
    lives: world.lives.map(({ stations }) => stations),
    troubles: world.troubles,
  };
}

function stepsOf(file: DrillFile, plan: PlayPlan) {
  return [...tradesOf(file, plan.day), ...plan.deeds]
    .sort((a, b) => a.at - b.at);
}

/** What is on record counts; what was told without a record counts where none can be written. */
function endingsOf(world: World): readonly Ending[] {
  const recorded = settledIn(world.journal.read());
  const settled = world.isWritable
    ? recorded
    : [...new Set([...recorded, ...world.told])];
  return settled.flatMap((each) => {
    const truth = world.truths.get(each);
    return truth === undefined ? [] : [{ settled: each, truth }];
  });
}

function auditOf(world: World): AuditReport {
  return auditJournal(world.journal.read(), {
    fromAt: null,
    toAt: null,
    isRunning: false,
    before: null,
  });
}
