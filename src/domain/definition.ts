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
  /** The version of the format. */
  readonly version: 1;
  /** IANA name of the file's default zone. */
  readonly timezone: string;
  /** At least one, in the order of the file. */
  readonly accounts: readonly Account[];
  /** Path as written, relative to the file; `null` means the default place. */
  readonly journal: string | null;
  /** What the end of a run does with what is open. */
  readonly onStop: StopPolicy;
  /** In the order of the file; no two of one name. */
  readonly sessions: readonly Session[];
  /** Calendars that the file writes itself. */
  readonly calendars: readonly UserCalendar[];
  /** Who is told of what; decoded, not carried out yet. */
  readonly notify: readonly Notification[];
  /** A sign of life, `null` for none; decoded, not carried out yet. */
  readonly heartbeat: Heartbeat | null;
  /** Loss limits; `null` for none. */
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
  /** Tells it from an account behind a network. */
  readonly kind: "paper";
  /** What sessions call it by. */
  readonly name: string;
  /** How its positions are counted. */
  readonly mode: AccountMode;
  /** What it holds at its start, in its currency. */
  readonly cash: Decimal;
  /** The currency it counts in. */
  readonly currency: string;
  /** What is open at its start. */
  readonly positions: readonly PaperPosition[];
  /** Past prices by symbol; those of every other symbol grow from the seed. */
  readonly prices: readonly PriceSource[];
  /** Seed of the random walk of every symbol without a price file. */
  readonly seed: number;
  /** Commission for each unit traded, in the account's currency. */
  readonly commission: Decimal;
  /** Longest time the broker takes to answer; drawn from the seed. */
  readonly latencyMs: DurationMs;
  /** The book that the broker's gateway feeds; left out for none. */
  readonly gateway?: AccountGateway;
}

/** How an account is kept in a book by its broker's gateway. */
export interface AccountGateway {
  /** How many shards there are; `null` for as many as the gateway recommends. */
  readonly shards: number | null;
  /** Session starts that are kept for a close; `null` for as many as there are shards. @units starts */
  readonly reserve: number | null;
}

/** Prices of one symbol from CSV files; `ask` is absent where one file serves both sides. */
export interface PriceSource {
  /** The symbol whose prices they are. */
  readonly symbol: string;
  /** Path of the bid prices, as written. */
  readonly bid: string;
  /** Path of the ask prices, as written; `null` where the bid file serves both sides. */
  readonly ask: string | null;
}

/** A position that the paper account holds at its start. */
export interface PaperPosition {
  /** What is held. */
  readonly symbol: string;
  /** Which way it earns. */
  readonly side: PositionSide;
  /** How much, above zero. */
  readonly qty: Decimal;
  /** `null` means the price at the start. */
  readonly price: Decimal | null;
  /** A mark that a scope can ask for; `null` for none. */
  readonly tag: string | null;
}

