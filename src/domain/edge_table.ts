/**
 * A session's windows and edges as columns of numbers, made when they are asked for and searched by
 * halving: what is asked again and again is placed once.
 *
 * @module
 */

import { firstAbove } from "./calendars/day_table.ts";
import type { Session } from "./definition.ts";
import { edgesBetween, nextEdges } from "./next.ts";
import type { Edge } from "./occurrence.ts";
import {
  firstWindowEndingAfter,
  nextWindow,
  openWindowsOf,
} from "./open_window.ts";
import type { OpenWindow } from "./open_window.ts";
import { placementsBetween } from "./place.ts";
import { DAY_MS } from "./time.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** How much is placed at once: enough to pay off, and little enough for a first question. */
const BLOCK_MS: DurationMs = 64 * DAY_MS;

/** Eleven years of windows, in about 100 KiB. A power of two. */
const WINDOW_BLOCKS_MAX = 64;

/** A year and more of edges. A power of two. */
const EDGE_BLOCKS_MAX = 8;

/**
 * Answers about one session, the same as `open_window.ts` and `next.ts` give, from tables.
 *
 * A stretch of time that is asked about for the first time is placed just as far as the answer
 * needs; from the second question on it has a table. Questions mostly move forward, so the row that
 * answered last, and the one after it, are looked at before anything is searched.
 */
export class EdgeTable {
  readonly #session: Session;
  readonly #windows = new Blocks(WINDOW_BLOCKS_MAX, makeWindows);
  readonly #edges = new Blocks(EDGE_BLOCKS_MAX, makeEdges);

  /** Makes a table without rows: they come with the questions. */
  constructor(session: Session) {
    this.#session = session;
  }

  /** The window that is open at an instant; of several, the one that opened first. */
  openAt(at: EpochMs): OpenWindow | null {
    const found = this.firstEndingAfter(at);
    return found !== null && found.opensAt <= at ? found : null;
  }

  /** Whether the session is open at an instant. */
  isOpenAt(at: EpochMs): boolean {
    const block = this.#windows.at(this.#session, at);
    if (block === null) return this.openAt(at) !== null;
    const row = rowAbove(block.closesAt, at);
    return (block.opensAt.values[row] ?? Infinity) <= at;
  }

