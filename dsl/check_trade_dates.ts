/**
 * Whether a session has a trade date at all: its dates and its days may leave none.
 *
 * Dates that have passed are left alone: whether they have depends on when the file is read.
 *
 * @module
 */

import { isKnown } from "../src/domain/calendars/trading_day.ts";
import { dateOf, dayOf } from "../src/domain/date.ts";
import type { DateRange, Session } from "../src/domain/definition.ts";
import { type Market, marketDayOn } from "../src/domain/market.ts";
import { placeOn } from "../src/domain/place.ts";
import {
  DATES_TRIED_MAX,
  nextTradeDay,
  scheduleOf,
} from "../src/domain/schedule.ts";
import type { Weekday } from "../src/domain/time.ts";
import { WEEKDAY_WORDS } from "./decode_days.ts";
import type { IssueLog } from "./issue_log.ts";
import type { Lowered } from "./lower_session.ts";
import { describe } from "./node.ts";
import { type Decoding, keyWord, type Located } from "./shape.ts";

/** The longest row of days for which a market is thought to be closed. @units days */
const CLOSED_DAYS_MAX = 31;

/** Where the search for a day at a month's end begins; the ten years after it have every month. */
const FIRST_TRIED = "2026-01-01";

/** Warns of a session that never runs, whatever the day, and of dates on which it does not. */
export function checkTradeDates(
  { session, values, spec }: Lowered,
  { log, door }: Decoding,
): void {
  const weekday = missingWeekday(session);
  if (weekday !== null) {
    log.at(values.days?.node ?? spec.node, "session/no-trade-date", {
      severity: "warning",
      received: "its days leave out the weekday on which it starts",
      expected: `${WEEKDAY_WORDS[weekday - 1]} among "days"`,
    });
    return;
  }
  if (isBeyondEveryMonth(session)) {
    log.at(values.days?.node ?? spec.node, "session/no-trade-date", {
      severity: "warning",
      received: "no month has as many trading days",
      expected: "a day that is nearer to the month's end",
    });
    return;
  }
  if (!isWithoutDate(session)) {
    checkClosedDates(session, values.dates?.value ?? [], log);
    return;
  }
  log.at(values.dates?.node ?? spec.node, "session/no-trade-date", {
    severity: "warning",
    received: "none of its dates is left",
    expected: `a date that "days", "${
      keyWord("exceptDates", door)
    }" and the calendar leave`,
    hint: weekdayHint(session.dates),
  });
}

/** Warns of dates, each or in stretches, on which the market is closed all the time. */
function checkClosedDates(
  session: Session,
  written: readonly Located<DateRange>[],
  log: IssueLog,
): void {
  const { dated } = scheduleOf(session);
  if (dated === null) return;
  for (const { value, node } of written) {
    const why = closedReason(session, dated, value);
    if (why === null) continue;
    log.at(node, "session/closed-date", {
      severity: "warning",
      received: `${describe(node)}: ${why}`,
      expected: "a date on which the market trades",
      hint: "leave it out, or write another date",
    });
  }
}

/** Why nothing runs on any day of a range; `null` where something does, or nobody can know. */
function closedReason(
  session: Session,
  market: Market,
  { from, to }: DateRange,
): string | null {
  const [firstDay, lastDay] = [dayOf(from), dayOf(to)];
  if (lastDay - firstDay >= CLOSED_DAYS_MAX) return null;
  let reason: string | null = null;
  for (let day = firstDay; day <= lastDay; day++) {
    const date = dateOf(day);
    const answer = marketDayOn(market, day);
    if (answer.kind === "open" || answer.by === null) return null;
    if (!isKnown(answer.by, date)) return null;
    if (placeOn(session, date)?.kind === "occurrence") return null;
    reason ??= `${answer.by.code} is closed, ${
      answer.name ?? weekdayName(date)
    }`;
  }
  return reason;
}

/** Whether `days` names none but days so far from the month's end that no month has them. */
function isBeyondEveryMonth(session: Session): boolean {
  const { days, dates } = session;
  if (days.length === 0 || dates.length > 0) return false;
  if (!days.every(({ kind }) => kind === "month_end")) return false;
  const firstDay = dayOf(FIRST_TRIED);
  const untilDay = firstDay + DATES_TRIED_MAX;
  return nextTradeDay(scheduleOf(session), firstDay, untilDay) === null;
}

/** The weekday of a weekly start that `days` leaves out; `null` where there is none. */
function missingWeekday(
  { window, days, calendar }: Session,
): Weekday | null {
  if (window?.start.kind !== "clock" || calendar.length > 0) return null;
  const { weekday } = window.start;
  const isHeld = days.length === 0 ||
    days.some((rule) => rule.kind !== "weekday" || rule.weekday === weekday);
  return isHeld ? null : weekday;
}

function isWithoutDate(session: Session): boolean {
  const schedule = scheduleOf(session);
  const { dates } = schedule;
  const [first] = dates;
  const last = dates.at(-1);
  const count = dates.reduce(
    (sum, { fromDay, toDay }) => sum + toDay - fromDay + 1,
    0,
  );
  // Of more dates only the first would be tried.
  if (!first || !last || count > DATES_TRIED_MAX) return false;
  return nextTradeDay(schedule, first.fromDay, last.toDay) === null;
}

/** What is easily overlooked about a single date. */
function weekdayHint(dates: readonly DateRange[]): string | null {
  const [only] = dates;
  if (!only || dates.length > 1 || only.from !== only.to) return null;
  return `${only.from} is a ${weekdayName(only.from)}`;
}

function weekdayName(date: string): string {
  return Temporal.PlainDate.from(date)
    .toLocaleString("en", { weekday: "long" });
}
