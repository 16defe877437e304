/**
 * When a session is open without interruption: an occurrence, or the part of one between two pauses.
 *
 * @module
 */

import type { Session } from "./definition.ts";
import type { Occurrence } from "./occurrence.ts";
import {
  firstOccurrenceEndingAfter,
  nextOccurrence,
  placementsBetween,
} from "./place.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** A stretch in which a session is open; half-open, `closesAt` is outside. */
export interface OpenWindow {
  readonly opensAt: EpochMs;
  readonly closesAt: EpochMs;
  /** How long its whole occurrence is open, pauses left out. */
  readonly openMs: DurationMs;
}

/** The stretches in which an occurrence is open, in order; one where it has no pause. */
export function openWindowsOf(occurrence: Occurrence): readonly OpenWindow[] {
  const { opensAt, closesAt, pauses } = occurrence;
  if (pauses.length === 0) {
    return [{ opensAt, closesAt, openMs: closesAt - opensAt }];
  }
  const openMs = pauses.reduce(
    (leftMs, { fromAt, toAt }) => leftMs - (toAt - fromAt),
    closesAt - opensAt,
  );
  const starts = [opensAt, ...pauses.map(({ toAt }) => toAt)];
  const ends = [...pauses.map(({ fromAt }) => fromAt), closesAt];
  return starts.map((at, index) => ({
    opensAt: at,
    closesAt: ends[index] ?? closesAt,
    openMs,
  }));
}

/** When what an occurrence is in at an instant, or comes to next, closes. @units EpochMs */
export function closesNextAt(occurrence: Occurrence, at: EpochMs): EpochMs {
  const { closesAt, pauses } = occurrence;
  return pauses.find(({ fromAt }) => fromAt > at)?.fromAt ?? closesAt;
}

/** The stretch that is open at an instant, else the next one; `null` where none is in reach. */
export function firstWindowEndingAfter(
  session: Session,
  at: EpochMs,
): OpenWindow | null {
  const found = firstOccurrenceEndingAfter(session, at);
  if (found === null) return null;
  return openWindowsOf(found).find(({ closesAt }) => closesAt > at) ?? null;
}

/** The first stretch that opens after an instant; `null` where none is in reach. */
export function nextWindow(
  session: Session,
  afterAt: EpochMs,
): OpenWindow | null {
  const next = nextOccurrence(session, afterAt);
  const begun = session.breaks === "ignore"
    ? []
    : placementsBetween(session, afterAt, afterAt + 1).flatMap((each) =>
      each.kind === "occurrence" ? openWindowsOf(each.occurrence) : []
    );
  return [...begun, ...next === null ? [] : openWindowsOf(next)]
    .filter(({ opensAt }) => opensAt > afterAt)
    .reduce<OpenWindow | null>(
      (first, each) =>
        first === null || each.opensAt < first.opensAt ? each : first,
      null,
    );
}
