/**
 * How a call of the user's code ended, as data.
 *
 * @module
 */

/** Why a call of the user's code did not return. */
export type HookFailure =
  /** It threw, or could not be called. */
  | "failed"
  /** Its time ran out. */
  | "timed_out"
  /** What it ran in ended by itself. */
  | "crashed"
  /** It wanted more memory than it may have. */
  | "out_of_memory"
  /** It said more than it may. */
  | "flooded"
  /** A later call took its place, or the run was left. */
  | "cancelled"
  /** It was not called: its last call still runs. */
  | "skipped";

/** The failures, in the order in which they are documented. */
export const HOOK_FAILURES: readonly HookFailure[] = [
  "failed",
  "timed_out",
  "crashed",
  "out_of_memory",
  "flooded",
  "cancelled",
  "skipped",
];

/** How loud a line of log is. */
export type HookLogLevel = "debug" | "info" | "warn" | "error";

/** A line that the user's code logged. */
export interface HookLog {
  /** When, by the run's clock. @units EpochMs */
  readonly at: number;
  /** How loud it is. */
  readonly level: HookLogLevel;
  /** What it says. */
  readonly text: string;
}

/** A place in the user's own code; both numbers count from 1. */
export interface HookPlace {
  /** The file, as the session file would name it. */
  readonly file: string;
  /** From 1. @units a line */
  readonly line: number;
  /** From 1. @units a column */
  readonly column: number;
}

/** How a call ended. */
export type HookEnd = HookSuccess | HookFault;

/** A call that came to its end. */
export interface HookSuccess {
  /** Tells it from a fault. */
  readonly kind: "returned";
  /** What it returned, as JSON text; `null` for nothing. */
  readonly value: string | null;
  /** What it logged. */
  readonly logs: readonly HookLog[];
}

/** A call that did not. */
export interface HookFault {
  /** What became of it. */
  readonly kind: HookFailure;
  /** What went wrong, as a sentence without its end. */
  readonly message: string;
  /** Where, in the user's own code; `null` where that cannot be told. */
  readonly place: HookPlace | null;
  /** What it logged. */
  readonly logs: readonly HookLog[];
}

/** Whether a call's end is a fault of the code, for which its session may want to answer. */
export function isHookFault(
  outcome: HookFailure | "returned" | "interrupted" | "not_run",
): boolean {
  switch (outcome) {
    case "failed":
    case "timed_out":
    case "crashed":
    case "out_of_memory":
    case "flooded":
    case "interrupted":
      return true;
    case "returned":
    case "cancelled":
    case "skipped":
    case "not_run":
      return false;
  }
}
