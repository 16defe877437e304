/**
 * How the calls of each hook have ended since the run began.
 *
 * @module
 */

import type { HookFailure } from "./hook_end.ts";
import type { HookLine } from "./notice.ts";

/** How often something became of a hook's calls. */
export interface HookTally {
  /** Calls that returned. @units a count */
  readonly returned: number;
  /** Calls that threw, ran too long, or came to harm otherwise. @units a count */
  readonly failed: number;
  /** Calls that a later one, or the end of the run, cut short. @units a count */
  readonly cancelled: number;
  /** Calls that were left out since the last one still ran. @units a count */
  readonly skipped: number;
}

/** The counts by the hook's own name, as in `london/custom_start`. */
export type HookTallies = Readonly<Record<string, HookTally>>;

/** Not called yet. */
export const NO_CALLS: HookTally = {
  returned: 0,
  failed: 0,
  cancelled: 0,
  skipped: 0,
};

/** The name by which a hook's calls are counted. */
export function hookKey(session: string, name: HookLine["name"]): string {
  return `${session}/${name}`;
}

/** Counts one more end. */
export function countEnd(
  tallies: HookTallies,
  key: string,
  outcome: HookFailure | "returned",
): HookTallies {
  const tally = Object.hasOwn(tallies, key) ? tallies[key] : undefined;
  return { ...tallies, [key]: addEnd(tally ?? NO_CALLS, outcome) };
}

/** Counts one more end of one hook. */
export function addEnd(
  tally: HookTally,
  outcome: HookFailure | "returned",
): HookTally {
  const column = outcome === "returned" || outcome === "cancelled" ||
      outcome === "skipped"
    ? outcome
    : "failed";
  return { ...tally, [column]: tally[column] + 1 };
}
