/**
 * Which keys (accounts, symbols) each shard of a fleet has.
 *
 * @module
 */

import { shardOf } from "../domain/shard_of.ts";

/** A key whose shard changes when the number of shards does. */
export interface Move {
  /** The key. */
  readonly key: string;
  /** The shard it had. @units a shard's id */
  readonly from: number;
  /** The shard it gets. @units a shard's id */
  readonly to: number;
}

/**
 * The keys of each shard, in the order in which they were given; a shard without any has an empty
 * list.
 *
 * @shape (keys, count) -> one list for each shard, by its id
 */
export function assignKeys(
  keys: Iterable<string>,
  shardCount: number,
): readonly (readonly string[])[] {
  const shards = Array.from({ length: shardCount }, (): string[] => []);
  for (const key of keys) shards[shardOf(key, shardCount)]?.push(key);
  return shards;
}

/**
 * The keys that change their shard when there are more of them: each goes to one of the new shards,
 * about one in `to / (to - from)`.
 *
 * @units `shardCountBefore`, `shardCountAfter`: shards
 */
export function keysMoved(
  keys: Iterable<string>,
  shardCountBefore: number,
  shardCountAfter: number,
): readonly Move[] {
  return Array.from(keys, (key) => ({
    key,
    from: shardOf(key, shardCountBefore),
    to: shardOf(key, shardCountAfter),
  })).filter(({ from, to }) => from !== to);
}
