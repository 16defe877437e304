/**
 * What sessions do to one another and to their markets in the time to come.
 *
 * @module
 */

import type { Account, Session } from "../domain/definition.ts";
import type { HazardCode } from "../domain/occurrence.ts";
import { DAY_MS } from "../domain/time.ts";
import type { EpochMs } from "../domain/time.ts";
import type { HazardAhead } from "./hazards_ahead.ts";
import { planSessions } from "./plan_sessions.ts";

/** Hazards that only a plan of several sessions shows. */
const BETWEEN: ReadonlySet<HazardCode> = new Set<HazardCode>([
  "desync-week",
  "overlap-conflict",
  "cut-off",
]);

/** How much is planned for it: a year of a few hundred sessions, a week or two of thousands. */
const PLANNED_MAX = 80_000;
const DAYS_MAX = 366;
const DAYS_MIN = 1;

/**
 * Every hazard of that kind in the year after an instant; for thousands of sessions, of the weeks.
 *
 * What repeats is told once, with the first date on which it holds.
 *
 * @units `fromAt`: EpochMs
 * @throws {CarillonError} "calendar/unknown" as `placeOn()`
 */
export function hazardsBetween(
  sessions: readonly Session[],
  accounts: readonly Account[],
  fromAt: EpochMs,
): readonly HazardAhead[] {
  const days = Math.floor(PLANNED_MAX / Math.max(1, sessions.length));
  const lengthMs = Math.min(DAYS_MAX, Math.max(DAYS_MIN, days)) * DAY_MS;
  const toAt = fromAt + lengthMs;
  const range = { kind: "instants", fromAt, toAt } as const;
  const { occurrences, warnings } = planSessions(sessions, range, accounts);
  const found = new Map<string, HazardAhead>();
  const tell = (hazard: HazardAhead, once: string) => {
    const key = `${hazard.code} ${once}`;
    if (!found.has(key)) found.set(key, hazard);
  };
  for (const { session, tradeDate, hazards } of occurrences) {
    for (const { code, message } of hazards) {
      if (!BETWEEN.has(code)) continue;
      // Zones are out of step for all that are in them; the rest concerns one session.
      const once = code === "desync-week" ? message : `${session} ${message}`;
      tell({ session, tradeDate, code, message }, once);
    }
  }
  for (const { code, message, sessions: names, tradeDate } of warnings) {
    tell({ session: names.join(", "), tradeDate, code, message }, message);
  }
  return [...found.values()];
}
