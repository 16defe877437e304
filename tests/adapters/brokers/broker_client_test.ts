import assert from "node:assert/strict";
import fc from "fast-check";
import { VirtualClock } from "../../../src/adapters/clock/virtual_clock.ts";
import { Limiter } from "../../../src/adapters/brokers/protocol/limiter.ts";
import { readJson } from "../../../src/adapters/brokers/protocol/reading.ts";
import { readTogether } from "../../../src/adapters/brokers/protocol/snapshot.ts";
import {
  BACKOFF_MS_MAX,
  backoffMs,
  BrokerStream,
} from "../../../src/adapters/brokers/protocol/stream.ts";
import type {
  StreamListener,
  Transport,
} from "../../../src/adapters/brokers/protocol/transport.ts";
import {
  readAccount,
  readFrame,
  readPositions,
} from "../../../src/adapters/brokers/protocol/wire.ts";
import { decimal } from "../../../src/domain/decimal.ts";
import type { BrokerEvent } from "../../../src/runtime/ports.ts";

const START_AT = Date.UTC(2026, 10, 23, 8);
const ONE = decimal("1");
const POSITION = {
  id: "T1",
  symbol: "EURUSD",
  side: "long",
  qty: "1.50",
  entry_price: "1.1",
  net_profit: null,
  opened_at: "2026-11-23T08:00:00+01:00",
};

Deno.test("readPositions() reads what is sent, and puts null where nothing is", () => {
  const text = JSON.stringify({ seq: 3, positions: [POSITION], more: true });
  assert.deepEqual(readJson(text, readPositions), {
    seq: 3,
    positions: [{
      id: "T1",
      symbol: "EURUSD",
      side: "long",
      qty: "1.5",
      entry_price: "1.1",
      net_profit: null,
      gross_profit: null,
      profit_currency: null,
      opened_at: START_AT - 3_600_000,
      tag: null,
    }],
  });
});

Deno.test("readPositions() says where a list is not what it should be", () => {
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [{ seq: 1 }, /"\$\.positions"/],
    [{ positions: [] }, /"\$\.seq"/],
    [{ seq: -1, positions: [] }, /"\$\.seq"/],
    [[], /an object at "\$"/],
    [null, /an object at "\$"/],
    [{ seq: 1, positions: {} }, /a list at "\$\.positions"/],
    [one({ qty: 1.5 }), /decimal number as text at "\$\.positions\[0\]\.qty"/],
    [one({ qty: "0" }), /above 0/],
    [one({ qty: "-1" }), /above 0/],
    [one({ side: "LONG" }), /one of long, short/],
    [one({ net_profit: "NaN" }), /net_profit/],
    [one({ opened_at: "yesterday" }), /an instant/],
    [one({ id: "" }), /not empty/],
  ];
  for (const [value, message] of cases) {
    assert.throws(() => readJson(JSON.stringify(value), readPositions), {
      name: "ShapeError",
      message,
    });
  }
  assert.throws(() => readJson("<html>", readPositions), /JSON/);
});

Deno.test("readJson() never quotes what it cannot read at length", () => {
  const secret = "s".repeat(200);
  assert.throws(
    () => readJson(JSON.stringify({ id: secret, mode: secret }), readAccount),
    (error) => !String(error).includes(secret),
  );
});

Deno.test("readFrame() lets a frame of a later protocol be", () => {
  assert.deepEqual(readJson('{"type":"news"}', readFrame), { type: "other" });
  assert.throws(() => readJson('{"type":"order"}', readFrame), /\$\.order/);
  assert.throws(() => readJson('"hello"', readFrame));
});

Deno.test("readTogether() never shows a flat account by a race", async () => {
  // The account moves on between any two answers; a position is turned into an order and back.
  const steps = fc.array(fc.nat(3), { minLength: 9, maxLength: 9 });
  await fc.assert(fc.asyncProperty(steps, async (moves) => {
    let seq = 0;
    let asked = 0;
    const now = () => seq += moves[asked++] ?? 0;
    const position = { ...POSITION, qty: "1" };
    const lists = {
      orders: () => Promise.resolve({ seq: now(), orders: [] }),
      positions: () => {
        const at = now();
        return Promise.resolve(
          readJson(
            JSON.stringify({
              seq: at,
              // Held after an even count of executions, flat after an odd one.
              positions: at % 2 === 0 ? [position] : [],
            }),
            readPositions,
          ),
        );
      },
      fills: () => Promise.resolve({ seq: now(), fills: [] }),
    };
    const snapshot = await readTogether("here", lists, 0).catch(() => null);
    if (snapshot === null) return;
    assert.equal(snapshot.positions.length === 0, snapshot.seq % 2 === 1);
  }));
});

Deno.test("readTogether() cuts fills at the positions' count", async () => {
  const fill = (seq: number) => ({
    seq,
    order_id: "P1",
    client_order_id: null,
    position_id: "T1",
    symbol: "EURUSD",
    side: "buy" as const,
    qty: ONE,
    price: ONE,
    at: START_AT,
  });
  const snapshot = await readTogether("here", {
    orders: () => Promise.resolve({ seq: 4, orders: [] }),
    positions: () => Promise.resolve({ seq: 4, positions: [] }),
    fills: () => Promise.resolve({ seq: 6, fills: [2, 3, 4, 5, 6].map(fill) }),
  }, 2);
  assert.deepEqual(snapshot.fills.map(({ seq }) => seq), [3, 4]);
});

