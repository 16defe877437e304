/**
 * News and their numbers: each told once, in order, with a gap where some did not come.
 *
 * @module
 */

import type {
  InputOf,
  ShardMove,
  ShardOutput,
  ShardSession,
  StateOf,
} from "./shard_life.ts";
import { tell } from "./shard_output.ts";

/** News that was missed, told again. */
export function takeMissed(
  state: StateOf<"resuming">,
  input: InputOf<"dispatch">,
): ShardMove {
  const [session, outputs] = takeSeq(state.session, input);
  const replayed = state.replayed + (outputs.length > 0 ? 1 : 0);
  return [{ ...state, session, replayed }, outputs];
}

/** News as it happens. */
export function takeNews(
  state: StateOf<"ready">,
  input: InputOf<"dispatch">,
): ShardMove {
  const [session, outputs] = takeSeq(state.session, input);
  return [session === state.session ? state : { ...state, session }, outputs];
}

/** News in its place: told once, with a gap before it where numbers did not come. */
function takeSeq(
  session: ShardSession,
  { seq, name, data }: InputOf<"dispatch">,
): readonly [ShardSession, readonly ShardOutput[]] {
  const news = tell({ type: "dispatch", seq, name, data });
  if (seq === null) return [session, [news]];
  if (seq <= session.seq) return [session, []];
  const [next, gap] = countTo(session, seq);
  return [next, [...gap, news]];
}

/** Counts on to a number; those between did not come. */
export function countTo(
  session: ShardSession,
  seq: number,
): readonly [ShardSession, readonly ShardOutput[]] {
  if (seq <= session.seq) return [session, []];
  const next = { ...session, seq };
  const fromSeq = session.seq + 1;
  return seq === fromSeq
    ? [next, []]
    : [next, [tell({ type: "gap", fromSeq, toSeq: seq - 1 })]];
}
