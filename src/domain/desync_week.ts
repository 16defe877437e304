/**
 * Which occurrences of a plan are told that two of its zones are out of step.
 *
 * @module
 */

import { dayOf } from "./date.ts";
import type { Session } from "./definition.ts";
import { type Desync, desyncsBetween } from "./desync.ts";
import type { Hazard, Occurrence } from "./occurrence.ts";
import type { EpochMs } from "./time.ts";

/** Tells each pair of zones and week that are out of step, to the first occurrence of either. */
export function desyncWeeks(
  sessions: readonly Session[],
  occurrences: readonly Occurrence[],
  tell: (occurrence: Occurrence, hazard: Hazard) => void,
): void {
  const first = occurrences[0];
  const last = occurrences.at(-1);
  if (first === undefined || last === undefined) return;
  const zones = new Map(sessions.map(({ name, timezone }) => [name, timezone]));
  const byZone = Map.groupBy(
    occurrences,
    ({ session }) => zones.get(session) ?? "UTC",
  );
  const desyncs = desyncsBetween(
    byZone.keys(),
    first.opensAt,
    last.opensAt + 1,
  );
  for (const desync of desyncs) {
    for (const occurrence of firstOfWeeks(desync, byZone)) {
      tell(occurrence, { code: "desync-week", message: desync.message });
    }
  }
}

/** The first occurrence of each week in which both sides of a desync have one. */
function firstOfWeeks(
  { zones, fromAt, untilAt }: Desync,
  byZone: ReadonlyMap<string, readonly Occurrence[]>,
): readonly Occurrence[] {
  const [one, other] = zones.map((side) => {
    const weeks = new Map<number, Occurrence>();
    for (const zone of side) {
      for (const each of within(byZone.get(zone) ?? [], fromAt, untilAt)) {
        const week = weekOf(each.tradeDate);
        const known = weeks.get(week);
        if (known === undefined || each.opensAt < known.opensAt) {
          weeks.set(week, each);
        }
      }
    }
    return weeks;
  });
  return [...one ?? []].flatMap(([week, mine]) => {
    const theirs = other?.get(week);
    if (theirs === undefined) return [];
    return [mine.opensAt <= theirs.opensAt ? mine : theirs];
  });
}

/** Those that open in a stretch of time, found by halving. */
function within(
  occurrences: readonly Occurrence[],
  fromAt: EpochMs,
  untilAt: EpochMs,
): readonly Occurrence[] {
  return occurrences.slice(
    firstFrom(occurrences, fromAt),
    firstFrom(occurrences, untilAt),
  );
}

function firstFrom(occurrences: readonly Occurrence[], at: EpochMs): number {
  let [low, high] = [0, occurrences.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((occurrences[middle]?.opensAt ?? Infinity) >= at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The number of the week, Monday to Sunday. */
function weekOf(date: string): number {
  // The epoch was a Thursday.
  return Math.floor((dayOf(date) + 3) / 7);
}
