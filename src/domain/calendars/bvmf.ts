/**
 * B3, the stock exchange of São Paulo.
 *
 * @source National and city holidays as in the exchange's yearly calendars; since 2022 it trades on
 * the city's holidays
 * @module
 */

import type { Calendar } from "./calendar.ts";
import { easter, exceptIn, fixed, onOrBefore } from "./rule.ts";
import { MON_FRI } from "./weekday.ts";

/** B3, São Paulo. */
export const BVMF: Calendar = {
  code: "BVMF",
  name: "B3 São Paulo",
  timezone: "America/Sao_Paulo",
  hours: [
    { open: "10:00", close: "17:00" },
    { from: "2019-11-04", open: "10:00", close: "18:00" },
  ],
  holidays: [
    { name: "New Year's Day", on: fixed(1, 1) },
    { name: "Anniversary of São Paulo", on: fixed(1, 25), until: 2021 },
    { name: "Carnival Monday", on: easter(-48) },
    { name: "Carnival Tuesday", on: easter(-47) },
    { name: "Good Friday", on: easter(-2) },
    { name: "Tiradentes Day", on: fixed(4, 21) },
    { name: "Labour Day", on: fixed(5, 1) },
    { name: "Corpus Christi", on: easter(60) },
    {
      name: "Constitutionalist Revolution Day",
      // In 2020 the state had brought the day forward, and the exchange traded on both.
      on: exceptIn(fixed(7, 9), 2020),
      until: 2021,
    },
    { name: "Independence Day", on: fixed(9, 7) },
    { name: "Our Lady of Aparecida", on: fixed(10, 12) },
    { name: "All Souls' Day", on: fixed(11, 2) },
    { name: "Republic Day", on: fixed(11, 15) },
    // First a holiday of the city, since 2024 of the country.
    { name: "Black Consciousness Day", on: fixed(11, 20), until: 2019 },
    { name: "Black Consciousness Day", on: fixed(11, 20), from: 2024 },
    { name: "Christmas Eve", on: fixed(12, 24) },
    { name: "Christmas Day", on: fixed(12, 25) },
    { name: "Last weekday of the year", on: onOrBefore(12, 31, MON_FRI) },
  ],
  closures: [],
  specialSessions: [],
  earlyCloses: [],
  lateOpens: [
    { name: "Ash Wednesday", on: easter(-46), from: 2016, open: "13:00" },
  ],
  known: { from: "2015-01-01", until: "2026-12-31" },
};