/** An account behind a network: our own open protocol (`http`), or a venue. */
export interface RemoteAccount {
  /** What is spoken to it: our own protocol, or that of a venue. */
  readonly kind: "http" | "alpaca" | "oanda" | "metaapi" | "ccxt";
  /** What sessions call it by. */
  readonly name: string;
  /** The account's own id at the broker, compared with the broker's answer before anything else. */
  readonly id: string | null;
  /** `null` where the file does not say; an `http` bridge that does not say either counts as live. */
  readonly live: boolean | null;
  /** Base address of the bridge (`http` only). */
  readonly url: string | null;
  /** The key to the account; `null` for none. */
  readonly token: SecretText | null;
  /** Keys that only this kind of broker knows. */
  readonly options: Readonly<Record<string, SecretText>>;
  /** The book that the bridge's gateway feeds (`http` only); left out for none. */
  readonly gateway?: AccountGateway;
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
  /** Its lasting identity; its edges are called by it. */
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
  /** Dates that are left out, whatever else holds. */
  readonly exceptDates: readonly DateRange[];
  /** Open only where all are, with the trade dates of the first; empty means none. */
  readonly calendar: readonly MarketCalendar[];
  /** Whether the market's hours clip it, or only closed days are left out. */
  readonly hours: "clip" | "ignore";
  /** Whether a day that closes early moves its edges, or is left out. */
  readonly halfDays: "shift" | "skip";
  /** Whether a break in the market's day splits it. */
  readonly breaks: "ignore" | "split";
  /** What becomes of a time that the zone's clock skips or shows twice. */
  readonly dst: DstPolicy;
  /** What it does when it opens, in this order. */
  readonly onStart: readonly Action[];
  /** What it does when it closes, in this order. */
  readonly onEnd: readonly Action[];
  /** The code behind the action `custom_start`; `null` for none. */
  readonly customStart: Hook | null;
  /** The code behind the action `custom_end`; `null` for none. */
  readonly customEnd: Hook | null;
  /** Its further edges. */
  readonly moments: readonly Moment[];
  /** Which positions it may touch. */
  readonly scope: Scope;
  /** Whether a close cancels working orders in scope first. */
  readonly cancelOrders: boolean;
  /** How long before its instant an edge that closes is due. @units milliseconds */
  readonly leadMs: DurationMs;
  /** How long after its due time a close may take. @units milliseconds */
  readonly deadlineMs: DurationMs;
  /** What a close does that finds the market closed. */
  readonly ifClosed: IfClosed;
  /** What counts as profit. */
  readonly profit: ProfitKind;
  /** When orders that raise exposure are let through; `null` for always. */
  readonly entries: EntryWindow | null;
  /** How long before the end entries are refused; `null` for not at all. @units milliseconds */
  readonly noNewEntriesMs: DurationMs | null;
  /** Stretches inside of it in which entries are refused. */
  readonly blackouts: readonly Blackout[];
  /** What is done about an edge that was missed. */
  readonly catchUp: CatchUp;
  /** Code that is called again and again while it is open. */
  readonly strategies: readonly Strategy[];
}

/** Where a session begins and ends, half-open: the end's own instant is outside. */
export interface Window {
  /** When it opens. */
  readonly start: TimeValue;
  /** When it closes; before the start it is on the next day. */
  readonly end: TimeValue;
}

/** A time as a session writes it. */
export type TimeValue = ClockTime | MarketTime;

/** A time of day in a zone, on a weekday where one is named. */
export interface ClockTime {
  /** Tells it from a time of a market's day. */
  readonly kind: "clock";
  /** `null` for whichever day it is. */
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
  /** Tells it from a time of the clock. */
  readonly kind: "market";
  /** What it counts from. */
  readonly side: "open" | "close";
  /** How long after it, below zero for before. @units milliseconds */
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
  /** The first date. */
  readonly from: string;
  /** The last date. */
  readonly to: string;
}

/** How a time that a zone skips or repeats becomes an instant. */
export interface DstPolicy {
  /** `end`: the end of the gap; `shift`: later by the gap's length. */
  readonly gap: "end" | "shift";
  /** Which one it is of a time that the clock shows twice. */
  readonly overlap: "first" | "last";
}

/** A further edge of a session, by name. */
export interface Moment {
  /** The edge's name, other than `start` and `end`. */
  readonly name: string;
  /** When it is due. */
  readonly at: TimeValue;
  /** What it closes, in this order. */
  readonly actions: readonly CloseAction[];
}

/** Which positions an action may touch; all that is given must hold. */
export interface Scope {
  /** Whether the file says a scope at all; a live account needs one. */
  readonly written: boolean;
  /** `null` means every symbol. */
  readonly symbols: readonly string[] | null;
  /** Symbols that are never touched. */
  readonly except: readonly string[];
  /** Only what carries this tag at the broker; `null` for all. */
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
  /** From here on. */
  readonly from: TimeValue | null;
  /** Until here. */
  readonly until: TimeValue | null;
}

/** A stretch inside a session in which entries are refused and positions may be closed. */
export interface Blackout {
  /** Where it begins. */
  readonly from: TimeValue;
  /** Where it ends. */
  readonly to: TimeValue;
  /** Whether entries are refused meanwhile. */
  readonly refuseEntries: boolean;
  /** What is closed at its beginning. */
  readonly actions: readonly CloseAction[];
}

