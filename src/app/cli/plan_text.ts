/**
 * A plan as people read it: one block a day, one line an occurrence.
 *
 * @module
 */

import { localDate } from "../../domain/civil.ts";
import type { Session } from "../../domain/definition.ts";
import type { Edge, Occurrence, Skip } from "../../domain/occurrence.ts";
import { openWindowsOf } from "../../domain/open_window.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Plan } from "../plan_sessions.ts";
import type { Console } from "./console.ts";
import {
  dateText,
  durationText,
  shortClockText,
  zoneText,
} from "./format_time.ts";
import { makePaint, type Paint } from "./paint.ts";
import { formatTable } from "./table.ts";

/** The lines of a plan, days in order. */
export function planLines(
  { occurrences, skips, warnings }: Plan,
  sessions: readonly Session[],
  console: Pick<Console, "color">,
): readonly string[] {
  const paint = makePaint(console.color);
  const zones = new Map(sessions.map(({ name, timezone }) => [name, timezone]));
  const days = new Map<string, Day>();
  const dayOf = (date: string): Day => {
    const day = days.get(date) ?? { occurrences: [], skips: [] };
    days.set(date, day);
    return day;
  };
  for (const each of occurrences) dayOf(each.tradeDate).occurrences.push(each);
  for (const each of skips) dayOf(each.tradeDate).skips.push(each);
  if (days.size === 0) return ["Nothing opens in this time"];
  return [
    ...[...days.keys()].sort().flatMap((date, index) => [
      ...(index > 0 ? [""] : []),
      paint.bold(dateText(date)),
      ...dayLines(dayOf(date), zones, paint),
    ]),
    ...(warnings.length > 0 ? [""] : []),
    ...warnings.map(({ message, sessions: names }) =>
      paint.caution(`! ${message} (${names.join(", ")})`)
    ),
  ];
}

interface Day {
  readonly occurrences: Occurrence[];
  readonly skips: Skip[];
}

function dayLines(
  { occurrences, skips }: Day,
  zones: ReadonlyMap<string, string>,
  paint: Paint,
): readonly string[] {
  const rows = occurrences.map((occurrence) =>
    occurrenceRow(occurrence, zones.get(occurrence.session) ?? "UTC", paint)
  );
  const lines = formatTable(rows, { indent: "  " });
  return [
    ...occurrences.flatMap(({ hazards }, index) => [
      lines[index] ?? "",
      ...hazards.map(({ message }) => paint.caution(`    ! ${message}`)),
    ]),
    ...skips.map(({ session, message }) =>
      paint.caution(`  ${session}  SKIPPED: ${message}`)
    ),
  ];
}

function occurrenceRow(
  occurrence: Occurrence,
  zone: string,
  paint: Paint,
): readonly string[] {
  const { session, tradeDate, edges } = occurrence;
  return [
    session,
    `${windowsText(occurrence, zone)} ${zoneText(zone)}`,
    paint.dim(
      zone === "UTC" ? "" : `${windowsText(occurrence, "UTC")} UTC`,
    ),
    edges.flatMap((edge) => edgeText(edge, zone, tradeDate)).join("; "),
  ];
}

/**
 * `08:00-16:30`; times of another date have their day: `22:00-Tue 06:00`; a pause parts two windows:
 * `09:00-11:30 12:30-15:30`.
 */
function windowsText(occurrence: Occurrence, zone: string): string {
  const time = (at: EpochMs) => timeText(at, zone, occurrence.tradeDate);
  return openWindowsOf(occurrence)
    .map(({ opensAt, closesAt }) => `${time(opensAt)}-${time(closesAt)}`)
    .join(" ");
}

function timeText(at: EpochMs, zone: string, date: string): string {
  const own = localDate(at, zone);
  const clock = shortClockText(at, zone);
  return own === date ? clock : `${dateText(own).slice(0, 3)} ${clock}`;
}

/** What an edge does; nothing where it does nothing. */
function edgeText(edge: Edge, zone: string, date: string): readonly string[] {
  const { name, at, dueAt, actions } = edge;
  if (actions.length === 0) return [];
  const isMoment = name !== "start" && name !== "end";
  const when = isMoment ? ` ${timeText(at, zone, date)}` : "";
  const lead = dueAt < at ? `, due ${durationText(at - dueAt)} before` : "";
  return [`${name}${when}: ${actions.join(", ")}${lead}`];
}
