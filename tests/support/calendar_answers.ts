/**
 * The recorded days of exchanges, as the files beside the project hold them, and ours in the same
 * words.
 *
 * @module
 */

import { addDays, dateOf, dayOf, weekdayOf } from "../../src/domain/date.ts";
import type { Calendar } from "../../src/domain/calendars/calendar.ts";
import { tradingDaysBetween } from "../../src/domain/calendars/trading_day.ts";

/** A recorded calendar. Hours are `[open, breakStart, breakEnd, close]`, local. */
export interface Answers {
  readonly mic: string;
  readonly tz: string;
  readonly range: readonly [string, string];
  readonly weekdays: readonly number[];
  readonly hours: readonly {
    readonly from: string;
    readonly open: string;
    readonly breakStart: string | null;
    readonly breakEnd: string | null;
    readonly close: string;
  }[];
  readonly holidays: readonly string[];
  readonly extraSessions: readonly string[];
  readonly special: Readonly<
    Record<string, readonly [string, string | null, string | null, string]>
  >;
}

/** One line for each open day: `2026-11-27 09:30 - - 13:00`. */
export function recordedLines(
  answers: Answers,
  from: string,
  to: string,
): readonly string[] {
  const holidays = new Set(answers.holidays);
  const extra = new Set(answers.extraSessions);
  const lines: string[] = [];
  for (let day = dayOf(from); day <= dayOf(to); day++) {
    const date = dateOf(day);
    const isWeekday = answers.weekdays.includes(weekdayOf(date));
    if (!extra.has(date) && (!isWeekday || holidays.has(date))) continue;
    lines.push([date, ...recordedHours(answers, date)].join(" "));
  }
  return lines;
}

function recordedHours(answers: Answers, date: string): readonly string[] {
  // Hours from the first recorded day on hold for the days before it too.
  const regular = answers.hours.findLast(({ from }) => from <= date) ??
    answers.hours[0];
  const hours = answers.special[date] ??
    [
      regular?.open,
      regular?.breakStart,
      regular?.breakEnd,
      regular?.close,
    ];
  return hours.map((time) => time ?? "-");
}

/** A calendar's open days in the same form. */
export function carillonLines(
  calendar: Calendar,
  from: string,
  to: string,
): readonly string[] {
  return tradingDaysBetween(calendar, from, to).map((day) => {
    const times = [
      day.openAt,
      day.breakStartAt,
      day.breakEndAt,
      day.closeAt,
    ].map((at) => at === null ? "-" : localTime(at, calendar, day.date));
    return [day.date, ...times].join(" ");
  });
}

function localTime(at: number, calendar: Calendar, tradeDate: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(calendar.timezone);
  const date = local.toPlainDate().toString();
  const time = local.toPlainTime().toString({ smallestUnit: "minute" });
  if (date === tradeDate) return time;
  if (date === addDays(tradeDate, -1)) return `-1d ${time}`;
  if (date === addDays(tradeDate, 1)) return `+1d ${time}`;
  return local.toString();
}

/** What one side has and the other has not: `- recorded`, `+ ours`, by date. */
export function differences(
  recorded: readonly string[],
  ours: readonly string[],
): readonly string[] {
  const [left, right] = [new Set(recorded), new Set(ours)];
  return [
    ...recorded.filter((line) => !right.has(line)).map((line) => `- ${line}`),
    ...ours.filter((line) => !left.has(line)).map((line) => `+ ${line}`),
  ].sort((a, b) => a.slice(2).localeCompare(b.slice(2)));
}
