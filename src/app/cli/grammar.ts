/**
 * The words of the command line: which commands there are and what each may be told.
 *
 * @module
 */

import type { Decimal } from "../../domain/decimal.ts";
import type { AccountMode, StopPolicy } from "../../domain/definition.ts";

/** What `run` is told. */
export interface RunArgs {
  readonly file: string;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly now: string | null;
  readonly until: string | null;
  /** `max`, or a number above 0. */
  readonly speed: string | null;
  readonly onStop: StopPolicy | null;
  /** `SYMBOL=FILE` or `SYMBOL=BID_FILE,ASK_FILE` each, in place of the file's own. */
  readonly prices: readonly string[];
  /** Whether the file is read again when it is edited. */
  readonly watch: boolean;
}

/** What `flatten` is told. */
export interface FlattenArgs {
  readonly file: string;
  /** `null` for every session of the file. */
  readonly session: string | null;
  readonly json: boolean;
  readonly dryRun: boolean;
}

/** What `skip` is told. */
export interface SkipArgs {
  readonly file: string;
  /** The edge's key. */
  readonly edge: string;
  /** Lets the edge run after all. */
  readonly undo: boolean;
  readonly json: boolean;
}

/** What `pause` and `resume` are told. */
export interface PauseArgs {
  readonly file: string;
  /** `null` for every session. */
  readonly session: string | null;
  readonly json: boolean;
}

/** What `paper` is told. */
export interface PaperArgs {
  readonly port: number;
  /** `null` lets the server make one. */
  readonly token: string | null;
  readonly mode: AccountMode;
  readonly cash: Decimal;
  readonly seed: number;
  /** `SYMBOL=FILE` or `SYMBOL=BID_FILE,ASK_FILE` each. */
  readonly prices: readonly string[];
  /** `SYMBOL=QTY` or `SYMBOL=QTY@PRICE` each; a quantity below 0 is short. */
  readonly positions: readonly string[];
  /** How many shards its gateway asks for. */
  readonly shards: number;
  /** Identifies that its gateway takes in five seconds. @units a count */
  readonly maxConcurrency: number;
  /** Sessions that its gateway lets start in a day. */
  readonly sessionStarts: number;
  readonly json: boolean;
}

/** What `drill` is told. */
export interface DrillArgs {
  readonly file: string;
  /** A trade date; `null` for the next on which the file closes something. */
  readonly date: string | null;
  readonly seed: number;
  /** Names of cases, separated by commas; `null` for all. */
  readonly only: string | null;
  /** Names the cases and plays none. */
  readonly list: boolean;
  readonly json: boolean;
  /** `SYMBOL=FILE` or `SYMBOL=BID_FILE,ASK_FILE` each, in place of the file's own. */
  readonly prices: readonly string[];
}

/** What `check` is told. */
export interface CheckArgs {
  readonly file: string;
  readonly json: boolean;
  readonly now: string | null;
}

/** What `plan` is told. */
export interface PlanArgs {
  readonly file: string;
  /** A date or an instant. */
  readonly from: string | null;
  readonly to: string | null;
  readonly session: string | null;
  readonly json: boolean;
  readonly ics: boolean;
  readonly svg: boolean;
  readonly now: string | null;
}

/** What `next` is told. */
export interface NextArgs {
  readonly file: string;
  readonly count: number;
  readonly json: boolean;
  readonly now: string | null;
}

/** What `permissions` is told. */
export interface PermissionsArgs {
  readonly file: string;
  readonly json: boolean;
}

/** What `init` is told. */
export interface InitArgs {
  readonly file: string;
}

/** What `journal show` is told. */
export interface JournalShowArgs {
  readonly action: "show";
  /** A session file, or a journal's own path. */
  readonly file: string;
  /** An edge's key, or the beginning of one. */
  readonly edge: string | null;
  readonly session: string | null;
  /** A type of event or of notice, or a family of them. */
  readonly type: string | null;
  /** A date or an instant. */
  readonly since: string | null;
  readonly until: string | null;
  readonly last: number | null;
  readonly effects: boolean;
  readonly json: boolean;
}

/** What `journal verify` is told. */
export interface JournalVerifyArgs {
  readonly action: "verify";
  readonly file: string;
  /** A date or an instant. */
  readonly from: string | null;
  readonly to: string | null;
  readonly json: boolean;
}

/** What `journal export` is told. */
export interface JournalExportArgs {
  readonly action: "export";
  readonly file: string;
  readonly format: "jsonl" | "csv";
  /** `null` for standard output. */
  readonly out: string | null;
}

/** What `journal` is told. */
export type JournalArgs =
  | JournalShowArgs
  | JournalVerifyArgs
  | JournalExportArgs;

/** What `status` is told. */
export interface StatusArgs {
  /** A session file, or a journal's own path. */
  readonly file: string;
  readonly json: boolean;
  readonly now: string | null;
}

/** A call that is understood. */
export type Call =
  | { readonly command: "run"; readonly args: RunArgs }
  | { readonly command: "check"; readonly args: CheckArgs }
  | { readonly command: "plan"; readonly args: PlanArgs }
  | { readonly command: "next"; readonly args: NextArgs }
  | { readonly command: "flatten"; readonly args: FlattenArgs }
  | { readonly command: "status"; readonly args: StatusArgs }
  | { readonly command: "journal"; readonly args: JournalArgs }
  | { readonly command: "skip"; readonly args: SkipArgs }
  | { readonly command: "pause"; readonly args: PauseArgs }
  | { readonly command: "resume"; readonly args: PauseArgs }
  | { readonly command: "drill"; readonly args: DrillArgs }
  | { readonly command: "permissions"; readonly args: PermissionsArgs }
  | { readonly command: "init"; readonly args: InitArgs }
  | { readonly command: "schema"; readonly args: object }
  | { readonly command: "paper"; readonly args: PaperArgs };

/** Commands that exist. */
export const COMMANDS = [
  "run",
  "check",
  "plan",
  "next",
  "flatten",
  "status",
  "journal",
  "skip",
  "pause",
  "resume",
  "drill",
  "permissions",
  "init",
  "schema",
  "paper",
] as const satisfies readonly Call["command"][];

/** Commands that take a session file first. */
export const FILE_COMMANDS: readonly string[] = [
  "run",
  "check",
  "plan",
  "next",
  "flatten",
  "status",
  "skip",
  "pause",
  "resume",
  "drill",
  "permissions",
];

/** What `journal` can do. */
export const JOURNAL_ACTIONS = [
  "show",
  "verify",
  "export",
] as const satisfies readonly JournalArgs["action"][];

/** Commands that come with a later version, and what they will do. */
export const LATER_COMMANDS: ReadonlyMap<string, string> = new Map([
  ["backtest", "plays a file over past prices"],
]);
