/**
 * When an occurrence lets no entries in, by its own times: outside of `entries`, in its last
 * minutes, in a blackout.
 *
 * @module
 */

import type { EpochDay } from "./date.ts";
import type { Blackout, TimeValue } from "./definition.ts";
import { marketDayOn } from "./market.ts";
import { sideDay } from "./market_moment.ts";
import type { WindowPair } from "./market_moment.ts";
import { marketOfTime, placeAtSide } from "./market_window.ts";
import type { EntryStop } from "./occurrence.ts";
import { isWeekly } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";
import { DAY_MS } from "./time.ts";
import type { EpochMs } from "./time.ts";
import { placeMoment } from "./window.ts";

const NONE: readonly EntryStop[] = [];

/**
 * The stretches of an occurrence in which orders that open exposure are refused.
 *
 * A time by the clock is its first one from the opening on, as a moment's is; a time relative to a
 * market's open or close is of that day's real hours.
 *
 * @shape inside the window; in the order of the file, so they may overlap
 */
export function placeEntryStops(
  schedule: Schedule,
  day: EpochDay,
  placed: WindowPair,
): readonly EntryStop[] {
  const { entries, noNewEntriesMs, blackouts } = schedule.session;
  if (entries === null && noNewEntriesMs === null && blackouts.length === 0) {
    return NONE;
  }
  const place = (time: TimeValue) => placeTime(schedule, time, day, placed);
  const opensAt = placed.window.start.at;
  const closesAt = placed.window.end.at;
  const stops: EntryStop[] = [];
  const fromAt = entries?.from ? place(entries.from) : null;
  const untilAt = entries?.until ? place(entries.until) : null;
  if (fromAt !== null) {
    stops.push({ fromAt: opensAt, toAt: fromAt, reason: "outside_entries" });
  }
  if (untilAt !== null) {
    stops.push({ fromAt: untilAt, toAt: closesAt, reason: "outside_entries" });
  }
  if (noNewEntriesMs !== null) {
    // A break ends the session as its close does.
    for (const endAt of [...placed.pauses.map(pauseStart), closesAt]) {
      const lastAt = endAt - noNewEntriesMs;
      stops.push({ fromAt: lastAt, toAt: endAt, reason: "no_new_entries" });
    }
  }
  for (const blackout of blackouts) {
    if (!blackout.refuseEntries) continue;
    stops.push(...blackoutStops(blackout, place, { opensAt, closesAt }));
  }
  return stops
    .map(({ fromAt, toAt, reason }) => ({
      fromAt: Math.max(fromAt, opensAt),
      toAt: Math.min(toAt, closesAt),
      reason,
    }))
    .filter(({ fromAt, toAt }) => fromAt < toAt);
}

function pauseStart({ fromAt }: WindowPair["pauses"][number]): EpochMs {
  return fromAt;
}

/** A blackout that ends before it begins again held at the opening already. */
function blackoutStops(
  { from, to }: Blackout,
  place: (time: TimeValue) => EpochMs | null,
  { opensAt, closesAt }: {
    readonly opensAt: EpochMs;
    readonly closesAt: EpochMs;
  },
): readonly EntryStop[] {
  const fromAt = place(from);
  const toAt = place(to);
  if (fromAt === null || toAt === null) return NONE;
  const reason = "blackout";
  if (fromAt < toAt) return [{ fromAt, toAt, reason }];
  // Of a day too short for both offsets nothing is left.
  if (from.kind === "market" && to.kind === "market") return NONE;
  return [
    { fromAt: opensAt, toAt, reason },
    { fromAt, toAt: closesAt, reason },
  ];
}

/** `null` where the market that the time is of does not trade. */
function placeTime(
  schedule: Schedule,
  time: TimeValue,
  day: EpochDay,
  { asked }: WindowPair,
): EpochMs | null {
  if (time.kind === "clock") {
    const openedDay = Math.floor(asked.start.wallMs / DAY_MS);
    const fromDay = schedule.dated === null ? day : openedDay;
    const { dst } = schedule.session;
    return placeMoment(time, fromDay, asked.start, dst).at;
  }
  const market = marketOfTime(schedule, time);
  const answer = isWeekly(schedule)
    ? sideDay(market, time, asked)
    : marketDayOn(market, day);
  return answer.kind === "closed"
    ? null
    : placeAtSide(time, market, answer.day).at;
}
