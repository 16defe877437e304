/**
 * The weeks in which two zones are not as far apart as usual, because one changed its clock before
 * the other.
 *
 * @module
 */

import { localDate } from "./civil.ts";
import { yearOf } from "./date.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "./time.ts";
import type { DurationMs, EpochMs } from "./time.ts";
import { offsetAt, offsetSpans } from "./zone.ts";
import { zoneText } from "./zone_text.ts";

/** A stretch in which two zones are unusually far apart, or close together. */
export interface Desync {
  /** Two sets of zones; those of a set never differ, and the first names it. */
  readonly zones: readonly [readonly string[], readonly string[]];
  readonly fromAt: EpochMs;
  /** Outside of it. */
  readonly untilAt: EpochMs;
  /** `New York is 4 hours behind London until 2026-03-29, not 5` */
  readonly message: string;
}

/**
 * What lasts longer is a season, not a slip: Tokyo keeps its clock, and is nine hours from London all
 * winter.
 *
 * @units milliseconds
 */
const LENGTH_MS_MAX: DurationMs = 42 * DAY_MS;

/** Two zones that change in one night do so an hour or so apart. @units milliseconds */
const LENGTH_MS_MIN: DurationMs = DAY_MS;

/**
 * Every such stretch that reaches into a stretch of time, by its beginning.
 *
 * Zones that never differ from one another count as one, under the name of the first.
 *
 * @units `fromAt`, `toAt`: EpochMs; half-open
 * @throws {RangeError} if one of the zones is none
 */
export function desyncsBetween(
  zones: Iterable<string>,
  fromAt: EpochMs,
  toAt: EpochMs,
): readonly Desync[] {
  const clocks = clocksOf(zones, fromAt, toAt);
  const found: Desync[] = [];
  for (const [index, one] of clocks.entries()) {
    for (const other of clocks.slice(index + 1)) {
      for (const desync of desyncsOf(one, other)) {
        const { fromAt: from, untilAt: until } = desync;
        if (from < toAt && until > fromAt) found.push(desync);
      }
    }
  }
  return found.sort((a, b) => a.fromAt - b.fromAt);
}

/** The clock of a zone, and of all others that show the same. */
interface ZoneClock {
  readonly zone: string;
  readonly alike: readonly string[];
  /** When the offset changes; the first from the beginning on. */
  readonly spans: readonly Span[];
}

interface Span {
  readonly fromAt: EpochMs;
  readonly offsetMs: DurationMs;
}

/** The different clocks among zones, as they go in the years about a stretch of time. */
function clocksOf(
  zones: Iterable<string>,
  fromAt: EpochMs,
  toAt: EpochMs,
): readonly ZoneClock[] {
  const clocks = new Map<string, ZoneClock & { readonly alike: string[] }>();
  for (const zone of new Set(zones)) {
    const spans = spansOf(zone, fromAt, toAt);
    const text = JSON.stringify(spans);
    const known = clocks.get(text) ?? { zone, alike: [], spans };
    known.alike.push(zone);
    clocks.set(text, known);
  }
  return [...clocks.values()];
}

function spansOf(zone: string, fromAt: EpochMs, toAt: EpochMs): Span[] {
  const year = (at: EpochMs) => yearOf(Math.floor(at / DAY_MS));
  const first = year(fromAt - LENGTH_MS_MAX);
  const spans: Span[] = [];
  for (let each = first; each <= year(toAt + LENGTH_MS_MAX); each++) {
    for (const span of offsetSpans(zone, each)) {
      // Each year begins with what was before it, and a few days belong to two years.
      const last = spans.at(-1);
      if (last === undefined) spans.push(span);
      else if (span.fromAt > last.fromAt && span.offsetMs !== last.offsetMs) {
        spans.push(span);
      }
    }
  }
  return spans;
}

function desyncsOf(one: ZoneClock, other: ZoneClock): readonly Desync[] {
  const stretches = distances(one.spans, other.spans);
  return stretches.flatMap((here, index) => {
    const before = stretches[index - 1];
    const after = stretches[index + 1];
    if (before === undefined || after === undefined) return [];
    const lengthMs = after.fromAt - here.fromAt;
    if (lengthMs < LENGTH_MS_MIN || lengthMs > LENGTH_MS_MAX) return [];
    const untilAt = after.fromAt;
    const pair = [one.zone, other.zone] as const;
    const usual = [before.distanceMs, after.distanceMs];
    const message = sentence(pair, here.distanceMs, usual, untilAt);
    const zones = [one.alike, other.alike] as const;
    return [{ zones, fromAt: here.fromAt, untilAt, message }];
  });
}

interface Distance {
  readonly fromAt: EpochMs;
  /** How far the first zone's clock is ahead of the second's. */
  readonly distanceMs: DurationMs;
}

function distances(
  one: readonly Span[],
  other: readonly Span[],
): readonly Distance[] {
  const found: Distance[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [a, b] = [one[i], other[j]];
    if (a === undefined || b === undefined) return found;
    const distanceMs = a.offsetMs - b.offsetMs;
    if (found.at(-1)?.distanceMs !== distanceMs) {
      found.push({ fromAt: Math.max(a.fromAt, b.fromAt), distanceMs });
    }
    const nextA = one[i + 1]?.fromAt ?? Infinity;
    const nextB = other[j + 1]?.fromAt ?? Infinity;
    if (nextA === Infinity && nextB === Infinity) return found;
    if (nextA <= nextB) i++;
    if (nextB <= nextA) j++;
  }
}

/** Told of the zone that is behind. */
function sentence(
  [one, other]: readonly [string, string],
  distanceMs: DurationMs,
  usual: readonly DurationMs[],
  untilAt: EpochMs,
): string {
  const isOneAhead = distanceMs > 0;
  const [behind, ahead] = isOneAhead ? [other, one] : [one, other];
  const lagOf = (ms: DurationMs) => isOneAhead ? ms : -ms;
  const date = localDate(untilAt, changes(one, untilAt) ? one : other);
  if (distanceMs === 0) {
    const [before, after] = usual.map((ms) => lengthText(Math.abs(ms)));
    const not = before === after ? after : `${before} or ${after}`;
    return `${zoneText(behind)} and ${
      zoneText(ahead)
    } show the same time until ${date}, not ${not} apart`;
  }
  const [before, after] = usual.map((ms) => shortLag(lagOf(ms)));
  const not = before === after
    ? after
    : `${before} as before or ${after} as after`;
  const lag = lengthText(lagOf(distanceMs));
  return `${zoneText(behind)} is ${lag} behind ${
    zoneText(ahead)
  } until ${date}, not ${not}`;
}

function changes(zone: string, at: EpochMs): boolean {
  return offsetAt(at, zone) !== offsetAt(at - 1, zone);
}

/** As short as it can stand behind "4 hours behind". */
function shortLag(ms: DurationMs): string {
  if (ms === 0) return "level";
  if (ms < 0) return `${lengthText(-ms)} ahead`;
  return ms % HOUR_MS === 0 ? String(ms / HOUR_MS) : lengthText(ms);
}

function lengthText(ms: DurationMs): string {
  const hours = Math.floor(ms / HOUR_MS);
  const minutes = Math.round(ms % HOUR_MS / MINUTE_MS);
  return [
    ...(hours > 0 ? [`${hours} ${hours === 1 ? "hour" : "hours"}`] : []),
    ...(minutes > 0
      ? [`${minutes} ${minutes === 1 ? "minute" : "minutes"}`]
      : []),
  ].join(" ");
}
