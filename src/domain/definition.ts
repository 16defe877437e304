/**
 * A session file, understood: defaults filled, names resolved, plain data that can be compared,
 * journaled and read back.
 *
 * Every door (YAML, TypeScript, the library) ends here; nothing behind it knows how it was written.
 *
 * @module
 */

import type { Decimal } from "./decimal.ts";
import type { DurationMs, Weekday } from "./time.ts";

/** A whole session file. */
export interface Definition {
  readonly version: 1;
  /** IANA name of the file's default zone. */
  readonly timezone: string;
  readonly accounts: readonly Account[];
  /** Path as written, relative to the file; `null` means the default place. */
  readonly journal: string | null;
  readonly onStop: StopPolicy;
  readonly sessions: readonly Session[];
  readonly calendars: readonly UserCalendar[];
  readonly notify: readonly Notification[];
  readonly heartbeat: Heartbeat | null;
  readonly limits: Limits | null;
}

/** What happens to open positions and working orders when the user stops the run. */
export type StopPolicy = "leave" | "cancel_orders" | "close";

/** Text that may hold `${env:NAME}`; what it reads is a secret and never leaves the process's memory. */
export type SecretText = string;

/** One account at one broker. */
export type Account = PaperAccount | RemoteAccount;

/** An account at the embedded paper broker. */
export interface PaperAccount {
  readonly kind: "paper";
  readonly name: string;
  readonly mode: AccountMode;
  readonly cash: Decimal;
  readonly currency: string;
  readonly positions: readonly PaperPosition[];
  readonly prices: readonly PriceSource[];
  /** Seed of the random walk of every symbol without a price file. */
  readonly seed: number;
  /** Commission for each unit traded, in the account's currency. */
  readonly commission: Decimal;
  /** Longest time the broker takes to answer; drawn from the seed. */
  readonly latencyMs: DurationMs;
}

/** Prices of one symbol from CSV files; `ask` is absent where one file serves both sides. */
export interface PriceSource {
  readonly symbol: string;
  readonly bid: string;
  readonly ask: string | null;
}

/** A position that the paper account holds at its start. */
export interface PaperPosition {
  readonly symbol: string;
  readonly side: PositionSide;
  readonly qty: Decimal;
  /** `null` means the price at the start. */
  readonly price: Decimal | null;
  readonly tag: string | null;
}

/** An account behind a network: our own open protocol (`http`), or a venue. */
export interface RemoteAccount {
  readonly kind: "http" | "alpaca" | "oanda" | "metaapi" | "ccxt";
  readonly name: string;
  /** The account's own id at the broker, compared with the broker's answer before anything else. */
  readonly id: string | null;
  /** `null` where the file does not say; an `http` bridge that does not say either counts as live. */
  readonly live: boolean | null;
  /** Base address of the bridge (`http` only). */
  readonly url: string | null;
  readonly token: SecretText | null;
  /** Keys that only this kind of broker knows. */
  readonly options: Readonly<Record<string, SecretText>>;
}

/** Whether every order opens a ticket of its own, or all of one symbol add up to one position. */
export type AccountMode = "netting" | "hedging";

/** Which way a position earns. */
export type PositionSide = "long" | "short";

/** What an edge may do. */
export type Action = CloseAction | HookAction;

/** An action that closes positions: all, those with profit >= 0, those with profit < 0. */
export type CloseAction = "close_all" | "close_win" | "close_loss";

/** An action that runs the user's own code. */
export type HookAction = "custom_start" | "custom_end";

