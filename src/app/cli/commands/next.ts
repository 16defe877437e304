/**
 * `carillon next FILE`: what is open now and what comes next.
 *
 * @module
 */

import {
  localTimeZone,
  SystemClock,
} from "../../../adapters/clock/system_clock.ts";
import { localDate } from "../../../domain/civil.ts";
import type { Session } from "../../../domain/definition.ts";
import { edgesBetween, nextEdges, openAt } from "../../../domain/next.ts";
import type { Edge, Occurrence } from "../../../domain/occurrence.ts";
import { closesNextAt } from "../../../domain/open_window.ts";
import { SECOND_MS } from "../../../domain/time.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { loadFile } from "../../load_file.ts";
import { formatInstant, pausesToJson } from "../../wire_form.ts";
import { type Console, EXIT, type ExitCode } from "../console.ts";
import { countdownText, instantText, localDateText } from "../format_time.ts";
import type { NextArgs } from "../grammar.ts";
import { makePaint, type Paint } from "../paint.ts";
import { readInstant } from "../play_time.ts";
import { reportProblems, reportRemarks } from "../report.ts";
import { formatTable } from "../table.ts";

/** Answers for one instant; nothing is started. */
export async function nextCommand(
  args: NextArgs,
  console: Console,
): Promise<ExitCode> {
  const file = await loadFile(args.file);
  if ("problems" in file) return reportProblems(file, args, console);
  const now = args.now === null
    ? new SystemClock().now()
    : readInstant("--now", args.now);
  const { sessions } = file.definition;
  const zones = new Map(sessions.map(({ name, timezone }) => [name, timezone]));
  const outlook: Outlook = {
    now,
    here: localTimeZone(),
    open: openAt(sessions, now),
    next: comingEdges(sessions, now, args.count),
    zoneOf: (session) => zones.get(session) ?? "UTC",
  };
  reportRemarks(file, args, console);
  if (args.json) {
    console.print(JSON.stringify(outlookToJson(outlook)));
  } else {
    const lines = outlookLines(outlook, makePaint(console.color));
    for (const line of lines) console.print(line);
  }
  return EXIT.done;
}

/**
 * What a run that begins now carries out next: also edges whose due time has passed where their
 * instant has not, as it may with a lead.
 */
function comingEdges(
  sessions: readonly Session[],
  now: EpochMs,
  count: number,
): readonly Edge[] {
  const leadMs = Math.max(0, ...sessions.map((session) => session.leadMs));
  const due = edgesBetween(sessions, now - leadMs, now + 1)
    .filter(({ at }) => at >= now);
  return [...due, ...nextEdges(sessions, now, count)].slice(0, count);
}

interface Outlook {
  readonly now: EpochMs;
  /** The reader's own zone. */
  readonly here: string;
  readonly open: readonly Occurrence[];
  readonly next: readonly Edge[];
  readonly zoneOf: (session: Session["name"]) => string;
}

function outlookToJson({ now, here, open, next, zoneOf }: Outlook): object {
  return {
    at: formatInstant(now),
    local_timezone: here,
    open: open.map((occurrence) => ({
      occurrence: occurrence.key,
      session: occurrence.session,
      trade_date: occurrence.tradeDate,
      timezone: zoneOf(occurrence.session),
      opens_at: formatInstant(occurrence.opensAt),
      closes_at: formatInstant(occurrence.closesAt),
      closes_in_seconds: (occurrence.closesAt - now) / SECOND_MS,
      pauses: pausesToJson(occurrence.pauses),
    })),
    next: next.map(({ key, session, tradeDate, name, at, dueAt, actions }) => ({
      edge: key,
      session,
      trade_date: tradeDate,
      name,
      timezone: zoneOf(session),
      at: formatInstant(at),
      due_at: formatInstant(dueAt),
      due_in_seconds: (dueAt - now) / SECOND_MS,
      actions,
    })),
  };
}

function outlookLines(outlook: Outlook, paint: Paint): readonly string[] {
  const { now, here, open, next } = outlook;
  const head = `${localDateText(now, here)} ${instantText(now, here, here)}`;
  return [
    paint.bold(head),
    "",
    open.length === 0 ? "Nothing is open now." : "Open now",
    ...openLines(outlook, paint),
    "",
    next.length === 0 ? "Nothing comes next." : "Next",
    ...nextLines(outlook, paint),
  ];
}

function openLines(
  { open, now, here, zoneOf }: Outlook,
  paint: Paint,
): readonly string[] {
  const rows = open.map((occurrence) => {
    const { key, session } = occurrence;
    const closesAt = closesNextAt(occurrence, now);
    return [
      paint.active(key),
      `closes ${datedText(closesAt, zoneOf(session), now, here)}`,
      paint.bold(countdownText(closesAt, now)),
    ];
  });
  return formatTable(rows, { indent: "  " });
}

function nextLines(
  { next, now, here, zoneOf }: Outlook,
  paint: Paint,
): readonly string[] {
  const rows = next.map(({ key, session, dueAt, actions }) => [
    key,
    datedText(dueAt, zoneOf(session), now, here),
    paint.bold(countdownText(dueAt, now)),
    actions.length === 0 ? paint.dim("no action") : actions.join(", "),
  ]);
  return formatTable(rows, { indent: "  " });
}

/** With the date, where it is not the one that the zone has now. */
function datedText(
  at: EpochMs,
  zone: string,
  now: EpochMs,
  here: string,
): string {
  const text = instantText(at, zone, here);
  return localDate(at, zone) === localDate(now, zone)
    ? text
    : `${localDateText(at, zone)} ${text}`;
}
