/**
 * What runs the user's code apart from the program: interfaces only.
 *
 * A program is text that the host has read and checked beforehand. It runs in a guest, which has
 * nothing but what its grant names; whatever it does becomes one outcome, never a fault of the host.
 *
 * @module
 */

import type { HookLogLevel } from "../domain/hook_end.ts";
import type { DurationMs, EpochMs } from "../domain/time.ts";

/** What crosses the border between host and guest, and nothing else does. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | JsonObject;

/** Data by name. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** One module of a program. */
export interface ModuleText {
  /** Its text, types included. */
  readonly text: string;
  /** What the text is. */
  readonly kind: "ts" | "js" | "json";
}

/** What a guest may do by itself; every list is exact, and empty means nothing. */
export interface Grant {
  /** Hosts it may reach, as `host:port`, or `host` for port 443. */
  readonly net: readonly string[];
  /** Absolute paths it may read. */
  readonly read: readonly string[];
  /** Absolute paths it may write. */
  readonly write: readonly string[];
  /** Values it is handed, by the name of their variable. */
  readonly env: Readonly<Record<string, string>>;
  /** npm packages it may import by name, `name` or `name@version`. */
  readonly packages: readonly string[];
}

/** A program of the user's. */
export interface HookProgram {
  /** What messages call it. */
  readonly name: string;
  /** Specifier of the module that is run. */
  readonly entry: string;
  /** The entry and all that it imports by path, by absolute specifier. */
  readonly modules: ReadonlyMap<string, ModuleText>;
  /** Bare specifiers that stand for one of the modules. */
  readonly aliases: ReadonlyMap<string, string>;
  /** What it may do by itself. */
  readonly grant: Grant;
  /**
   * Dotted names of what a context can ask of the host: `broker.positions` becomes
   * `ctx.broker.positions(args)`.
   */
  readonly methods: readonly string[];
}

/** What one guest may use up. */
export interface Limits {
  /** Objects and buffers it may hold, as near as its isolation can tell. @units MiB */
  readonly memoryMb: number;
  /** One message to the host: a result, a request, a line of log. */
  readonly messageBytesMax: number;
  /** All messages of one call together. */
  readonly outputBytesMax: number;
  /** Requests and lines of log in one call. */
  readonly messagesMax: number;
  /** Between a call's signal and its end by force. @units milliseconds */
  readonly graceMs: DurationMs;
  /**
   * How many calls one guest serves before a fresh one takes its place: 1 lets nothing of a call
   * outlive it, more keeps the module's own variables from call to call.
   */
  readonly callsMax: number;
}

/** How a call ended. */
export type HookOutcome =
  | HookReturned
  | HookThrew
  | {
    /**
     * Its time ran out; its guest ended by itself; it wanted too much memory; it said too much; or
     * its caller gave it up.
     */
    readonly kind:
      | "timed_out"
      | "crashed"
      | "out_of_memory"
      | "flooded"
      | "cancelled";
    /** What happened, as a sentence without its end. */
    readonly message: string;
  };

/** A call that came to its end. */
export interface HookReturned {
  /** Tells it from other outcomes. */
  readonly kind: "returned";
  /** What it returned; `null` for nothing. */
  readonly value: Json;
}

/** A call, or the loading of its program, that threw. */
export interface HookThrew {
  /** Tells it from other outcomes. */
  readonly kind: "failed";
  /** What was thrown, in words. */
  readonly message: string;
  /** Where, in the user's own files, innermost first. */
  readonly stack: readonly CodePlace[];
}

/** A place in the user's own code. */
export interface CodePlace {
  /** Specifier of the module. */
  readonly module: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** How loud a line of log is. */
export type LogLevel = HookLogLevel;

/** What a guest can ask of us while a call runs, and never after. */
export interface HookHost {
  /**
   * Answers one request; the name is one of the program's methods.
   *
   * Of an error only a `CarillonError` is told to the guest, by its code and message.
   */
  request(name: string, args: Json, signal: AbortSignal): Promise<Json>;
  /** Takes a line of log. */
  log(level: LogLevel, text: string): void;
}

/** How one call is made. */
export interface CallOptions {
  /** Start and call together, by the real clock. @units milliseconds */
  readonly timeoutMs: DurationMs;
  /** Gives the call up. */
  readonly signal?: AbortSignal;
  /** What the guest's `Date` shows when the call begins. @units EpochMs */
  readonly at: EpochMs;
  /** What the guest's `Math.random` is drawn from. */
  readonly seed: number;
}

/** A way of keeping code apart. */
export interface Isolation extends AsyncDisposable {
  /** Which it is. */
  readonly kind: "process" | "vm";
  /** What it cannot do here, as sentences for people; empty where nothing is missing. */
  readonly shortcomings: readonly string[];
  /** What it holds at the moment. */
  readonly health: IsolationHealth;
  /**
   * Makes a program ready to be called; nothing of it runs before its first call.
   *
   * @throws {CarillonError} "hook/not-possible" if this isolation cannot give what the grant names
   * @throws {CarillonError} "hook/no-guest" if no guest can be started
   */
  start(program: HookProgram, limits: Limits): Promise<Sandbox>;
}

/** What an isolation holds at the moment. */
export interface IsolationHealth {
  /** How many guests are alive: processes or threads. */
  readonly guests: number;
  /** How many guests could not be stopped and were left to themselves since the start. */
  readonly abandoned: number;
  /** How many guests were ended by force since the start. */
  readonly killed: number;
}

/**
 * One program behind its border.
 *
 * It carries out one call at a time. A guest that came to harm is replaced: the next call finds a
 * fresh one, with the program's own variables as they were at first.
 */
export interface Sandbox extends AsyncDisposable {
  /**
   * Reads an export as data, each function in it replaced by `{"$function": handle}`.
   *
   * A handle is the function's place, as in `/default/sessions/0/customStart`; it holds for every
   * guest of the program.
   */
  evaluate(exportName: string, options: CallOptions): Promise<HookOutcome>;
  /** Calls the function behind a handle with a context made of `input` and the program's methods. */
  call(
    handle: string,
    input: JsonObject,
    host: HookHost,
    options: CallOptions,
  ): Promise<HookOutcome>;
}

/** The handle of an exported function. */
export function exportHandle(name: string): string {
  return `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
