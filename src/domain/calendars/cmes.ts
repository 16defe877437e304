/**
 * Chicago Mercantile Exchange, taken as one: the days and hours that hold for most of its products.
 *
 * Products differ; for equity index futures there is `CME_EQUITY`.
 *
 * @source CME Group's holiday schedules for CME Globex
 * @module
 */

import type { Calendar, ChangedHours, DatedRule } from "./calendar.ts";
import { dates } from "./rule.ts";
import {
  CHRISTMAS_DAY,
  CHRISTMAS_EVE,
  DAY_AFTER_THANKSGIVING,
  GOOD_FRIDAY,
  INDEPENDENCE_DAY,
  JUNETEENTH,
  LABOR_DAY,
  MARTIN_LUTHER_KING_DAY,
  MEMORIAL_DAY,
  NEW_YEARS_DAY,
  THANKSGIVING_DAY,
  WASHINGTONS_BIRTHDAY,
} from "./us_holidays.ts";

/** Days on which trading halts at noon, to go on in the evening for the next trade date. */
const HALTS_AT_NOON: readonly DatedRule[] = [
  MARTIN_LUTHER_KING_DAY,
  WASHINGTONS_BIRTHDAY,
  MEMORIAL_DAY,
  JUNETEENTH,
  INDEPENDENCE_DAY,
  LABOR_DAY,
  THANKSGIVING_DAY,
  DAY_AFTER_THANKSGIVING,
  CHRISTMAS_EVE,
];

/** Chicago Mercantile Exchange. */
export const CMES: Calendar = {
  code: "CMES",
  name: "Chicago Mercantile Exchange",
  timezone: "America/Chicago",
  hours: [{ open: "-1d 17:00", close: "17:00" }],
  holidays: [NEW_YEARS_DAY, GOOD_FRIDAY, CHRISTMAS_DAY],
  closures: [
    { name: "Mourning for President Bush", on: dates("2018-12-05") },
    { name: "Mourning for President Carter", on: dates("2025-01-09") },
  ],
  specialSessions: [],
  earlyCloses: HALTS_AT_NOON.map((rule): ChangedHours => ({
    ...rule,
    close: "12:00",
  })),
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
