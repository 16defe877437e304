/**
 * A session as an object: questions of time, and the actions of its edges by hand.
 *
 * @module
 */

import { SystemClock } from "../adapters/clock/system_clock.ts";
import type {
  Action,
  CloseAction,
  Session as SessionDefinition,
  TimeValue,
} from "../domain/definition.ts";
import { EdgeTable } from "../domain/edge_table.ts";
import { CarillonError } from "../domain/error.ts";
import type { Position } from "../domain/position.ts";
import { DAY_MS, SECOND_MS } from "../domain/time.ts";
import type { DurationMs, EpochMs } from "../domain/time.ts";
import type { Clock } from "../runtime/ports.ts";
import { buildDefinition } from "./build_definition.ts";
import { Duration } from "./duration.ts";
import { type Moment, readMoment } from "./moment.ts";
import type { EdgeOutcome } from "./public_notice.ts";
import type { SessionRules } from "./session_rules.ts";
import type { SessionRun } from "./session_run.ts";
import { SessionSeconds } from "./session_seconds.ts";
import { plainTimeOf } from "./time_of_day.ts";

/** What a session is made of. */
export interface SessionOptions extends SessionRules {
  /** Runs at the start: with `"custom_start"` among `onStart`, or with no `onStart` at all. */
  readonly customStart?: SessionFunction | null;
  /** Runs at the end: with `"custom_end"` among `onEnd`, or with no `onEnd` at all. */
  readonly customEnd?: SessionFunction | null;
  /** Where questions of time look outside of a run; the system's clock by default. */
  readonly clock?: Clock;
}

/** A finished definition, as a session file gives it, with its functions. */
export interface DefinedSession {
  /** The plain definition. */
  readonly definition: SessionDefinition;
  /** Runs at the start, where the definition asks for it. */
  readonly customStart?: SessionFunction | null;
  /** Runs at the end, where the definition asks for it. */
  readonly customEnd?: SessionFunction | null;
  /** Where questions of time look outside of a run; the system's clock by default. */
  readonly clock?: Clock;
}

/** The user's own code at an edge; it never stops or delays a close, whatever it does. */
export type SessionFunction = (context: HookContext) => unknown;

/** What a custom function is told. */
export interface HookContext {
  /** The session whose edge it is; its methods act on the same run. */
  readonly session: Session;
  /** The edge's key, as in `london/2026-11-23/end`, or `request/...` when called by hand. */
  readonly edge: string;
  /** When the edge was due. */
  readonly dueAt: Temporal.Instant;
  /** Aborted when the function's time is up, or the run breaks off. */
  readonly signal: AbortSignal;
  /** The run's time. */
  now(): Temporal.Instant;
}

// Set by the class below: only this folder may put a session into a run.
let joinRun: (session: Session, run: SessionRun | null) => void;
let isInRun: (session: Session) => boolean;

/**
 * A recurring window of the day, half-open: its end's own instant is outside.
 *
 * Outside of `Sessions.open()` it answers questions of time and refuses to act.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const london = new Session({
 *   start: 8,
 *   end: "16:30",
 *   timezone: "Europe/London",
 *   onEnd: "close_all",
 * });
 * assert.equal(london.name, "08:00-16:30");
 * assert.equal(london.contains(Temporal.Instant.from("2026-06-01T07:00Z")), true);
 * assert.equal(london.contains(Temporal.Instant.from("2026-06-01T15:30Z")), false);
 * ```
 */
export class Session {
  /** The plain definition that it wraps. */
  readonly definition: SessionDefinition;
  /** Runs at the start; `null` for none. */
  readonly customStart: SessionFunction | null;
  /** Runs at the end; `null` for none. */
  readonly customEnd: SessionFunction | null;
  readonly #clock: Clock;
  readonly #table: EdgeTable;
  #run: SessionRun | null = null;

  static {
    joinRun = (session, run) => session.#run = run;
    isInRun = (session) => session.#run !== null;
  }