/** What to do with an edge that was missed while nothing ran. */
export interface CatchUp {
  /** Whether the file says it, or it is what holds by default. */
  readonly written: boolean;
  /** How late a start may still be made up for. @units milliseconds */
  readonly startMs: DurationMs;
  /** `null` means until the session's next start. */
  readonly endMs: DurationMs | null;
}

/** The user's own code. */
export interface Hook {
  /** Where the code is. */
  readonly source: HookSource;
  /** What the code may do. */
  readonly permissions: HookPermissions;
  /** What the code runs in; `auto` takes whichever is there. */
  readonly isolation: "auto" | "process" | "vm";
  /** How long it may run, by the real clock. @units milliseconds */
  readonly timeoutMs: DurationMs;
  /** What a failure leads to; it never stops or delays a close. */
  readonly onFailure: "continue" | "refuse_entries";
  /** What becomes of a call that comes while the last one runs. */
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
  /** Hosts it may talk to. */
  readonly net: readonly string[];
  /** Paths it may read. */
  readonly read: readonly string[];
  /** Paths it may write. */
  readonly write: readonly string[];
  /** Environment variables it may read. */
  readonly env: readonly string[];
  /** npm packages it may import. */
  readonly import: readonly string[];
}

/** What to do with a hook that is called while its last call still runs. */
export type OverlapPolicy = "skip" | "buffer_one" | "cancel_other";

/** A hook that is called again and again while its session is open. */
export interface Strategy {
  /** The code. */
  readonly hook: Hook;
  /** How often it is called. @units milliseconds */
  readonly everyMs: DurationMs;
  /** The symbols it trades. */
  readonly symbols: readonly string[];
}

/** A calendar written in the file; what it says comes before what its base says. */
export interface UserCalendar {
  /** What sessions call it by. */
  readonly name: string;
  /** IANA name of the zone that its times are in: its base's, else the file's. */
  readonly timezone: string;
  /** `null` means open on every day, from midnight to midnight. */
  readonly base: MarketCalendar | null;
  /** Days without a market. */
  readonly closed: readonly DateRange[];
  /** Time of day by date. @units milliseconds since local midnight, whole minutes */
  readonly earlyCloses: Readonly<Record<string, DurationMs>>;
  /** Time of day by date. @units milliseconds since local midnight, whole minutes */
  readonly lateOpens: Readonly<Record<string, DurationMs>>;
  /** From when to when, by date. @units milliseconds since local midnight, whole minutes */
  readonly specialSessions: Readonly<
    Record<string, readonly [DurationMs, DurationMs]>
  >;
  /** A file of further closures; `null` for none. */
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
  /** What the file calls them. */
  readonly name: string;
}

/** Who is told of what. */
export interface Notification {
  /** Where a message is sent. */
  readonly webhook: SecretText;
  /** Whose form the message has; `auto` goes by the webhook's host. */
  readonly form: "auto" | NotificationForm;
  /** What it is about. */
  readonly events: readonly NotificationEvent[];
}

/** How a message is written: as plain JSON of ours, or as one of these services wants it. */
export type NotificationForm = "json" | "slack" | "discord" | "telegram";

/** What a notification can be about. */
export type NotificationEvent =
  | "close_failed"
  | "unknown"
  | "missed"
  | "hook_failed"
  | "journal_failed"
  | "run_failed"
  | "flat"
  | "closed"
  | "paused"
  | "started"
  | "stopped";

/** A sign of life sent again and again. */
export interface Heartbeat {
  /** Where it is sent. */
  readonly url: SecretText;
  /** How often. @units milliseconds */
  readonly everyMs: DurationMs;
}

/** Reserved: a loss limit for the day; decoded, not carried out. */
export interface Limits {
  /** In percent of the day's starting equity, or an amount in the account's currency. */
  readonly dailyLoss: { readonly percent: Decimal } | {
    readonly amount: Decimal;
  };
  /** When a new day begins. */
  readonly reset: TimeValue;
  /** What is closed. */
  readonly action: CloseAction;
  /** Whether sessions go on afterwards. */
  readonly then: "halt" | "continue";
}

/** Whether an action closes positions. */
export function isCloseAction(action: Action): action is CloseAction {
  return action === "close_all" || action === "close_win" ||
    action === "close_loss";
}
