/**
 * Euronext Paris.
 *
 * @source Euronext's yearly announcement of its trading days
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { EURONEXT_HOLIDAYS, euronextHalfDays } from "./euronext.ts";

/** Euronext Paris. */
export const XPAR: Calendar = {
  code: "XPAR",
  name: "Euronext Paris",
  timezone: "Europe/Paris",
  hours: [{ open: "09:00", close: "17:30" }],
  holidays: EURONEXT_HOLIDAYS,
  closures: [],
  specialSessions: [],
  earlyCloses: euronextHalfDays("14:05"),
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
