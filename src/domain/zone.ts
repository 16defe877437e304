/**
 * A zone's offsets from UTC, read once for a year and then looked up as plain numbers.
 *
 * @module
 */

import { firstDayOf, yearOf } from "./date.ts";
import { DAY_MS } from "./time.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** A stretch in which the zone's offset does not change; it ends where the next one begins. */
export interface OffsetSpan {
  /** The transition at which it begins; minus infinity for the first. */
  readonly fromAt: EpochMs;
  /** What is added to UTC to get the time on the wall. */
  readonly offsetMs: DurationMs;
}

// Local time is at most a day away from UTC, and a gap may be a whole day long.
const MARGIN_MS = 4 * DAY_MS;

/** How many zone years are kept: every zone there is for several years, in a few megabytes. */
const TABLES_MAX = 4_096;

// Memory of a pure function: what is in it changes how fast the answer comes, never the answer.
const tables = new Map<string, readonly OffsetSpan[]>();

/**
 * The offsets of a zone over a UTC year and the days about it, in order.
 *
 * @throws {RangeError} if there is no such zone
 */
export function offsetSpans(
  zone: string,
  year: number,
): readonly OffsetSpan[] {
  const key = `${zone} ${year}`;
  const known = tables.get(key);
  if (known !== undefined) return known;
  const spans = readSpans(zone, year);
  if (tables.size >= TABLES_MAX) tables.clear();
  tables.set(key, spans);
  return spans;
}

function readSpans(zone: string, year: number): readonly OffsetSpan[] {
  const fromAt = firstDayOf(year) * DAY_MS - MARGIN_MS;
  const untilAt = firstDayOf(year + 1) * DAY_MS + MARGIN_MS;
  let zoned = Temporal.Instant.fromEpochMilliseconds(fromAt)
    .toZonedDateTimeISO(zone);
  const spans: OffsetSpan[] = [{ fromAt: -Infinity, offsetMs: offset(zoned) }];
  for (;;) {
    const next = zoned.getTimeZoneTransition("next");
    if (next === null || next.epochMilliseconds >= untilAt) return spans;
    spans.push({ fromAt: next.epochMilliseconds, offsetMs: offset(next) });
    zoned = next;
  }
}

function offset(zoned: Temporal.ZonedDateTime): DurationMs {
  return zoned.offsetNanoseconds / 1_000_000;
}

/**
 * The zone's offset from UTC at an instant.
 *
 * @units milliseconds, to be added to UTC
 * @throws {RangeError} if there is no such zone
 */
export function offsetAt(at: EpochMs, zone: string): DurationMs {
  if (zone === "UTC") return 0;
  const spans = offsetSpans(zone, yearOf(Math.floor(at / DAY_MS)));
  const span = spans.findLast((each) => each.fromAt <= at);
  // The first span begins at minus infinity, so there always is one.
  return span?.offsetMs ?? 0;
}
