/**
 * `carillon check FILE`: everything that is wrong with a file, at once.
 *
 * @module
 */

import { formatIssues, type Issue, issueToJson } from "../../../../dsl/mod.ts";
import { SystemClock } from "../../../adapters/clock/system_clock.ts";
import type { Definition } from "../../../domain/definition.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { type HazardAhead, hazardsAhead } from "../../hazards_ahead.ts";
import { hazardsBetween } from "../../hazards_between.ts";
import { planHooks } from "../../hooks/plan_hooks.ts";
import { loadFile } from "../../load_file.ts";
import type { LoadedFile, LoadFailure } from "../../loaded_file.ts";
import { type Console, EXIT, type ExitCode } from "../console.ts";
import { dateText } from "../format_time.ts";
import type { CheckArgs } from "../grammar.ts";
import { makePaint } from "../paint.ts";
import { readInstant } from "../play_time.ts";
import { problemsToJson, reportProblems, reportRemarks } from "../report.ts";
import { notYet } from "../supported.ts";

/** How many hazards are told in full. */
const HAZARDS_SHOWN_MAX = 20;

/** Checks a file; exit code 2 where it cannot be used. */
export async function checkCommand(
  args: CheckArgs,
  console: Console,
): Promise<ExitCode> {
  const now = args.now === null
    ? new SystemClock().now()
    : readInstant("--now", args.now);
  const file = await loadFile(args.file);
  if ("problems" in file) return tellProblems(file, args, console);
  const hooks = await planHooks(file);
  if (!hooks.ok) return tellProblems(hooks.failure, args, console);
  const unsupported = notYet(file).map(asWarning);
  const warnings = [...file.warnings, ...unsupported];
  const hazards = hazardsOf(file.definition, now);
  if (args.json) {
    tellJson(file, warnings, hazards, console);
  } else {
    reportRemarks(file, args, console);
    tellText(file, warnings, hazards, console);
  }
  return EXIT.done;
}

function tellProblems(
  failure: LoadFailure,
  args: CheckArgs,
  console: Console,
): ExitCode {
  const { name, problems, source, fault } = failure;
  if (args.json) {
    const told = problemsToJson(failure);
    const answer = { file: name, ok: false, problems: told, warnings: [] };
    console.print(JSON.stringify(answer));
    return EXIT.wrong;
  }
  if (fault !== undefined) return reportProblems(failure, args, console);
  // What is wrong is the answer here, so it goes where answers go.
  console.print(formatIssues(problems, source, console));
  console.print(`${fileText(name)}: ${problemCount(problems)}`);
  return EXIT.wrong;
}

function tellJson(
  file: LoadedFile,
  warnings: readonly Issue[],
  hazards: readonly HazardAhead[],
  console: Console,
): void {
  const { name, source, definition, remarks } = file;
  console.print(JSON.stringify({
    file: name,
    ok: true,
    sessions: definition.sessions.length,
    accounts: definition.accounts.length,
    problems: [],
    warnings: [
      ...warnings.map((issue) => issueToJson(issue, source)),
      ...hazards.map(({ session, tradeDate, code, message }) => ({
        code,
        severity: "warning",
        message,
        session,
        trade_date: tradeDate,
      })),
    ],
    remarks,
  }));
}

function tellText(
  file: LoadedFile,
  warnings: readonly Issue[],
  hazards: readonly HazardAhead[],
  console: Console,
): void {
  const paint = makePaint(console.color);
  if (warnings.length > 0) {
    console.print(formatIssues(warnings, file.source, console));
  }
  for (const hazard of hazards.slice(0, HAZARDS_SHOWN_MAX)) {
    const { session, tradeDate, message } = hazard;
    const where = `${session}, ${dateText(tradeDate)}`;
    console.print(`${paint.caution("warning")}: ${where}: ${message}`);
  }
  const more = hazards.length - HAZARDS_SHOWN_MAX;
  if (more > 0) console.print(`... and ${more} more in the coming year`);
  const { accounts, sessions } = file.definition;
  const count = warnings.length + hazards.length;
  console.print(
    [
      `${fileText(file.name)}: ${plural(sessions.length, "session")}`,
      plural(accounts.length, "account"),
      paint.good("no problems"),
      ...(count > 0 ? [paint.caution(plural(count, "warning"))] : []),
    ].join(", "),
  );
}

function hazardsOf(
  { sessions, accounts }: Definition,
  now: EpochMs,
): readonly HazardAhead[] {
  const ahead = hazardsAhead(sessions, now);
  // A close too late on a half day is seen by both.
  const told = new Set(
    ahead.map(({ session, tradeDate, code }) =>
      `${session} ${tradeDate} ${code}`
    ),
  );
  const between = hazardsBetween(sessions, accounts, now)
    .filter(({ session, tradeDate, code }) =>
      !told.has(`${session} ${tradeDate} ${code}`)
    );
  return [...ahead, ...between];
}

function asWarning(issue: Issue): Issue {
  return { ...issue, severity: "warning" };
}

function fileText(name: string): string {
  return name === "-" ? "standard input" : name;
}

function problemCount(problems: readonly Issue[]): string {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const warnings = problems.length - errors;
  const told = plural(errors, "problem");
  return warnings === 0 ? told : `${told}, ${plural(warnings, "warning")}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
