/**
 * Which dates of the coming year a session should be looked at: nights on which a clock changes, and
 * days on which its market keeps other hours than usual.
 *
 * @module
 */

import { momentsOf } from "../domain/blackout.ts";
import type { Calendar } from "../domain/calendars/calendar.ts";
import { tradingDaysBetween } from "../domain/calendars/trading_day.ts";
import { localDate } from "../domain/civil.ts";
import { cutOffHazards, cutOffOf } from "../domain/cut_off.ts";
import type { Session, TimeValue } from "../domain/definition.ts";
import { sessionCalendars } from "../domain/market_calendar.ts";
import type {
  HazardCode,
  Placement,
  SkipReason,
} from "../domain/occurrence.ts";
import { placementsBetween, placeOn } from "../domain/place.ts";
import { DAY_MS } from "../domain/time.ts";
import type { DurationMs, EpochMs } from "../domain/time.ts";
import { offsetSpans } from "../domain/zone.ts";

/** A trade date on which a session does not simply do what its times say. */
export interface HazardAhead {
  readonly session: string;
  readonly tradeDate: string;
  readonly code: HazardCode | SkipReason;
  readonly message: string;
}

/** How far ahead is looked. @units milliseconds */
const AHEAD_MS: DurationMs = 366 * DAY_MS;

/** How long before and after a change of the clock a window may be touched by it. @units milliseconds */
const AROUND_MS: DurationMs = 2 * DAY_MS;

/**
 * Every hazard of the year after an instant that moves or drops an edge unforeseen.
 *
 * A window that is merely longer or shorter is left out, and so is a half day that the session goes
 * along with. Only nights on which a clock changes and a market's irregular days are placed, so ten
 * thousand sessions are looked through in seconds.
 *
 * @units `fromAt`: EpochMs
 * @throws {CarillonError} "calendar/unknown" as `placeOn()`
 */
export function hazardsAhead(
  sessions: readonly Session[],
  fromAt: EpochMs,
): readonly HazardAhead[] {
  const changes = new Map<string, readonly EpochMs[]>();
  return sessions.flatMap((session) => {
    const dates = new Map<string, readonly HazardAhead[]>();
    for (const zone of zonesOf(session)) {
      const known = changes.get(zone) ?? changesOf(zone, fromAt);
      changes.set(zone, known);
      for (const at of known) {
        for (const [key, found] of hazardsAround(session, at)) {
          dates.set(key, found);
        }
      }
    }
    for (const date of irregularDates(session, fromAt)) {
      for (const [key, found] of hazardsOn(session, date)) {
        dates.set(key, found);
      }
    }
    return [...dates.values()].flat()
      .sort((a, b) => a.tradeDate < b.tradeDate ? -1 : 1);
  });
}

type Found = readonly [key: string, hazards: readonly HazardAhead[]];

/** What happens around one change of the clock, by occurrence. */
function hazardsAround(session: Session, at: EpochMs): readonly Found[] {
  return placementsBetween(session, at - AROUND_MS, at + AROUND_MS)
    .flatMap((placement) => hazardsOf(session, placement));
}

/** What happens on a trade date of other hours; a close may then come too late for its market. */
function hazardsOn(session: Session, date: string): readonly Found[] {
  const placement = placeOn(session, date);
  if (placement?.kind !== "occurrence") {
    return placement === null ? [] : hazardsOf(session, placement);
  }
  const { occurrence } = placement;
  const late = occurrence.edges.flatMap((edge) =>
    cutOffHazards(edge, session, sessionCalendars(session), ANY_CUT_OFF)
  );
  const hazards = [...occurrence.hazards, ...late];
  return hazardsOf(session, {
    kind: "occurrence",
    occurrence: { ...occurrence, hazards },
  });
}

/** What holds at every broker. */
const ANY_CUT_OFF = cutOffOf(undefined);

/** What a calendar is there for, and what changes no edge: nobody needs to be warned of it. */
const FORESEEN: readonly (HazardCode | SkipReason)[] = [
  "dst-change",
  "half-day",
  "half_day",
  "holiday",
  "late-open",
  "override",
  "special-session",
];

/** What a placement holds that its author may not have meant. */
function hazardsOf(
  session: Session,
  placement: Placement,
): readonly Found[] {
  const { name } = session;
  const isSkip = placement.kind === "skip";
  const { key, tradeDate } = isSkip ? placement.skip : placement.occurrence;
  const told = isSkip
    ? [{ code: placement.skip.reason, message: placement.skip.message }]
    : placement.occurrence.hazards;
  const found = told.filter(({ code }) => !FORESEEN.includes(code))
    .map((hazard) => ({ session: name, tradeDate, ...hazard }));
  return found.length > 0 ? [[key, found]] : [];
}

/** The dates on which a market of the session keeps other hours than usual. */
function irregularDates(session: Session, fromAt: EpochMs): readonly string[] {
  const from = localDate(fromAt, "UTC");
  const to = localDate(fromAt + AHEAD_MS, "UTC");
  const dates = sessionCalendars(session).flatMap((calendar) =>
    irregularDatesOf(calendar, from, to)
  );
  return [...new Set(dates)];
}

// Sessions share a calendar by the hundred; its year is read once.
const irregular = new WeakMap<Calendar, Map<string, readonly string[]>>();

function irregularDatesOf(
  calendar: Calendar,
  from: string,
  to: string,
): readonly string[] {
  const years = irregular.get(calendar) ?? new Map<string, readonly string[]>();
  irregular.set(calendar, years);
  const known = years.get(from);
  if (known !== undefined) return known;
  const dates = tradingDaysBetween(calendar, from, to)
    .filter(({ kind }) => kind !== "regular").map(({ date }) => date);
  years.clear();
  years.set(from, dates);
  return dates;
}

function zonesOf(session: Session): ReadonlySet<string> {
  const zones = timesOf(session).map((time) =>
    time.kind === "clock" ? time.timezone : session.timezone
  );
  return new Set(zones.length > 0 ? zones : [session.timezone]);
}

function timesOf(session: Session): readonly TimeValue[] {
  const { window } = session;
  const edges = window === null ? [] : [window.start, window.end];
  return [...edges, ...momentsOf(session).map(({ at }) => at)];
}

/** When a zone's clock changes in the time that is looked at. */
function changesOf(zone: string, fromAt: EpochMs): readonly EpochMs[] {
  const untilAt = fromAt + AHEAD_MS;
  const year = (at: EpochMs) =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO("UTC").year;
  const found = new Set<EpochMs>();
  for (let each = year(fromAt); each <= year(untilAt); each++) {
    for (const { fromAt: changeAt } of offsetSpans(zone, each)) {
      if (fromAt <= changeAt && changeAt < untilAt) found.add(changeAt);
    }
  }
  return [...found].sort((a, b) => a - b);
}
