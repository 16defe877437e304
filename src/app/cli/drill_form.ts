/**
 * A drill as programs read it: one object for each case, and one for the whole.
 *
 * @module
 */

import type { Definition } from "../../domain/definition.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { CaseResult } from "../drill/case_result.ts";
import type { CasePlan, DrillCase } from "../drill/drill_case.ts";
import type { DrillDay } from "../drill/drill_day.ts";
import type { DrillFile } from "../drill/drill_file.ts";
import { wireForm } from "../wire_form.ts";

/** What a drill was about. */
export interface DrillSubject {
  /** As the user named it. */
  readonly name: string;
  /** As it stands in the file. */
  readonly definition: Definition;
  readonly file: DrillFile;
  readonly day: DrillDay;
}

/** How many cases ended how. */
export interface DrillCount {
  readonly survived: number;
  readonly told: number;
  readonly failed: number;
  readonly notApplicable: number;
  /** How many days were played. */
  readonly plays: number;
}

/** Counts results by their verdict. */
export function countResults(results: readonly CaseResult[]): DrillCount {
  const count = (verdict: CaseResult["verdict"]) =>
    results.filter((result) => result.verdict === verdict).length;
  return {
    survived: count("survived"),
    told: count("told"),
    failed: count("failed"),
    notApplicable: count("not_applicable"),
    plays: results.reduce((sum, { plays }) => sum + plays, 0),
  };
}

/** What came of a case, as a line `drill.case`. */
export function caseLine({ day }: DrillSubject, result: CaseResult): string {
  const { name, does, edges, ...rest } = result;
  return line(day.untilAt, "drill.case", {
    case: name,
    ...rest,
    does,
    edges: edges.map(({ edge, dueAt, outcome, slowestMs, message }) => ({
      edge,
      dueAt,
      outcome,
      slowestMs,
      message,
    })),
  });
}

/** What a case would play, as a line `drill.listed`. */
export function listedLine(
  { day }: DrillSubject,
  { name, title, does }: DrillCase,
  plan: CasePlan,
): string {
  return line(day.untilAt, "drill.listed", {
    case: name,
    title,
    does,
    plays: plan.kind === "plays" ? plan.plays.length : 0,
    of: plan.kind === "plays" ? plan.of : 0,
    reason: plan.kind === "plays" ? null : plan.reason,
  });
}

/** What came of it all, as a line `drill.finished`. */
export function finishedLine(
  subject: DrillSubject,
  results: readonly CaseResult[],
): string {
  const { name, file, day } = subject;
  const counts = countResults(results);
  return line(day.untilAt, "drill.finished", {
    file: name,
    tradeDate: day.tradeDate,
    seed: file.seed,
    ok: counts.failed === 0,
    ...counts,
    accounts: file.accounts.map(({ account, kind, positionsFrom }) => ({
      account: account.name,
      kind,
      mode: account.mode,
      positionsFrom,
      positions: account.positions,
    })),
    notRun: functionsOf(subject),
  });
}

/** The functions of a file's sessions, which a drill does not call. */
export function functionsOf({ definition }: DrillSubject): readonly string[] {
  return definition.sessions.flatMap((session) => [
    ...session.customStart === null ? [] : [`${session.name}: custom_start`],
    ...session.customEnd === null ? [] : [`${session.name}: custom_end`],
    ...session.strategies.length === 0 ? [] : [`${session.name}: strategies`],
  ]);
}

function line(at: EpochMs, type: string, rest: object): string {
  return JSON.stringify(wireForm({ at, type, ...rest }));
}
