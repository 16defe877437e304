/**
 * Euronext Lisbon.
 *
 * @source Euronext's yearly announcement of its trading days
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { EURONEXT_HOLIDAYS, euronextHalfDays } from "./euronext.ts";

/** Euronext Lisbon. */
export const XLIS: Calendar = {
  code: "XLIS",
  name: "Euronext Lisbon",
  timezone: "Europe/Lisbon",
  hours: [{ open: "08:00", close: "16:30" }],
  holidays: EURONEXT_HOLIDAYS,
  closures: [],
  specialSessions: [],
  earlyCloses: euronextHalfDays("13:05"),
  lateOpens: [],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
