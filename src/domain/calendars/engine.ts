/**
 * Makes days of a calendar: which dates are open, in which hours, and why the others are not.
 *
 * | asked first | gives |
 * | --- | --- |
 * | closures | closed |
 * | special sessions | open, in hours of their own |
 * | holidays | closed |
 * | regular hours | closed where the weekday has none |
 * | early closes, late opens | regular hours, changed |
 *
 * @module
 */

import { dateOf } from "../date.ts";
import type { EpochDay } from "../date.ts";
import { invariant } from "../error.ts";
import type { DurationMs } from "../time.ts";
import type {
  Calendar,
  ChangedHours,
  DatedRule,
  DayKind,
  LocalTime,
} from "./calendar.ts";
import { datedAround, holidaysAround } from "./closed_days.ts";
import type { NamedDays } from "./closed_days.ts";
import { readLocalTime, regularHoursOf } from "./regular_hours.ts";
import type { HoursOnDay } from "./regular_hours.ts";

/** The hours of one open day, by the clock on the wall. */
export interface OpenDay {
  readonly day: EpochDay;
  readonly kind: DayKind;
  /** @units milliseconds from the trade date's local midnight; below zero the evening before */
  readonly openMs: DurationMs;
  /** @units milliseconds from the trade date's local midnight */
  readonly closeMs: DurationMs;
  /** Start and end of the pause; `null` where there is none. @units as `openMs` */
  readonly break: readonly [DurationMs, DurationMs] | null;
}

/** What a calendar says of a stretch of days. */
export interface CalendarDays {
  /** In the order of dates. */
  readonly open: readonly OpenDay[];
  /** Holidays and closures by day; a day of the week without trading is not named. */
  readonly closed: NamedDays;
}

interface Exceptions {
  readonly closures: NamedDays;
  readonly special: ReadonlyMap<EpochDay, Hours>;
  readonly holidays: NamedDays;
  readonly early: ReadonlyMap<EpochDay, ChangedHours>;
  readonly late: ReadonlyMap<EpochDay, ChangedHours>;
}

interface Hours {
  readonly open: LocalTime;
  readonly close: LocalTime;
  readonly break?: readonly [LocalTime, LocalTime];
}

/**
 * Every day of a stretch.
 *
 * @shape  half-open: `untilDay` is outside
 * @throws {RangeError} if the calendar holds a time or a date that cannot be read
 */
export function calendarDays(
  calendar: Calendar,
  fromDay: EpochDay,
  untilDay: EpochDay,
): CalendarDays {
  const hoursOn = regularHoursOf(calendar);
  const exceptions = exceptionsOf(calendar, hoursOn, fromDay, untilDay);
  const { closures, special, holidays } = exceptions;
  const open: OpenDay[] = [];
  const closed = new Map<EpochDay, string>();
  for (let day = fromDay; day < untilDay; day++) {
    const hours = special.get(day);
    const closedBy = closures.get(day) ??
      (hours === undefined ? holidays.get(day) : undefined);
    if (closedBy !== undefined) closed.set(day, closedBy);
    else if (hours !== undefined) open.push(openDay(day, "special", hours));
    else {
      const regular = regularDay(exceptions, hoursOn, day);
      if (regular !== null) open.push(regular);
    }
  }
  return { open, closed };
}

function exceptionsOf(
  calendar: Calendar,
  hoursOn: HoursOnDay,
  fromDay: EpochDay,
  untilDay: EpochDay,
): Exceptions {
  const byDay = <R extends DatedRule>(rules: readonly R[]) =>
    datedAround(rules, fromDay, untilDay)
      .map(({ day, rule }) => [day, rule] as const);
  return {
    closures: new Map(
      byDay(calendar.closures).map(([day, { name }]) => [day, name]),
    ),
    special: new Map(byDay(calendar.specialSessions)),
    holidays: holidaysAround(calendar, hoursOn, fromDay, untilDay),
    early: new Map(byDay(calendar.earlyCloses)),
    late: new Map(byDay(calendar.lateOpens)),
  };
}

function regularDay(
  { early, late }: Exceptions,
  hoursOn: HoursOnDay,
  day: EpochDay,
): OpenDay | null {
  const regular = hoursOn(day);
  if (regular === null) return null;
  const close = early.get(day);
  const open = late.get(day);
  return openDay(day, kindOf(close, open), {
    ...regular,
    open: open?.open ?? close?.open ?? regular.open,
    close: close?.close ?? open?.close ?? regular.close,
  });
}

function kindOf(
  early: ChangedHours | undefined,
  late: ChangedHours | undefined,
): DayKind {
  if (early !== undefined) return "early_close";
  return late === undefined ? "regular" : "late_open";
}

function openDay(day: EpochDay, kind: DayKind, hours: Hours): OpenDay {
  const openMs = readLocalTime(hours.open);
  const closeMs = readLocalTime(hours.close);
  invariant(
    openMs < closeMs,
    `"${hours.close}" on ${dateOf(day)} comes after "${hours.open}"`,
  );
  const [pauseFrom, pauseTo] = hours.break ?? [];
  if (pauseFrom === undefined || pauseTo === undefined) {
    return { day, kind, openMs, closeMs, break: null };
  }
  const [fromMs, toMs] = [readLocalTime(pauseFrom), readLocalTime(pauseTo)];
  const isWithin = openMs < fromMs && toMs < closeMs;
  return {
    day,
    kind,
    openMs,
    closeMs,
    break: isWithin ? [fromMs, toMs] : null,
  };
}
