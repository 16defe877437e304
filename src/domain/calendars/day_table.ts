/**
 * The open days of a calendar as columns of numbers, made a few years at a time when asked for.
 *
 * @module
 */

import { DST_DEFAULT, placeWall } from "../civil.ts";
import type { EpochDay } from "../date.ts";
import { DAY_MS } from "../time.ts";
import type { EpochMs } from "../time.ts";
import type { Calendar, DayKind } from "./calendar.ts";
import { calendarDays } from "./engine.ts";
import type { OpenDay } from "./engine.ts";
import type { NamedDays } from "./closed_days.ts";

/** A few years of a calendar; row `i` of every column is one open day, ascending. */
export interface DayTable {
  /** @units days since 1970-01-01 */
  readonly days: Int32Array;
  /** @units epoch milliseconds */
  readonly opensAt: Float64Array;
  /** @units epoch milliseconds */
  readonly closesAt: Float64Array;
  /** Not a number where the day has no pause. @units epoch milliseconds */
  readonly breakStartsAt: Float64Array;
  /** Not a number where the day has no pause. @units epoch milliseconds */
  readonly breakEndsAt: Float64Array;
  readonly kinds: readonly DayKind[];
  /** Holidays and closures by day. */
  readonly closed: NamedDays;
}

/**
 * How many days a table holds: four years, few enough for a first question to be answered at once.
 *
 * @units calendar days
 */
export const TABLE_DAYS = 1_461;

/** Beyond this many tables of one calendar (two centuries, about two megabytes) all are let go. */
const TABLES_MAX = 50;

/** One open day: a row of a table. */
export interface Row {
  readonly table: DayTable;
  /** From 0. */
  readonly row: number;
}

interface Memory {
  readonly tables: Map<number, DayTable>;
  cursor: Row | null;
}

// Memory of a pure function: what is in it changes how fast the answer comes, never the answer.
const memories = new WeakMap<Calendar, Memory>();

function memoryOf(calendar: Calendar): Memory {
  const known = memories.get(calendar);
  if (known !== undefined) return known;
  const memory = { tables: new Map(), cursor: null };
  memories.set(calendar, memory);
  return memory;
}

/** The number of the table that holds a day; neighbours differ by one. */
export function tableIndexOf(day: EpochDay): number {
  return Math.floor(day / TABLE_DAYS);
}

/** A table of a calendar by its number. */
export function tableOf(calendar: Calendar, tableIndex: number): DayTable {
  const { tables } = memoryOf(calendar);
  const known = tables.get(tableIndex);
  if (known !== undefined) return known;
  if (tables.size >= TABLES_MAX) tables.clear();
  const table = makeTable(calendar, tableIndex);
  tables.set(tableIndex, table);
  return table;
}

function makeTable(calendar: Calendar, tableIndex: number): DayTable {
  const fromDay = tableIndex * TABLE_DAYS;
  const { open, closed } = calendarDays(
    calendar,
    fromDay,
    fromDay + TABLE_DAYS,
  );
  const column = (wallMsOf: (open: OpenDay) => number | undefined) =>
    Float64Array.from(open, (each) => placeOn(calendar, each, wallMsOf(each)));
  return {
    days: Int32Array.from(open, ({ day }) => day),
    opensAt: column(({ openMs }) => openMs),
    closesAt: column(({ closeMs }) => closeMs),
    breakStartsAt: column((each) => each.break?.[0]),
    breakEndsAt: column((each) => each.break?.[1]),
    kinds: open.map(({ kind }) => kind),
    closed,
  };
}

function placeOn(
  { timezone }: Calendar,
  { day }: OpenDay,
  wallMs: number | undefined,
): number {
  if (wallMs === undefined) return NaN;
  return placeWall(day * DAY_MS + wallMs, timezone, DST_DEFAULT).at;
}

/**
 * The first row whose value is greater; the number of rows where none is.
 *
 * @shape  `column` ascending
 */
export function firstAbove(
  column: Int32Array | Float64Array,
  value: number,
): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] ?? Infinity) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The first open day whose number, opening or close is greater; `null` where none is in reach.
 *
 * The search begins in the table of `fromDay`, so no day before that table may be the answer.
 */
export function firstRowAbove(
  calendar: Calendar,
  column: "days" | "opensAt" | "closesAt",
  value: number,
  fromDay: EpochDay,
): Row | null {
  const first = tableIndexOf(fromDay);
  for (let index = first; index < first + TABLES_TRIED_MAX; index++) {
    const table = tableOf(calendar, index);
    const row = firstAbove(table[column], value);
    if (row < table.days.length) return { table, row };
  }
  return null;
}

/** A calendar that stays closed for eight years is closed for good. */
const TABLES_TRIED_MAX = 3;

/** The last open day up to a day, that day counted; `null` where none is in reach. */
export function lastRowUpTo(calendar: Calendar, day: EpochDay): Row | null {
  const last = tableIndexOf(day);
  for (let index = last; index > last - TABLES_TRIED_MAX; index--) {
    const table = tableOf(calendar, index);
    const row = firstAbove(table.days, day) - 1;
    if (row >= 0) return { table, row };
  }
  return null;
}

/**
 * The first open day that closes after an instant; `null` where none is in reach.
 *
 * Questions mostly move forward, so the day that answered last, and the one after it, are looked
 * at before anything is searched.
 */
export function firstRowClosingAfter(
  calendar: Calendar,
  at: EpochMs,
): Row | null {
  const memory = memoryOf(calendar);
  const near = memory.cursor === null ? null : stepCursor(memory.cursor, at);
  if (near !== null) return memory.cursor = near;
  // A day closes on its own date or the next, and local time is a day from UTC at most.
  const fromDay = Math.floor(at / DAY_MS) - 3;
  const found = firstRowAbove(calendar, "closesAt", at, fromDay);
  memory.cursor = found;
  return found;
}

function stepCursor(cursor: Row, at: EpochMs): Row | null {
  const { table: { closesAt }, row } = cursor;
  // Before the first row and after the last, another table may know better.
  const before = closesAt[row - 1] ?? Infinity;
  const here = closesAt[row] ?? -Infinity;
  const after = closesAt[row + 1] ?? -Infinity;
  if (before <= at && at < here) return cursor;
  return here <= at && at < after ? { ...cursor, row: row + 1 } : null;
}
