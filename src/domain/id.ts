/**
 * Ids that are functions of their cause, so that a replay makes the same ones and a broker can
 * refuse a duplicate.
 *
 * @module
 */

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

// Four lanes of FNV-1a that start and multiply differently, so that a collision in one says
// nothing about the others.
const LANE_OFFSETS = [0x811c9dc5, 0x9ae16a3b, 0xc2b2ae3d, 0x27d4eb2f] as const;
const LANE_PRIMES = [0x01000193, 0x85ebca6b, 0xcc9e2d51, 0x1b873593] as const;

/** FNV-1a over the text's UTF-16 units: spreads keys over buckets, nothing more. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * The client order id of one attempt to close one position.
 *
 * 25 characters, letters and digits only: short enough for every venue in reach (the strictest
 * allows 26). 120 bits make an accidental repeat out of the question.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const id = closeOrderId("london/2026-11-23/end#0@1795451400000", "EURUSD", 1);
 * assert.equal(id, closeOrderId("london/2026-11-23/end#0@1795451400000", "EURUSD", 1));
 * assert.notEqual(id, closeOrderId("london/2026-11-23/end#0@1795451400000", "EURUSD", 2));
 * ```
 */
export function closeOrderId(
  cause: string,
  positionId: string,
  attempt: number,
): string {
  // A separator that none of the parts can hold keeps different causes apart.
  const whole = [cause, positionId, String(attempt)].join("\u0000");
  return `c${encode(hash128(whole))}`;
}

/**
 * The client order id of one attempt to close what a session has of one position.
 *
 * It tells the session by itself, so that every run that sees its execution knows whose share it
 * took, also of an order that another process sent. 80 bits are left to keep causes apart.
 */
export function shareOrderId(
  session: string,
  ...cause: Parameters<typeof closeOrderId>
): string {
  return `${shareMark(session)}${closeOrderId(...cause).slice(1, 17)}`;
}

/** Whether an order is one that closed what a session had of a position. */
export function isShareOrderId(id: string, session: string): boolean {
  return id.length === 25 && id.startsWith(shareMark(session));
}

function shareMark(session: string): string {
  return `s${encode(hash128(session)).slice(0, 8)}`;
}

/** The key of something asked for by hand: the run and the count of its events say which. */
export function requestKey(runId: string, seq: number): string {
  return `request/${runId}/${seq}`;
}

/** Whether a key is of something that was asked for in this very run. */
export function isRequestOf(runId: string, key: string): boolean {
  return key.startsWith(`request/${runId}/`);
}

/** The client order id of an order that was asked for: the request's key says which. */
export function requestOrderId(key: string): string {
  return `o${encode(hash128(key))}`;
}

/**
 * A digest of plain data: the same for equal values, whatever the order of their keys.
 *
 * It tells an edited definition from an unchanged one; it is no protection against forgery.
 */
export function digestOf(value: unknown): string {
  return encode(hash128(JSON.stringify(value, sortKeys)));
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1),
  );
}

function hash128(text: string): readonly number[] {
  return LANE_OFFSETS.map((offset, lane) => {
    const prime = LANE_PRIMES[lane] ?? 1;
    let hash: number = offset;
    for (let i = 0; i < text.length; i++) {
      const mixed = Math.imul(hash ^ text.charCodeAt(i), prime);
      hash = mixed ^ (mixed >>> 15);
    }
    return finish(hash ^ text.length);
  });
}

/** Spreads every bit over the whole word. */
function finish(hash: number): number {
  const first = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  const second = Math.imul(first ^ (first >>> 15), 0x846ca68b);
  return (second ^ (second >>> 16)) >>> 0;
}

/** 24 characters of five bits each. */
function encode(words: readonly number[]): string {
  let bits = words.reduce((all, word) => (all << 32n) | BigInt(word), 0n);
  let text = "";
  for (let i = 0; i < 24; i++) {
    text += ALPHABET[Number(bits & 31n)];
    bits >>= 5n;
  }
  return text;
}
