/**
 * The calendars there are, by their codes.
 *
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { XLON } from "./xlon.ts";
import { XNAS, XNYS } from "./xnys.ts";

const CALENDARS: readonly Calendar[] = [
  XNYS,
  XNAS,
  XLON,
];

const BY_CODE: ReadonlyMap<string, Calendar> = new Map(
  CALENDARS.map((calendar) => [calendar.code, calendar]),
);

/** The codes of all calendars, in the order of the list. */
export const CALENDAR_CODES: readonly string[] = [...BY_CODE.keys()];

/**
 * The calendar of a code; `null` where there is none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(calendarOf("XLON")?.timezone, "Europe/London");
 * assert.equal(calendarOf("XXXX"), null);
 * ```
 */
export function calendarOf(code: string): Calendar | null {
  return BY_CODE.get(code) ?? null;
}
