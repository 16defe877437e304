/**
 * `carillon plan FILE --from D --to D`: what a file will do, day by day.
 *
 * @module
 */

import { issueToJson } from "../../../../dsl/mod.ts";
import { SystemClock } from "../../../adapters/clock/system_clock.ts";
import { DST_DEFAULT, localDay, placeWall } from "../../../domain/civil.ts";
import { dayOf, yearOf } from "../../../domain/date.ts";
import type { Account, Session } from "../../../domain/definition.ts";
import type { Edge, Occurrence, Skip } from "../../../domain/occurrence.ts";
import type { PlanWarning } from "../../../domain/plan_hazards.ts";
import { DAY_MS } from "../../../domain/time.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { loadFile } from "../../load_file.ts";
import type { LoadedFile } from "../../loaded_file.ts";
import { planToIcs } from "../../plan_ics.ts";
import {
  type Plan,
  type PlanRange,
  planSessions,
} from "../../plan_sessions.ts";
import { PICTURE_DAYS_MAX, planToSvg } from "../../picture/plan_svg.ts";
import { type DayRun, viewPlan } from "../../picture/plan_view.ts";
import { formatInstant, pausesToJson } from "../../wire_form.ts";
import { CallError } from "../call_error.ts";
import { type Console, EXIT, type ExitCode } from "../console.ts";
import type { PlanArgs } from "../grammar.ts";
import { endsOf, type PlanForm, planForm } from "../plan_form.ts";
import { readPlanRange } from "../plan_range.ts";
import { planLines } from "../plan_text.ts";
import { readInstant } from "../play_time.ts";
import { reportProblems, reportRemarks } from "../report.ts";

/** Lists occurrences; exit code 2 where the file or the call is wrong. */
export async function planCommand(
  args: PlanArgs,
  console: Console,
): Promise<ExitCode> {
  const form = planForm(args);
  const file = await loadFile(args.file);
  if ("problems" in file) return reportProblems(file, args, console);
  const now = args.now === null
    ? new SystemClock().now()
    : readInstant("--now", args.now);
  const { sessions, timezone, accounts } = file.definition;
  const chosen = chooseSession(sessions, args.session);
  const ends = endsOf(args, form, now, timezone);
  const range = readPlanRange(ends, now, timezone);
  const asked: Asked = { file, sessions: chosen, range, now };
  const planned = form === "svg" ? wholeDays(range, timezone) : range;
  const plan = makePlan(chosen, planned, accounts);
  reportRemarks(file, args, console);
  showPlan(plan, asked, form, console);
  return EXIT.done;
}

/** What the plan was made for. */
interface Asked {
  readonly file: LoadedFile;
  readonly sessions: readonly Session[];
  readonly range: PlanRange;
  readonly now: EpochMs;
}

function showPlan(
  plan: Plan,
  { file, sessions, range, now }: Asked,
  form: PlanForm,
  console: Console,
): void {
  const name = fileStem(file.name);
  switch (form) {
    case "text":
      // In one piece: a year has more lines than a pipe takes one by one in good time.
      console.print(planLines(plan, sessions, console).join("\n"));
      return;
    case "json":
      console.print(JSON.stringify(planToJson(plan, sessions, file)));
      return;
    case "ics":
      console.draw(planToIcs(plan, { name, sessions, madeAt: now }));
      return;
    case "svg": {
      const { timezone } = file.definition;
      const days = daysOf(range, timezone);
      const view = viewPlan(plan, sessions, timezone, days);
      console.draw(planToSvg(view, titleOf(name, days)));
      return;
    }
  }
}

function makePlan(
  sessions: readonly Session[],
  range: PlanRange,
  accounts: readonly Account[],
): Plan {
  try {
    return planSessions(sessions, range, accounts);
  } catch (error) {
    // Too much, or beyond the last date there is: the call asks for it.
    if (error instanceof RangeError) throw new CallError(error.message);
    throw error;
  }
}

/** A picture has whole days of its zone, whatever the trade dates are. */
function wholeDays(range: PlanRange, timezone: string): PlanRange {
  const { fromDay, toDay } = daysOf(range, timezone);
  const count = toDay - fromDay + 1;
  if (count > PICTURE_DAYS_MAX) {
    throw new CallError(
      `Ask for fewer days with --svg: a picture holds ${PICTURE_DAYS_MAX}, and these are ${count}`,
    );
  }
  const midnight = (day: number) =>
    placeWall(day * DAY_MS, timezone, DST_DEFAULT).at;
  return {
    kind: "instants",
    fromAt: midnight(fromDay),
    toAt: midnight(toDay + 1),
  };
}

/** The days that a picture shows. */
function daysOf(range: PlanRange, timezone: string): DayRun {
  return range.kind === "dates"
    ? { fromDay: dayOf(range.from), toDay: dayOf(range.to) }
    : {
      fromDay: localDay(range.fromAt, timezone),
      toDay: localDay(range.toAt - 1, timezone),
    };
}

/** With the year, where the picture is of one. */
function titleOf(name: string, { fromDay, toDay }: DayRun): string {
  const year = yearOf(fromDay);
  return year === yearOf(toDay) ? `${name}, ${year}` : name;
}

/** What people call a file: its name without folder and ending. */
function fileStem(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name === "-") return "carillon";
  return name.replace(/\.(?:ya?ml|ts)$/, "");
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
  { occurrences, skips, warnings }: Plan,
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
      ...warnings.map(warningToJson),
    ],
  };
}

function occurrenceToJson(occurrence: Occurrence, timezone: string): object {
  const { key, session, tradeDate, opensAt, closesAt, pauses } = occurrence;
  const { edges, hazards } = occurrence;
  return {
    session,
    trade_date: tradeDate,
    opens_at: formatInstant(opensAt),
    closes_at: formatInstant(closesAt),
    pauses: pausesToJson(pauses),
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

function warningToJson(
  { code, message, sessions, tradeDate }: PlanWarning,
): object {
  return {
    code,
    severity: "warning",
    message,
    sessions,
    trade_date: tradeDate,
  };
}
