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
  /** The version of the format. */
  readonly version?: 1;
  /** Default zone; UTC if left out. */
  readonly timezone?: string;
  /** The calendar of every session without one; none if left out. */
  readonly calendar?: OneOrMany<string>;
  /** Shorthand for one account named "main". */
  readonly broker?: AccountInput;
  /** Accounts by name; `broker` or `accounts`, not both. */
  readonly accounts?: Readonly<Record<string, AccountInput>>;
  /** Where the run is recorded; in `.carillon` beside the file if left out. */
  readonly journal?: string | null;
  /** What a run does with what is open when it ends; `"leave"` if left out. */
  readonly onStop?: StopPolicy;
  /** What holds for every session that does not say otherwise. */
  readonly defaults?: SharedInput;
  /** At least one. */
  readonly sessions: readonly SessionInput[];
  /** Calendars of your own, by name. */
  readonly calendars?: Readonly<Record<string, CalendarInput>>;
  /** Who is told of what; checked, not carried out yet. */
  readonly notify?: OneOrMany<NotificationInput>;
  /** A sign of life; checked, not carried out yet. */
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
  /** The account it acts on; the only one if left out. */
  readonly account?: string;
  /** When it opens; left out only with `moments`. */
  readonly start?: TimeInput;
  /** When it closes: the instant itself is outside. */
  readonly end?: TimeInput;
  /** The zone of its times and dates; its calendar's if left out, else the file's. */
  readonly timezone?: string;
  /** Days by rule: `"mon-fri"`, `"month_end-3"`, a list, or `"all"`, as if left out. */
  readonly days?: OneOrMany<string>;
  /** Only these dates; every date if left out. */
  readonly dates?: OneOrMany<DateInput>;
  /** All but these dates. */
  readonly exceptDates?: OneOrMany<DateInput>;
  /** A code such as `"XNYS"`, a name under `calendars`, or a list of which all must be open. */
  readonly calendar?: OneOrMany<string>;
  /** `clip` to the market's hours, or `ignore` them and drop closed days only. */
  readonly hours?: "clip" | "ignore";
  /** On a day that closes early: `shift` the edges, or `skip` the day. */
  readonly halfDays?: "shift" | "skip";
  /** A break in the market's day: `ignore` it, or `split` the session (not carried out yet). */
  readonly breaks?: "ignore" | "split";
  /** What becomes of a time that the clock skips (`gap`) or shows twice (`overlap`). */
  readonly dst?: {
    readonly gap?: "end" | "shift";
    readonly overlap?: "first" | "last";
  };
  /** What it does when it opens: one action, or a list run in order. */
  readonly onStart?: OneOrMany<Exclude<Action, "custom_end">> | null;
  /** What it does when it closes: one action, or a list run in order. */
  readonly onEnd?: OneOrMany<Exclude<Action, "custom_start">> | null;
  /** The code that `"custom_start"` runs. */
  readonly customStart?: HookInput | null;
  /** The code that `"custom_end"` runs. */
  readonly customEnd?: HookInput | null;
  /** Further edges; a session may have only these. */
  readonly moments?: readonly MomentInput[];
  /** Which positions it may touch; `"account"` says that all of them are meant. */
  readonly scope?: "account" | ScopeInput;
  /** Whether a close cancels working orders in scope first; `true` if left out. */
  readonly cancelOrders?: boolean;
  /** How long before its instant an edge that closes is due. */
  readonly lead?: DurationInput;
  /** How long after it was due everything must be closed; a minute if left out. */
  readonly deadline?: DurationInput;
  /** `"report"`, `"next_open"`, `"next_open+5m"`. */
  readonly ifClosed?: string;
  /** What counts as profit; `"net"` if left out. */
  readonly profit?: ProfitKind;
  /** When orders that open exposure are let in. */
  readonly entries?:
    | { readonly from?: TimeInput; readonly until?: TimeInput }
    | null;
  /** How long before the end entries are refused. */
  readonly noNewEntries?: DurationInput | null;
  /** Stretches in which entries are refused, or something is closed. */
  readonly blackouts?: readonly BlackoutInput[];
  /** How late a missed edge may still be made up for; checked, not carried out yet. */
  readonly catchUp?: {
    readonly start?: DurationInput;
    readonly end?: DurationInput | "until_next_start";
  };
  /** Code that is called again and again; checked, not carried out yet. */
  readonly strategies?: readonly StrategyInput[];
}

/** A further edge of a session. */
export interface MomentInput {
  /** The edge's name, other than `start` and `end`. */
  readonly name: string;
  /** When it is due, inside the session. */
  readonly at: TimeInput;
  /** What it closes. */
  readonly do: OneOrMany<CloseAction> | null;
}

/** Which positions actions may touch; all that is given must hold. */
export interface ScopeInput {
  /** Only these symbols. */
  readonly symbols?: OneOrMany<string>;
  /** All but these symbols. */
  readonly except?: OneOrMany<string>;
  /** Only positions with this tag. */
  readonly tag?: string;
  /** Only what this session opened. */
  readonly session?: string;
}

/** A stretch in which entries are refused. */
export interface BlackoutInput {
  /** Where it begins. */
  readonly from: TimeInput;
  /** Where it ends. */
  readonly to: TimeInput;
  /** `"refuse"` if left out. */
  readonly entries?: "refuse" | "allow";
  /** What is closed at its beginning. */
  readonly do?: OneOrMany<CloseAction> | null;
}

/** The user's own code: a function, a module's path, or either with options. */
export type HookInput = HookFunction | string | HookOptions;

