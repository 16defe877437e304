/**
 * How a connection, or the shard itself, comes to an end.
 *
 * @module
 */

import { invalidMs } from "./backoff.ts";
import { CLOSE, closeRule, isCut } from "./close_codes.ts";
import { loseConnection, type Loss } from "./lose_connection.ts";
import {
  type ConnectedState,
  type InputOf,
  RESET_JITTER_MS,
  sessionOf,
  type ShardContext,
  type ShardMove,
  type ShardState,
  type StateOf,
} from "./shard_life.ts";
import { tell, wait } from "./shard_output.ts";

/** We end the connection so that the server keeps the session. */
export function leave(
  state: ConnectedState,
  reason: string,
  context: ShardContext,
): ShardMove {
  return loseConnection({
    ...lossOf(state),
    rule: "resume",
    code: null,
    reason,
    closeWith: CLOSE.forNow,
  }, context);
}

/** The other side, or the network, ended the connection. */
export function takeClose(
  state: ConnectedState,
  { code, reason }: InputOf<"closed">,
  context: ShardContext,
): ShardMove {
  const rule = closeRule(code);
  const loss = lossOf(state);
  const strange = loss.tries.strange + (rule === "strange" ? 1 : 0);
  return loseConnection({
    ...loss,
    tries: { ...loss.tries, strange },
    rule,
    code,
    reason: isCut(code)
      ? "the connection was lost"
      : `closed with ${code}${reason === "" ? "" : `: ${reason}`}`,
    closeWith: null,
  }, context);
}

/** The server does not go on with the session. */
export function takeInvalid(
  state: ConnectedState,
  resumable: boolean,
  context: ShardContext,
): ShardMove {
  return loseConnection({
    ...lossOf(state),
    rule: resumable ? "resume" : "identify",
    code: null,
    reason: "the server called the session invalid",
    closeWith: resumable ? CLOSE.forNow : CLOSE.forGood,
    waitMsMin: invalidMs(context.chance),
  }, context);
}

function lossOf(state: ConnectedState): Pick<Loss, "session" | "tries"> {
  const { tries } = state;
  const unreached = tries.unreached + (state.kind === "connecting" ? 1 : 0);
  return { session: sessionOf(state), tries: { ...tries, unreached } };
}

/** No session may be started: waits until one may. */
export function park(
  { tries }: StateOf<"connecting" | "queued">,
  { why, afterMs: leastMs }: InputOf<"denied">,
  { chance }: ShardContext,
): ShardMove {
  const afterMs = Math.ceil(leastMs + chance * RESET_JITTER_MS);
  return [{ kind: "parked", why, tries }, [
    { type: "release", code: CLOSE.forGood },
    tell({ type: "parked", why, afterMs }),
    wait("wait", afterMs),
  ]];
}

/** What was refused to another shard would be refused to this one. */
export function condemn({ code, reason }: InputOf<"condemned">): ShardMove {
  return [{ kind: "dead", code, reason }, [
    { type: "release", code: CLOSE.forGood },
    tell({ type: "failed", code, reason }),
  ]];
}

/** There is no room for what comes: what is not taken in is asked for again. */
export function hold(
  { session, tries }: StateOf<"resuming" | "ready">,
): ShardMove {
  // Resumes that were broken off for want of room are no fault of the server's.
  return [{ kind: "held", session, tries: { ...tries, resumes: 0 } }, [
    { type: "release", code: CLOSE.forNow },
    tell({ type: "held" }),
  ]];
}

/** Leaves, for good or for now. */
export function stop(
  state: ShardState,
  { keepSession }: InputOf<"stop">,
): ShardMove {
  const session = keepSession ? sessionOf(state) : null;
  const code = session === null ? CLOSE.forGood : CLOSE.forNow;
  return [{ kind: "stopped", session }, [{ type: "release", code }]];
}
