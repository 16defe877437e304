/**
 * One run as sessions see it: what they ask of the engine, and how the run is left.
 *
 * @module
 */

import type {
  Action,
  CloseAction,
  Session as SessionDefinition,
  StopPolicy,
} from "../domain/definition.ts";
import { CarillonError } from "../domain/error.ts";
import type { EdgeSettled, Notice } from "../domain/notice.ts";
import { EDGE_RANK } from "../domain/occurrence.ts";
import type { Edge, Occurrence } from "../domain/occurrence.ts";
import { pauseAt } from "../domain/pause.ts";
import { occurrenceAt, placeOn } from "../domain/place.ts";
import type { SessionState } from "../domain/state.ts";
import { getRow, rows } from "../domain/table.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Clock } from "../runtime/ports.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { type EdgeOutcome, type SessionNotice, told } from "./public_notice.ts";

/** How far a session has come at this moment. */
export type Progress =
  /** Its start has ended and its end has not come. */
  | "open"
  /** Its start is under way, or has still to come. */
  | "ahead"
  /** It never starts again. */
  | "over";

/** What a run is made of. */
export interface SessionRunParts {
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly onStop: StopPolicy;
  /** Brokers and journal, let go when the run ends. */
  readonly owned: AsyncDisposable;
}

/** A run in which sessions act; it can be left once. */
export class SessionRun {
  /** The run's time. */
  readonly clock: Clock;
  readonly #parts: SessionRunParts;
  readonly #leaving = new AbortController();
  readonly #listeners = new Set<(notice: SessionNotice) => void>();
  readonly #waiting = new Set<() => void>();
  #left: Promise<readonly EdgeOutcome[]> | null = null;
  #stopped = false;

