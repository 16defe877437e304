/**
 * Markets that never sleep: every weekday, or every day, from midnight to midnight UTC.
 *
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { EVERY_DAY } from "./weekday.ts";

/** Monday to Friday around the clock. */
export const WEEKDAYS_AROUND_THE_CLOCK: Calendar = {
  code: "24/5",
  name: "Weekdays around the clock",
  timezone: "UTC",
  hours: [{ open: "00:00", close: "+1d 00:00" }],
  holidays: [],
  closures: [],
  specialSessions: [],
  earlyCloses: [],
  lateOpens: [],
  known: { from: "0001-01-01", until: null },
};

/** Every day around the clock. */
export const AROUND_THE_CLOCK: Calendar = {
  ...WEEKDAYS_AROUND_THE_CLOCK,
  code: "24/7",
  name: "Around the clock",
  hours: [{ weekdays: EVERY_DAY, open: "00:00", close: "+1d 00:00" }],
};
