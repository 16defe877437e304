/**
 * One connection of a gateway as a pure function, from hello to its end.
 *
 * What needs to be known of others (whether a session may start, where one was left) is asked by an
 * output and answered by an input.
 *
 * @module
 */

import type { DurationMs } from "../../../../domain/time.ts";
import { isSameSecret } from "../guard.ts";
import { type ClientFrame, OP, readClientFrame } from "./client_frame.ts";
import {
  CLOSE,
  type CloseCode,
  outlivesOurs,
  outlivesTheirs,
} from "./close_code.ts";
import { type GatewayLimits, SHARDS_MAX } from "./limits.ts";
import { INTENTS_ALL } from "./intents.ts";
import { headOf, type News } from "./news.ts";
import { missedSince } from "./resume_buffer.ts";
import { countFrame, type SendWindow } from "./send_window.ts";
import {
  type GatewayRules,
  hear,
  numbered,
  openSession,
  type Session,
  type Shard,
} from "./session.ts";
import type { StartVerdict } from "./session_starts.ts";

/** Where a connection stands. */
export type GatewayState =
  | { readonly stage: "greeting"; readonly sent: SendWindow }
  | {
    readonly stage: "starting";
    readonly sent: SendWindow;
    readonly shard: Shard;
    readonly intents: number;
  }
  | {
    readonly stage: "resuming";
    readonly sent: SendWindow;
    readonly seq: number;
  }
  | {
    readonly stage: "ready";
    readonly sent: SendWindow;
    readonly session: Session;
  }
  | { readonly stage: "closed" };

/** What happens to a connection. */
export type GatewayInput =
  /** It is there; `version` and `encoding` are what its address says. */
  | {
    readonly type: "opened";
    readonly version: string | null;
    readonly encoding: string | null;
  }
  | { readonly type: "received"; readonly data: unknown }
  /** The answer to `start`. */
  | {
    readonly type: "started";
    readonly verdict: StartVerdict;
    readonly sessionId: string;
    /** The account's count of executions. */
    readonly accountSeq: number;
  }
  /** The answer to `find`. */
  | { readonly type: "found"; readonly session: Session | null }
  /** The answer to `beat`. */
  | { readonly type: "heard" }
  /** A heartbeat is asked for. */
  | { readonly type: "ask" }
  | { readonly type: "told"; readonly news: News }
  /** The session goes on elsewhere. */
  | { readonly type: "taken" }
  /** Nothing was heard for too long. */
  | { readonly type: "silent" }
  | { readonly type: "reconnect" }
  | { readonly type: "invalidate"; readonly resumable: boolean }
  | {
    readonly type: "close";
    readonly code: number;
    readonly reason: string;
  }
  /** The other side closed, or is gone. */
  | { readonly type: "ended"; readonly code: number };

/** What a connection does. */
export type GatewayOutput =
  | { readonly type: "send"; readonly frame: string }
  | {
    readonly type: "close";
    readonly code: number;
    readonly reason: string;
  }
  /** A sign of life, to be acknowledged. */
  | { readonly type: "beat" }
  /** Asks whether a session may start. */
  | { readonly type: "start"; readonly shard: Shard }
  /** Asks for a session that was left, or is held elsewhere. */
  | { readonly type: "find"; readonly sessionId: string }
  /** Leaves the session, to be resumed. */
  | { readonly type: "leave"; readonly session: Session }
  /** The session is over. */
  | { readonly type: "forget"; readonly sessionId: string }
  /** So much was told again. */
  | { readonly type: "replayed"; readonly events: number };

/** What a step gives. */
export type GatewayStep = readonly [GatewayState, readonly GatewayOutput[]];

/** Before a connection is opened. */
export const NEW_CONNECTION: GatewayState = { stage: "greeting", sent: [] };

const CLOSED: GatewayState = { stage: "closed" };

/**
 * Answers what happens to a connection.
 *
 * @shape (rules, state, input, at) -> [state, outputs]; nothing given is changed
 * @units `at`: milliseconds of a monotonic clock
 */
