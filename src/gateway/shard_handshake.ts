/**
 * From the connection to the session.
 *
 * @module
 */

import type { Tries } from "./backoff.ts";
import {
  type Beat,
  type InputOf,
  READY_MS_MAX,
  RESUMED_MS_MAX,
  type ShardContext,
  type ShardMove,
  type ShardOutput,
  type ShardSession,
  type StateOf,
  STEADY_MS,
} from "./shard_life.ts";
import { countTo } from "./shard_news.ts";
import { tell, wait } from "./shard_output.ts";

/** Asks for a connection: to the session's own address, or to begin anew. */
export function connect(
  session: ShardSession | null,
  tries: Tries,
): ShardMove {
  return [
    { kind: "connecting", session, tries },
    [{ type: "connect", session }],
  ];
}

/** The server said hello: the heart begins to beat, and the session goes on or waits for its turn. */
export function greet(
  { session, tries }: StateOf<"connecting">,
  { intervalMs }: InputOf<"hello">,
  { chance }: ShardContext,
): ShardMove {
  const beat: Beat = { intervalMs, unansweredSince: null, latencyMs: null };
  const reached = { ...tries, unreached: 0 };
  // Shards that are greeted together must not beat together.
  const first: ShardOutput = wait("beat", Math.floor(intervalMs * chance));
  if (session === null) {
    return [{ kind: "queued", beat, tries: reached }, [
      first,
      { type: "turn" },
    ]];
  }
  return [
    {
      kind: "resuming",
      session,
      beat,
      tries: { ...reached, resumes: tries.resumes + 1 },
      replayed: 0,
      replayedAtLook: 0,
    },
    [first, { type: "resume", session }, wait("phase", RESUMED_MS_MAX)],
  ];
}

/** The turn has come. */
export function identify({ beat, tries }: StateOf<"queued">): ShardMove {
  return [
    {
      kind: "identifying",
      beat,
      tries: { ...tries, identifies: tries.identifies + 1 },
    },
    [{ type: "identify" }, wait("phase", READY_MS_MAX)],
  ];
}

/** A session began. */
export function begin(
  { beat, tries }: StateOf<"identifying">,
  { seq, sessionId, resumeUrl, data }: InputOf<"ready">,
): ShardMove {
  const session = { id: sessionId, resumeUrl, seq };
  return [
    { kind: "ready", session, beat, tries: { ...tries, resumes: 0 } },
    [
      { type: "answered" },
      tell({ type: "ready", sessionId, data }),
      wait("phase", STEADY_MS),
    ],
  ];
}

/** Everything that was missed has been told. */
export function goOn(
  { session, beat, tries, replayed }: StateOf<"resuming">,
  { seq }: InputOf<"resumed">,
): ShardMove {
  const [next, gap] = seq === null ? [session, []] : countTo(session, seq);
  return [
    { kind: "ready", session: next, beat, tries: { ...tries, resumes: 0 } },
    [
      ...gap,
      tell({ type: "resumed", replayed }),
      wait("phase", STEADY_MS),
    ],
  ];
}
