import assert from "node:assert/strict";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import {
  BEGIN_AT,
  openFleet,
  type RunningFleet,
} from "../support/gateway_fleet.ts";
import { MemoryGateway } from "../support/memory_gateway.ts";
import {
  HELLO_MS_MAX,
  READY_MS_MAX,
  RESUMED_MS_MAX,
} from "../../src/gateway/shard_life.ts";

const MINUTE_MS = 60_000;

/** The numbers that were told, in order. */
function seqs(fleet: RunningFleet): readonly (number | null)[] {
  return fleet.told("dispatch").map(({ seq }) => seq);
}

/** The opcodes that came, without heartbeats. */
function opcodes(fleet: RunningFleet): readonly number[] {
  return fleet.gateway.heard.map(({ op }) => op).filter((op) => op !== 1);
}

async function openReady(
  setup: Parameters<typeof openFleet>[0] = {},
): Promise<RunningFleet> {
  const fleet = await openFleet(setup);
  await fleet.clock.advance(1);
  assert.equal(fleet.told("ready").length, 1);
  return fleet;
}

Deno.test("Shard resumes at once after a cut, and is told what it missed", async () => {
  await using fleet = await openReady();
  const { gateway, clock } = fleet;
  gateway.emit(0, "QUOTE", 1);
  await clock.advance(10);
  gateway.close(0, 1006);
  gateway.emit(0, "QUOTE", 2);
  gateway.emit(0, "QUOTE", 3);
  await clock.advance(10);
  assert.deepEqual(seqs(fleet), [2, 3, 4]);
  assert.deepEqual(fleet.told("resumed").map(({ replayed }) => replayed), [2]);
  assert.deepEqual(fleet.told("gap"), []);
  assert.deepEqual(opcodes(fleet), [2, 6]);
  assert.deepEqual(gateway.connectedTo, [
    "ws://gateway.test/main?v=10&encoding=json",
    "ws://gateway.test/resume?v=10&encoding=json",
  ]);
  const [lost] = fleet.told("lost");
  assert.deepEqual(
    [lost?.code, lost?.next, lost?.reason],
    [1006, "resume", "the connection was lost"],
  );
});

Deno.test("Shard takes 0, 1005, 1006 and the server's 1000 and 1001 alike: it resumes", async () => {
  for (const code of [0, 1000, 1001, 1005, 1006, 1012, 3999, 4000, 4002]) {
    await using fleet = await openReady();
    fleet.gateway.close(0, code);
    await fleet.clock.advance(10);
    assert.deepEqual(opcodes(fleet), [2, 6], `after ${code}`);
  }
});

Deno.test("Shard asks for a new session after codes that end it", async () => {
  for (const code of [4003, 4005, 4007, 4009]) {
    await using fleet = await openReady();
    fleet.gateway.close(0, code);
    await fleet.clock.advance(10_000);
    assert.deepEqual(opcodes(fleet), [2, 2], `after ${code}`);
    assert.equal(fleet.told("session.lost").length, 1);
    assert.equal(fleet.told("ready").length, 2);
    assert.deepEqual(fleet.gateway.violations, []);
  }
});

Deno.test("Shard does not come back after codes that would come again, and the events end", async () => {
  for (const code of [4004, 4010, 4011, 4012, 4013, 4014]) {
    await using fleet = await openReady();
    fleet.gateway.close(0, code, "no");
    await fleet.clock.advance(60 * MINUTE_MS);
    assert.deepEqual(opcodes(fleet), [2], `after ${code}`);
    const failed = fleet.told("failed").map((
      { code, reason },
    ) => [code, reason]);
    assert.deepEqual(failed, [[code, `closed with ${code}: no`]]);
    assert.equal(fleet.client.shards[0]?.state, "dead");
    const over = await fleet.client[Symbol.asyncIterator]().next();
    assert.equal(over.done, true);
    assert.equal(fleet.clock.sleeping, 0);
  }
});

Deno.test("Shard tries an unknown code with a resume, then with an identify, then gives up", async () => {
  await using fleet = await openReady();
  for (let times = 0; times < 3; times++) {
    fleet.gateway.close(0, 4900);
    await fleet.clock.advance(10_000);
  }
  assert.deepEqual(opcodes(fleet), [2, 6, 2]);
  assert.deepEqual(fleet.told("failed").map(({ code }) => code), [4900]);
});

