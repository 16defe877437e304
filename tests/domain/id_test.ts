import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import {
  closeOrderId,
  digestOf,
  isShareOrderId,
  requestKey,
  shareOrderId,
} from "../../src/domain/id.ts";

/** The same value with every object's keys the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).reverse().map(([key, held]) => [key, turned(held)]),
  );
}

Deno.test("digestOf() does not mind the order of keys, and minds everything else", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      assert.match(digestOf(one), /^[a-z0-9]{24}$/);
      assert.equal(digestOf(turned(one)), digestOf(one));
      // As text, since -0 and 0 are the same there.
      const isSame = isDeepStrictEqual(
        JSON.parse(JSON.stringify(one)),
        JSON.parse(JSON.stringify(other)),
      );
      assert.equal(digestOf(one) === digestOf(other), isSame);
    }),
    { numRuns: 300 },
  );
  assert.notEqual(digestOf([1, 2]), digestOf([2, 1]));
  assert.notEqual(digestOf({ a: null }), digestOf({}));
  assert.notEqual(digestOf("1"), digestOf(1));
});

Deno.test("closeOrderId() gives 200,000 causes 200,000 ids of 25 letters and digits", () => {
  const ids = new Set<string>();
  let causes = 0;
  const take = (closing: string, position: string, attempt: number) => {
    const id = closeOrderId(closing, position, attempt);
    causes += 1;
    ids.add(id);
    if (!/^[a-z0-9]{25}$/.test(id)) assert.fail(id);
  };
  // Causes that differ in as little as causes do: a digit of a date, a ticket, an attempt.
  for (let day = 1; day <= 25; day++) {
    const date = `2026-11-${String(day).padStart(2, "0")}`;
    for (const edge of ["end#0", "end#1", "start#0", "lunch#0"]) {
      for (let ticket = 0; ticket < 100; ticket++) {
        for (let attempt = 1; attempt <= 10; attempt++) {
          take(`london/${date}/${edge}`, `${1_000_000 + ticket}`, attempt);
          take(`request/run/${day * 100 + ticket}#${edge}`, "EURUSD", attempt);
        }
      }
    }
  }
  assert.equal(causes, 200_000);
  assert.equal(ids.size, causes);
});

Deno.test("closeOrderId() keeps causes apart whose parts run together", () => {
  assert.notEqual(closeOrderId("a#1", "2", 3), closeOrderId("a#", "12", 3));
  assert.notEqual(closeOrderId("a", "1", 23), closeOrderId("a", "12", 3));
  assert.equal(new Set(closeOrderId("a", "b", 1).slice(1)).size > 5, true);
});

Deno.test("requestKey() tells runs and requests apart", () => {
  assert.equal(requestKey("r", 12), "request/r/12");
});

Deno.test("shareOrderId() tells its session and no other, and keeps 100,000 causes apart", () => {
  const ids = new Set<string>();
  for (let i = 0; i < 100_000; i++) {
    const id = shareOrderId(`s${i % 10}`, `edge${i}#0`, "EURUSD", 1);
    assert.match(id, /^s[0-9a-z]{24}$/);
    assert.ok(isShareOrderId(id, `s${i % 10}`));
    assert.ok(!isShareOrderId(id, `s${(i + 1) % 10}`));
    ids.add(id);
  }
  assert.equal(ids.size, 100_000);
  assert.ok(!isShareOrderId(closeOrderId("edge#0", "EURUSD", 1), "s1"));
});
