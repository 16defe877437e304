/**
 * A session on the time line: what one trade date gives.
 *
 * @module
 */

import type { Action } from "./definition.ts";
import type { EpochMs } from "./time.ts";

/** One dated session; half-open: `closesAt` is outside. */
export interface Occurrence {
  /** `london/2026-11-23` */
  readonly key: string;
  readonly session: string;
  /** `YYYY-MM-DD`, as the calendar counts days; without one, as the zone of the start does. */
  readonly tradeDate: string;
  readonly opensAt: EpochMs;
  readonly closesAt: EpochMs;
  /** When it is not open in between, in order; empty unless it is split at its market's breaks. */
  readonly pauses: readonly Pause[];
  /** When it lets no entries in by its own times; inside its window, and some may overlap. */
  readonly entryStops: readonly EntryStop[];
  /** In the order in which they come due. */
  readonly edges: readonly Edge[];
  /** Moments that lie outside its hours on this date, and do not run. */
  readonly leftOut: readonly LeftOut[];
  readonly hazards: readonly Hazard[];
}

/** A moment that an occurrence has no room for, and why. */
export interface LeftOut extends Pick<Edge, "key" | "name" | "actions"> {
  readonly message: string;
}

/** A break of the market in which an occurrence is not open; half-open: `toAt` is outside. */
export interface Pause {
  readonly fromAt: EpochMs;
  readonly toAt: EpochMs;
}

/** A stretch in which orders that open exposure are refused; half-open: `toAt` is outside. */
export interface EntryStop {
  readonly fromAt: EpochMs;
  readonly toAt: EpochMs;
  readonly reason: EntryStopReason;
}

/** The closed list of reasons for which an occurrence lets no entries in. */
export type EntryStopReason =
  /** Before `entries.from`, or from `entries.until` on. */
  | "outside_entries"
  /** In the last minutes, by `no_new_entries`. */
  | "no_new_entries"
  /** In one of `blackouts`. */
  | "blackout";

/** A named instant of an occurrence: the unit of everything durable. */
export interface Edge {
  /** `london/2026-11-23/end` */
  readonly key: string;
  readonly session: string;
  readonly tradeDate: string;
  /** `start`, `end`, `break_start`, `break_end` or a moment's name. */
  readonly name: string;
  readonly at: EpochMs;
  /** `at` less the session's lead, where the edge closes positions. */
  readonly dueAt: EpochMs;
  readonly rank: number;
  readonly actions: readonly Action[];
  /** When the market that is open before it closes; `null` without a calendar, and while it goes on. */
  readonly marketClosesAt: EpochMs | null;
}

/**
 * At a shared instant ends come first, then moments, then starts; a break begins as an end and ends
 * as a start.
 */
export const EDGE_RANK = { end: 0, moment: 1, start: 2 } as const;

/** Something about an occurrence that a trader wants to know beforehand. */
export interface Hazard {
  readonly code: HazardCode;
  readonly message: string;
}

/** The closed list of hazards. */
export type HazardCode =
  /** An edge's time is skipped by the clock that night. */
  | "dst-gap"
  /** An edge's time comes twice that night. */
  | "dst-overlap"
  /** The window is longer or shorter than the clock times say. */
  | "dst-change"
  /** A moment lies outside the window, or in a pause, and does not run. */
  | "moment-outside"
  /** The market closes early. */
  | "half-day"
  /** The market opens late. */
  | "late-open"
  /** The market trades in hours of their own, or on a day on which it never does. */
  | "special-session"
  /** A holiday shortens a window of several days, or keeps a moment from running. */
  | "holiday"
  /** A calendar of the user's own says otherwise than its base. */
  | "override"
  /** Two zones of the plan are not as far apart as in the weeks around. */
  | "desync-week"
  /** An edge closes what another session has open on the same account. */
  | "overlap-conflict"
  /** A close comes due too late for the market's own close. */
  | "cut-off"
  /** A calendar's rules alone speak: its dated lists end before, or begin after. */
  | "calendar-unknown";

/** A trade date on which the session should run and cannot. */
export interface Skip {
  readonly key: string;
  readonly session: string;
  readonly tradeDate: string;
  /** When it would have opened. */
  readonly at: EpochMs;
  readonly reason: SkipReason;
  readonly message: string;
}

/** The closed list of reasons for which a trade date has no occurrence. */
export type SkipReason =
  /** The clock skips all of the window. */
  | "empty_window"
  /** A market is closed on that date. */
  | "holiday"
  /** The market closes early, and the session leaves such days out. */
  | "half_day"
  /** A time relative to the market's open or close lies beyond that day. */
  | "offset_outside_day"
  /** Nothing of the window lies in the market's hours. */
  | "outside_hours";

/** What a trade date gives. */
export type Placement =
  | { readonly kind: "occurrence"; readonly occurrence: Occurrence }
  | { readonly kind: "skip"; readonly skip: Skip };
