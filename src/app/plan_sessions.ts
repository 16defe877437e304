/**
 * What the sessions of a file do in a stretch of days.
 *
 * @module
 */

import { dateOf, dayOf } from "../domain/date.ts";
import type { Account, Session } from "../domain/definition.ts";
import { CarillonError } from "../domain/error.ts";
import { sessionCalendars } from "../domain/market_calendar.ts";
import type { Occurrence, Placement, Skip } from "../domain/occurrence.ts";
import { placementsBetween, placeOn } from "../domain/place.ts";
import { planHazards, type PlanWarning } from "../domain/plan_hazards.ts";
import type { EpochMs } from "../domain/time.ts";

/** Which part of the time line is planned. */
export type PlanRange =
  /** Trade dates, both counted. */
  | { readonly kind: "dates"; readonly from: string; readonly to: string }
  /** Everything open at any instant of it; half-open. */
  | {
    readonly kind: "instants";
    readonly fromAt: EpochMs;
    readonly toAt: EpochMs;
  };

/** What happens, and what does not although it should. */
export interface Plan {
  /** By opening; at one instant in the order written. */
  readonly occurrences: readonly Occurrence[];
  readonly skips: readonly Skip[];
  /** What concerns the whole stretch. */
  readonly warnings: readonly PlanWarning[];
}

/** The most that is planned at once, which a screen, a pipe and the memory can hold. */
export const PLAN_MAX = 200_000;

/**
 * Plans sessions, and says what they do to one another.
 *
 * @throws {CarillonError} "calendar/unknown" for what cannot be placed, naming the session
 * @throws {RangeError} if more than `PLAN_MAX` occurrences come of it
 */
export function planSessions(
  sessions: readonly Session[],
  range: PlanRange,
  accounts: readonly Account[] = [],
): Plan {
  const occurrences: Occurrence[] = [];
  const skips: Skip[] = [];
  for (const session of sessions) {
    for (const placement of placements(session, range)) {
      if (placement.kind === "skip") skips.push(placement.skip);
      else occurrences.push(placement.occurrence);
      if (occurrences.length + skips.length <= PLAN_MAX) continue;
      throw new RangeError(
        `Cannot plan more than ${PLAN_MAX} occurrences at once: ask for fewer days, or for one session`,
      );
    }
  }
  const context = { sessions, accounts, calendarsOf: sessionCalendars };
  occurrences.sort((a, b) => a.opensAt - b.opensAt);
  return {
    ...planHazards(context, occurrences),
    skips: skips.sort((a, b) => a.at - b.at),
  };
}

function* placements(session: Session, range: PlanRange): Generator<Placement> {
  try {
    if (range.kind === "instants") {
      yield* placementsBetween(session, range.fromAt, range.toAt);
      return;
    }
    const lastDay = dayOf(range.to);
    for (let day = dayOf(range.from); day <= lastDay; day++) {
      const placement = placeOn(session, dateOf(day));
      if (placement !== null) yield placement;
    }
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    throw new CarillonError(
      error.code,
      `Cannot plan "${session.name}": ${error.message}`,
      { cause: error },
    );
  }
}
