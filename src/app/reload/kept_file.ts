/**
 * An edited file that is not carried out, and why the one before goes on.
 *
 * @module
 */

import type { EpochMs } from "../../domain/time.ts";
import type { LoadFailure } from "../loaded_file.ts";

/** Why an edited file does not take the place of the one that runs. */
export type KeptReason =
  /** It says what the one before says. */
  | "unchanged"
  /** It cannot be read, or has problems. */
  | "broken"
  /** It changes what only a start can change. */
  | "restart_needed"
  /** It could not be recorded, or the run is ending. */
  | "not_taken";

/** An edited file that is not carried out. */
export interface KeptFile {
  /** @units EpochMs */
  readonly at: EpochMs;
  /** As the user wrote it. */
  readonly file: string;
  readonly reason: KeptReason;
  /** Why, as a sentence without its end. */
  readonly message: string;
  /** What is wrong inside of it; `null` where nothing is. */
  readonly failure: LoadFailure | null;
}

/** Why a broken file is not carried out, in a sentence without its end. */
export function whyBroken({ problems, fault }: LoadFailure): string {
  if (fault !== undefined) return fault.message;
  const count = problems.filter(({ severity }) => severity === "error").length;
  return `The edited file has ${
    count === 1 ? "a problem" : `${count} problems`
  }`;
}

/** Why a file waits for the next start, in a sentence without its end. */
export function whyRestart(needs: readonly string[]): string {
  return `The edited file waits for a restart: ${needs.join(", ")}`;
}
