import assert from "node:assert/strict";
import fc from "fast-check";
import { assignKeys, keysMoved } from "../../src/gateway/assignment.ts";
import {
  backoffMs,
  IDENTIFY_BACKOFF_MS_MAX,
  invalidMs,
  NO_TRIES,
  RESUME_BACKOFF_MS_MAX,
} from "../../src/gateway/backoff.ts";
import { closeRule, concernsAll } from "../../src/gateway/close_codes.ts";
import { Delivery } from "../../src/gateway/delivery.ts";
import { connectionUrl, readServerFrame } from "../../src/gateway/frames.ts";
import { FRAMES_MAX, SendLimit } from "../../src/gateway/send_limit.ts";
import {
  FRUITLESS_MAX,
  OPEN_MS_MAX,
  OPEN_MS_MIN,
  StartBreaker,
} from "../../src/gateway/start_breaker.ts";
import { mergeRecord } from "../../src/gateway/start_budget.ts";
import { SessionStartLimit } from "../../src/domain/session_start_limit.ts";

const DAY_MS = 86_400_000;

Deno.test("assignKeys() gives each key to one shard, in the order given", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string()),
      fc.integer({ min: 1, max: 64 }),
      (keys, count) => {
        const shards = assignKeys(keys, count);
        assert.equal(shards.length, count);
        assert.deepEqual(shards.flat().sort(), [...keys].sort());
        for (const own of shards) {
          assert.deepEqual(own, keys.filter((key) => own.includes(key)));
        }
      },
    ),
  );
});

Deno.test("keysMoved() names about one key in n, and each goes to a shard that is new", () => {
  const keys = Array.from({ length: 8_000 }, (_, index) => `account-${index}`);
  for (const [before, after] of [[1, 2], [7, 8], [16, 20], [63, 64]] as const) {
    const moves = keysMoved(keys, before, after);
    const share = (after - before) / after;
    const found = moves.length / keys.length;
    assert.ok(Math.abs(found - share) < 0.15 * share + 0.005, `${found}`);
    assert.ok(moves.every(({ from, to }) => from < before && to >= before));
  }
});

Deno.test("backoffMs() comes at once first, then anywhere below a bound that doubles up to its cap", () => {
  assert.equal(backoffMs(NO_TRIES, "resume", 0.99), 0);
  assert.equal(backoffMs(NO_TRIES, "identify", 0.99), 0);
  const lost = (count: number) => ({ ...NO_TRIES, lost: count });
  const bounds = [1, 2, 3, 4, 5, 6, 7].map((count) =>
    backoffMs(lost(count), "resume", 1)
  );
  assert.deepEqual(bounds, [2, 4, 8, 16, 32, 60, 60].map((s) => s * 1_000));
  assert.equal(bounds.at(-1), RESUME_BACKOFF_MS_MAX);
  assert.equal(backoffMs(lost(6), "resume", 0), 0, "the whole range is drawn");
  const failed = { ...NO_TRIES, lost: 20, identifies: 20 };
  assert.equal(backoffMs(failed, "identify", 1), IDENTIFY_BACKOFF_MS_MAX);
  assert.equal(backoffMs(failed, "resume", 1), RESUME_BACKOFF_MS_MAX);
  assert.deepEqual([invalidMs(0), invalidMs(1)], [1_000, 5_000]);
});

Deno.test("closeRule() has a rule for every code, and no code of ours is fatal", () => {
  for (let code = 0; code < 5_100; code++) {
    const rule = closeRule(code);
    if (code < 4_000) assert.equal(rule, "resume", String(code));
    if (concernsAll(code)) assert.equal(rule, "fatal");
  }
  const codes = [4006, 4015, 4200, 4900, 5000];
  assert.deepEqual(new Set(codes.map(closeRule)), new Set(["strange"]));
});

Deno.test("readServerFrame() names the field that is wrong, and never quotes the frame", () => {
  for (
    const [text, field] of [
      ["secret", "$"],
      ["[]", "$"],
      ["{}", "op"],
      ['{"op":"10"}', "op"],
      ['{"op":10}', "d"],
      ['{"op":10,"d":{"heartbeat_interval":0}}', "d.heartbeat_interval"],
      ['{"op":0,"s":1}', "t"],
      ['{"op":0,"t":"X","s":-1}', "s"],
      ['{"op":0,"t":"READY","s":1,"d":{}}', "d.session_id"],
      [
        '{"op":0,"t":"READY","s":1,"d":{"session_id":"a","resume_gateway_url":"file:///secret"}}',
        "d.resume_gateway_url",
      ],
    ] as const
  ) {
    assert.throws(() => readServerFrame(text), {
      code: "gateway/undecodable",
      message: new RegExp(`"${field.replace("$", "\\$")}" must be`),
    });
  }
  assert.deepEqual(readServerFrame('{"op":9}'), {
    type: "invalid",
    resumable: false,
  });
});

