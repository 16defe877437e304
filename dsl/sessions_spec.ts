/**
 * What `defineSessions()` takes: the session file in TypeScript's manner.
 *
 * @module
 */

import type {
  AccountMode,
  Action,
  CloseAction,
  HookPermissions,
  NotificationEvent,
  OverlapPolicy,
  PositionSide,
  ProfitKind,
  StopPolicy,
} from "../src/domain/definition.ts";
import type { HookFunction } from "./read_literal.ts";
import type { Json } from "./shape.ts";

/**
 * A time: an hour, or text as in a session file (`"08:00"`, `"sun 17:00"`, `"close-5m"`).
 *
 * @units a number is an hour of the day, 0 to 24
 */
export type TimeInput = string | number | Temporal.PlainTime;

/** A length of time: text (`"90s"`, `"1h30m"`), a `Temporal.Duration`, or 0. */
export type DurationInput = string | 0 | Temporal.Duration;

/** A date, or as text also a range (`"2026-12-01..2026-12-18"`). */
export type DateInput = string | Temporal.PlainDate;

/** An exact number; text keeps every digit. */
export type DecimalInput = string | number;

/** One value or a list. */
export type OneOrMany<T> = T | readonly T[];

/** A whole session file. */
export interface SessionsSpec {
  readonly version?: 1;
  /** Default zone; UTC if left out. */
  readonly timezone?: string;
  readonly calendar?: OneOrMany<string>;
  /** Shorthand for one account named "main". */
  readonly broker?: AccountInput;
  readonly accounts?: Readonly<Record<string, AccountInput>>;
  readonly journal?: string | null;
  readonly onStop?: StopPolicy;
  readonly defaults?: SharedInput;
  readonly sessions: readonly SessionInput[];
  readonly calendars?: Readonly<Record<string, CalendarInput>>;
  readonly notify?: OneOrMany<NotificationInput>;
  readonly heartbeat?: HeartbeatInput | null;
  /** Reserved: checked, not carried out yet. */
  readonly limits?: LimitsInput | null;
}

/** A session. */
export interface SessionInput extends SharedInput {
  /** Its durable identity; "<start>-<end>" if left out. */
  readonly name?: string;
}

/** What a session says but for its name; `defaults` may say it for all. */
export interface SharedInput {
  readonly account?: string;
  readonly start?: TimeInput;
  readonly end?: TimeInput;
  readonly timezone?: string;
  readonly days?: OneOrMany<string>;
  readonly dates?: OneOrMany<DateInput>;
  readonly exceptDates?: OneOrMany<DateInput>;
  readonly calendar?: OneOrMany<string>;
  readonly hours?: "clip" | "ignore";
  readonly halfDays?: "shift" | "skip";
  readonly breaks?: "ignore" | "split";
  readonly dst?: {
    readonly gap?: "end" | "shift";
    readonly overlap?: "first" | "last";
  };
  readonly onStart?: OneOrMany<Exclude<Action, "custom_end">> | null;
  readonly onEnd?: OneOrMany<Exclude<Action, "custom_start">> | null;
  readonly customStart?: HookInput | null;
  readonly customEnd?: HookInput | null;
  readonly moments?: readonly MomentInput[];
  readonly scope?: "account" | ScopeInput;
  readonly cancelOrders?: boolean;
  readonly lead?: DurationInput;
  readonly deadline?: DurationInput;
  /** `"report"`, `"next_open"`, `"next_open+5m"`. */
  readonly ifClosed?: string;
  readonly profit?: ProfitKind;
  readonly entries?:
    | { readonly from?: TimeInput; readonly until?: TimeInput }
    | null;
  readonly noNewEntries?: DurationInput | null;
  readonly blackouts?: readonly BlackoutInput[];
  readonly catchUp?: {
    readonly start?: DurationInput;
    readonly end?: DurationInput | "until_next_start";
  };
  readonly strategies?: readonly StrategyInput[];
}