Deno.test("readTogether() reads again where fills lag behind", async () => {
  let reads = 0;
  const snapshot = await readTogether("here", {
    orders: () => Promise.resolve({ seq: 4, orders: [] }),
    positions: () => Promise.resolve({ seq: 4, positions: [] }),
    fills: () => Promise.resolve({ seq: 2 + ++reads, fills: [] }),
  }, 2);
  assert.equal(snapshot.seq, 4);
  assert.equal(reads, 2);
});

Deno.test("Limiter.run() lets no more through at once than it may, in order", async () => {
  const limiter = new Limiter(new VirtualClock(START_AT), 2);
  const never = new AbortController().signal;
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const runs = gates.map((gate, at) =>
    limiter.run(never, () => {
      begun.push(at);
      return gate.promise;
    })
  );
  const quiet = () => new VirtualClock(START_AT).settle();
  await quiet();
  assert.deepEqual(begun, [0, 1]);
  gates[1]?.resolve();
  await quiet();
  assert.deepEqual(begun, [0, 1, 2]);
  limiter.allow(4);
  await quiet();
  assert.deepEqual(begun, [0, 1, 2, 3, 4]);
  for (const gate of gates) gate.resolve();
  await Promise.all(runs);
});

Deno.test("Limiter.run() holds everything while it is paused, and gives up unsent", async () => {
  const clock = new VirtualClock(START_AT);
  const limiter = new Limiter(clock, 2);
  const leaving = new AbortController();
  limiter.pause(START_AT + 1_000);
  let sent = 0;
  const send = () => Promise.resolve(++sent);
  const staying = limiter.run(new AbortController().signal, send);
  const left = assert.rejects(limiter.run(leaving.signal, send), {
    name: "NotSent",
    message: /enough/,
  });
  await clock.advance(999);
  leaving.abort(new Error("enough"));
  await left;
  assert.equal(sent, 0);
  await clock.advance(1);
  assert.equal(await staying, 1);
});

Deno.test("backoffMs() doubles up to half a minute", () => {
  assert.deepEqual([1, 2, 3, 4].map(backoffMs), [250, 500, 1_000, 2_000]);
  assert.equal(backoffMs(50), BACKOFF_MS_MAX);
});

Deno.test("BrokerStream ends a stream that fell silent, and connects again", async () => {
  const clock = new VirtualClock(START_AT);
  const connected: number[] = [];
  const line = transport((listener) => {
    connected.push(clock.now() - START_AT);
    listener.message('{"type":"hello","seq":0}');
  });
  const told: BrokerEvent[] = [];
  const stream = new BrokerStream(line, clock, (event) => told.push(event));
  await clock.advance(10_000);
  assert.deepEqual(connected, [0]);
  await clock.advance(5_250);
  assert.deepEqual(connected, [0, 15_250]);
  assert.deepEqual(told.map(spoken), [
    "up at execution 0",
    "down no sign of life within 15000 ms",
    "up at execution 0",
  ]);
  await stream[Symbol.asyncDispose]();
  assert.equal(clock.sleeping, 0);
});

Deno.test("BrokerStream says once that a broker is away, and waits longer each time", async () => {
  const clock = new VirtualClock(START_AT);
  const connected: number[] = [];
  const line = transport((listener) => {
    connected.push(clock.now() - START_AT);
    listener.closed("the connection was lost");
  });
  const told: BrokerEvent[] = [];
  const stream = new BrokerStream(line, clock, (event) => told.push(event));
  await clock.advance(4_000);
  assert.deepEqual(connected, [0, 250, 750, 1_750, 3_750]);
  assert.deepEqual(told.map(spoken), ["down the connection was lost"]);
  await stream[Symbol.asyncDispose]();
});

Deno.test("BrokerStream ends a stream whose frame it cannot read", async () => {
  const clock = new VirtualClock(START_AT);
  const line = transport((listener) => {
    listener.message('{"type":"hello","seq":0}');
    listener.message('{"type":"order","order":{}}');
  });
  const told: BrokerEvent[] = [];
  const stream = new BrokerStream(line, clock, (event) => told.push(event));
  await clock.settle();
  assert.match(
    told.map(spoken).join("\n"),
    /down a frame is unreadable: .*order_id/,
  );
  await stream[Symbol.asyncDispose]();
});

function spoken(event: BrokerEvent): string {
  return event.type === "stream" ? `${event.state} ${event.message}` : "order";
}

function transport(connect: (listener: StreamListener) => void): Transport {
  return {
    name: "here",
    silenceMs: 15_000,
    call: () => Promise.reject(new Error("Nothing is called")),
    connect(listener) {
      connect(listener);
      return { close: () => Promise.resolve() };
    },
    [Symbol.dispose]() {},
  };
}

function one(change: object): object {
  return { seq: 1, positions: [{ ...POSITION, ...change }] };
}
