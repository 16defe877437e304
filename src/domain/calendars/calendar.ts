/**
 * An exchange's calendar as plain data: rules that go on for ever, and short dated lists of what no
 * rule gives.
 *
 * One calendar is one value in one file; `engine.ts` makes days of it.
 *
 * @module
 */

import type { Weekday } from "../time.ts";
import type { DateRule } from "./rule.ts";
import type { Observance } from "./substitute.ts";

/** When an exchange trades. */
export interface Calendar {
  /** Market identifier code (ISO 10383) where there is one. */
  readonly code: string;
  readonly name: string;
  /** IANA name of the zone that every time below is in. */
  readonly timezone: string;
  /** Regular hours, oldest first. */
  readonly hours: readonly RegularHours[];
  /** Days without trading that a rule gives. */
  readonly holidays: readonly Holiday[];
  /** The day between two holidays is one as well, as Japan's law has it. */
  readonly bridgeDay?: BridgeDay;
  /** Days without trading that no rule gives: mourning, storms, elections. They come before all else. */
  readonly closures: readonly Closure[];
  /** Sessions of their own, whatever the holidays and weekdays say. */
  readonly specialSessions: readonly SpecialSession[];
  /** Days that end early; of two on one day the last listed holds. */
  readonly earlyCloses: readonly ChangedHours[];
  /** Days that begin late; of two on one day the last listed holds. */
  readonly lateOpens: readonly ChangedHours[];
  readonly known: Known;
}

/** The dates between which the dated lists are complete; before and after, the rules alone speak. */
export interface Known {
  /** `YYYY-MM-DD`. */
  readonly from: string;
  /** `YYYY-MM-DD`; `null` where there is nothing to learn, as around the clock. */
  readonly until: string | null;
}

/**
 * A time of day on the wall, `HH:MM`, of the trade date.
 *
 * `-1d 17:00` is the evening before it, `+1d 00:00` the midnight after it.
 */
export type LocalTime = string;

/** The hours of a stretch of years, or of some weekdays in it. */
export interface RegularHours {
  /** First date, as `YYYY-MM-DD`; without one, from the beginning. The latest reached counts alone. */
  readonly from?: string;
  /** Monday to Friday where it is not said. */
  readonly weekdays?: readonly Weekday[];
  readonly open: LocalTime;
  readonly close: LocalTime;
  /** Start and end of the pause at midday; a day that ends before it, or opens after it, has none. */
  readonly break?: readonly [LocalTime, LocalTime];
}

/** Dates by rule, with a name to tell the reader. */
export interface DatedRule {
  readonly name: string;
  readonly on: DateRule;
  /** First year. */
  readonly from?: number;
  /** Last year. */
  readonly until?: number;
}

/** A holiday, and where it goes when its date is no weekday. */
export interface Holiday extends DatedRule {
  /** Without it the day is lost when it falls on a weekend. */
  readonly observed?: Observance;
}

/** A closure that no rule foretells. */
export type Closure = DatedRule;

/** The name of a day between two holidays. */
export interface BridgeDay {
  readonly name: string;
  /** First year. */
  readonly from: number;
}

/** A session outside of the regular days. */
export interface SpecialSession extends DatedRule {
  readonly open: LocalTime;
  readonly close: LocalTime;
  readonly break?: readonly [LocalTime, LocalTime];
}

/** What differs from the regular hours; what is not said stays as it is. */
export interface ChangedHours extends DatedRule {
  readonly open?: LocalTime;
  readonly close?: LocalTime;
}

/** What kind of a day it is; one that begins late and ends early counts as an early close. */
export type DayKind = "regular" | "early_close" | "late_open" | "special";