/** A further edge of a session. */
export interface MomentInput {
  readonly name: string;
  readonly at: TimeInput;
  readonly do: OneOrMany<CloseAction> | null;
}

/** Which positions actions may touch; all that is given must hold. */
export interface ScopeInput {
  readonly symbols?: OneOrMany<string>;
  readonly except?: OneOrMany<string>;
  readonly tag?: string;
  readonly session?: string;
}

/** A stretch in which entries are refused. */
export interface BlackoutInput {
  readonly from: TimeInput;
  readonly to: TimeInput;
  readonly entries?: "refuse" | "allow";
  readonly do?: OneOrMany<CloseAction> | null;
}

/** The user's own code: a function, a module's path, or either with options. */
export type HookInput = HookFunction | string | HookOptions;

/** A hook with options. */
export interface HookOptions {
  readonly module?: HookFunction | string;
  readonly export?: string;
  readonly code?: string;
  readonly permissions?: Partial<HookPermissions>;
  readonly isolation?: "auto" | "process" | "vm";
  readonly timeout?: DurationInput;
  readonly onFailure?: "continue" | "refuse_entries";
  readonly overlap?: OverlapPolicy;
  readonly params?: { readonly [key: string]: Json };
}

/** A hook that is called again and again. */
export interface StrategyInput extends HookOptions {
  readonly every: DurationInput;
  readonly symbols?: OneOrMany<string>;
}

/** An account: a kind of broker by name, or with its keys. */
export type AccountInput =
  | "paper"
  | RemoteKind
  | PaperInput
  | HttpInput
  | VenueInput;

/** The venues that are reached without a bridge. */
export type RemoteKind = "alpaca" | "oanda" | "metaapi" | "ccxt";

/** An account at the embedded paper broker. */
export interface PaperInput {
  readonly kind: "paper";
  readonly mode?: AccountMode;
  readonly cash?: DecimalInput;
  readonly currency?: string;
  readonly positions?: readonly PaperPositionInput[];
  readonly prices?: Readonly<
    Record<string, string | { readonly bid: string; readonly ask?: string }>
  >;
  readonly seed?: number;
  readonly commission?: DecimalInput;
  readonly latency?: DurationInput;
}

/** A position that a paper account holds at its start. */
export interface PaperPositionInput {
  readonly symbol: string;
  readonly side: PositionSide;
  readonly qty: DecimalInput;
  readonly price?: DecimalInput;
  readonly tag?: string;
}

/** An account behind our own open protocol. */
export interface HttpInput {
  readonly kind: "http";
  readonly url: string;
  readonly id?: string;
  readonly live?: boolean;
  readonly token?: string;
}

/** An account at a venue, with whatever keys its kind knows. */
export interface VenueInput {
  readonly kind: RemoteKind;
  readonly id?: string;
  readonly live?: boolean;
  readonly token?: string;
  readonly [option: string]: string | number | boolean | undefined;
}

/** A calendar of your own. */
export interface CalendarInput {
  readonly base?: string;
  readonly closed?: OneOrMany<DateInput>;
  readonly earlyCloses?: Readonly<Record<string, TimeInput>>;
  readonly lateOpens?: Readonly<Record<string, TimeInput>>;
  readonly specialSessions?: Readonly<
    Record<string, readonly [TimeInput, TimeInput]>
  >;
  readonly ics?: string;
}

/** Who is told of what. */
export interface NotificationInput {
  readonly webhook: string;
  readonly form?: "json" | "slack" | "discord" | "telegram";
  readonly events?: OneOrMany<NotificationEvent>;
}

/** A sign of life. */
export interface HeartbeatInput {
  readonly url: string;
  readonly every: DurationInput;
}

/** Loss limits. */
export interface LimitsInput {
  readonly dailyLoss: DecimalInput;
  readonly reset?: TimeInput;
  readonly do?: CloseAction;
  readonly then?: "halt" | "continue";
}
