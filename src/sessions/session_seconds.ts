/**
 * The seconds of the day that a session holds, without a list of them.
 *
 * @module
 */

import type { Session } from "../domain/definition.ts";
import { CarillonError } from "../domain/error.ts";
import { DAY_MS, SECOND_MS } from "../domain/time.ts";

const DAY_SECONDS = DAY_MS / SECOND_MS;

/**
 * A read-only set of seconds of the day, computed when it is asked.
 *
 * A second counts from midnight by the clock on the wall in the session's zone and belongs to the
 * session if its beginning does. A window that crosses midnight is given from its start on, so
 * `[...seconds]` of 22:00 to 06:00 begins with 79,200. On the nights on which the clock changes the
 * set is the same: it is the clock's face, not elapsed time.
 */
export class SessionSeconds implements ReadonlySetLike<number> {
  readonly #first: number;
  /** How many seconds of the day belong to it, 0 to 86,400. */
  readonly size: number;

  /**
   * Looks at a definition's window.
   *
   * @throws {CarillonError} "support/not-yet" for an edge relative to a market's day, edges in two
   * zones, or a session that is split at its market's breaks
   */
  constructor(session: Session) {
    const { start, end } = wallWindow(session);
    this.#first = Math.ceil(start / SECOND_MS);
    this.size = Math.ceil(end / SECOND_MS) - this.#first;
  }

  /**
   * Whether a second of the day belongs to the session.
   *
   * @units `second`: whole seconds since midnight, 0 to 86,399
   */
  has(second: number): boolean {
    if (!Number.isInteger(second) || second < 0 || second >= DAY_SECONDS) {
      return false;
    }
    return (second - this.#first + DAY_SECONDS) % DAY_SECONDS < this.size;
  }

  /** Every second, from the start of the session on. */
  *keys(): Generator<number, undefined> {
    for (let step = 0; step < this.size; step++) {
      yield (this.#first + step) % DAY_SECONDS;
    }
  }

  /** Every second, from the start of the session on. @units seconds since midnight */
  [Symbol.iterator](): Generator<number, undefined> {
    return this.keys();
  }
}

/** Start and end by the clock on the wall; the end comes after the start, at most a day later. */
function wallWindow(session: Session): { start: number; end: number } {
  const { window } = session;
  if (window === null) return { start: 0, end: DAY_MS };
  const { start, end } = window;
  const isSplit = session.breaks === "split" && session.calendar.length > 0;
  if (
    start.kind !== "clock" || end.kind !== "clock" ||
    start.timezone !== end.timezone || isSplit
  ) {
    throw new CarillonError(
      "support/not-yet",
      `Cannot list the seconds of session "${session.name}": they differ from day to day`,
      { details: { session: session.name } },
    );
  }
  const days = start.weekday === null || end.weekday === null
    ? (end.timeMs > start.timeMs ? 0 : 1)
    : daysBetween(start.weekday, end.weekday, end.timeMs > start.timeMs);
  const length = days * DAY_MS + end.timeMs - start.timeMs;
  return { start: start.timeMs, end: start.timeMs + Math.min(length, DAY_MS) };
}

function daysBetween(from: number, to: number, endsLater: boolean): number {
  const days = (to - from + 7) % 7;
  return days === 0 && !endsLater ? 7 : days;
}
