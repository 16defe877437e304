/**
 * A collection of sessions, and the run in which they act.
 *
 * @module
 */

import { SystemClock } from "../adapters/clock/system_clock.ts";
import type { HookRun } from "../domain/effect.ts";
import type { Definition } from "../domain/definition.ts";
import { CarillonError } from "../domain/error.ts";
import { isGood } from "../domain/settle.ts";
import type { Clock } from "../runtime/ports.ts";
import type { BoundFunction } from "./function_hooks.ts";
import type { Moment } from "./moment.ts";
import { openRun, type RunOptions, takeOver } from "./open_run.ts";
import type { EdgeOutcome, SessionNotice } from "./public_notice.ts";
import {
  attachSession,
  isAttached,
  Session,
  type SessionFunction,
} from "./session.ts";
import type { SessionRun } from "./session_run.ts";

/** What `Sessions.open()` is given. */
export interface OpenOptions extends RunOptions {
  /** Sessions, or a finished definition with or without its functions. */
  readonly sessions: Iterable<Session> | DefinedSessions | Definition;
}

/** A definition, and the functions that its hooks name by their handles. */
export interface DefinedSessions {
  /** The plain definition. */
  readonly definition: Definition;
  /** The functions by the handles that the definition's hooks hold. */
  readonly functions: ReadonlyMap<string, (context: never) => unknown>;
}

/**
 * Sessions in the order of their starts; several may be open at once.
 *
 * Made by hand it answers questions of time. `Sessions.open()` opens a run with it: the engine
 * fires every edge when it is due, whatever the code around it does meanwhile.
 */
export class Sessions implements AsyncDisposable, Iterable<Session> {
  readonly #list: Session[] = [];
  readonly #clock: Clock;
  #run: SessionRun | null = null;

  /**
   * Makes a collection that is in no run.
   *
   * @throws {CarillonError} "session/invalid" if two sessions have one name
   */
  constructor(
    sessions: Iterable<Session> = [],
    options: { readonly clock?: Clock } = {},
  ) {
    this.#clock = options.clock ?? new SystemClock();
    for (const session of sessions) this.add(session);
  }