export function stepGateway(
  rules: GatewayRules,
  state: GatewayState,
  input: GatewayInput,
  at: DurationMs,
): GatewayStep {
  if (state.stage === "closed") return [state, []];
  switch (input.type) {
    case "opened":
      return open(rules, state, input.version, input.encoding);
    case "received":
      return receive(rules, state, input.data, at);
    case "started":
      return start(rules, state, input, at);
    case "found":
      return resume(rules, state, input.session, at);
    case "heard":
      return [state, [send(OP.heartbeatAck, null)]];
    case "ask":
      return [state, [send(OP.heartbeat, null)]];
    case "told":
      if (state.stage !== "ready") return [state, []];
      return tell(rules, state, input.news, at);
    case "taken":
      return close(state, CLOSE.unknownError, "the session went on elsewhere");
    case "silent":
      return close(state, CLOSE.sessionTimedOut, "no heartbeat in time");
    case "reconnect":
      return [state, [send(OP.reconnect, null)]];
    case "invalidate":
      return invalidate(state, input.resumable);
    case "close":
      return close(state, input.code, input.reason);
    case "ended":
      return [CLOSED, part(state, outlivesTheirs(input.code))];
  }
}

type Open = Exclude<GatewayState, { readonly stage: "closed" }>;

function open(
  rules: GatewayRules,
  state: Open,
  version: string | null,
  encoding: string | null,
): GatewayStep {
  if ((version ?? "10") !== "10") {
    return close(state, CLOSE.invalidVersion, "only version 10 is spoken");
  }
  if ((encoding ?? "json") !== "json") {
    return close(state, CLOSE.invalidVersion, "only JSON is spoken");
  }
  const hello = { heartbeat_interval: rules.limits.heartbeatMs };
  return [state, [send(OP.hello, hello)]];
}

function receive(
  rules: GatewayRules,
  before: Open,
  data: unknown,
  at: DurationMs,
): GatewayStep {
  const sent = countFrame(before.sent, at);
  const state: Open = { ...before, sent };
  const { clientEventsMax } = rules.limits;
  if (sent.length > clientEventsMax) {
    const reason = `more than ${clientEventsMax} frames in a minute`;
    return close(state, CLOSE.rateLimited, reason);
  }
  const frame = readClientFrame(data);
  switch (frame.type) {
    case "wrong":
      return close(state, frame.code, frame.reason);
    case "heartbeat":
      return [state, [{ type: "beat" }]];
    case "let_be":
      if (state.stage === "ready") return [state, []];
      return close(state, CLOSE.notAuthenticated, "identify or resume first");
    case "identify":
    case "resume":
      return enter(rules, state, frame);
  }
}

/** Looks at who wants in before anybody is asked. */
function enter(
  rules: GatewayRules,
  state: Open,
  frame: Extract<ClientFrame, { readonly type: "identify" | "resume" }>,
): GatewayStep {
  if (state.stage !== "greeting") {
    return close(state, CLOSE.alreadyAuthenticated, "there is a session");
  }
  if (rules.token !== null && !isSameSecret(frame.token, rules.token)) {
    return close(state, CLOSE.authenticationFailed, "the token is wrong");
  }
  const { sent } = state;
  if (frame.type === "resume") {
    const { seq, sessionId } = frame;
    return [{ stage: "resuming", sent, seq }, [{ type: "find", sessionId }]];
  }
  const wrong = wrongIdentify(rules.limits, frame.shard, frame.intents);
  if (wrong !== null) return close(state, wrong[0], wrong[1]);
  const [id = 0, count = 1] = frame.shard;
  const shard = [id, count] as const;
  const intents = frame.intents ?? INTENTS_ALL;
  return [{ stage: "starting", sent, shard, intents }, [
    { type: "start", shard },
  ]];
}

