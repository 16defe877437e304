/**
 * What a shard does when its connection ends, whoever ended it.
 *
 * @module
 */

import type { DurationMs } from "../domain/time.ts";
import { backoffMs, type Tries } from "./backoff.ts";
import type { CloseRule } from "./close_codes.ts";
import type {
  ShardContext,
  ShardMove,
  ShardOutput,
  ShardSession,
} from "./shard_life.ts";
import { tell } from "./shard_output.ts";

/** Resumes without an answer before the session is given up. */
export const RESUMES_MAX = 3;
/** Connections without a hello before the session's own address is given up. */
export const UNREACHED_MAX = 3;
/** After too many frames the wait is that of this many failures. */
const LATER_FAILURES = 5;

/** A connection that ended. */
export interface Loss {
  /** What the end means. */
  readonly rule: CloseRule;
  /** The other side's close code; `null` where we end it. @units close code */
  readonly code: number | null;
  readonly reason: string;
  /** What we close with; `null` where the other side has. @units close code */
  readonly closeWith: number | null;
  readonly session: ShardSession | null;
  readonly tries: Tries;
  /** The shortest wait. @units milliseconds */
  readonly waitMsMin?: DurationMs;
}

/** Lets go of the connection and waits, or gives up for good. */
export function loseConnection(loss: Loss, context: ShardContext): ShardMove {
  const released: ShardOutput = { type: "release", code: loss.closeWith };
  const fate = fateOf(loss);
  if (fate === "fatal") return die(loss, released);
  const kept = fate === "resume" ? loss.session : null;
  const next = kept === null ? "identify" : "resume";
  const ms = Math.max(
    loss.waitMsMin ?? 0,
    backoffMs(waitingFor(loss), next, context.chance),
  );
  const { code, reason } = loss;
  return [
    {
      kind: "waiting",
      session: withReachableUrl(kept, loss.tries),
      tries: { ...loss.tries, lost: loss.tries.lost + 1 },
    },
    [
      released,
      tell({ type: "lost", code, reason, next, afterMs: ms }),
      ...(kept === null ? tellOver(loss.session, reason) : []),
      { type: "wait", timer: "wait", ms },
    ],
  ];
}

function fateOf(
  { rule, tries }: Loss,
): "resume" | "identify" | "fatal" {
  if (rule === "strange") {
    if (tries.strange <= 1) return "resume";
    return tries.strange === 2 ? "identify" : "fatal";
  }
  if (rule === "identify" || rule === "fatal") return rule;
  return tries.resumes >= RESUMES_MAX ? "identify" : "resume";
}

function waitingFor({ rule, tries }: Loss): Tries {
  return rule === "resume_later"
    ? { ...tries, lost: Math.max(tries.lost, LATER_FAILURES) }
    : tries;
}

/** An address at which nobody answers may belong to a server that is gone; the session need not be. */
function withReachableUrl(
  session: ShardSession | null,
  tries: Tries,
): ShardSession | null {
  return session !== null && tries.unreached >= UNREACHED_MAX
    ? { ...session, resumeUrl: null }
    : session;
}

function die(loss: Loss, released: ShardOutput): ShardMove {
  const { reason, session } = loss;
  const code = loss.code ?? 0;
  return [
    { kind: "dead", code, reason },
    [
      released,
      ...tellOver(session, reason),
      tell({ type: "failed", code, reason }),
    ],
  ];
}

function tellOver(
  session: ShardSession | null,
  reason: string,
): readonly ShardOutput[] {
  return session === null
    ? []
    : [tell({ type: "session.lost", sessionId: session.id, reason })];
}