Deno.test("connectionUrl() adds to an address and leaves the rest of it", () => {
  assert.equal(
    connectionUrl("ws://127.0.0.1:8787/gateway?tenant=7"),
    "ws://127.0.0.1:8787/gateway?tenant=7&v=10&encoding=json",
  );
  assert.equal(
    connectionUrl("wss://gateway.example.com/?v=9"),
    "wss://gateway.example.com/?v=10&encoding=json",
  );
});

Deno.test("SendLimit never lets more than the limit leave in any minute, heartbeats included", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 700, max: 60_000 }),
      fc.array(fc.nat(2_000), { maxLength: 300 }),
      (intervalMs, pauses) => {
        const limit = new SendLimit(intervalMs);
        const sent: number[] = [];
        let at = 0;
        for (const pause of pauses) {
          at += pause;
          at += limit.waitMs(at);
          assert.equal(limit.waitMs(at), 0, "the wait that it says is enough");
          limit.count(at);
          sent.push(at);
        }
        for (let beat = 0; beat <= at; beat += intervalMs) sent.push(beat);
        sent.sort((a, b) => a - b);
        sent.forEach((first, index) => {
          const next = sent[index + FRAMES_MAX];
          assert.ok(next === undefined || next - first >= 60_000);
        });
      },
    ),
  );
});

Deno.test("StartBreaker opens for longer each time nothing comes of a start, and closes with the first that lasts", () => {
  const breaker = new StartBreaker();
  let at = 0;
  for (let shard = 0; shard < 64; shard++) breaker.started(shard, at);
  assert.equal(breaker.waitMs(at), 0, "first starts prove nothing yet");
  for (let start = 1; start < FRUITLESS_MAX; start++) breaker.started(0, at);
  assert.equal(breaker.waitMs(at), 0);
  const waits: number[] = [];
  for (let trip = 0; trip < 8; trip++) {
    breaker.started(trip, at);
    waits.push(breaker.waitMs(at));
    at += breaker.waitMs(at);
    assert.equal(breaker.waitMs(at), 0);
  }
  assert.deepEqual(
    waits,
    [1, 2, 4, 8, 16, 32, 60, 60].map((minutes) => minutes * OPEN_MS_MIN),
  );
  assert.equal(waits.at(-1), OPEN_MS_MAX);
  breaker.started(1, at);
  breaker.steady(2);
  assert.equal(breaker.waitMs(at), 0);
});

Deno.test("mergeRecord() takes the smaller number within a period, and the server's in a new one", () => {
  const now = 1_000_000;
  const limit = (remaining: number, resetAfterMs: number) =>
    new SessionStartLimit({
      total: 1_000,
      remaining,
      resetAfter: Temporal.Duration.from({ milliseconds: resetAfterMs }),
      maxConcurrency: 1,
      createdAt: Temporal.Instant.fromEpochMilliseconds(now),
    });
  const record = (remaining: number, resetAt: number) => ({
    ...{ total: 1_000, remaining, resetAt },
    recent: [{ shard: 1, at: now - 4_000 }, { shard: 0, at: now - 6_000 }],
  });
  const cases = [
    // A server that has not counted our last starts.
    [record(10, now + DAY_MS + 300), limit(12, DAY_MS), 10],
    // Somebody else started sessions as well.
    [record(10, now + DAY_MS), limit(3, DAY_MS), 3],
    // A reset that came a moment earlier than we reckoned.
    [record(0, now + 50), limit(1_000, DAY_MS), 1_000],
    // A period that is over.
    [record(0, now), limit(0, 20), 0],
    [record(7, now - DAY_MS), limit(1_000, DAY_MS), 1_000],
    [null, limit(5, DAY_MS), 5],
  ] as const;
  for (const [before, told, remaining] of cases) {
    const merged = mergeRecord(before, told);
    assert.equal(merged.remaining, remaining);
    assert.equal(merged.resetAt, told.resetAt.epochMilliseconds);
  }
  assert.deepEqual(mergeRecord(record(1, 0), limit(1, 1)).recent, [
    { shard: 1, at: now - 4_000 },
  ]);
});

Deno.test("Delivery has room again only when half of it is free", async () => {
  let rooms = 0;
  const delivery = new Delivery<number>(4, () => rooms += 1);
  for (let item = 0; item < 4; item++) {
    assert.ok(delivery.hasRoom);
    delivery.push(item);
  }
  assert.equal(delivery.hasRoom, false);
  const reader = delivery[Symbol.asyncIterator]();
  assert.deepEqual(await reader.next(), { done: false, value: 0 });
  assert.deepEqual([delivery.hasRoom, rooms], [false, 0]);
  await reader.next();
  assert.deepEqual([delivery.hasRoom, rooms], [true, 1]);
  delivery.end();
  delivery.push(9);
  const rest: number[] = [];
  for await (const item of delivery) rest.push(item);
  assert.deepEqual(rest, [2, 3]);
});