Deno.test("Shard waits after it was too fast, before it resumes", async () => {
  await using fleet = await openReady({ seed: 4 });
  fleet.gateway.close(0, 4008);
  await fleet.clock.advance(100);
  assert.deepEqual(opcodes(fleet), [2]);
  await fleet.clock.advance(MINUTE_MS);
  assert.deepEqual(opcodes(fleet), [2, 6]);
});

Deno.test("Shard leaves a zombie with a code that keeps the session, and resumes", async () => {
  await using fleet = await openReady();
  fleet.gateway.manners.acks = false;
  await fleet.clock.advance(2 * 41_250);
  const lost = fleet.told("lost");
  assert.match(lost[0]?.reason ?? "", /^no answer to a heartbeat in 41250 ms$/);
  assert.deepEqual(fleet.gateway.leftWith, [4000]);
  assert.deepEqual(opcodes(fleet), [2, 6]);
  assert.deepEqual(fleet.gateway.violations, []);
});

Deno.test("Shard notices a half-open socket by its heartbeat, and loses nothing", async () => {
  await using fleet = await openReady();
  const { gateway, clock } = fleet;
  gateway.hush(0);
  for (let news = 0; news < 5; news++) gateway.emit(0, "QUOTE", news);
  await clock.advance(2 * 41_250);
  assert.deepEqual(seqs(fleet), [2, 3, 4, 5, 6]);
  assert.deepEqual(fleet.told("gap"), []);
});

Deno.test("Shard beats after a random part of the interval, then once an interval", async () => {
  const firsts = new Set<number>();
  for (let seed = 1; seed <= 8; seed++) {
    await using fleet = await openReady({ seed });
    await fleet.clock.advance(10 * 41_250);
    const beats = fleet.gateway.heard.filter(({ op }) => op === 1);
    const [first] = beats;
    assert.ok(first !== undefined && beats.length >= 9);
    firsts.add(first.at);
    beats.forEach(({ at }, index) => {
      assert.equal(at, first.at + index * 41_250);
    });
  }
  assert.ok(firsts.size > 5, "they do not beat together");
});

Deno.test("Shard answers a server that asks for a heartbeat at once, and goes on as before", async () => {
  await using fleet = await openReady();
  const { gateway, clock } = fleet;
  gateway.emit(0, "QUOTE", 1);
  await clock.advance(100_000);
  const before = gateway.heard.filter(({ op }) => op === 1);
  const askedAt = clock.now();
  gateway.say(0, { op: 1, d: null });
  await clock.advance(0);
  const asked = gateway.heard.at(-1);
  assert.deepEqual([asked?.op, asked?.at, asked?.d], [1, askedAt, 2]);
  await clock.advance(41_250);
  const next = gateway.heard.at(-1);
  assert.equal(next?.at, (before.at(-1)?.at ?? 0) + 41_250);
});

Deno.test("Shard reconnects and resumes where the server asks for it", async () => {
  await using fleet = await openReady();
  fleet.gateway.say(0, { op: 7, d: null });
  await fleet.clock.advance(10);
  assert.deepEqual(opcodes(fleet), [2, 6]);
  assert.deepEqual(fleet.gateway.leftWith, [4000]);
});

Deno.test("Shard backs off from a server that asks for it in place of a hello", async () => {
  await using fleet = await openReady();
  const { gateway, clock } = fleet;
  gateway.manners.first = "reconnect";
  gateway.close(0, 1006);
  await clock.advance(60 * MINUTE_MS);
  const tries = gateway.connectedTo.length;
  assert.ok(tries > 60 && tries < 300, `${tries} tries in an hour`);
  assert.equal(gateway.identifies.length, 1, "none of it cost a start");
  gateway.manners.first = "hello";
  await clock.advance(MINUTE_MS);
  assert.equal(fleet.told("resumed").length, 1);
});

Deno.test("Shard resumes after an invalid session that may be resumed, a second or more later", async () => {
  await using fleet = await openReady();
  const saidAt = fleet.clock.now();
  fleet.gateway.say(0, { op: 9, d: true });
  await fleet.clock.advance(6_000);
  assert.deepEqual(opcodes(fleet), [2, 6]);
  const resumedAt = fleet.gateway.heard.find(({ op }) => op === 6)?.at ?? 0;
  assert.ok(resumedAt - saidAt >= 1_000 && resumedAt - saidAt <= 5_000);
});

