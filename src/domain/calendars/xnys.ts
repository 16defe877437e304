/**
 * New York Stock Exchange, and Nasdaq which keeps the same days and hours.
 *
 * @source NYSE Rule 7.2; the exchange announced its holidays and early closings of 2025 to 2027
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { dates } from "./rule.ts";
import {
  CHRISTMAS_DAY,
  CHRISTMAS_EVE,
  DAY_AFTER_THANKSGIVING,
  DAY_BEFORE_INDEPENDENCE_DAY,
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

/** New York Stock Exchange. */
export const XNYS: Calendar = {
  code: "XNYS",
  name: "New York Stock Exchange",
  timezone: "America/New_York",
  hours: [{ open: "09:30", close: "16:00" }],
  holidays: [
    NEW_YEARS_DAY,
    MARTIN_LUTHER_KING_DAY,
    WASHINGTONS_BIRTHDAY,
    GOOD_FRIDAY,
    MEMORIAL_DAY,
    JUNETEENTH,
    INDEPENDENCE_DAY,
    LABOR_DAY,
    THANKSGIVING_DAY,
    CHRISTMAS_DAY,
  ],
  closures: [
    { name: "Mourning for President Bush", on: dates("2018-12-05") },
    { name: "Mourning for President Carter", on: dates("2025-01-09") },
  ],
  specialSessions: [],
  earlyCloses: [
    { ...DAY_BEFORE_INDEPENDENCE_DAY, close: "13:00" },
    { ...DAY_AFTER_THANKSGIVING, close: "13:00" },
    { ...CHRISTMAS_EVE, close: "13:00" },
  ],
  lateOpens: [],
  known: { from: "2015-01-01", until: "2027-12-31" },
};

/** Nasdaq. */
export const XNAS: Calendar = { ...XNYS, code: "XNAS", name: "Nasdaq" };