  /**
   * Makes a session out of options, or out of a finished definition.
   *
   * @throws {CarillonError} "session/invalid" naming every problem at once
   */
  constructor(options: SessionOptions | DefinedSession) {
    this.definition = "definition" in options
      ? options.definition
      : buildDefinition(options);
    this.customStart = options.customStart ?? null;
    this.customEnd = options.customEnd ?? null;
    this.#clock = options.clock ?? new SystemClock();
    this.#table = new EdgeTable(this.definition);
  }

  /** What it is called; by default its start and end. */
  get name(): string {
    return this.definition.name;
  }

  /**
   * When it opens, by the clock on the wall of its zone.
   *
   * @throws {CarillonError} "support/not-yet" for a time relative to a market's day
   */
  get start(): Temporal.PlainTime {
    return plainTimeOf(this.#wallTime(this.definition.window?.start, 0));
  }

  /**
   * When it closes, by the clock on the wall of its zone; 24:00 shows as 00:00.
   *
   * @throws {CarillonError} "support/not-yet" for a time relative to a market's day
   */
  get end(): Temporal.PlainTime {
    return plainTimeOf(this.#wallTime(this.definition.window?.end, DAY_MS));
  }

  /** What happens at the start, in order. */
  get onStart(): readonly Action[] {
    return this.definition.onStart;
  }

  /** What happens at the end, in order. */
  get onEnd(): readonly Action[] {
    return this.definition.onEnd;
  }

  /**
   * The seconds of the day that it holds, as a read-only set computed when it is asked.
   *
   * @throws {CarillonError} "support/not-yet" where they differ from day to day
   */
  get seconds(): SessionSeconds {
    return new SessionSeconds(this.definition);
  }

  /** Whether it is open: now, or at a moment. */
  inSession(at?: Moment): boolean {
    return this.#table.isOpenAt(this.#instant(at));
  }

  /** Whether a moment lies in it. */
  contains(at: Moment): boolean {
    return this.inSession(at);
  }

  /**
   * How long it is: the occurrence that is open at a moment (now by default), or else the next.
   *
   * This is time that really passes: a session over a night on which the clock changes is an hour
   * longer or shorter than its times on the wall, and a pause does not count.
   *
   * @throws {RangeError} if it never opens again
   */
  duration(at?: Moment): Duration {
    const found = this.#table.firstEndingAfter(this.#instant(at));
    if (found !== null) return new Duration(found.openMs);
    throw new RangeError(
      `Cannot tell the duration of session "${this.name}": it does not open again`,
    );
  }

  /**
   * How long until it starts, from a moment (now by default): 0 at the very start, and once it has
   * begun until the start after it. The end of a pause is a start as well.
   *
   * @units whole seconds, rounded up so that nobody who waits for them is early; `Infinity` if it
   * never starts again
   */
  until(at?: Moment): number {
    const from = this.#instant(at);
    // An opening at this very instant counts.
    const opensAt = this.#table.nextOpenAfter(from - 1);
    if (opensAt === null) return Infinity;
    return Math.ceil((opensAt - from) / SECOND_MS);
  }

  /**
   * When it starts next after a moment, now by default, be it after a pause; `null` if it never does
   * again.
   */
  nextStart(after?: Moment): Temporal.Instant | null {
    const opensAt = this.#table.nextOpenAfter(this.#instant(after));
    return opensAt === null
      ? null
      : Temporal.Instant.fromEpochMilliseconds(opensAt);
  }

  /**
   * Carries out the start's actions by hand; the scheduled start runs none the less.
   *
   * @throws {CarillonError} "session/detached" outside of a run, "runtime/stopped" where it ends
   */
  async begin(): Promise<EdgeOutcome> {
    return await this.#runFor("begin").act(this.name, "start");
  }

  /**
   * Carries out the end's actions by hand; the scheduled end runs none the less.
   *
   * @throws {CarillonError} "session/detached" outside of a run, "runtime/stopped" where it ends
   */
  async close(): Promise<EdgeOutcome> {
    return await this.#runFor("close").act(this.name, "end");
  }

  /**
   * Carries out one action by hand, whether or not an edge names it.
   *
   * @throws {CarillonError} "session/invalid" for a custom action without a function,
   * "session/detached" outside of a run, "runtime/stopped" where it ends
   */
  async action(action: Action): Promise<EdgeOutcome> {
    const run = this.#runFor(`run "${action}" of`);
    this.#checkAction(action);
    return await run.act(this.name, [action]);
  }

  /**
   * Closes the positions named, in scope or not, and no other.
   *
   * @throws {CarillonError} "session/detached" outside of a run, "runtime/stopped" where it ends
   */
  async closePositions(
    { positions }: { readonly positions: Iterable<Position | string> },
  ): Promise<EdgeOutcome> {
    const ids = Array.from(
      positions,
      (position) => typeof position === "string" ? position : position.id,
    );
    return await this.#close("close_all", ids);
  }

  /**
   * Closes every position in scope.
   *
   * @throws {CarillonError} "session/detached" outside of a run, "runtime/stopped" where it ends
   */
  async closeAll(): Promise<EdgeOutcome> {
    return await this.#close("close_all", null);
  }

  /**
   * Closes the positions in scope whose profit is 0 or more.
   *
   * @throws {CarillonError} "session/detached" outside of a run, "runtime/stopped" where it ends
   */
  async closeWin(): Promise<EdgeOutcome> {
    return await this.#close("close_win", null);
  }

  /**
   * Closes the positions in scope whose profit is below 0.
   *
   * @throws {CarillonError} "session/detached" outside of a run, "runtime/stopped" where it ends
   */
  async closeLoss(): Promise<EdgeOutcome> {
    return await this.#close("close_loss", null);
  }

  /** Its name and window, for people. */
  toString(): string {
    return `Session ${this.name}`;
  }

  async #close(
    action: CloseAction,
    positions: readonly string[] | null,
  ): Promise<EdgeOutcome> {
    const run = this.#runFor("close positions of");
    return await run.close(this.definition, action, positions);
  }

  #runFor(doing: string): SessionRun {
    if (this.#run !== null) return this.#run;
    throw new CarillonError(
      "session/detached",
      `Cannot ${doing} session "${this.name}": it is in no run, open one with Sessions.open()`,
      { details: { session: this.name } },
    );
  }

  #checkAction(action: Action): void {
    const needs = { custom_start: "customStart", custom_end: "customEnd" };
    const known = [
      "close_all",
      "close_win",
      "close_loss",
      ...Object.keys(needs),
    ];
    const isCustom = action === "custom_start" || action === "custom_end";
    const hook = action === "custom_start"
      ? this.definition.customStart
      : this.definition.customEnd;
    if (known.includes(action) && !(isCustom && hook === null)) return;
    const why = isCustom
      ? `it has no ${needs[action]}`
      : `expected ${known.map((word) => `"${word}"`).join(", ")}`;
    throw new CarillonError(
      "session/invalid",
      `Cannot run "${action}" of session "${this.name}": ${why}`,
      { details: { session: this.name, action } },
    );
  }

  #instant(moment: Moment | undefined): EpochMs {
    const now = (this.#run?.clock ?? this.#clock).now();
    return moment === undefined
      ? now
      : readMoment(moment, this.definition, now);
  }

  #wallTime(time: TimeValue | undefined, otherwise: DurationMs): DurationMs {
    if (time === undefined) return otherwise;
    if (time.kind === "clock") return time.timeMs;
    throw new CarillonError(
      "support/not-yet",
      `Cannot tell a time of day for the market's ${time.side} of session "${this.name}": it differs from day to day`,
      { details: { session: this.name } },
    );
  }
}

/** Puts a session into a run, or takes it out with `null`. */
export function attachSession(session: Session, run: SessionRun | null): void {
  joinRun(session, run);
}

/** Whether a session is in a run. */
export function isAttached(session: Session): boolean {
  return isInRun(session);
}
