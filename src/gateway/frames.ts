/**
 * What crosses a gateway's wire: the frames of the server read, those of the client written.
 *
 * The form is the widely used one: one JSON object a frame, `op` for what it is, `d` for its
 * data, and for news a sequence number `s` and a name `t`.
 *
 * @module
 */

import {
  undecodable,
  wireCount,
  wireFields,
} from "../domain/session_start_limit.ts";
import type { DurationMs } from "../domain/time.ts";

/** The numbers that say what a frame is. */
export const OPCODES = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  resume: 6,
  reconnect: 7,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
} as const;

/** Numbers that belong to the connection itself: nobody but the shard sends them. */
export const OWN_OPCODES: ReadonlySet<number> = new Set(Object.values(OPCODES));

/** The longest frame that a gateway takes from a client. @units bytes of UTF-8 */
export const FRAME_BYTES_MAX = 4_096;

/** The version of the protocol that is asked for. */
export const GATEWAY_VERSION = 10;

/** A frame of the server, as far as the shard has to tell one from another. */
export type ServerFrame =
  | { readonly type: "hello"; readonly intervalMs: DurationMs }
  | { readonly type: "ack" }
  /** The server wants a heartbeat at once. */
  | { readonly type: "beat.asked" }
  | { readonly type: "reconnect" }
  | { readonly type: "invalid"; readonly resumable: boolean }
  | {
    readonly type: "ready";
    readonly seq: number;
    readonly sessionId: string;
    readonly resumeUrl: string | null;
    readonly data: unknown;
  }
  | { readonly type: "resumed"; readonly seq: number | null }
  | {
    readonly type: "dispatch";
    readonly seq: number | null;
    readonly name: string;
    readonly data: unknown;
  }
  /** A number that this version does not know: let be, so that a server may say more. */
  | { readonly type: "strange"; readonly op: number };

/**
 * Reads one frame.
 *
 * @throws {CarillonError} "gateway/undecodable" naming the field; never quotes the frame
 */
export function readServerFrame(text: string): ServerFrame {
  const frame = wireFields(parse(text), "$");
  const op = wireCount(frame.op, "op");
  switch (op) {
    case OPCODES.dispatch:
      return readDispatch(frame);
    case OPCODES.heartbeat:
      return { type: "beat.asked" };
    case OPCODES.reconnect:
      return { type: "reconnect" };
    case OPCODES.invalidSession:
      // Absent or null is the careful reading: the session is over.
      return { type: "invalid", resumable: frame.d === true };
    case OPCODES.hello:
      return { type: "hello", intervalMs: readInterval(frame.d) };
    case OPCODES.heartbeatAck:
      return { type: "ack" };
    default:
      return { type: "strange", op };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words would quote the frame.
    throw undecodable("$", "JSON", undefined);
  }
}

function readInterval(data: unknown): DurationMs {
  const { heartbeat_interval } = wireFields(data, "d");
  const intervalMs = wireCount(heartbeat_interval, "d.heartbeat_interval");
  if (intervalMs > 0) return intervalMs;
  throw undecodable("d.heartbeat_interval", "above 0", intervalMs);
}

function readDispatch(frame: Readonly<Record<string, unknown>>): ServerFrame {
  const { t: name, s, d: data } = frame;
  if (typeof name !== "string") throw undecodable("t", "text", name);
  const seq = s === null || s === undefined ? null : wireCount(s, "s");
  if (name === "RESUMED") return { type: "resumed", seq };
  if (name !== "READY") return { type: "dispatch", seq, name, data };
  const { session_id, resume_gateway_url } = wireFields(data, "d");
  if (typeof session_id !== "string" || session_id === "") {
    throw undecodable("d.session_id", "text that is not empty", session_id);
  }
  return {
    type: "ready",
    seq: seq ?? 0,
    sessionId: session_id,
    resumeUrl: readResumeUrl(resume_gateway_url),
    data,
  };
}

/** A session may be resumed at the gateway's own address where it names no other. */
function readResumeUrl(url: unknown): string | null {
  if (url === undefined || url === null) return null;
  if (
    typeof url === "string" && /^wss?:$/.test(URL.parse(url)?.protocol ?? "")
  ) {
    return url;
  }
  throw undecodable("d.resume_gateway_url", "a ws or wss address", url);
}

/** The address of a connection: the given one with version and encoding. */
export function connectionUrl(url: string): string {
  const address = new URL(url);
  address.searchParams.set("v", String(GATEWAY_VERSION));
  address.searchParams.set("encoding", "json");
  return address.href;
}

/** A frame of the client. */
export interface ClientFrame {
  readonly op: number;
  readonly d: unknown;
}

/** The heartbeat: the last sequence number seen. */
export function heartbeatFrame(seq: number | null): ClientFrame {
  return { op: OPCODES.heartbeat, d: seq };
}

/** What a new session is asked for with. */
export interface Identity {
  /** The bare token; never part of an address or an error. */
  readonly token: string;
  /** Bits that say which news are wanted; `null` leaves it to the gateway. @units bit field */
  readonly intents: number | null;
  /** What the client calls itself. */
  readonly clientName: string;
}

/** The request for a new session. */
export function identifyFrame(
  identity: Identity,
  shard: readonly [id: number, count: number],
): ClientFrame {
  const { token, intents, clientName } = identity;
  const properties = {
    os: "unknown",
    browser: clientName,
    device: clientName,
  };
  const wanted = intents === null ? {} : { intents };
  return { op: OPCODES.identify, d: { token, properties, ...wanted, shard } };
}

/** The request to go on with a session. */
export function resumeFrame(
  token: string,
  sessionId: string,
  seq: number,
): ClientFrame {
  return { op: OPCODES.resume, d: { token, session_id: sessionId, seq } };
}
