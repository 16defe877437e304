/**
 * Which nights of the coming year a session should be looked at: those on which a clock changes.
 *
 * @module
 */

import type { Session, TimeValue } from "../domain/definition.ts";
import type { HazardCode, SkipReason } from "../domain/occurrence.ts";
import { placementsBetween } from "../domain/place.ts";
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
 * Every hazard of the year after an instant that moves or drops an edge.
 *
 * A window that is merely longer or shorter is left out. Only nights on which a clock changes are
 * placed, so ten thousand sessions are looked through in seconds.
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
    return [...dates.values()].flat()
      .sort((a, b) => a.tradeDate < b.tradeDate ? -1 : 1);
  });
}

/** What happens around one change of the clock, by occurrence. */
function* hazardsAround(
  session: Session,
  at: EpochMs,
): Generator<readonly [string, readonly HazardAhead[]]> {
  const placed = placementsBetween(session, at - AROUND_MS, at + AROUND_MS);
  for (const placement of placed) {
    if (placement.kind === "skip") {
      const { key, tradeDate, reason, message } = placement.skip;
      const skipped = {
        session: session.name,
        tradeDate,
        code: reason,
        message,
      };
      yield [key, [skipped]];
      continue;
    }
    const { key, tradeDate, hazards } = placement.occurrence;
    const found = hazards
      .filter(({ code }) => code !== "dst-change")
      .map((hazard) => ({ session: session.name, tradeDate, ...hazard }));
    if (found.length > 0) yield [key, found];
  }
}

function zonesOf(session: Session): ReadonlySet<string> {
  const times: (TimeValue | undefined)[] = [
    session.window?.start,
    session.window?.end,
    ...session.moments.map(({ at }) => at),
  ];
  const zones = times.map((time) =>
    time?.kind === "clock" ? time.timezone : session.timezone
  );
  return new Set(zones);
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
