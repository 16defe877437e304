/**
 * A plan as a picture shows it: days across, hours down, equal neighbours drawn as one.
 *
 * @module
 */

import { localDay, wallAt } from "../../domain/civil.ts";
import { yearOf } from "../../domain/date.ts";
import type { EpochDay } from "../../domain/date.ts";
import type { Session, TimeValue } from "../../domain/definition.ts";
import { EDGE_RANK } from "../../domain/occurrence.ts";
import type { Occurrence } from "../../domain/occurrence.ts";
import { openWindowsOf } from "../../domain/open_window.ts";
import { DAY_MS } from "../../domain/time.ts";
import type { DurationMs, EpochMs } from "../../domain/time.ts";
import { offsetSpans } from "../../domain/zone.ts";
import type { Plan } from "../plan_sessions.ts";

/** Days from the first to the last, both counted. */
export interface DayRun {
  readonly fromDay: EpochDay;
  readonly toDay: EpochDay;
}

/** A stretch of the day that is the same on neighbouring days. */
export interface Bar extends DayRun {
  /** @units milliseconds since midnight on the wall */
  readonly fromMs: DurationMs;
  /** @units milliseconds since midnight on the wall */
  readonly toMs: DurationMs;
  /** Whether the market's day is not a usual one. */
  readonly isUnusual: boolean;
}

/** A session's part of the picture. */
export interface SessionView {
  readonly session: Session;
  readonly bars: readonly Bar[];
  /** Further edges; `fromMs` and `toMs` are equal. */
  readonly moments: readonly Bar[];
  /** Days on which it has nothing. */
  readonly closed: readonly DayRun[];
}

/** A day that is to be noticed, and why. */
export interface DayMark {
  readonly day: EpochDay;
  readonly kind: "half-day" | "clock" | "skipped";
  readonly text: string;
}

/** What a picture of a plan holds. */
export interface PlanView extends DayRun {
  readonly timezone: string;
  /** In the order written. */
  readonly sessions: readonly SessionView[];
  /** Days on which nothing is open. */
  readonly closed: readonly DayRun[];
  /** By day. */
  readonly marks: readonly DayMark[];
  /** How far the picture's clock is ahead of UTC, run by run. */
  readonly offsets: readonly (DayRun & { readonly offsetMs: DurationMs })[];
}

/** Hazards of a market's day that has hours of its own. */
const UNUSUAL: ReadonlySet<string> = new Set([
  "half-day",
  "late-open",
  "special-session",
]);

/** Lays a plan out in days of a zone. */
export function viewPlan(
  plan: Plan,
  sessions: readonly Session[],
  timezone: string,
  { fromDay, toDay }: DayRun,
): PlanView {
  const bySession = Map.groupBy(plan.occurrences, ({ session }) => session);
  const frame: Frame = { timezone, fromDay, toDay };
  const views = sessions.map((session) =>
    viewSession(session, bySession.get(session.name) ?? [], frame)
  );
  return {
    ...frame,
    sessions: views,
    closed: daysWithout(
      views.flatMap(({ bars, moments }) => [...bars, ...moments]),
      frame,
    ),
    marks: [
      ...unusualDays(plan.occurrences, frame),
      ...skippedDays(plan, frame),
      ...clockChanges(sessions, frame),
    ].sort((a, b) => a.day - b.day),
    offsets: offsetRuns(frame),
  };
}

interface Frame extends DayRun {
  readonly timezone: string;
}

function viewSession(
  session: Session,
  occurrences: readonly Occurrence[],
  frame: Frame,
): SessionView {
  const bars: Bar[] = [];
  const moments: Bar[] = [];
  for (const occurrence of occurrences) {
    const { edges, hazards } = occurrence;
    const isUnusual = hazards.some(({ code }) => UNUSUAL.has(code));
    const windows = session.window === null ? [] : openWindowsOf(occurrence);
    for (const { opensAt, closesAt } of windows) {
      bars.push(...daily(opensAt, closesAt, isUnusual, frame));
    }
    for (const { rank, at } of edges) {
      if (rank !== EDGE_RANK.moment) continue;
      moments.push(...daily(at, at, isUnusual, frame));
    }
  }
  return {
    session,
    bars: merge(bars),
    moments: merge(moments),
    closed: daysWithout([...bars, ...moments], frame),
  };
}

/** A stretch of time cut at every midnight, as far as the picture shows it. */
function daily(
  fromAt: EpochMs,
  toAt: EpochMs,
  isUnusual: boolean,
  { timezone, fromDay, toDay }: Frame,
): readonly Bar[] {
  const fromWall = wallAt(fromAt, timezone);
  // The end is outside; at a change of the clock it is the last instant inside that counts.
  const toWall = toAt > fromAt ? wallAt(toAt - 1, timezone) + 1 : fromWall;
  const bars: Bar[] = [];
  const lastDay = Math.floor(
    (toWall > fromWall ? toWall - 1 : toWall) / DAY_MS,
  );
  for (let day = Math.floor(fromWall / DAY_MS); day <= lastDay; day++) {
    if (day < fromDay || day > toDay) continue;
    const midnight = day * DAY_MS;
    bars.push({
      fromDay: day,
      toDay: day,
      fromMs: Math.max(0, fromWall - midnight),
      toMs: Math.min(DAY_MS, toWall - midnight),
      isUnusual,
    });
  }
  return bars;
}