/** A recurring window of the day and what happens at its edges. */
export interface Session {
  readonly name: string;
  /** Whether the name was written; a live account needs a written one, since it is the durable identity. */
  readonly named: boolean;
  /** The name of the account it acts on. */
  readonly account: string;
  /** IANA name of the zone of its trade dates and of every time without a zone of its own. */
  readonly timezone: string;
  /** `null` for a session that has only moments: its window is the whole local day. */
  readonly window: Window | null;
  /** A trade date counts where any of these holds; empty means every day. */
  readonly days: readonly DayRule[];
  /** Trade dates are limited to these ranges; empty means no limit. */
  readonly dates: readonly DateRange[];
  readonly exceptDates: readonly DateRange[];
  /** Open only where all are, with the trade dates of the first; empty means none. */
  readonly calendar: readonly MarketCalendar[];
  readonly hours: "clip" | "ignore";
  readonly halfDays: "shift" | "skip";
  readonly breaks: "ignore" | "split";
  readonly dst: DstPolicy;
  readonly onStart: readonly Action[];
  readonly onEnd: readonly Action[];
  readonly customStart: Hook | null;
  readonly customEnd: Hook | null;
  readonly moments: readonly Moment[];
  readonly scope: Scope;
  readonly cancelOrders: boolean;
  readonly leadMs: DurationMs;
  readonly deadlineMs: DurationMs;
  readonly ifClosed: IfClosed;
  readonly profit: ProfitKind;
  readonly entries: EntryWindow | null;
  readonly noNewEntriesMs: DurationMs | null;
  readonly blackouts: readonly Blackout[];
  readonly catchUp: CatchUp;
  readonly strategies: readonly Strategy[];
}

/** Where a session begins and ends, half-open: the end's own instant is outside. */
export interface Window {
  readonly start: TimeValue;
  readonly end: TimeValue;
}

/** A time as a session writes it. */
export type TimeValue = ClockTime | MarketTime;

/** A time of day in a zone, on a weekday where one is named. */
export interface ClockTime {
  readonly kind: "clock";
  readonly weekday: Weekday | null;
  /**
   * Time of day; 86,400,000 is `24:00`, the next calendar day's midnight.
   *
   * @units milliseconds since local midnight by the clock on the wall, 0 to 86,400,000
   */
  readonly timeMs: DurationMs;
  /** IANA name; already resolved (the value's own zone, else the session's). */
  readonly timezone: string;
}

/** A time relative to the real open or close of a calendar's day. */
export interface MarketTime {
  readonly kind: "market";
  readonly side: "open" | "close";
  readonly offsetMs: DurationMs;
  /** `null` means the session's own calendar. */
  readonly calendar: MarketCalendar | null;
}

/** A market's calendar in full: one that is built in, or one that the file writes. */
export type MarketCalendar =
  | { readonly kind: "code"; readonly code: string }
  | { readonly kind: "own"; readonly calendar: UserCalendar };

/** Which trade dates a session runs on. */
export type DayRule =
  | { readonly kind: "weekday"; readonly weekday: Weekday }
  | { readonly kind: "week_end" }
  | { readonly kind: "month_end"; readonly daysBefore: number }
  | { readonly kind: "before_closure" };

/** Calendar dates from the first to the last, both counted, as `YYYY-MM-DD`. */
export interface DateRange {
  readonly from: string;
  readonly to: string;
}

/** How a time that a zone skips or repeats becomes an instant. */
export interface DstPolicy {
  /** `end`: the end of the gap; `shift`: later by the gap's length. */
  readonly gap: "end" | "shift";
  readonly overlap: "first" | "last";
}

/** A further edge of a session, by name. */
export interface Moment {
  readonly name: string;
  readonly at: TimeValue;
  readonly actions: readonly CloseAction[];
}

/** Which positions an action may touch; all that is given must hold. */
export interface Scope {
  /** Whether the file says a scope at all; a live account needs one. */
  readonly written: boolean;
  /** `null` means every symbol. */
  readonly symbols: readonly string[] | null;
  readonly except: readonly string[];
  readonly tag: string | null;
  /** Only what this session's occurrence opened. */
  readonly session: string | null;
}

/** What a close does that finds the market closed. */
export type IfClosed =
  | { readonly kind: "report" }
  | { readonly kind: "next_open"; readonly offsetMs: DurationMs };

/** Whether swap and commission count in what makes a winner. */
export type ProfitKind = "net" | "gross";

/** When orders that raise exposure are let through; `null` means the session's own edge. */
export interface EntryWindow {
  readonly from: TimeValue | null;
  readonly until: TimeValue | null;
}

