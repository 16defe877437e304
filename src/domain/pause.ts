/**
 * The breaks of a market's day, as a session that is split at them sees them.
 *
 * @module
 */

import type { Pause } from "./occurrence.ts";
import type { EpochMs } from "./time.ts";

/** The two edges that a pause gives its occurrence. */
export interface PauseEdgeNames {
  /** Does what the end does. */
  readonly from: string;
  /** Does what the start does. */
  readonly to: string;
}

/**
 * What the edges of an occurrence's pause are called: `break_start` and `break_end`, and from the
 * second pause on with its number, `break_start_2`.
 *
 * @units `index`: counted from 0
 */
export function pauseEdgeNames(index: number): PauseEdgeNames {
  const number = index === 0 ? "" : `_${index + 1}`;
  return { from: `break_start${number}`, to: `break_end${number}` };
}

/** Whether a name is kept for the edges of pauses. */
export function isPauseEdgeName(name: string): boolean {
  return /^break_(?:start|end)(?:_\d+)?$/.test(name);
}

/** The pause that holds an instant, its end not counted; `null` where none does. */
export function pauseAt(
  pauses: readonly Pause[],
  at: EpochMs,
): Pause | null {
  return pauses.find(({ fromAt, toAt }) => fromAt <= at && at < toAt) ?? null;
}

/** Makes one of pauses that overlap or meet. @shape in order, apart */
export function mergePauses(pauses: readonly Pause[]): readonly Pause[] {
  const merged: Pause[] = [];
  for (const pause of pauses.toSorted((a, b) => a.fromAt - b.fromAt)) {
    const last = merged.at(-1);
    if (last === undefined || last.toAt < pause.fromAt) merged.push(pause);
    else {
      const toAt = Math.max(last.toAt, pause.toAt);
      merged[merged.length - 1] = { fromAt: last.fromAt, toAt };
    }
  }
  return merged;
}
