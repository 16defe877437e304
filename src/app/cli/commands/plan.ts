/**
 * `carillon plan FILE --from D --to D`: what a file will do, day by day.
 *
 * @module
 */

import { issueToJson } from "../../../../dsl/mod.ts";
import { SystemClock } from "../../../adapters/clock/system_clock.ts";
import type { Session } from "../../../domain/definition.ts";
import type { Edge, Occurrence, Skip } from "../../../domain/occurrence.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { loadFile } from "../../load_file.ts";
import type { LoadedFile } from "../../loaded_file.ts";
import { type Plan, planSessions } from "../../plan_sessions.ts";
import { formatInstant } from "../../wire_form.ts";
import { CallError } from "../call_error.ts";
import { type Console, EXIT, type ExitCode } from "../console.ts";
import type { PlanArgs } from "../grammar.ts";
import { readPlanRange } from "../plan_range.ts";
import { planLines } from "../plan_text.ts";
import { readInstant } from "../play_time.ts";
import { reportProblems, reportRemarks } from "../report.ts";

/** Lists occurrences; exit code 2 where the file or the call is wrong. */
export async function planCommand(
  args: PlanArgs,
  console: Console,
): Promise<ExitCode> {
  const file = await loadFile(args.file);
  if ("problems" in file) return reportProblems(file, args, console);
  const now = args.now === null
    ? new SystemClock().now()
    : readInstant("--now", args.now);
  const { sessions, timezone } = file.definition;
  const chosen = chooseSession(sessions, args.session);
  const plan = makePlan(chosen, args, now, timezone);
  reportRemarks(file, args, console);
  if (args.json) {
    console.print(JSON.stringify(planToJson(plan, chosen, file)));
  } else {
    for (const line of planLines(plan, chosen, console)) console.print(line);
  }
  return EXIT.done;
}

function makePlan(
  sessions: readonly Session[],
  args: PlanArgs,
  now: EpochMs,
  timezone: string,
): Plan {
  const range = readPlanRange(args, now, timezone);
  try {
    return planSessions(sessions, range);
  } catch (error) {
    // Too much, or beyond the last date there is: the call asks for it.
    if (error instanceof RangeError) throw new CallError(error.message);
    throw error;
  }
}

function chooseSession(
  sessions: readonly Session[],
  name: string | null,
): readonly Session[] {
  if (name === null) return sessions;
  const found = sessions.filter((session) => session.name === name);
  if (found.length > 0) return found;
  const names = sessions.slice(0, 20).map((session) => `"${session.name}"`);
  throw new CallError(
    `There is no session "${name}" in the file; it has ${names.join(", ")}${
      sessions.length > names.length ? ", ..." : ""
    }`,
  );
}

function planToJson(
  { occurrences, skips }: Plan,
  sessions: readonly Session[],
  file: LoadedFile,
): object {
  const zones = new Map(
    sessions.map(({ name, timezone }) => [name, timezone]),
  );
  return {
    occurrences: occurrences.map((occurrence) =>
      occurrenceToJson(occurrence, zones.get(occurrence.session) ?? "UTC")
    ),
    warnings: [
      ...file.warnings.map((issue) => issueToJson(issue, file.source)),
      ...skips.map(skipToJson),
    ],
  };
}

function occurrenceToJson(occurrence: Occurrence, timezone: string): object {
  const { key, session, tradeDate, opensAt, closesAt, edges, hazards } =
    occurrence;
  return {
    session,
    trade_date: tradeDate,
    opens_at: formatInstant(opensAt),
    closes_at: formatInstant(closesAt),
    hazards,
    occurrence: key,
    timezone,
    edges: edges.map(edgeToJson),
  };
}

function edgeToJson({ key, name, at, dueAt, actions }: Edge): object {
  return {
    edge: key,
    name,
    at: formatInstant(at),
    due_at: formatInstant(dueAt),
    actions,
  };
}

function skipToJson(skip: Skip): object {
  const { key, session, tradeDate, at, reason, message } = skip;
  return {
    code: `occurrence/${reason.replaceAll("_", "-")}`,
    severity: "warning",
    message,
    session,
    trade_date: tradeDate,
    occurrence: key,
    at: formatInstant(at),
    reason,
  };
}