/** A stretch inside a session in which entries are refused and positions may be closed. */
export interface Blackout {
  readonly from: TimeValue;
  readonly to: TimeValue;
  readonly refuseEntries: boolean;
  readonly actions: readonly CloseAction[];
}

/** What to do with an edge that was missed while nothing ran. */
export interface CatchUp {
  readonly written: boolean;
  readonly startMs: DurationMs;
  /** `null` means until the session's next start. */
  readonly endMs: DurationMs | null;
}

/** The user's own code. */
export interface Hook {
  readonly source: HookSource;
  readonly permissions: HookPermissions;
  readonly isolation: "auto" | "process" | "vm";
  readonly timeoutMs: DurationMs;
  readonly onFailure: "continue" | "refuse_entries";
  readonly overlap: OverlapPolicy;
  /** What the file passes to the code, as JSON text. */
  readonly params: string;
}

/** Where a hook's code is: a module's export, text in the file, or a function held by its handle. */
export type HookSource =
  | {
    readonly kind: "module";
    readonly module: string;
    readonly export: string;
  }
  | { readonly kind: "inline"; readonly code: string }
  | { readonly kind: "function"; readonly handle: string };

/** What a hook asks for, one by one. */
export interface HookPermissions {
  readonly net: readonly string[];
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly env: readonly string[];
  readonly import: readonly string[];
}

/** What to do with a hook that is called while its last call still runs. */
export type OverlapPolicy = "skip" | "buffer_one" | "cancel_other";

/** A hook that is called again and again while its session is open. */
export interface Strategy {
  readonly hook: Hook;
  readonly everyMs: DurationMs;
  readonly symbols: readonly string[];
}

/** A calendar written in the file; what it says comes before what its base says. */
export interface UserCalendar {
  readonly name: string;
  /** IANA name of the zone that its times are in: its base's, else the file's. */
  readonly timezone: string;
  /** `null` means open on every day, from midnight to midnight. */
  readonly base: MarketCalendar | null;
  readonly closed: readonly DateRange[];
  /** Time of day by date. @units milliseconds since local midnight, whole minutes */
  readonly earlyCloses: Readonly<Record<string, DurationMs>>;
  /** Time of day by date. @units milliseconds since local midnight, whole minutes */
  readonly lateOpens: Readonly<Record<string, DurationMs>>;
  /** From when to when, by date. @units milliseconds since local midnight, whole minutes */
  readonly specialSessions: Readonly<
    Record<string, readonly [DurationMs, DurationMs]>
  >;
  readonly ics: ClosureFile | null;
}

/** A file of closures in iCalendar form. */
export interface ClosureFile {
  /** As written, relative to the session file. */
  readonly path: string;
  /** What it says; `null` as long as nobody has read it. */
  readonly closures: readonly NamedClosure[] | null;
}

/** Days without a market, and why. */
export interface NamedClosure extends DateRange {
  readonly name: string;
}

/** Who is told of what. */
export interface Notification {
  readonly webhook: SecretText;
  readonly form: "json" | "slack" | "discord" | "telegram";
  readonly events: readonly NotificationEvent[];
}

/** What a notification can be about. */
export type NotificationEvent =
  | "close_failed"
  | "unknown"
  | "missed"
  | "hook_failed"
  | "flat";

/** A sign of life sent again and again. */
export interface Heartbeat {
  readonly url: SecretText;
  readonly everyMs: DurationMs;
}

/** Reserved: a loss limit for the day; decoded, not carried out. */
export interface Limits {
  /** In percent of the day's starting equity, or an amount in the account's currency. */
  readonly dailyLoss: { readonly percent: Decimal } | {
    readonly amount: Decimal;
  };
  readonly reset: TimeValue;
  readonly action: CloseAction;
  readonly then: "halt" | "continue";
}

/** Whether an action closes positions. */
export function isCloseAction(action: Action): action is CloseAction {
  return action === "close_all" || action === "close_win" ||
    action === "close_loss";
}
