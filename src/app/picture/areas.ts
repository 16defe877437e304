/**
 * Which sessions are open together, day by day: what a picture fills, so that an overlap shows as
 * what it is and not as a colour of its own.
 *
 * @module
 */

import type { EpochDay } from "../../domain/date.ts";
import type { DurationMs } from "../../domain/time.ts";
import type { Bar, SessionView } from "./plan_view.ts";

/** A part of the day in which the same sessions are open on neighbouring days. */
export interface Area extends Bar {
  /** Their places among the sessions, ascending. */
  readonly open: readonly number[];
}

/** Cuts bars where others begin or end; the areas of a day do not overlap. */
export function areasOf(sessions: readonly SessionView[]): readonly Area[] {
  const done: Area[] = [];
  let running = new Map<string, Area>();
  for (const [day, bars] of byDay(sessions)) {
    const next = new Map<string, Area>();
    for (const area of areasOfDay(day, bars)) {
      const key = JSON.stringify([
        area.open,
        area.fromMs,
        area.toMs,
        area.isUnusual,
      ]);
      const known = running.get(key);
      const goesOn = known !== undefined && known.toDay === day - 1;
      next.set(key, goesOn ? { ...known, toDay: day } : area);
      if (goesOn) running.delete(key);
    }
    done.push(...running.values());
    running = next;
  }
  return [...done, ...running.values()]
    .sort((a, b) => a.fromDay - b.fromDay || a.fromMs - b.fromMs);
}

interface OwnBar {
  readonly index: number;
  readonly bar: Bar;
}

function byDay(
  sessions: readonly SessionView[],
): readonly (readonly [EpochDay, readonly OwnBar[]])[] {
  const days = new Map<EpochDay, OwnBar[]>();
  for (const [index, { bars }] of sessions.entries()) {
    for (const bar of bars) {
      for (let day = bar.fromDay; day <= bar.toDay; day++) {
        const known = days.get(day) ?? [];
        known.push({ index, bar });
        days.set(day, known);
      }
    }
  }
  return [...days].sort(([a], [b]) => a - b);
}

function areasOfDay(day: EpochDay, bars: readonly OwnBar[]): readonly Area[] {
  const cuts = [
    ...new Set(bars.flatMap(({ bar }) => [bar.fromMs, bar.toMs])),
  ].sort((a, b) => a - b);
  const areas: Area[] = [];
  for (const [place, fromMs] of cuts.entries()) {
    const toMs = cuts[place + 1];
    if (toMs === undefined) break;
    const area = areaBetween(day, bars, fromMs, toMs);
    if (area !== null) areas.push(area);
  }
  return areas;
}

function areaBetween(
  day: EpochDay,
  bars: readonly OwnBar[],
  fromMs: DurationMs,
  toMs: DurationMs,
): Area | null {
  const here = bars.filter(({ bar }) =>
    bar.fromMs <= fromMs && toMs <= bar.toMs
  );
  if (here.length === 0) return null;
  return {
    fromDay: day,
    toDay: day,
    fromMs,
    toMs,
    isUnusual: here.some(({ bar }) => bar.isUnusual),
    open: [...new Set(here.map(({ index }) => index))].sort((a, b) => a - b),
  };
}
