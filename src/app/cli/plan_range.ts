/**
 * `--from` and `--to` -> the stretch that is planned.
 *
 * @module
 */

import { DST_DEFAULT, localDate, placeCivil } from "../../domain/civil.ts";
import { addDays, dateOf, DAY_MAX, dayOf } from "../../domain/date.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { PlanRange } from "../plan_sessions.ts";
import { CallError } from "./call_error.ts";
import type { PlanArgs } from "./grammar.ts";
import { isDate } from "./option_values.ts";
import { readInstant } from "./play_time.ts";

/** How far is planned where the call does not say. @units days */
const DAYS_DEFAULT = 7;

/**
 * Reads the two ends; dates are trade dates, unless the other end is an instant: then they are
 * whole days of the file's zone.
 *
 * @throws {CallError} if the end lies before the start
 */
export function readPlanRange(
  { from, to }: Pick<PlanArgs, "from" | "to">,
  now: EpochMs,
  timezone: string,
): PlanRange {
  const first = from ?? localDate(now, timezone);
  if (isDate(first) && (to === null || isDate(to))) {
    const last = to ?? weekAfter(first);
    if (last < first) throw backwards(first, last, from === null);
    return { kind: "dates", from: first, to: last };
  }
  const fromAt = isDate(first)
    ? startOf(first, timezone)
    : readInstant("--from", first);
  const toAt = to === null
    ? startOf(weekAfter(localDate(fromAt, timezone)), timezone)
    : isDate(to)
    ? startOf(addDays(to, 1), timezone)
    : readInstant("--to", to);
  if (toAt <= fromAt) throw backwards(first, to ?? "", from === null);
  return { kind: "instants", fromAt, toAt };
}

function weekAfter(date: string): string {
  return dateOf(Math.min(dayOf(date) + DAYS_DEFAULT, DAY_MAX));
}

function startOf(date: string, timezone: string): EpochMs {
  return placeCivil(date, 0, timezone, DST_DEFAULT).at;
}

function backwards(from: string, to: string, isToday: boolean): CallError {
  const start = isToday ? `today, ${from}` : `--from ${from}`;
  return new CallError(`--to ${to} does not lie after ${start}`);
}