  /**
   * Opens the accounts and begins to fire what is due.
   *
   * `await using` leaves the run at the end of its block. Brokers and journal belong to the run from
   * here on, also where this fails.
   *
   * @throws {CarillonError} a `broker/...` or `journal/...` code, "session/invalid", or
   * "support/not-yet"
   */
  static async open(options: OpenOptions): Promise<Sessions> {
    await using owned = takeOver(options);
    const { clock } = options;
    const given = readGiven(options.sessions);
    const list = given.kind === "list" ? given.sessions : wrap(given.defined);
    const sessions = new Sessions(list, clock === undefined ? {} : { clock });
    for (const session of list) refuseSecondRun(session);
    const definition = given.kind === "list"
      ? sessions.sessions.map((session) => session.definition)
      : given.defined.definition;
    const find = (call: HookRun) => sessions.#find(call);
    const run = await openRun({ definition, find }, options, owned);
    sessions.#run = run;
    for (const session of sessions.#list) attachSession(session, run);
    run.start();
    return sessions;
  }

  /** All sessions, by start: hours, then minutes, then seconds. */
  get sessions(): readonly Session[] {
    return [...this.#list];
  }

  /** The first session that is open now; `null` where none is. */
  get currentSession(): Session | null {
    return this.current()[0] ?? null;
  }

  /** Every session that is open now, by start. */
  current(): readonly Session[] {
    return this.#openAt(undefined);
  }

  /** The sessions, by start. */
  [Symbol.iterator](): Iterator<Session> {
    return this.#list.values();
  }

  /**
   * Takes in a further session; in a run its edges fire from now on.
   *
   * @throws {CarillonError} "session/invalid" if it has the name of another one, acts on an account
   * that the run has not opened, or is in a run already; "runtime/stopped" after the run
   */
  add(session: Session): void {
    const { name, account } = session.definition;
    if (this.#list.some((other) => other.name === name)) {
      throw refusal(session, "another one has this name");
    }
    if (this.#run !== null) {
      refuseSecondRun(session);
      if (!this.#run.hasAccount(account)) {
        throw refusal(session, `account "${account}" is not open`);
      }
      this.#run.add(session.definition);
      attachSession(session, this.#run);
    }
    this.#list.push(session);
    this.#list.sort(compareStarts);
  }

  /**
   * Takes a session out; in a run its edges no longer fire, and what is under way goes on.
   *
   * @throws {CarillonError} "session/unknown" if it is not here
   */
  remove(session: Session | string): Session {
    const name = typeof session === "string" ? session : session.name;
    const index = this.#list.findIndex((other) =>
      typeof session === "string" ? other.name === name : other === session
    );
    const found = this.#list[index];
    if (found === undefined) {
      throw new CarillonError(
        "session/unknown",
        `Cannot remove session "${name}": it is not among ${this.#list.length} sessions`,
        { details: { session: name } },
      );
    }
    this.#run?.remove(name);
    attachSession(found, null);
    this.#list.splice(index, 1);
    return found;
  }

  /** The first session that is open at a moment, now by default; `null` where none is. */
  find(moment?: Moment): Session | null {
    return this.#openAt(moment)[0] ?? null;
  }

  /**
   * The session that starts next after a moment, now by default; `null` where none does.
   *
   * Of two that start at one instant it is the first in order.
   */
  findNext(moment?: Moment): Session | null {
    let found: Session | null = null;
    let leastAt = Infinity;
    for (const session of this.#list) {
      const at = session.nextStart(moment)?.epochMilliseconds ?? Infinity;
      if (at < leastAt) [found, leastAt] = [session, at];
    }
    return found;
  }

  /**
   * Waits until a session is open and its start actions have ended; at once where one is.
   *
   * It only waits: the engine fires the actions, and nothing fires twice. `null` if no session
   * starts any more.
   *
   * @throws {CarillonError} "session/detached" outside of a run, "runtime/stopped" once it is left
   * @throws the signal's reason once it is aborted
   */
  async check(
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Session | null> {
    const run = this.#run;
    if (run === null) {
      throw new CarillonError(
        "session/detached",
        "Cannot wait for a session: these are in no run, open one with Sessions.open()",
      );
    }
    return await run.waitFor(() => this.#ready(run), options.signal);
  }

  /** Hears everything that is told from now on; the function it gives ends it. */
  listen(listener: (notice: SessionNotice) => void): () => void {
    return this.#run?.listen(listener) ?? (() => {});
  }

  /**
   * Leaves the run: fires the end of every session that is open, waits for what is under way,
   * carries out `onStop`, lets brokers and journal go.
   *
   * @shape  how each end came out, none for a collection in no run; a second call gives the same
   * @throws what broke the run off, where something did
   */
  async leave(): Promise<readonly EdgeOutcome[]> {
    if (this.#run === null) return [];
    try {
      return await this.#run.leave();
    } finally {
      for (const session of this.#list) attachSession(session, null);
    }
  }

  /**
   * Leaves the run, and is not silent about an end that did not come true.
   *
   * @throws {CarillonError} "session/not-closed" naming every end whose outcome is not good
   */
  async [Symbol.asyncDispose](): Promise<void> {
    const bad = (await this.leave()).filter(({ outcome }) => !isGood(outcome));
    if (bad.length === 0) return;
    const lines = bad.map(({ edge, outcome, remaining, message }) =>
      `${edge} is ${outcome}, ${remaining} still open${
        message === null ? "" : ` (${message})`
      }`
    );
    throw new CarillonError(
      "session/not-closed",
      `Cannot end every session as asked: ${lines.join("; ")}`,
      { details: { edges: bad.map(({ edge }) => edge) } },
    );
  }

  #openAt(moment: Moment | undefined): readonly Session[] {
    return this.#list.filter((session) => session.inSession(moment));
  }

  /** A session to go on with, `null` if there never is one again, nothing while it is time to wait. */
  #ready(run: SessionRun): Session | null | undefined {
    let isAhead = false;
    for (const session of this.#list) {
      const progress = run.progress(session.definition);
      if (progress === "open") return session;
      isAhead ||= progress === "ahead";
    }
    return isAhead ? undefined : null;
  }

  #find({ session: name, name: action }: HookRun): BoundFunction | null {
    const session = this.#list.find((other) => other.name === name);
    const run = action === "custom_start"
      ? session?.customStart
      : session?.customEnd;
    return session && run ? { session, run } : null;
  }
}

type Given =
  | { readonly kind: "list"; readonly sessions: readonly Session[] }
  | { readonly kind: "defined"; readonly defined: DefinedSessions };

function readGiven(given: OpenOptions["sessions"]): Given {
  if (Symbol.iterator in given) {
    return { kind: "list", sessions: [...given] };
  }
  const defined = "definition" in given
    ? given
    : { definition: given, functions: new Map() };
  return { kind: "defined", defined };
}

function wrap({ definition, functions }: DefinedSessions): readonly Session[] {
  const functionOf = (
    session: Definition["sessions"][number],
    key: "customStart" | "customEnd",
  ): SessionFunction | null => {
    const source = session[key]?.source;
    if (source?.kind !== "function") return null;
    const found = functions.get(source.handle);
    // The one cast: a definition's functions are called with a hook's context, as everywhere.
    if (found !== undefined) return found as SessionFunction;
    throw new CarillonError(
      "session/invalid",
      `Cannot run session "${session.name}": there is no function "${source.handle}" for ${key}`,
      { details: { session: session.name } },
    );
  };
  return definition.sessions.map((session) =>
    new Session({
      definition: session,
      customStart: functionOf(session, "customStart"),
      customEnd: functionOf(session, "customEnd"),
    })
  );
}

function refuseSecondRun(session: Session): void {
  if (isAttached(session)) throw refusal(session, "it is in a run already");
}

function refusal(session: Session, why: string): CarillonError {
  return new CarillonError(
    "session/invalid",
    `Cannot take in session "${session.name}": ${why}`,
    { details: { session: session.name } },
  );
}

function compareStarts(a: Session, b: Session): number {
  const [first, second] = [wallWindow(a), wallWindow(b)];
  return first.start - second.start || first.end - second.end;
}

function wallWindow({ definition: { window } }: Session) {
  const timeMs = (edge: "start" | "end") => {
    const time = window?.[edge];
    return time?.kind === "clock" ? time.timeMs : 0;
  };
  return { start: timeMs("start"), end: timeMs("end") };
}