Deno.test("Shard begins anew after an invalid session that is over, and says what it lost", async () => {
  await using fleet = await openReady();
  fleet.gateway.say(0, { op: 9, d: false });
  await fleet.clock.advance(12_000);
  assert.deepEqual(opcodes(fleet), [2, 2]);
  assert.deepEqual(
    fleet.told("session.lost").map(({ sessionId }) => sessionId),
    ["s1"],
  );
  assert.equal(fleet.gateway.connectedTo.at(-1), fleet.gateway.connectedTo[0]);
  assert.deepEqual(fleet.gateway.violations, []);
});

Deno.test("Shard goes to the gateway's own address where nobody answers at the session's, with its session", async () => {
  await using fleet = await openReady();
  const { gateway, clock } = fleet;
  gateway.manners.up = false;
  gateway.close(0, 1006);
  await clock.advance(5 * MINUTE_MS);
  gateway.manners.up = true;
  await clock.advance(MINUTE_MS);
  assert.deepEqual(opcodes(fleet), [2, 6]);
  const paths = gateway.connectedTo.map((url) => new URL(url).pathname);
  assert.deepEqual(paths.slice(0, 5), [
    "/main",
    "/resume",
    "/resume",
    "/resume",
    "/main",
  ]);
});

Deno.test("Shard gives a session up after three resumes without an answer", async () => {
  await using fleet = await openReady();
  fleet.gateway.manners.onResume = "nothing";
  fleet.gateway.close(0, 1006);
  await fleet.clock.advance(5 * MINUTE_MS);
  assert.deepEqual(opcodes(fleet), [2, 6, 6, 6, 2]);
  const why = fleet.told("session.lost")[0]?.reason;
  assert.equal(why, `no answer to the resume within ${RESUMED_MS_MAX} ms`);
});

Deno.test("Shard does not wait for ever for a hello or for the answer to its identify", async () => {
  const clock = new VirtualClock(BEGIN_AT);
  const gateway = new MemoryGateway({ clock });
  gateway.manners.onIdentify = "nothing";
  await using fleet = await openFleet({ clock, gateway });
  await clock.advance(READY_MS_MAX);
  assert.equal(
    fleet.told("lost")[0]?.reason,
    `no answer to the identify within ${READY_MS_MAX} ms`,
  );
  gateway.manners.first = "nothing";
  await clock.advance(HELLO_MS_MAX + 10_000);
  assert.equal(
    fleet.told("lost")[1]?.reason,
    `no hello within ${HELLO_MS_MAX} ms`,
  );
});

Deno.test("Shard tells numbers that did not come, and each number once", async () => {
  await using fleet = await openReady();
  const { gateway, clock } = fleet;
  gateway.emit(0, "QUOTE", "a");
  gateway.skip(0);
  gateway.skip(0);
  gateway.emit(0, "QUOTE", "b");
  gateway.say(0, { op: 0, s: 5, t: "QUOTE", d: "b again" });
  gateway.say(0, { op: 0, s: null, t: "QUOTE", d: "outside of the count" });
  await clock.advance(1);
  assert.deepEqual(seqs(fleet), [2, 5, null]);
  assert.deepEqual(
    fleet.told("gap").map(({ fromSeq, toSeq }) => [fromSeq, toSeq]),
    [[3, 4]],
  );
});

Deno.test("Shard tells what it does not understand, and goes on", async () => {
  await using fleet = await openReady();
  const { gateway, clock } = fleet;
  gateway.say(0, { op: 77, d: null });
  gateway.say(0, { op: 10, d: { heartbeat_interval: 5 } });
  await clock.advance(1);
  assert.deepEqual(fleet.told("anomaly").map(({ message }) => message), [
    "The opcode 77 is not known",
    '"hello" came while the shard was "ready", and changed nothing',
  ]);
  gateway.say(0, { op: 0, s: "3", t: "QUOTE", d: null });
  await clock.advance(10);
  assert.match(fleet.told("lost")[0]?.reason ?? "", /frame is unreadable.*"s"/);
  assert.equal(fleet.told("resumed").length, 1);
});
