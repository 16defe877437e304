/**
 * Whether a session has a trade date at all: its dates and its days may leave none.
 *
 * Dates that have passed are left alone: whether they have depends on when the file is read.
 *
 * @module
 */

import type { DateRange, Session } from "../src/domain/definition.ts";
import {
  DATES_TRIED_MAX,
  nextTradeDay,
  scheduleOf,
} from "../src/domain/schedule.ts";
import type { Weekday } from "../src/domain/time.ts";
import { WEEKDAY_WORDS } from "./decode_days.ts";
import type { Lowered } from "./lower_session.ts";
import { type Decoding, keyWord } from "./shape.ts";

/** Warns of a session that never runs, whatever the day. */
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
  if (!isWithoutDate(session)) return;
  log.at(values.dates?.node ?? spec.node, "session/no-trade-date", {
    severity: "warning",
    received: "none of its dates is left",
    expected: `a date that "days", "${
      keyWord("exceptDates", door)
    }" and the calendar leave`,
    hint: weekdayHint(session.dates),
  });
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
  const weekday = Temporal.PlainDate.from(only.from)
    .toLocaleString("en", { weekday: "long" });
  return `${only.from} is a ${weekday}`;
}
