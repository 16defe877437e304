/**
 * Ids that are functions of their cause, so that a replay makes the same ones and a broker can
 * refuse a duplicate.
 *
 * @module
 */

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const MASK_64 = (1n << 64n) - 1n;
const PRIME_64 = 0x100000001b3n;
const OFFSETS = [0xcbf29ce484222325n, 0x9ae16a3b2f90404fn] as const;

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
 * const id = closeOrderId("london/2026-11-23/end#0", "EURUSD", 1);
 * assert.equal(id, closeOrderId("london/2026-11-23/end#0", "EURUSD", 1));
 * assert.notEqual(id, closeOrderId("london/2026-11-23/end#0", "EURUSD", 2));
 * ```
 */
export function closeOrderId(
  closing: string,
  positionId: string,
  attempt: number,
): string {
  // A separator that none of the parts can hold keeps different causes apart.
  const cause = [closing, positionId, String(attempt)].join("\u0000");
  return `c${encode(OFFSETS.map((offset) => fnv64(cause, offset)))}`;
}

/** The key of something asked for by hand: the run and the count of its events say which. */
export function requestKey(runId: string, seq: number): string {
  return `request/${runId}/${seq}`;
}

function fnv64(text: string, offset: bigint): bigint {
  let hash = offset;
  for (let i = 0; i < text.length; i++) {
    const unit = BigInt(text.charCodeAt(i));
    hash = ((hash ^ (unit & 0xffn)) * PRIME_64) & MASK_64;
    hash = ((hash ^ (unit >> 8n)) * PRIME_64) & MASK_64;
  }
  return hash;
}

function encode(words: readonly bigint[]): string {
  let bits = words.reduce((all, word) => (all << 64n) | word, 0n);
  let text = "";
  for (let i = 0; i < 24; i++) {
    text += ALPHABET[Number(bits & 31n)];
    bits >>= 5n;
  }
  return text;
}