/** A hook with options. */
export interface HookOptions {
  /** The function, or the module's path. */
  readonly module?: HookFunction | string;
  /** The export of the module; `"default"` if left out. */
  readonly export?: string;
  /** The code itself, in place of a module. */
  readonly code?: string;
  /** What the code may do; nothing if left out. */
  readonly permissions?: Partial<HookPermissions>;
  /** What it runs in; `"auto"`, whichever is there, if left out. */
  readonly isolation?: "auto" | "process" | "vm";
  /** How long it may run, by the real clock; ten seconds if left out. */
  readonly timeout?: DurationInput;
  /** What a failure leads to; it never stops or delays a close. */
  readonly onFailure?: "continue" | "refuse_entries";
  /** What becomes of a call that comes while the last one runs; `"skip"` if left out. */
  readonly overlap?: OverlapPolicy;
  /** What is passed to the code. */
  readonly params?: { readonly [key: string]: Json };
}

/** A hook that is called again and again. */
export interface StrategyInput extends HookOptions {
  /** How often it is called. */
  readonly every: DurationInput;
  /** The symbols it trades. */
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
  /** Tells it from an account behind a network. */
  readonly kind: "paper";
  /** How its positions are counted; `"netting"` if left out. */
  readonly mode?: AccountMode;
  /** What it holds at its start; 100000 if left out. */
  readonly cash?: DecimalInput;
  /** The currency it counts in; `"USD"` if left out. */
  readonly currency?: string;
  /** What is open at its start. */
  readonly positions?: readonly PaperPositionInput[];
  /** CSV files of past prices, by symbol: a path, or a bid and an ask file. */
  readonly prices?: Readonly<
    Record<string, string | { readonly bid: string; readonly ask?: string }>
  >;
  /** What chance grows from: the same seed gives the same prices; 1 if left out. */
  readonly seed?: number;
  /** What each traded unit costs, in its currency; 0 if left out. */
  readonly commission?: DecimalInput;
  /** The longest it takes to answer. */
  readonly latency?: DurationInput;
  /** Whether its gateway feeds a book, which gives a close its first look; not if left out. */
  readonly gateway?: boolean | GatewayInput;
}

/** How a broker's gateway feeds the book of an account. */
export interface GatewayInput {
  /** How many shards there are; as many as the gateway recommends if left out. */
  readonly shards?: number;
  /** How many session starts are kept for a close; as many as there are shards if left out. @units starts */
  readonly reserve?: number;
}

/** A position that a paper account holds at its start. */
export interface PaperPositionInput {
  /** What is held. */
  readonly symbol: string;
  /** Which way it earns. */
  readonly side: PositionSide;
  /** How much, above zero. */
  readonly qty: DecimalInput;
  /** The price it was opened at; the first price if left out. */
  readonly price?: DecimalInput;
  /** A mark that a scope can ask for. */
  readonly tag?: string;
}

/** An account behind our own open protocol. */
export interface HttpInput {
  /** Tells it from other accounts. */
  readonly kind: "http";
  /** The address of the bridge. */
  readonly url: string;
  /** The account's id, compared with the broker's answer before anything is done. */
  readonly id?: string;
  /** `true` for real money: without it a live account is refused. */
  readonly live?: boolean;
  /** The key to the account, as `"${env:NAME}"`. */
  readonly token?: string;
  /** Whether the bridge's gateway feeds a book, which gives a close its first look; not if left out. */
  readonly gateway?: boolean | GatewayInput;
}

/** An account at a venue, with whatever keys its kind knows. */
export interface VenueInput {
  /** The venue. */
  readonly kind: RemoteKind;
  /** The account's id, compared with the broker's answer before anything is done. */
  readonly id?: string;
  /** `true` for real money: without it a live account is refused. */
  readonly live?: boolean;
  /** The key to the account, as `"${env:NAME}"`. */
  readonly token?: string;
  /** Whatever else its kind knows. */
  readonly [option: string]: string | number | boolean | undefined;
}

/** A calendar of your own. */
export interface CalendarInput {
  /** The calendar it starts from, by code or name; if left out, every day from 00:00 to 24:00. */
  readonly base?: string;
  /** Days without a market. */
  readonly closed?: OneOrMany<DateInput>;
  /** Days that end early, each with its time. */
  readonly earlyCloses?: Readonly<Record<string, TimeInput>>;
  /** Days that begin late, each with its time. */
  readonly lateOpens?: Readonly<Record<string, TimeInput>>;
  /** Days with hours of their own, each from when to when. */
  readonly specialSessions?: Readonly<
    Record<string, readonly [TimeInput, TimeInput]>
  >;
  /** The path of a file of closures in iCalendar form. */
  readonly ics?: string;
}

/** Who is told of what. */
export interface NotificationInput {
  /** Where a message is sent, as `"${env:NAME}"`. */
  readonly webhook: string;
  /** Whose form the message has; `"auto"`, by the webhook's host, if left out. */
  readonly form?: "auto" | "json" | "slack" | "discord" | "telegram";
  /** What it is about; if left out, everything that goes wrong. */
  readonly events?: OneOrMany<NotificationEvent>;
}

/** A sign of life. */
export interface HeartbeatInput {
  /** Where it is sent. */
  readonly url: string;
  /** How often. */
  readonly every: DurationInput;
}

/** Loss limits. */
export interface LimitsInput {
  /** The most a day may lose: `"4%"`, or an amount. */
  readonly dailyLoss: DecimalInput;
  /** When a new day begins; midnight if left out. */
  readonly reset?: TimeInput;
  /** What is closed; `"close_all"` if left out. */
  readonly do?: CloseAction;
  /** Whether sessions go on afterwards; `"halt"` if left out. */
  readonly then?: "halt" | "continue";
}
