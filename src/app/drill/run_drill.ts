/**
 * Plays a file's day once for each thing that can go wrong, and says what survived.
 *
 * @module
 */

import { Runtime } from "../../runtime/runtime.ts";
import { type CaseResult, leftOut, resultOf } from "./case_result.ts";
import type { CasePlan, DrillCase, Ground } from "./drill_case.ts";
import type { DrillDay } from "./drill_day.ts";
import type { DrillFile } from "./drill_file.ts";
import { judge } from "./judge.ts";
import { play } from "./play.ts";
import { peaceful, type PlayPlan } from "./play_plan.ts";
import type { DrilledProgram } from "./world.ts";

/** What a drill is given. */
export interface DrillSetup {
  readonly file: DrillFile;
  readonly day: DrillDay;
  readonly dstDay: DrillDay | null;
  readonly halfDay: DrillDay | null;
  readonly cases: readonly DrillCase[];
  /** carillon itself by default; tests break a piece of it. */
  readonly program?: DrilledProgram;
  /** Hears which case is about to be played, and how many days of it have been. */
  readonly onProgress?: (progress: DrillProgress) => void;
}

/** How far a drill has come. */
export interface DrillProgress {
  readonly drilled: DrillCase;
  /** Which case it is, from 1. */
  readonly index: number;
  readonly played: number;
  readonly plays: number;
}

/** The program as it is. */
export const CARILLON: DrilledProgram = {
  openRuntime: (parts) => Runtime.open(parts),
  wrapBroker: (broker) => broker,
};

/** Plays case after case; each result comes as soon as it is known. */
export async function* runDrill(
  setup: DrillSetup,
): AsyncGenerator<CaseResult> {
  const ground = await survey(setup);
  for (const [index, drilled] of setup.cases.entries()) {
    const plan = await drilled.plan(ground);
    if (plan.kind === "not_applicable") {
      yield leftOut(drilled, plan.reason);
      continue;
    }
    yield await playCase(setup, drilled, { plan, index: index + 1 });
  }
}

/** What each case would come to, without playing it. */
export async function planDrill(
  setup: DrillSetup,
): Promise<
  readonly { readonly drilled: DrillCase; readonly plan: CasePlan }[]
> {
  const ground = await survey(setup);
  const plans = [];
  for (const drilled of setup.cases) {
    plans.push({ drilled, plan: await drilled.plan(ground) });
  }
  return plans;
}

async function survey(setup: DrillSetup): Promise<Ground> {
  const { file, day, dstDay, halfDay, program = CARILLON } = setup;
  const rehearse = (plan: PlayPlan) => play(file, plan, program);
  const rehearsal = await rehearse(peaceful(day));
  return { file, day, dstDay, halfDay, rehearsal, rehearse };
}

async function playCase(
  { file, program = CARILLON, onProgress }: DrillSetup,
  drilled: DrillCase,
  { plan, index }: {
    readonly plan: CasePlan & { readonly kind: "plays" };
    readonly index: number;
  },
): Promise<CaseResult> {
  const judged = [];
  for (const [played, each] of plan.plays.entries()) {
    onProgress?.({ drilled, index, played, plays: plan.plays.length });
    const record = await play(file, each, program);
    judged.push({ record, findings: judge(file, record) });
  }
  const [first] = plan.plays;
  return first === undefined
    ? leftOut(drilled, "there is nothing to play")
    : resultOf(drilled, first.day, judged, plan.of);
}
