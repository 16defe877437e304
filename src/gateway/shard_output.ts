/**
 * What a shard asks for, in short.
 *
 * @module
 */

import type { DurationMs } from "../domain/time.ts";
import type { ShardOutput, ShardTelling, ShardTimer } from "./shard_life.ts";

/** A wait. @units `ms`: milliseconds */
export function wait(timer: ShardTimer, ms: DurationMs): ShardOutput {
  return { type: "wait", timer, ms };
}

/** Something to tell. */
export function tell(event: ShardTelling): ShardOutput {
  return { type: "tell", event };
}
