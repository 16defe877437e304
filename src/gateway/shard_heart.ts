/**
 * Whether the other side is still there.
 *
 * @module
 */

import type { DurationMs } from "../domain/time.ts";
import { leave } from "./shard_ending.ts";
import {
  type LinkedState,
  RESUMED_MS_MAX,
  sessionOf,
  type ShardContext,
  type ShardMove,
  type ShardOutput,
  type ShardState,
  type StateOf,
} from "./shard_life.ts";
import { wait } from "./shard_output.ts";

/** The next heartbeat, unless the last one has no answer: then nobody is there any more. */
export function beatOn<S extends LinkedState>(
  state: S,
  context: ShardContext,
): ShardMove {
  const { beat } = state;
  if (beat.unansweredSince !== null) {
    const silentMs = Math.round(context.at - beat.unansweredSince);
    return leave(state, `no answer to a heartbeat in ${silentMs} ms`, context);
  }
  return [
    { ...state, beat: { ...beat, unansweredSince: context.at } },
    [heartbeat(state, false), wait("beat", beat.intervalMs)],
  ];
}

/** The heartbeat was answered. @units `at`: milliseconds of a monotonic clock */
export function acknowledged(state: LinkedState, at: DurationMs): ShardState {
  const { beat } = state;
  if (beat.unansweredSince === null) return state;
  const latencyMs = at - beat.unansweredSince;
  return { ...state, beat: { ...beat, unansweredSince: null, latencyMs } };
}

/** A heartbeat, regular or asked for. */
export function heartbeat(state: LinkedState, asked: boolean): ShardOutput {
  return { type: "heartbeat", seq: sessionOf(state)?.seq ?? null, asked };
}

/** A server that tells nothing more does not come to the end of what was missed. */
export function lookAtReplay(
  state: StateOf<"resuming">,
  context: ShardContext,
): ShardMove {
  if (state.replayed > state.replayedAtLook) {
    return [
      { ...state, replayedAtLook: state.replayed },
      [wait("phase", RESUMED_MS_MAX)],
    ];
  }
  return leave(
    state,
    `no answer to the resume within ${RESUMED_MS_MAX} ms`,
    context,
  );
}
