/**
 * What is to be said of a plan as a whole: hazards that no session sees by itself.
 *
 * @module
 */

import { isKnown } from "./calendars/trading_day.ts";
import type { Calendar } from "./calendars/calendar.ts";
import { cutOffHazards, cutOffOf } from "./cut_off.ts";
import type { Account, Session } from "./definition.ts";
import { desyncWeeks } from "./desync_week.ts";
import type { Hazard, Occurrence } from "./occurrence.ts";
import { overlapConflicts } from "./overlap_conflict.ts";

/** What is planned, and what has to be known about it. */
export interface PlanContext {
  readonly sessions: readonly Session[];
  readonly accounts: readonly Account[];
  /** The calendars whose hours a session is bound to. */
  readonly calendarsOf: (session: Session) => readonly Calendar[];
}

/** Something about the stretch of time that is planned, rather than one occurrence. */
export interface PlanWarning {
  readonly code: "calendar-unknown";
  readonly message: string;
  /** Whom it concerns, in the order written. */
  readonly sessions: readonly string[];
  /** The first trade date that it concerns. */
  readonly tradeDate: string;
}

/** A plan with everything said. */
export interface PlanHazards {
  /** As given, with the hazards between sessions behind their own. */
  readonly occurrences: readonly Occurrence[];
  readonly warnings: readonly PlanWarning[];
}

/**
 * Says everything about a plan, and nothing twice of one occurrence.
 *
 * | hazard | is told |
 * | --- | --- |
 * | `desync-week` | once per pair of zones and week, to the first occurrence of either |
 * | `overlap-conflict` | to each occurrence with an edge that closes what another has open |
 * | `cut-off` | to each occurrence with a close that comes too late for its market |
 * | `calendar-unknown` | once per calendar, of the plan |
 *
 * @shape `occurrences`: by opening
 */
export function planHazards(
  context: PlanContext,
  occurrences: readonly Occurrence[],
): PlanHazards {
  const found = new Map<Occurrence, Hazard[]>();
  const tell = (occurrence: Occurrence, hazard: Hazard) => {
    const known = found.get(occurrence);
    if (known === undefined) found.set(occurrence, [hazard]);
    else known.push(hazard);
  };
  desyncWeeks(context.sessions, occurrences, tell);
  overlapConflicts(context.sessions, occurrences, tell);
  tellCutOffs(context, occurrences, tell);
  return {
    occurrences: occurrences.map((occurrence) => {
      const more = found.get(occurrence) ?? [];
      const isSaid = more.length === 0 && occurrence.hazards.length < 2;
      return isSaid ? occurrence : withHazards(occurrence, more);
    }),
    warnings: unknownCalendars(context, occurrences),
  };
}

/** What both edges of a window say of one market's day is said once. */
function withHazards(
  occurrence: Occurrence,
  more: readonly Hazard[],
): Occurrence {
  const all = [...occurrence.hazards, ...more];
  const told = new Map<string, Hazard>();
  for (const hazard of all) {
    const text = `${hazard.code} ${hazard.message}`;
    if (!told.has(text)) told.set(text, hazard);
  }
  return { ...occurrence, hazards: [...told.values()] };
}

/** Takes down a hazard of an occurrence. */
type Tell = (occurrence: Occurrence, hazard: Hazard) => void;

function tellCutOffs(
  { sessions, accounts, calendarsOf }: PlanContext,
  occurrences: readonly Occurrence[],
  tell: Tell,
): void {
  const byName = new Map(accounts.map((account) => [account.name, account]));
  const bound = new Map(sessions.flatMap((session) => {
    const calendars = calendarsOf(session);
    if (calendars.length === 0) return [];
    const cutOff = cutOffOf(byName.get(session.account));
    return [[session.name, { session, calendars, cutOff }]];
  }));
  for (const occurrence of occurrences) {
    const rules = bound.get(occurrence.session);
    if (rules === undefined) continue;
    const { session, calendars, cutOff } = rules;
    for (const edge of occurrence.edges) {
      for (const hazard of cutOffHazards(edge, session, calendars, cutOff)) {
        tell(occurrence, hazard);
      }
    }
  }
}

function unknownCalendars(
  { sessions, calendarsOf }: PlanContext,
  occurrences: readonly Occurrence[],
): readonly PlanWarning[] {
  const byName = new Map(
    sessions.map((session) => [session.name, calendarsOf(session)]),
  );
  const found = new Map<Calendar, { date: string; names: Set<string> }>();
  for (const { session, tradeDate } of occurrences) {
    for (const calendar of byName.get(session) ?? []) {
      if (isKnown(calendar, tradeDate)) continue;
      const entry = found.get(calendar) ??
        { date: tradeDate, names: new Set<string>() };
      entry.names.add(session);
      found.set(calendar, entry);
    }
  }
  return [...found].map(([calendar, { date, names }]) => ({
    code: "calendar-unknown",
    message: unknownMessage(calendar, date),
    sessions: sessions.map(({ name }) => name).filter((name) =>
      names.has(name)
    ),
    tradeDate: date,
  }));
}

function unknownMessage({ code, known }: Calendar, date: string): string {
  const isBefore = date < known.from;
  const bound = isBefore ? `from ${known.from} on` : `until ${known.until}`;
  return `${code} is known ${bound}: ${
    isBefore ? "before that" : "after that"
  } it follows its rules alone, and closures that no rule foretells are missing`;
}