  /** The window that is open at an instant, else the next one; `null` where none is in reach. */
  firstEndingAfter(at: EpochMs): OpenWindow | null {
    const block = this.#windows.at(this.#session, at);
    if (block === null) return firstWindowEndingAfter(this.#session, at);
    const row = rowAbove(block.closesAt, at);
    const opensAt = block.opensAt.values[row];
    const closesAt = block.closesAt.values[row];
    const openMs = block.openMs[row];
    return opensAt === undefined || closesAt === undefined ||
        openMs === undefined
      ? this.#windowAfter(block)
      : { opensAt, closesAt, openMs };
  }

  /**
   * When the session opens next after an instant, the end of a pause counted; `null` where it is out
   * of reach.
   *
   * @units EpochMs
   */
  nextOpenAfter(at: EpochMs): EpochMs | null {
    const block = this.#windows.at(this.#session, at);
    if (block === null) {
      return nextWindow(this.#session, at)?.opensAt ?? null;
    }
    const opensAt = block.opensAt.values[rowAbove(block.opensAt, at)];
    return opensAt ?? this.#windowAfter(block)?.opensAt ?? null;
  }

  /** The first edge that comes due after an instant; `null` where none is in reach. */
  nextEdgeAfter(at: EpochMs): Edge | null {
    const block = this.#edges.at(this.#session, at);
    if (block === null) return nextEdges([this.#session], at, 1)[0] ?? null;
    return block.edges[rowAbove(block.dueAt, at)] ?? this.#edgeAfter(block);
  }

  #windowAfter(block: Windows): OpenWindow | null {
    // An opening at the very end of the block belongs to the next.
    block.after ??= [nextWindow(this.#session, block.toAt - 1)];
    return block.after[0];
  }

  #edgeAfter(block: Edges): Edge | null {
    block.after ??= [nextEdges([this.#session], block.toAt - 1, 1)[0] ?? null];
    return block.after[0];
  }
}

/** Ascending instants, and the row that answered last. */
interface Column {
  readonly values: Float64Array;
  cursor: number;
}

/** Everything that is open at any instant of a block, by opening. */
interface Windows {
  readonly toAt: EpochMs;
  readonly opensAt: Column;
  /** No window closes before one that opened earlier: see `ascending()`. */
  readonly closesAt: Column;
  readonly openMs: Float64Array;
  /** What opens next after the block, once it was asked. */
  after?: readonly [OpenWindow | null];
}

/** Everything that comes due within a block, in order. */
interface Edges {
  readonly toAt: EpochMs;
  readonly dueAt: Column;
  readonly edges: readonly Edge[];
  /** What comes due next after the block, once it was asked. */
  after?: readonly [Edge | null];
}

function makeWindows(session: Session, fromAt: EpochMs): Windows {
  const toAt = fromAt + BLOCK_MS;
  const open = placementsBetween(session, fromAt, toAt)
    .flatMap((each) =>
      each.kind === "occurrence" ? openWindowsOf(each.occurrence) : []
    )
    .filter(({ opensAt, closesAt }) => opensAt < toAt && closesAt > fromAt)
    .sort((a, b) => a.opensAt - b.opensAt);
  return {
    toAt,
    opensAt: column(open.map(({ opensAt }) => opensAt)),
    closesAt: column(ascending(open.map(({ closesAt }) => closesAt))),
    openMs: Float64Array.from(open, ({ openMs }) => openMs),
  };
}

function makeEdges(session: Session, fromAt: EpochMs): Edges {
  const toAt = fromAt + BLOCK_MS;
  const edges = edgesBetween([session], fromAt, toAt);
  return { toAt, dueAt: column(edges.map(({ dueAt }) => dueAt)), edges };
}

function column(values: readonly number[]): Column {
  return { values: Float64Array.from(values), cursor: 0 };
}

/**
 * Lifts each value to the greatest before it.
 *
 * The first value above a bound stays where it is and what it is, so searching gives the same as
 * going through the list one by one.
 */
function ascending(values: readonly number[]): readonly number[] {
  let greatest = -Infinity;
  return values.map((value) => greatest = Math.max(greatest, value));
}

/** The first row whose value is greater; the number of rows where none is. */
function rowAbove(column: Column, value: number): number {
  const { values, cursor } = column;
  const here = values[cursor] ?? Infinity;
  if (here > value) {
    if ((values[cursor - 1] ?? -Infinity) <= value) return cursor;
  } else if ((values[cursor + 1] ?? Infinity) > value) {
    return column.cursor = cursor + 1;
  }
  return column.cursor = firstAbove(values, value);
}

/** Blocks of one kind: a few places, each for one block at a time. */
class Blocks<Block> {
  readonly #make: (session: Session, fromAt: EpochMs) => Block;
  readonly #places: (Block | null)[];
  /** Which block a place holds, or was asked for. */
  readonly #numbers: number[];

  constructor(
    places: number,
    make: (session: Session, fromAt: EpochMs) => Block,
  ) {
    this.#make = make;
    this.#places = Array.from({ length: places }, () => null);
    this.#numbers = Array.from({ length: places }, () => NaN);
  }

  /** The block of an instant; `null` when it is asked for the first time. */
  at(session: Session, at: EpochMs): Block | null {
    const number = Math.floor(at / BLOCK_MS);
    const place = number & (this.#places.length - 1);
    if (this.#numbers[place] !== number) {
      this.#numbers[place] = number;
      this.#places[place] = null;
      return null;
    }
    return this.#places[place] ??= this.#make(session, number * BLOCK_MS);
  }
}
