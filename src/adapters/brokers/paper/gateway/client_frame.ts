/**
 * What a gateway's client sends, read strictly: a frame, or the code that answers it.
 *
 * @module
 */

import {
  count,
  isRecord,
  list,
  maybe,
  object,
  readJson,
  ShapeError,
  word,
} from "../../protocol/reading.ts";
import { CLOSE, type CloseCode } from "./close_code.ts";
import { CLIENT_BYTES_MAX } from "./limits.ts";

/** What frames are called on the wire. */
export const OP = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  resume: 6,
  reconnect: 7,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
} as const;

/** What clients of chat services send besides; it is let be. */
const LET_BE: readonly number[] = [3, 4, 8, 31, 43];

/** A frame that was read. */
export type ClientFrame =
  | { readonly type: "heartbeat" }
  | {
    readonly type: "identify";
    readonly token: string;
    /** Id and count. */
    readonly shard: readonly number[];
    readonly intents: number | null;
  }
  | {
    readonly type: "resume";
    readonly token: string;
    readonly sessionId: string;
    readonly seq: number;
  }
  | { readonly type: "let_be" }
  | {
    readonly type: "wrong";
    readonly code: CloseCode;
    readonly reason: string;
  };

const readIdentify = object<{
  readonly token: string;
  readonly shard: readonly number[] | null;
}>({ token: word, shard: maybe(list(whole)) });

const readResume = object<{
  readonly token: string;
  readonly session_id: string;
  readonly seq: number | null;
}>({ token: word, session_id: word, seq: maybe(count) });

/** Reads a frame; anything that is none is a `wrong` one. */
export function readClientFrame(data: unknown): ClientFrame {
  if (typeof data !== "string") return undecodable("a frame is not text");
  if (isTooLong(data)) {
    return undecodable(`a frame is longer than ${CLIENT_BYTES_MAX} bytes`);
  }
  try {
    return readJson(data, readFrame);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    return undecodable(error.message);
  }
}

/** The secret of a token, with or without the word before it. */
export function bareToken(token: string): string {
  return token.replace(/^(?:Bot|Bearer) /, "");
}

function readFrame(value: unknown, path: string): ClientFrame {
  const { op } = object<{ readonly op: number }>({ op: whole })(value, path);
  const d = isRecord(value) ? value.d : undefined;
  switch (op) {
    case OP.heartbeat:
      maybe(count)(d, `${path}.d`);
      return { type: "heartbeat" };
    case OP.identify: {
      const { token, shard } = readIdentify(d, `${path}.d`);
      // What is no whole number is an intent that is none, not a frame that cannot be read.
      const intents = isRecord(d) ? intentsOf(d.intents) : null;
      return {
        type: "identify",
        token: bareToken(token),
        shard: shard ?? [0, 1],
        intents,
      };
    }
    case OP.resume: {
      const { token, session_id, seq } = readResume(d, `${path}.d`);
      return {
        type: "resume",
        token: bareToken(token),
        sessionId: session_id,
        seq: seq ?? 0,
      };
    }
    default:
      if (LET_BE.includes(op)) return { type: "let_be" };
      return {
        type: "wrong",
        code: CLOSE.unknownOpcode,
        reason: `a client may not send op ${op}`,
      };
  }
}

function whole(value: unknown, path: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw new ShapeError(path, "a whole number", value);
}

/** The sum of intents, -1 where it is none, `null` where it was left out. */
function intentsOf(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0
    ? value
    : -1;
}

function undecodable(reason: string): ClientFrame {
  return { type: "wrong", code: CLOSE.decodeError, reason };
}

/** Whether a text takes more bytes than allowed; counted only where it might. */
function isTooLong(text: string): boolean {
  if (text.length > CLIENT_BYTES_MAX) return true;
  return text.length * 3 > CLIENT_BYTES_MAX &&
    new TextEncoder().encode(text).length > CLIENT_BYTES_MAX;
}
