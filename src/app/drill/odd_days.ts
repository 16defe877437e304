/**
 * The days of the year on which time itself is odd: after a night that changes the clock, and half days.
 *
 * @module
 */

import { dateOf, dayOf } from "../../domain/date.ts";
import { localDate } from "../../domain/civil.ts";
import type { Definition, Session } from "../../domain/definition.ts";
import { CarillonError } from "../../domain/error.ts";
import { placeOn } from "../../domain/place.ts";
import type { EpochMs } from "../../domain/time.ts";
import { begunBefore, type DrillDay, drillDayOn } from "./drill_day.ts";

/** How far ahead is looked. @units days */
const DAYS = 366;

/** After a change of the clock a session may have a weekend, and a holiday. @units days */
const DAYS_AFTER = 8;

/** The first day after the next change of a clock, lived from before that change; `null` of none in a year. */
export function nextDstDay(
  definition: Definition,
  fromAt: EpochMs,
): DrillDay | null {
  const changes = zonesOf(definition.sessions).flatMap((zone) => {
    const at = Temporal.Instant.fromEpochMilliseconds(fromAt)
      .toZonedDateTimeISO(zone).getTimeZoneTransition("next")
      ?.epochMilliseconds;
    return at === undefined ? [] : [{ at, zone }];
  });
  const [next] = changes.sort((a, b) => a.at - b.at);
  if (next === undefined) return null;
  const first = dayOf(localDate(next.at, next.zone));
  if (first > dayOf(localDate(fromAt, next.zone)) + DAYS) return null;
  for (let day = first; day < first + DAYS_AFTER; day++) {
    const found = tryDay(definition, dateOf(day));
    if (found !== null) return begunBefore(found, next.at);
  }
  return null;
}

/** The next day on which a market of the file closes early; `null` of none in a year. */
export function nextHalfDay(
  definition: Definition,
  after: string,
): DrillDay | null {
  const sessions = definition.sessions.filter(({ calendar }) =>
    calendar.length > 0
  );
  const first = dayOf(after);
  for (let day = first; day < first + DAYS; day++) {
    const date = dateOf(day);
    if (sessions.some((session) => isHalfDay(session, date))) {
      const found = tryDay(definition, date);
      if (found !== null) return found;
    }
  }
  return null;
}

function isHalfDay(session: Session, date: string): boolean {
  const placement = placeOn(session, date);
  return placement?.kind === "occurrence" &&
    placement.occurrence.hazards.some(({ code }) => code === "half-day");
}

/** Every zone that an edge of the sessions is told in. */
function zonesOf(sessions: readonly Session[]): readonly string[] {
  const zones = sessions.flatMap(({ timezone, window }) => [
    timezone,
    ...[window?.start, window?.end].flatMap((time) =>
      time?.kind === "clock" ? [time.timezone] : []
    ),
  ]);
  return [...new Set(zones)];
}

function tryDay(definition: Definition, date: string): DrillDay | null {
  try {
    return drillDayOn(definition, date);
  } catch (error) {
    if (error instanceof CarillonError && error.code === "edge/unknown") {
      return null;
    }
    throw error;
  }
}
