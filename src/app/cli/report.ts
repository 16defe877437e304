/**
 * Tells what is wrong: of the file, of the call, of the world.
 *
 * People read it on standard error; with `--json` a program reads it on standard output.
 *
 * @module
 */

import { formatIssues, issueToJson } from "../../../dsl/mod.ts";
import { SystemClock } from "../../adapters/clock/system_clock.ts";
import { CarillonError } from "../../domain/error.ts";
import type { ErrorCode } from "../../domain/error.ts";
import type { LoadedFile, LoadFailure } from "../loaded_file.ts";
import { wireForm } from "../wire_form.ts";
import type { CallError } from "./call_error.ts";
import { type Console, EXIT, type ExitCode } from "./console.ts";

/** How the user wants to be told. */
export interface ReportOptions {
  readonly json: boolean;
}

/** Codes that blame the file or the call, not the world. */
const WRONG_CODES: readonly ErrorCode[] = [
  "broker/bad-address",
  "control/not-paused",
  "dsl/invalid",
  "edge/passed",
  "edge/unknown",
  "file/unreadable",
  "journal/memory-live",
  "notify/bad-address",
  "paper/bad-prices",
  "permission/missing",
  "secret/missing",
  "session/unknown",
  "support/not-yet",
];

/** Why a file is not used: every problem, with carets. */
export function reportProblems(
  failure: LoadFailure,
  { json }: ReportOptions,
  console: Console,
): ExitCode {
  const { name, problems, source, fault } = failure;
  if (json) {
    printEvent(console, "file.refused", {
      file: name,
      problems: problemsToJson(failure),
    });
  } else {
    if (fault !== undefined) console.warn(`carillon: ${fault.message}`);
    if (problems.length > 0) {
      console.warn(reportText(formatIssues(problems, source, console)));
    }
  }
  return EXIT.wrong;
}

/** Every reason against a file, as programs read it. */
export function problemsToJson(failure: LoadFailure): readonly unknown[] {
  const { problems, source, fault } = failure;
  const issues = problems.map((issue) => issueToJson(issue, source));
  return fault === undefined
    ? issues
    : [{ severity: "error", file: failure.name, ...fault }, ...issues];
}

/** What the author of a usable file should look at; nothing where there is nothing. */
export function reportWarnings(
  file: LoadedFile,
  { json }: ReportOptions,
  console: Console,
): void {
  const { name, source, warnings, remarks } = file;
  if (warnings.length === 0 && remarks.length === 0) return;
  if (json) {
    printEvent(console, "file.warned", {
      file: name,
      warnings: warnings.map((issue) => issueToJson(issue, source)),
      remarks,
    });
    return;
  }
  for (const line of sayWarnings(file, console)) console.warn(line);
}

/** The same in lines. */
export function sayWarnings(
  { source, warnings, remarks }: LoadedFile,
  look: Pick<Console, "color">,
): readonly string[] {
  const lines = warnings.length === 0
    ? []
    : reportText(formatIssues(warnings, source, look)).split("\n");
  return [...remarks.map((remark) => `carillon: warning: ${remark}`), ...lines];
}

/** How the file was loaded, where the user should know; for people only. */
export function reportRemarks(
  { remarks }: LoadedFile,
  { json }: ReportOptions,
  console: Console,
): void {
  if (json) return;
  for (const remark of remarks) console.warn(`carillon: warning: ${remark}`);
}

/** What is wrong with the call, or with the world. */
export function reportFault(
  error: CallError | CarillonError,
  { json }: ReportOptions,
  console: Console,
): ExitCode {
  const code = error instanceof CarillonError ? error.code : "call/wrong";
  if (json) {
    printEvent(console, "error", { code, message: error.message });
  } else {
    console.warn(`carillon: ${error.message}`);
  }
  const isWrong = !(error instanceof CarillonError) ||
    WRONG_CODES.includes(error.code);
  return isWrong ? EXIT.wrong : EXIT.failed;
}

/** What the user should know before anything is done. */
export function reportCaution(
  message: string,
  { json }: ReportOptions,
  console: Console,
): void {
  if (json) printEvent(console, "call.warned", { message });
  else console.warn(`carillon: warning: ${message}`);
}

/** The user stopped while accounts were still being opened. */
export function reportNotStarted(
  { json }: ReportOptions,
  console: Console,
): ExitCode {
  if (json) printEvent(console, "run.not_started", {});
  else console.warn("Stopped before anything was started.");
  return EXIT.stopped;
}

/** What whoever only looks on threw; the run goes on without caring. */
export function reportListenerFault(error: unknown, console: Console): void {
  const why = error instanceof Error ? error.message : String(error);
  console.warn(`carillon: Cannot tell what happened: ${why}`);
}

/** A report without the empty line at its end, which the console writes itself. */
export function reportText(report: string): string {
  return report.replace(/\n$/, "");
}

function printEvent(console: Console, type: string, rest: object): void {
  const at = new SystemClock().now();
  console.print(JSON.stringify(wireForm({ at, type, ...rest })));
}
