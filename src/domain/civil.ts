/**
 * Turns a time on the wall into an instant, with gaps and overlaps handled by name.
 *
 * @module
 */

import type { DstPolicy } from "./definition.ts";
import { dateOf, dayOf, yearOf } from "./date.ts";
import type { EpochDay } from "./date.ts";
import { invariant } from "./error.ts";
import { DAY_MS } from "./time.ts";
import type { DurationMs, EpochMs } from "./time.ts";
import { offsetAt, offsetSpans } from "./zone.ts";

/**
 * A date and a time of day on the wall, whatever the zone.
 *
 * @units milliseconds since 1970-01-01 00:00 on the wall, every day counted as 24 hours
 */
export type WallMs = number;

/** An instant, and what the zone's clock did to the time that was asked for. */
export interface Placed {
  readonly at: EpochMs;
  /** `gap`: the clock skips this time; `overlap`: the clock shows it twice. */
  readonly dst: "none" | "gap" | "overlap";
}

/** In a gap the gap's end, in an overlap the first instant. */
export const DST_DEFAULT: DstPolicy = { gap: "end", overlap: "first" };

/**
 * The instant of a time of day on a date in a zone.
 *
 * 24:00 is the next calendar day's 00:00 in the zone, never 24 hours after the day's start.
 *
 * | the clock | policy | instant |
 * | --- | --- | --- |
 * | skips the time | `gap: end` | the zone's transition, where the gap ends |
 * | skips the time | `gap: shift` | later by the gap's length |
 * | shows it twice | `overlap: first` | the earlier |
 * | shows it twice | `overlap: last` | the later |
 *
 * @units `timeMs`: milliseconds since local midnight by the clock on the wall, 0 to 86,400,000
 * @throws {RangeError} if there is no such date or zone
 * @example In London 01:30 is skipped on 29 March 2026
 * ```ts
 * import assert from "node:assert/strict";
 * const half = placeCivil("2026-03-29", 90 * 60_000, "Europe/London", {
 *   gap: "end",
 *   overlap: "first",
 * });
 * const gapEnd = Temporal.Instant.from("2026-03-29T01:00:00Z");
 * assert.equal(half.at, gapEnd.epochMilliseconds);
 * assert.equal(half.dst, "gap");
 * ```
 */
export function placeCivil(
  date: string,
  timeMs: DurationMs,
  zone: string,
  policy: DstPolicy,
): Placed {
  return placeWall(dayOf(date) * DAY_MS + timeMs, zone, policy);
}

/**
 * The instant at which a zone's clock shows a date and a time.
 *
 * @throws {RangeError} if there is no such zone
 */
export function placeWall(
  wallMs: WallMs,
  zone: string,
  policy: DstPolicy,
): Placed {
  if (zone === "UTC") return { at: wallMs, dst: "none" };
  const spans = offsetSpans(zone, yearOf(Math.floor(wallMs / DAY_MS)));
  const candidates: EpochMs[] = [];
  for (const [index, span] of spans.entries()) {
    const at = wallMs - span.offsetMs;
    const untilAt = spans[index + 1]?.fromAt ?? Infinity;
    if (at >= span.fromAt && at < untilAt) candidates.push(at);
    // The clock jumped over the time at this span's end.
    const after = spans[index + 1]?.offsetMs ?? span.offsetMs;
    if (at >= untilAt && wallMs - after < untilAt) {
      return { at: policy.gap === "end" ? untilAt : at, dst: "gap" };
    }
  }
  const at = policy.overlap === "first" ? candidates[0] : candidates.at(-1);
  invariant(at !== undefined, `"${zone}" neither shows nor skips ${wallMs}`);
  return {
    at,
    dst: candidates.length > 1 ? "overlap" : "none",
  };
}

/**
 * What a zone's clock shows at an instant.
 *
 * @throws {RangeError} if there is no such zone
 */
export function wallAt(at: EpochMs, zone: string): WallMs {
  return at + offsetAt(at, zone);
}

/** The calendar day that a zone has at an instant. */
export function localDay(at: EpochMs, zone: string): EpochDay {
  return Math.floor(wallAt(at, zone) / DAY_MS);
}

/**
 * The calendar date that a zone has at an instant, as `YYYY-MM-DD`.
 *
 * @throws {RangeError} if there is no such zone
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const at = Temporal.Instant.from("2026-11-23T20:00:00Z");
 * assert.equal(
 *   localDate(at.epochMilliseconds, "Asia/Kathmandu"),
 *   "2026-11-24",
 * );
 * ```
 */
export function localDate(at: EpochMs, zone: string): string {
  return dateOf(localDay(at, zone));
}

/** Whether the zone has the calendar day at all: Samoa went without 30 December 2011. */
export function dayExists(day: EpochDay, zone: string): boolean {
  const opens = placeWall(day * DAY_MS, zone, DST_DEFAULT);
  const closes = placeWall((day + 1) * DAY_MS, zone, DST_DEFAULT);
  return closes.at > opens.at;
}