/** Joins what is equal on neighbouring days. */
function merge(bars: readonly Bar[]): readonly Bar[] {
  const open = new Map<string, Bar>();
  const done: Bar[] = [];
  for (const bar of bars) {
    const key = `${bar.fromMs} ${bar.toMs} ${bar.isUnusual}`;
    const known = open.get(key);
    if (known !== undefined && known.toDay >= bar.fromDay - 1) {
      open.set(key, { ...known, toDay: Math.max(known.toDay, bar.toDay) });
      continue;
    }
    if (known !== undefined) done.push(known);
    open.set(key, bar);
  }
  return [...done, ...open.values()].sort((a, b) => a.fromDay - b.fromDay);
}

function daysWithout(
  bars: readonly DayRun[],
  { fromDay, toDay }: Frame,
): readonly DayRun[] {
  const isOpen = new Uint8Array(toDay - fromDay + 1);
  for (const bar of bars) {
    isOpen.fill(1, bar.fromDay - fromDay, bar.toDay - fromDay + 1);
  }
  const runs: DayRun[] = [];
  for (const [index, value] of isOpen.entries()) {
    if (value === 1) continue;
    const day = fromDay + index;
    const last = runs.at(-1);
    if (last?.toDay === day - 1) runs.splice(-1, 1, { ...last, toDay: day });
    else runs.push({ fromDay: day, toDay: day });
  }
  return runs;
}

function unusualDays(
  occurrences: readonly Occurrence[],
  frame: Frame,
): readonly DayMark[] {
  const texts = new Map<EpochDay, Set<string>>();
  for (const { opensAt, closesAt, hazards } of occurrences) {
    // Of a window that crosses midnight, the day on which it ends is the one that is cut short.
    const day = localDay(Math.max(opensAt, closesAt - 1), frame.timezone);
    for (const { code, message } of hazards) {
      if (!UNUSUAL.has(code) || !isIn(day, frame)) continue;
      texts.set(day, (texts.get(day) ?? new Set()).add(message));
    }
  }
  return [...texts].map(([day, messages]) => ({
    day,
    kind: "half-day",
    text: [...messages].join("; "),
  }));
}

function skippedDays({ skips }: Plan, frame: Frame): readonly DayMark[] {
  const texts = new Map<EpochDay, string[]>();
  for (const { at, session, message } of skips) {
    const day = localDay(at, frame.timezone);
    if (!isIn(day, frame)) continue;
    texts.set(day, [...texts.get(day) ?? [], `${session}: ${message}`]);
  }
  return [...texts].map(([day, messages]) => ({
    day,
    kind: "skipped",
    text: messages.join("; "),
  }));
}

function clockChanges(
  sessions: readonly Session[],
  frame: Frame,
): readonly DayMark[] {
  const zones = new Set([frame.timezone, ...sessions.flatMap(zonesOf)]);
  const changed = new Map<EpochDay, Set<string>>();
  for (const zone of zones) {
    for (
      let year = yearOf(frame.fromDay);
      year <= yearOf(frame.toDay);
      year++
    ) {
      for (const { fromAt } of offsetSpans(zone, year)) {
        if (!Number.isFinite(fromAt)) continue;
        const day = localDay(fromAt, frame.timezone);
        if (!isIn(day, frame)) continue;
        changed.set(day, (changed.get(day) ?? new Set()).add(zone));
      }
    }
  }
  return [...changed].map(([day, names]) => ({
    day,
    kind: "clock",
    text: [...names].join(", "),
  }));
}

function zonesOf({ timezone, window, moments }: Session): readonly string[] {
  const times: (TimeValue | undefined)[] = [
    window?.start,
    window?.end,
    ...moments.map(({ at }) => at),
  ];
  return [
    timezone,
    ...times.flatMap((time) => time?.kind === "clock" ? [time.timezone] : []),
  ];
}

function offsetRuns(frame: Frame): PlanView["offsets"] {
  const runs: PlanView["offsets"][number][] = [];
  for (let day = frame.fromDay; day <= frame.toDay; day++) {
    // Noon: on the day of a change the new offset holds by then.
    const noon = day * DAY_MS + DAY_MS / 2;
    const offsetMs = wallAt(noon, frame.timezone) - noon;
    const last = runs.at(-1);
    if (last?.offsetMs === offsetMs) {
      runs.splice(-1, 1, { ...last, toDay: day });
    } else runs.push({ fromDay: day, toDay: day, offsetMs });
  }
  return runs;
}

function isIn(day: EpochDay, { fromDay, toDay }: DayRun): boolean {
  return fromDay <= day && day <= toDay;
}
