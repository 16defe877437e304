/**
 * Lists of ranges of days, put in order once and then searched by halves.
 *
 * @module
 */

import type { EpochDay } from "./date.ts";

/** Days from the first to the last, both counted. */
export interface DayRange {
  readonly fromDay: EpochDay;
  readonly toDay: EpochDay;
}

/** The same days as ranges in order, none of which touches another; a backward range is empty. */
export function mergeRanges(ranges: readonly DayRange[]): readonly DayRange[] {
  const merged: DayRange[] = [];
  const inOrder = ranges.filter(({ fromDay, toDay }) => fromDay <= toDay)
    .sort((a, b) => a.fromDay - b.fromDay);
  for (const range of inOrder) {
    const last = merged.at(-1);
    if (last === undefined || range.fromDay > last.toDay + 1) {
      merged.push(range);
    } else {
      const toDay = Math.max(last.toDay, range.toDay);
      merged[merged.length - 1] = { fromDay: last.fromDay, toDay };
    }
  }
  return merged;
}

/**
 * Whether a day is in one of the ranges.
 *
 * @shape `ranges` as `mergeRanges()` gives them
 */
export function holds(ranges: readonly DayRange[], day: EpochDay): boolean {
  return nextDayWithin(ranges, day) === day;
}

/**
 * The first day from a day on that is in a range; `null` where none is.
 *
 * @shape `ranges` as `mergeRanges()` gives them
 */
export function nextDayWithin(
  ranges: readonly DayRange[],
  day: EpochDay,
): EpochDay | null {
  const range = ranges[firstEndingFrom(ranges, day)];
  return range === undefined ? null : Math.max(range.fromDay, day);
}

/**
 * The first day from a day on that is in no range.
 *
 * @shape `ranges` as `mergeRanges()` gives them
 */
export function nextDayOutside(
  ranges: readonly DayRange[],
  day: EpochDay,
): EpochDay {
  const range = ranges[firstEndingFrom(ranges, day)];
  return range === undefined || range.fromDay > day ? day : range.toDay + 1;
}

/** The index of the first range that does not end before a day. */
function firstEndingFrom(ranges: readonly DayRange[], day: EpochDay): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle];
    if (range !== undefined && range.toDay < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