function wrongIdentify(
  limits: GatewayLimits,
  shard: readonly number[],
  intents: number | null,
): readonly [CloseCode, string] | null {
  const [id = -1, count = 0] = shard;
  if (shard.length !== 2 || id < 0 || id >= count || count > SHARDS_MAX) {
    return [CLOSE.invalidShard, `no shard is [${shard.join(", ")}]`];
  }
  if (count < limits.shardsMin) {
    const reason = `at least ${limits.shardsMin} shards are needed`;
    return [CLOSE.shardingRequired, reason];
  }
  const asked = intents ?? 0;
  if (asked < 0 || asked > INTENTS_ALL) {
    return [CLOSE.invalidIntents, `intents are a sum up to ${INTENTS_ALL}`];
  }
  if ((asked & ~limits.intents) !== 0) {
    return [CLOSE.disallowedIntents, "these intents are not allowed"];
  }
  return null;
}

function start(
  rules: GatewayRules,
  state: Open,
  answer: Extract<GatewayInput, { readonly type: "started" }>,
  at: DurationMs,
): GatewayStep {
  if (state.stage !== "starting") return [state, []];
  const { sent, shard, intents } = state;
  if (answer.verdict === "too_soon") {
    return [{ stage: "greeting", sent }, [send(OP.invalidSession, false)]];
  }
  if (answer.verdict === "exhausted") {
    const reason = "no session start is left";
    return close(state, CLOSE.authenticationFailed, reason);
  }
  const opening = { id: answer.sessionId, shard, intents };
  const [session, head] = openSession(rules, opening, answer.accountSeq, at);
  return [{ stage: "ready", sent, session }, [sendTold(head, session.seq)]];
}

function resume(
  rules: GatewayRules,
  state: Open,
  found: Session | null,
  at: DurationMs,
): GatewayStep {
  if (state.stage !== "resuming") return [state, []];
  const { sent, seq } = state;
  if (found === null) {
    return [{ stage: "greeting", sent }, [send(OP.invalidSession, false)]];
  }
  const forget = { type: "forget", sessionId: found.id } as const;
  if (seq > found.seq) {
    const reason = `the last number is ${found.seq}, not ${seq}`;
    const [closed, outputs] = close(state, CLOSE.invalidSeq, reason);
    return [closed, [forget, ...outputs]];
  }
  const missed = missedSince(found.buffer, seq, at, rules.limits);
  if (missed === null) {
    const no = send(OP.invalidSession, false);
    return [{ stage: "greeting", sent }, [forget, no]];
  }
  const head = headOf("RESUMED", {});
  const session = numbered(found, head, rules.limits, at);
  return [{ stage: "ready", sent, session }, [
    ...missed.map((told) => sendTold(told.head, told.seq)),
    { type: "replayed", events: missed.length },
    sendTold(head, session.seq),
  ]];
}

function tell(
  rules: GatewayRules,
  state: Extract<Open, { readonly stage: "ready" }>,
  news: News,
  at: DurationMs,
): GatewayStep {
  const session = hear(state.session, news, rules.limits, at);
  if (session === state.session) return [state, []];
  return [{ ...state, session }, [sendTold(news.head, session.seq)]];
}

function invalidate(state: Open, resumable: boolean): GatewayStep {
  const greeting: GatewayState = { stage: "greeting", sent: state.sent };
  const told = send(OP.invalidSession, resumable);
  return [greeting, [...part(state, resumable), told]];
}

function close(state: Open, code: number, reason: string): GatewayStep {
  const left = part(state, outlivesOurs(code));
  return [CLOSED, [...left, { type: "close", code, reason }]];
}

/** Leaves the session, where there is one, to be resumed or to be forgotten. */
function part(state: Open, resumable: boolean): readonly GatewayOutput[] {
  if (state.stage !== "ready") return [];
  const { session } = state;
  return resumable
    ? [{ type: "leave", session }]
    : [{ type: "forget", sessionId: session.id }];
}

function send(op: number, d: unknown): GatewayOutput {
  return { type: "send", frame: JSON.stringify({ op, d, s: null, t: null }) };
}

function sendTold(head: string, seq: number): GatewayOutput {
  return { type: "send", frame: `${head}${seq}}` };
}