  /** Takes over a run that is open and has not started. */
  constructor(parts: SessionRunParts) {
    this.#parts = parts;
    this.clock = parts.clock;
    parts.runtime.listen((notice) => this.#hear(notice));
    parts.runtime.ended.catch((error) => this.#leaving.abort(error));
  }

  /** Begins to fire what is due. */
  start(): void {
    this.#parts.runtime.start();
  }

  /** Carries out a session's start or end actions, or given ones. */
  async act(
    session: string,
    actions: "start" | "end" | readonly Action[],
  ): Promise<EdgeOutcome> {
    this.#refuseIfLeft();
    return told(await this.#parts.runtime.act(session, actions));
  }

  /** Closes in a session's scope, or only the positions named. */
  async close(
    session: SessionDefinition,
    action: CloseAction,
    positions: readonly string[] | null,
  ): Promise<EdgeOutcome> {
    this.#refuseIfLeft();
    const { name, account } = session;
    return told(
      await this.#parts.runtime.close({
        session: name,
        account,
        action,
        positions,
        ordersOnly: false,
      }),
    );
  }

  /** Puts a further session on the time line. */
  add(session: SessionDefinition): void {
    this.#refuseIfLeft();
    this.#parts.runtime.addSession(session);
    this.#wake();
  }

  /** Takes a session off the time line. */
  remove(session: string): void {
    this.#refuseIfLeft();
    this.#parts.runtime.removeSession(session);
    this.#wake();
  }

  /** Whether an account is part of the run. */
  hasAccount(name: string): boolean {
    return Object.hasOwn(this.#parts.runtime.state.accounts, name);
  }

  /** Hears everything that is told; the answer ends it. */
  listen(listener: (notice: SessionNotice) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** How far a session has come. */
  progress(session: SessionDefinition): Progress {
    const row = this.#row(session.name);
    if (row === undefined || session.window === null) return "over";
    const occurrence = occurrenceAt(session, this.clock.now());
    const startKey = lastStart(occurrence, this.clock.now());
    if (startKey !== null && !this.#isPending(row, startKey)) return "open";
    const isAhead = startKey !== null ||
      row.waiting.some(({ rank }) => rank === EDGE_RANK.start);
    return isAhead ? "ahead" : "over";
  }

  /**
   * Asks again whenever something has changed, until there is an answer.
   *
   * @throws {CarillonError} "runtime/stopped" once the run is left
   * @throws the signal's reason once it is aborted
   */
  async waitFor<T>(
    ask: () => T | undefined,
    signal?: AbortSignal,
  ): Promise<T> {
    this.#refuseIfLeft();
    const signals = [this.#leaving.signal, ...(signal ? [signal] : [])];
    const ended = AbortSignal.any(signals);
    ended.throwIfAborted();
    for (;;) {
      const answer = ask();
      if (answer !== undefined) return answer;
      await this.#change(ended);
    }
  }

  /**
   * Ends the run: fires the end of every session that is open, waits for whatever is under way,
   * carries out the stop policy. A second call gives the first one's answer.
   *
   * An end that is fired by leaving is the scheduled end itself, so it cannot come due again.
   *
   * @throws what broke the run off, where something did
   */
  leave(): Promise<readonly EdgeOutcome[]> {
    return this.#left ??= this.#leave();
  }

  async #leave(): Promise<readonly EdgeOutcome[]> {
    await using _ = this.#parts.owned;
    const { runtime, onStop } = this.#parts;
    const brokenOff = this.#leaving.signal.aborted;
    this.#leaving.abort(left());
    if (brokenOff) await runtime.ended;
    const outcomes = await this.#endSessions();
    // Nothing can come due between the last look and this: both are in one turn of the loop.
    this.#stopped = true;
    await runtime.stop(onStop, "library");
    return outcomes.map(told);
  }

  /** Fires the ends of what is open; a session may open while another one's end is under way. */
  async #endSessions(): Promise<readonly EdgeSettled[]> {
    const outcomes: EdgeSettled[] = [];
    for (;;) {
      const ends = this.#endsAhead();
      if (ends.length === 0) return outcomes;
      const advance = (edge: string) => this.#parts.runtime.advance(edge);
      outcomes.push(...await Promise.all(ends.map(advance)));
    }
  }

  /** The ends of sessions that are open, where they have not fired yet. */
  #endsAhead(): readonly string[] {
    const now = this.clock.now();
    return rows(this.#parts.runtime.state.sessions).flatMap(
      ({ session, waiting }) =>
        waiting.filter(({ name, tradeDate, actions }) => {
          if (name !== "end" || actions.length === 0) return false;
          const placed = placeOn(session, tradeDate);
          return placed?.kind === "occurrence" &&
            placed.occurrence.opensAt <= now &&
            !hasPaused(placed.occurrence, waiting, now);
        }).map(({ key }) => key),
    );
  }

  #row(name: string): SessionState | undefined {
    return getRow(this.#parts.runtime.state.sessions, name);
  }

  #isPending(row: SessionState, edge: string): boolean {
    return row.waiting.some(({ key }) => key === edge) ||
      Object.hasOwn(this.#parts.runtime.state.jobs, edge);
  }

  #hear(notice: Notice): void {
    if (this.#listeners.size > 0) this.#tell(told(notice));
    if (notice.type === "edge.settled") this.#wake();
  }

  /** A listener that throws is heard of by the others, and harms nobody. */
  #tell(notice: SessionNotice, except: unknown = null): void {
    for (const listener of [...this.#listeners]) {
      if (listener === except) continue;
      try {
        listener(notice);
      } catch (error) {
        if (except !== null) continue;
        this.#tell(told(listenerAnomaly(this.clock.now(), error)), listener);
      }
    }
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  async #change(ended: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stop = () => reject(ended.reason);
    this.#waiting.add(resolve);
    ended.addEventListener("abort", stop);
    try {
      await promise;
    } finally {
      this.#waiting.delete(resolve);
      ended.removeEventListener("abort", stop);
    }
  }

  #refuseIfLeft(): void {
    // After this the engine knows no sessions, and no scope to keep a close within.
    if (this.#stopped) throw left();
  }
}

/** The key of the start by which an occurrence is open: its own, or that after its last pause. */
function lastStart(occurrence: Occurrence | null, now: EpochMs): string | null {
  const starts =
    occurrence?.edges.filter(({ rank, at }) =>
      rank === EDGE_RANK.start && at <= now
    ) ?? [];
  return starts.toSorted((a, b) => b.at - a.at)[0]?.key ?? null;
}

/** Whether an occurrence pauses, and the close at the beginning of its pause has come due. */
function hasPaused(
  { pauses, edges }: Occurrence,
  waiting: readonly Edge[],
  now: EpochMs,
): boolean {
  if (pauseAt(pauses, now) === null) return false;
  const isWaiting = (key: string) => waiting.some((each) => each.key === key);
  return !edges.some(({ key, rank, at }) =>
    rank === EDGE_RANK.end && at <= now && isWaiting(key)
  );
}

function left(): CarillonError {
  return new CarillonError(
    "runtime/stopped",
    "Cannot act in a run that has been left",
  );
}

function listenerAnomaly(at: number, error: unknown): Notice {
  const why = error instanceof Error ? error.message : String(error);
  return {
    type: "anomaly",
    at,
    about: "listener",
    message: `A listener threw: ${why}`,
  };
}
