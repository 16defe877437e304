/**
 * Which shard of a gateway a key belongs to; both ends of a gateway ask this one function.
 *
 * @module
 */

import { invariant } from "./error.ts";
import { hash32 } from "./id.ts";

/** What keys are spread by: the account, and the symbol within it. */
export function shardKey(accountId: string, symbol: string): string {
  // A separator that neither part can hold keeps different pairs apart.
  return `${accountId}\u0000${symbol}`;
}

/**
 * The shard of a key: a jump consistent hash, so that of n shards one more takes over one key in
 * n + 1 and leaves all others where they are.
 *
 * @shape (key, count) -> 0 to count - 1
 * @units the result: a shard's id
 * @source Lamping and Veach, "A Fast, Minimal Memory, Consistent Hash Algorithm", 2014
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const key = shardKey("main", "EURUSD");
 * assert.ok([shardOf(key, 16), 16].includes(shardOf(key, 17)));
 * ```
 */
export function shardOf(key: string, shardCount: number): number {
  invariant(shardCount >= 1, "a key belongs to one of at least one shard");
  let drawn = hash32(key);
  let shard = 0;
  for (let next = 0; next < shardCount;) {
    shard = next;
    drawn = (drawn + 0x9e3779b9) >>> 0;
    next = Math.floor((shard + 1) / ((mix(drawn) + 1) / 2 ** 32));
  }
  return shard;
}

/** A 32-bit finalizer: neighbours in, strangers out. */
function mix(value: number): number {
  let word = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
