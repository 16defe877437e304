/**
 * What the end of a connection means for its session.
 *
 * @module
 */

/** How to go on after a connection ended. */
export type CloseRule =
  /** The session is kept: ask for what was missed. */
  | "resume"
  /** The same, but not at once: we were too fast. */
  | "resume_later"
  /** The session is over: ask for a new one. */
  | "identify"
  /** It would happen again each time: do not come back. */
  | "fatal"
  /** Nobody wrote down what it means: resume once, then identify, then give up. */
  | "strange";

/** The end is told as one of these when a connection just broke, depending on who noticed first. */
const CUT_CODES: readonly number[] = [0, 1005, 1006];

/** The server's own codes. */
const SERVER_RULES: ReadonlyMap<number, CloseRule> = new Map([
  [4000, "resume"], // something went wrong there
  [4001, "resume"], // an opcode it does not know: a fault of ours
  [4002, "resume"], // a frame it cannot read: a fault of ours
  [4003, "identify"], // something was sent before the identify
  [4004, "fatal"], // the token
  [4005, "identify"], // identified twice
  [4007, "identify"], // a sequence number that cannot be
  [4008, "resume_later"], // too many frames
  [4009, "identify"], // the session timed out
  [4010, "fatal"], // a shard that cannot be
  [4011, "fatal"], // too few shards
  [4012, "fatal"], // the version
  [4013, "fatal"], // intents that cannot be
  [4014, "fatal"], // intents that are not allowed
]);

/** Codes by which we leave; a client may close with 1000 and 3000 to 4999 only. */
export const CLOSE = {
  /** We do not come back: the server forgets the session. */
  forGood: 1000,
  /** We come back: the server keeps the session for a while. */
  forNow: 4000,
} as const;

/** Codes after which every other shard would be refused as well, since they share what is wrong. */
const SHARED_FAULTS: ReadonlySet<number> = new Set([
  4004,
  4010,
  4011,
  4012,
  4013,
  4014,
]);

/** What to do after the server, or the network, ended a connection. */
export function closeRule(code: number): CloseRule {
  if (isCut(code)) return "resume";
  const known = SERVER_RULES.get(code);
  if (known !== undefined) return known;
  // Codes of the WebSocket protocol itself and of libraries say nothing about the session.
  return code < 4000 ? "resume" : "strange";
}

/** Whether the connection broke, rather than being closed by anybody. */
export function isCut(code: number): boolean {
  return CUT_CODES.includes(code);
}

/** Whether what was refused to one shard is refused to all. */
export function concernsAll(code: number): boolean {
  return SHARED_FAULTS.has(code);
}
