/**
 * `carillon drill FILE`: plays a day with everything going wrong, and says what survived.
 *
 * @module
 */

import { nearestWord } from "../../../../dsl/mod.ts";
import { SystemClock } from "../../../adapters/clock/system_clock.ts";
import type { Account, PriceSource } from "../../../domain/definition.ts";
import type { CaseResult } from "../../drill/case_result.ts";
import { DRILL_CASES } from "../../drill/case_list.ts";
import type { DrillCase } from "../../drill/drill_case.ts";
import { drillDayOn, nextDrillDay } from "../../drill/drill_day.ts";
import { drillFile } from "../../drill/drill_file.ts";
import { nextDstDay, nextHalfDay } from "../../drill/odd_days.ts";
import {
  CARILLON,
  type DrillSetup,
  planDrill,
  runDrill,
} from "../../drill/run_drill.ts";
import type { DrilledProgram } from "../../drill/world.ts";
import { type LoadedFile, loadFile } from "../../load_file.ts";
import { type PriceFileText, readPriceFiles } from "../../price_files.ts";
import { CallError } from "../call_error.ts";
import { type Console, EXIT, type ExitCode } from "../console.ts";
import {
  caseLine,
  type DrillSubject,
  finishedLine,
  listedLine,
} from "../drill_form.ts";
import { drillHeader, drillReport, listedLines } from "../drill_text.ts";
import { showProgress } from "../drill_progress.ts";
import type { DrillArgs } from "../grammar.ts";
import { makePaint } from "../paint.ts";
import { readPriceOption } from "../price_option.ts";
import { reportProblems, reportRemarks } from "../report.ts";
import { refuseUnsupported } from "../supported.ts";

/** Drills a file; exit code 1 where something due did not come true, or was told falsely. */
export async function drillCommand(
  args: DrillArgs,
  console: Console,
  program: DrilledProgram = CARILLON,
): Promise<ExitCode> {
  const cases = chooseCases(args.only);
  const file = await loadFile(args.file);
  if ("problems" in file) return reportProblems(file, args, console);
  const refusal = refuseUnsupported(withoutOthers(file));
  if (refusal !== null) return reportProblems(refusal, args, console);
  reportRemarks(file, args, console);
  const { setup: whole, subject } = await prepare(file, args, cases);
  const setup = { ...whole, program };
  if (args.list) return await list(setup, subject, { args, console });
  return await perform(setup, subject, { args, console });
}

/** Who asked, and where the answer goes. */
interface Caller {
  readonly args: DrillArgs;
  readonly console: Console;
}

async function prepare(
  { definition, folder, name }: LoadedFile,
  { date, seed, prices }: DrillArgs,
  cases: readonly DrillCase[],
): Promise<{ readonly setup: DrillSetup; readonly subject: DrillSubject }> {
  const day = date === null
    ? nextDrillDay(definition, new SystemClock().now())
    : drillDayOn(definition, date);
  const given = prices.map(readPriceOption);
  const texts = new Map<string, readonly PriceFileText[]>();
  for (const account of definition.accounts) {
    texts.set(account.name, await readPricesOf(account, given, folder));
  }
  const pricesOf = (account: string) => texts.get(account) ?? [];
  const file = drillFile(definition, { day, seed, pricesOf });
  const dstDay = nextDstDay(definition, day.fromAt);
  const halfDay = nextHalfDay(definition, day.tradeDate);
  return {
    setup: { file, day, dstDay, halfDay, cases },
    subject: { name, definition, file, day },
  };
}

async function perform(
  setup: DrillSetup,
  subject: DrillSubject,
  { args, console }: Caller,
): Promise<ExitCode> {
  const look = { paint: makePaint(console.color), columns: console.columns() };
  if (!args.json) {
    for (const line of drillHeader(subject, look)) console.print(line);
  }
  const progress = showProgress(console, setup.cases.length, args.json);
  const results: CaseResult[] = [];
  for await (
    const result of runDrill({ ...setup, onProgress: progress.step })
  ) {
    results.push(result);
    progress.end(result);
    if (args.json) console.print(caseLine(subject, result));
  }
  progress.clear();
  if (args.json) console.print(finishedLine(subject, results));
  else {
    for (const line of drillReport(subject, results, look)) console.print(line);
  }
  return results.some(({ verdict }) => verdict === "failed")
    ? EXIT.failed
    : EXIT.done;
}

async function list(
  setup: DrillSetup,
  subject: DrillSubject,
  { args, console }: Caller,
): Promise<ExitCode> {
  const plans = await planDrill(setup);
  const look = { paint: makePaint(console.color), columns: console.columns() };
  const lines = args.json
    ? plans.map(({ drilled, plan }) => listedLine(subject, drilled, plan))
    : listedLines(plans, look);
  for (const line of lines) console.print(line);
  return EXIT.done;
}

function chooseCases(only: string | null): readonly DrillCase[] {
  if (only === null) return DRILL_CASES;
  const names = DRILL_CASES.map(({ name }) => name);
  const wanted = only.split(",").map((name) => name.trim());
  for (const name of wanted) {
    if (names.includes(name)) continue;
    const nearest = nearestWord(name, names);
    throw new CallError(
      `There is no case "${name}"${
        nearest === null ? "" : `; did you mean "${nearest}"?`
      } "--list" names them all`,
    );
  }
  return DRILL_CASES.filter(({ name }) => wanted.includes(name));
}

/** What a drill does without: brokers of other kinds, and the user's own code. */
function withoutOthers(file: LoadedFile): LoadedFile {
  const { definition } = file;
  return {
    ...file,
    definition: {
      ...definition,
      accounts: definition.accounts.filter(({ kind }) => kind === "paper"),
      sessions: definition.sessions.map((session) => ({
        ...session,
        customStart: null,
        customEnd: null,
        strategies: [],
      })),
    },
  };
}

async function readPricesOf(
  account: Account,
  given: readonly PriceSource[],
  folder: string,
): Promise<readonly PriceFileText[]> {
  const replaced = new Set(given.map(({ symbol }) => symbol));
  const own = account.kind === "paper"
    ? account.prices.filter(({ symbol }) => !replaced.has(symbol))
    : [];
  return [
    ...await readPriceFiles(own, folder),
    ...await readPriceFiles(given, "."),
  ];
}
