/**
 * The foreign exchange week: Sunday 17:00 to Friday 17:00 in New York, without a holiday.
 *
 * Five trade dates follow one another without a gap, and change at 17:00 in New York, where banks
 * roll the value date. Brokers close about Christmas and New Year as they please; say theirs in a
 * calendar of your own.
 *
 * @source Market convention
 * @module
 */

import type { Calendar } from "./calendar.ts";

/** The foreign exchange week. */
export const FX: Calendar = {
  code: "FX",
  name: "Foreign exchange",
  timezone: "America/New_York",
  hours: [{ open: "-1d 17:00", close: "17:00" }],
  holidays: [],
  closures: [],
  specialSessions: [],
  earlyCloses: [],
  lateOpens: [],
  known: { from: "0001-01-01", until: null },
};
