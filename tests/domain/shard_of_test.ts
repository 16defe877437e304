import assert from "node:assert/strict";
import fc from "fast-check";
import { shardKey, shardOf } from "../../src/domain/shard_of.ts";

const keys = Array.from(
  { length: 20_000 },
  (_, index) => shardKey("paper-main", `SYM${index}`),
);

Deno.test("shardOf() gives every key one of the shards, the same each time", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 5_000 }), (key, n) => {
      const shard = shardOf(key, n);
      assert.ok(Number.isInteger(shard) && shard >= 0 && shard < n);
      assert.equal(shardOf(key, n), shard);
    }),
  );
});

Deno.test("shardOf() moves a key to the shard that was added or not at all", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 5_000 }), (key, n) => {
      assert.ok([shardOf(key, n), n].includes(shardOf(key, n + 1)));
    }),
  );
});

Deno.test("shardOf() spreads keys evenly, and moves no more of them than it must", () => {
  const counts = new Map<number, number>();
  for (const key of keys) {
    const shard = shardOf(key, 16);
    counts.set(shard, (counts.get(shard) ?? 0) + 1);
  }
  const fair = keys.length / 16;
  for (const count of counts.values()) {
    assert.ok(Math.abs(count - fair) < fair / 5, `${count} keys on a shard`);
  }
  assert.equal(counts.size, 16);
  const moved = keys.filter((key) => shardOf(key, 16) !== shardOf(key, 17));
  assert.ok(moved.length < keys.length / 17 * 1.2, `${moved.length} moved`);
});

Deno.test("shardKey() keeps pairs apart that read alike", () => {
  assert.notEqual(shardKey("a", "bc"), shardKey("ab", "c"));
});
