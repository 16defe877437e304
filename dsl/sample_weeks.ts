/**
 * Where a session's window lies in a few weeks that stand for all: to see before any date is known
 * what lies inside of what.
 *
 * Zones change their clocks on different dates, so two windows may overlap in March only. The weeks
 * are one of each kind, without a change of clocks inside of them in the zones that trade most.
 *
 * @module
 */

import type { ClockTime, DayRule } from "../src/domain/definition.ts";
import { DAY_MS, type DurationMs, type Weekday } from "../src/domain/time.ts";

/** Winter; America changed, Europe not; both changed and Australia not; summer; Europe changed back. */
const MONDAYS = [
  "2026-01-12",
  "2026-03-16",
  "2026-03-30",
  "2026-07-13",
  "2026-10-26",
] as const;

/**
 * One week. @units milliseconds
 */
export const WEEK_MS: DurationMs = 7 * DAY_MS;

/** A stretch of a week. @units milliseconds from Monday 00:00 UTC; may lie outside of the week */
export interface Stretch {
  readonly from: DurationMs;
  readonly to: DurationMs;
}

/** A window of clock times only. */
export interface ClockWindow {
  readonly start: ClockTime;
  readonly end: ClockTime;
}

/** Whether a window names weekdays, and so may span days. */
export function isWeekly(window: ClockWindow): boolean {
  return window.start.weekday !== null;
}

/** Places windows in the sample weeks; remembers what it asked of the zones. */
export class SampleWeeks {
  /** The weeks to look at, by number. */
  readonly numbers: readonly number[] = MONDAYS.map((_, index) => index);
  readonly #offsets: Map<string, readonly DurationMs[]> = new Map();

  /** The window's stretches of one week, one for each day or one for the week. */
  stretches(
    window: ClockWindow,
    days: readonly DayRule[],
    week: number,
  ): readonly Stretch[] {
    if (isWeekly(window)) return [this.stretch(window, 1, week)];
    return weekdaysOf(days).map((day) => this.stretch(window, day, week));
  }

  /** The window's stretch that begins on a weekday (its own, where it names one). */
  stretch(window: ClockWindow, day: Weekday, week: number): Stretch {
    const from = this.instant(window.start, day, week);
    const raw = this.instant(window.end, day, week);
    const period = isWeekly(window) ? WEEK_MS : DAY_MS;
    return { from, to: from + stepsInto(raw - from, period) };
  }

  /** When a time is shown by its zone's clock. @units milliseconds from Monday 00:00 UTC */
  instant(time: ClockTime, day: Weekday, week: number): DurationMs {
    const weekday = time.weekday ?? day;
    return (weekday - 1) * DAY_MS + time.timeMs -
      this.#offset(time.timezone, week);
  }

  /** How far into a stretch a moment lies. @units milliseconds, 0 or more */
  into(
    stretch: Stretch,
    time: ClockTime,
    day: Weekday,
    week: number,
  ): DurationMs {
    const period = time.weekday === null ? DAY_MS : WEEK_MS;
    return remainder(this.instant(time, day, week) - stretch.from, period);
  }

  /** Whether a week tells apart what no other week before it does, for these zones. */
  isNews(week: number, zones: ReadonlySet<string>): boolean {
    const seen = (number: number): string =>
      [...zones].map((zone) =>
        this.#offset(zone, number) -
        this.#offset([...zones][0] ?? "UTC", number)
      ).join();
    return !this.numbers.some((before) =>
      before < week && seen(before) === seen(week)
    );
  }

  #offset(zone: string, week: number): DurationMs {
    let offsets = this.#offsets.get(zone);
    if (offsets === undefined) {
      offsets = MONDAYS.map((monday) => offsetOn(monday, zone));
      this.#offsets.set(zone, offsets);
    }
    return offsets[week] ?? 0;
  }
}

function offsetOn(monday: string, zone: string): DurationMs {
  const noon = Temporal.PlainDate.from(monday)
    .add({ days: 2 })
    .toZonedDateTime({ timeZone: zone, plainTime: "12:00" });
  return noon.offsetNanoseconds / 1e6;
}

/** 0 to below the period. */
function remainder(value: number, period: number): number {
  return ((value % period) + period) % period;
}

/** Above 0 to the period itself: an end is never at its start. */
function stepsInto(value: number, period: number): number {
  const rest = remainder(value, period);
  return rest === 0 ? period : rest;
}

const EVERY_WEEKDAY: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

/** The weekdays that rules can hold on; a rule about the month may hold on any. */
export function weekdaysOf(days: readonly DayRule[]): readonly Weekday[] {
  const weekdays = days.flatMap((rule) =>
    rule.kind === "weekday" ? [rule.weekday] : EVERY_WEEKDAY
  );
  return weekdays.length === 0 ? EVERY_WEEKDAY : [...new Set(weekdays)];
}
