/**
 * Which sessions are open at one instant of a sample week, found by the dates they run on.
 *
 * @module
 */

import type { DateRange, Session } from "../src/domain/definition.ts";

/** A session that is limited to more months than this is looked for like one without dates. */
const MONTHS_MAX = 24;

/** The sessions that are open, by their numbers. */
export class OpenSessions {
  readonly #sessions: readonly Session[];
  readonly #months: readonly (readonly string[] | null)[];
  readonly #counts: Map<number, number> = new Map();
  /** Open sessions that run in any month, or in very many. */
  readonly #anyMonth: Set<number> = new Set();
  /** Open sessions that run in few months, by month. */
  readonly #byMonth: Map<string, Set<number>> = new Map();

  /** Starts with none open. */
  constructor(sessions: readonly Session[]) {
    this.#sessions = sessions;
    this.#months = sessions.map(({ dates }) => monthsOf(dates));
  }

  /** One more window of the session is open. */
  open(index: number): void {
    const count = this.#counts.get(index) ?? 0;
    this.#counts.set(index, count + 1);
    if (count > 0) return;
    const months = this.#months[index] ?? null;
    if (months === null) this.#anyMonth.add(index);
    for (const month of months ?? []) {
      const open = this.#byMonth.get(month) ?? new Set();
      this.#byMonth.set(month, open.add(index));
    }
  }

  /** One window of the session less is open. */
  close(index: number): void {
    const count = this.#counts.get(index) ?? 0;
    if (count > 1) {
      this.#counts.set(index, count - 1);
      return;
    }
    this.#counts.delete(index);
    this.#anyMonth.delete(index);
    for (const month of this.#months[index] ?? []) {
      this.#byMonth.get(month)?.delete(index);
    }
  }

  /** Another session that is open and shares a date with this one; `null` for none. */
  otherThan(index: number): number | null {
    const months = this.#months[index] ?? null;
    if (months === null) return this.#firstOf(this.#counts.keys(), index);
    const anyMonth = this.#firstOf(this.#anyMonth, index);
    if (anyMonth !== null) return anyMonth;
    for (const month of months) {
      const other = this.#firstOf(this.#byMonth.get(month) ?? [], index);
      if (other !== null) return other;
    }
    return null;
  }

  #firstOf(candidates: Iterable<number>, index: number): number | null {
    const one = this.#sessions[index];
    for (const candidate of candidates) {
      const other = this.#sessions[candidate];
      if (candidate === index || one === undefined || other === undefined) {
        continue;
      }
      if (shareDates(one.dates, other.dates)) return candidate;
    }
    return null;
  }
}

/** The months that ranges touch, counted from year 0; `null` for all, or for very many. */
function monthsOf(dates: readonly DateRange[]): readonly string[] | null {
  if (dates.length === 0) return null;
  const months = new Set<string>();
  for (const { from, to } of dates) {
    const last = monthNumber(to);
    for (let month = monthNumber(from); month <= last; month++) {
      months.add(String(month));
      if (months.size > MONTHS_MAX) return null;
    }
  }
  return [...months];
}

function monthNumber(date: string): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
}

/** Whether two lists of ranges have a date in common; no ranges are all dates. */
function shareDates(
  one: readonly DateRange[],
  other: readonly DateRange[],
): boolean {
  if (one.length === 0 || other.length === 0) return true;
  return one.some((a) => other.some((b) => a.from <= b.to && b.from <= a.to));
}
