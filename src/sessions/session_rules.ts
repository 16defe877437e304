/**
 * What a user of the library writes of a session, but for its functions.
 *
 * @module
 */

import type {
  CloseAction,
  DstPolicy,
  ProfitKind,
} from "../domain/definition.ts";
import type { TimeOfDay } from "./time_of_day.ts";

/** The rules of a session; what is left out is as the seeds had it: UTC, every day, the whole account. */
export interface SessionRules {
  /** When it opens. @units hours, where it is a number from 0 to 23 */
  readonly start: TimeOfDay;
  /**
   * When it closes; before `start` it is on the next day.
   *
   * @units hours, where it is a number from 0 to 24
   */
  readonly end: TimeOfDay;
  /** What happens at the start, begun in this order; nothing by default. */
  readonly onStart?: StartAction | readonly StartAction[] | null;
  /** What happens at the end, begun in this order; nothing by default. */
  readonly onEnd?: EndAction | readonly EndAction[] | null;
  /** What it is called; `"<start>-<end>"` by default. */
  readonly name?: string;
  /** IANA name of the zone of its times and days; its calendar's by default, else UTC. */
  readonly timezone?: string;
  /** On which days it opens; all of them by default. */
  readonly days?: Days;
  /** The code of its market's calendar, such as `"XNYS"`; of several, all must be open. */
  readonly calendar?: string | readonly string[];
  /** Whether the market's hours clip it, or only closed days are left out; `"clip"` by default. */
  readonly hours?: "clip" | "ignore";
  /** Whether it goes along with a day that closes early, or leaves it out; `"shift"` by default. */
  readonly halfDays?: "shift" | "skip";
  /** The name of the account that it acts on; `"main"` by default. */
  readonly account?: string;
  /** Which positions it may touch; the whole account by default. */
  readonly scope?: SessionScope | "account";
  /** Whether a close cancels working orders in scope first; `true` by default. */
  readonly cancelOrders?: boolean;
  /** How long after its due time a close may take before it counts as not done; 60 s by default. */
  readonly deadline?: Length;
  /** How long before its instant an edge that closes is due; 0 by default. */
  readonly lead?: Length;
  /** Whether swap and commission count in what makes a winner; `"net"` by default. */
  readonly profit?: ProfitKind;
  /** What becomes of a time that the zone's clock skips or shows twice. */
  readonly dst?: Partial<DstPolicy>;
  /** How long a custom function may run, by the real clock; 10 s by default. */
  readonly timeout?: Length;
}

/** What a session may do at its start. */
export type StartAction = CloseAction | "custom_start";

/** What a session may do at its end. */
export type EndAction = CloseAction | "custom_end";

/** A length of time: a `Temporal.Duration`, its fields as in `{minutes: 2}`, or ISO 8601 text. */
export type Length = Temporal.Duration | Temporal.DurationLike | string;

/** A weekday in three letters. */
export type WeekdayWord = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

/**
 * Days by rule: the last trading day of the week or the month, that many trading days before it, or
 * the trading day before a closure. Without a calendar Monday to Friday count as trading days.
 *
 * @units the number: trading days
 */
export type TradingDayWord =
  | "week_end"
  | "month_end"
  | `month_end-${number}`
  | "before_closure";

/** Days: a weekday, from one to another, trading days by rule, several of these, or all. */
export type Days =
  | "all"
  | WeekdayWord
  | `${WeekdayWord}-${WeekdayWord}`
  | TradingDayWord
  | readonly (
    | WeekdayWord
    | `${WeekdayWord}-${WeekdayWord}`
    | TradingDayWord
  )[];

/** Which positions a session may touch; all that is given must hold. */
export interface SessionScope {
  /** Only these; every symbol by default. */
  readonly symbols?: readonly string[];
  /** Never these. */
  readonly except?: readonly string[];
  /** Only what carries this tag at the broker. */
  readonly tag?: string;
}
