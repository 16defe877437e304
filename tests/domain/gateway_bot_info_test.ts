import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decodeGatewayBotInfo,
  GatewayBotInfo,
} from "../../src/domain/gateway_bot_info.ts";
import { CarillonError } from "../../src/domain/error.ts";
import {
  decodeSessionStartLimit,
  SessionStartLimit,
} from "../../src/domain/session_start_limit.ts";

const createdAt = Temporal.Instant.from("2020-07-22T22:22:36.988017Z");

const limit = new SessionStartLimit({
  total: 100,
  remaining: 12,
  resetAfter: Temporal.Duration.from({ days: 10, hours: 1 }),
  maxConcurrency: 1,
  createdAt,
});

const wire = {
  url: "wss://gateway.example.com",
  shards: 5,
  session_start_limit: {
    total: 1000,
    remaining: 991,
    reset_after: 14_170_186,
    max_concurrency: 5,
  },
};

/** The field that an error of decoding names. */
function fieldOf(decode: () => unknown): unknown {
  try {
    decode();
  } catch (error) {
    assert.ok(error instanceof CarillonError);
    assert.equal(error.code, "gateway/undecodable");
    assert.ok(
      error.message.includes(`"${error.details.field}"`),
      error.message,
    );
    return error.details.field;
  }
  return null;
}

Deno.test("SessionStartLimit.used is what the total lacks", () => {
  assert.equal(limit.used, 88);
});

Deno.test("SessionStartLimit.resetAt keeps the microseconds of the instant it was made at", () => {
  assert.equal(limit.resetAt.toString(), "2020-08-01T23:22:36.988017Z");
});

Deno.test("SessionStartLimit.with() copies, and leaves the first as it was", () => {
  const less = limit.with({ remaining: 11 });
  assert.deepEqual([less.remaining, limit.remaining], [11, 12]);
  assert.deepEqual([less.used, less.resetAt.equals(limit.resetAt)], [89, true]);
  assert.ok(limit.with({}).equals(limit) && !less.equals(limit));
  assert.ok(Object.isFrozen(limit) && Object.isFrozen(less));
  assert.throws(() => limit.with({ remaining: 101 }), {
    name: "RangeError",
    message:
      'Cannot make a session start limit: "remaining" must be at most total, 100, not 101',
  });
});

Deno.test("SessionStartLimit refuses what cannot be, by the name of the field", () => {
  for (
    const [field, value] of [
      ["total", 1.5],
      ["remaining", -1],
      ["maxConcurrency", 0],
      ["resetAfter", Temporal.Duration.from({ hours: -1 })],
      ["resetAfter", Temporal.Duration.from({ months: 1 })],
    ] as const
  ) {
    assert.throws(
      () => limit.with({ [field]: value }),
      new RegExp(`"${field}"`),
    );
  }
});

Deno.test("decodeGatewayBotInfo() reads the wire form", () => {
  const info = decodeGatewayBotInfo(wire, createdAt);
  assert.deepEqual([info.url, info.shardCount], [wire.url, 5]);
  const { total, remaining, used, maxConcurrency } = info.sessionStartLimit;
  assert.deepEqual([total, remaining, used, maxConcurrency], [1000, 991, 9, 5]);
  assert.equal(
    info.sessionStartLimit.resetAfter.total("millisecond"),
    14_170_186,
  );
  assert.ok(info.sessionStartLimit.createdAt.equals(createdAt));
  assert.ok(info.equals(decodeGatewayBotInfo({ ...wire, more: 1 }, createdAt)));
});

Deno.test("decodeGatewayBotInfo() names the field that is wrong, absent or of another type", () => {
  const limitWith = (change: object) => ({
    ...wire,
    session_start_limit: { ...wire.session_start_limit, ...change },
  });
  for (
    const [field, answer] of [
      ["$", null],
      ["$", [wire]],
      ["url", { ...wire, url: undefined }],
      ["url", { ...wire, url: "https://gateway.example.com" }],
      ["shards", { ...wire, shards: "5" }],
      ["shards", { ...wire, shards: 0 }],
      ["shards", { ...wire, shards: 16_385 }],
      ["session_start_limit", { ...wire, session_start_limit: 7 }],
      ["session_start_limit.total", limitWith({ total: null })],
      ["session_start_limit.remaining", limitWith({ remaining: 1001 })],
      ["session_start_limit.remaining", limitWith({ remaining: 0.5 })],
      ["session_start_limit.reset_after", limitWith({ reset_after: -1 })],
      ["session_start_limit.reset_after", limitWith({ reset_after: 9e15 })],
      [
        "session_start_limit.max_concurrency",
        limitWith({
          max_concurrency: "5",
        }),
      ],
      [null, limitWith({ max_concurrency: 0 })],
    ] as const
  ) {
    assert.equal(fieldOf(() => decodeGatewayBotInfo(answer, createdAt)), field);
  }
});

Deno.test("decodeSessionStartLimit() takes a concurrency of 0, or none, for 1", () => {
  const { max_concurrency: _, ...without } = wire.session_start_limit;
  for (const form of [without, { ...without, max_concurrency: 0 }]) {
    assert.equal(decodeSessionStartLimit(form, createdAt).maxConcurrency, 1);
  }
});

Deno.test("decodeSessionStartLimit() gives back every limit that can be", () => {
  fc.assert(fc.property(
    fc.nat(5000),
    fc.nat(5000),
    fc.nat(200_000_000),
    fc.integer({ min: 1, max: 64 }),
    (a, b, reset_after, max_concurrency) => {
      const [remaining, total] = [Math.min(a, b), Math.max(a, b)];
      const form = { total, remaining, reset_after, max_concurrency };
      const read = decodeSessionStartLimit(form, createdAt);
      assert.equal(read.used + read.remaining, total);
      assert.equal(
        read.resetAt.epochMilliseconds - createdAt.epochMilliseconds,
        reset_after,
      );
      assert.ok(read.with({}).equals(read));
    },
  ));
});

Deno.test("GatewayBotInfo.with() copies and refuses what cannot be", () => {
  const info = new GatewayBotInfo({
    url: "ws://127.0.0.1:8080/gateway",
    shardCount: 1,
    sessionStartLimit: limit,
  });
  assert.deepEqual([info.with({ shardCount: 9 }).shardCount, info.shardCount], [
    9,
    1,
  ]);
  assert.throws(() => info.with({ url: "nowhere" }), /"url" must be/);
  assert.throws(() => info.with({ shardCount: 0 }), /"shardCount" must be/);
  assert.ok(Object.isFrozen(info));
});
