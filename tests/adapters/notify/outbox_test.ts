import assert from "node:assert/strict";
import { VirtualClock } from "../../../src/adapters/clock/virtual_clock.ts";
import type { Message } from "../../../src/adapters/notify/body.ts";
import {
  ATTEMPTS_MAX,
  Outbox,
  type OutboxParts,
  RETRY_AFTER_MS_MAX,
  retryWaitMs,
} from "../../../src/adapters/notify/outbox.ts";
import type { Attempt } from "../../../src/adapters/notify/send.ts";

const DELIVERED: Attempt = { kind: "delivered" };
const BUSY: Attempt = { kind: "again", why: "it answered 503", afterMs: null };
const GONE: Attempt = { kind: "refused", why: "it answered 404" };

function message(id: string, urgent = true): Message {
  const event = urgent ? "close_failed" : "flat";
  return { id, event, urgent, text: id, json: {} };
}

/** An outbox whose attempts end as listed, the last one again and again. */
function openOutbox(
  endings: readonly Attempt[],
  more: Partial<OutboxParts> = {},
) {
  const clock = new VirtualClock(0);
  const sent: string[] = [];
  const told: string[] = [];
  const outbox = new Outbox({
    clock,
    send: ({ id }) => {
      sent.push(`${id} ${clock.now()}`);
      const ending = endings[Math.min(sent.length, endings.length) - 1];
      return Promise.resolve(ending ?? DELIVERED);
    },
    report: ({ message, reason, attempts, why }) =>
      told.push(`${message.id} ${reason} ${attempts}: ${why}`),
    ...more,
  });
  return { clock, sent, told, outbox };
}

/** A send that ends when the test says so, and takes its signal seriously. */
function held() {
  const begun: string[] = [];
  const endings: ((attempt: Attempt) => void)[] = [];
  const send = ({ id }: Message, signal: AbortSignal): Promise<Attempt> => {
    begun.push(id);
    const { promise, resolve, reject } = Promise.withResolvers<Attempt>();
    signal.addEventListener("abort", () => reject(signal.reason));
    endings.push(resolve);
    return promise;
  };
  return { begun, send, end: (attempt: Attempt) => endings.shift()?.(attempt) };
}

Deno.test("Outbox sends one message after another, in their order", async () => {
  const { begun, send, end } = held();
  const { clock, told, outbox } = openOutbox([], { send });
  for (const id of ["a", "b", "c"]) outbox.put(message(id));
  await clock.settle();
  assert.deepEqual(begun, ["a"], "one in flight");
  end(DELIVERED);
  await clock.settle();
  assert.deepEqual(begun, ["a", "b"]);
  end(DELIVERED);
  await clock.settle();
  end(DELIVERED);
  await outbox.close(0);
  assert.deepEqual([begun, told], [["a", "b", "c"], []]);
});

Deno.test("Outbox lets whoever puts a message in go on first", () => {
  const { begun, send } = held();
  const { outbox } = openOutbox([], { send });
  outbox.put(message("a"));
  assert.deepEqual(begun, [], "not even the request has begun");
});

Deno.test("Outbox tries again at growing waits, the same in every run", async () => {
  const { clock, sent, told, outbox } = openOutbox(
    [BUSY, BUSY, BUSY, BUSY, DELIVERED],
  );
  outbox.put(message("a"));
  await clock.run(60_000);
  assert.deepEqual(sent, ["a 0", "a 1000", "a 3000", "a 7000", "a 15000"]);
  assert.deepEqual(told, []);
});

Deno.test("Outbox waits as long as the receiver wants, within reason", async () => {
  const after = (afterMs: number): Attempt => ({ ...BUSY, afterMs } as Attempt);
  const { clock, sent, outbox } = openOutbox([after(30_000), DELIVERED]);
  outbox.put(message("a"));
  await clock.run(60_000);
  assert.deepEqual(sent, ["a 0", "a 30000"]);
  assert.equal(retryWaitMs(1, 10), 1_000, "never sooner than we would");
  assert.equal(retryWaitMs(1, 1e12), RETRY_AFTER_MS_MAX);
});

Deno.test("Outbox gives up after so many attempts, says so, and goes on with the next", async () => {
  const endings = [
    ...Array.from({ length: ATTEMPTS_MAX }, () => BUSY),
    DELIVERED,
  ];
  const { clock, sent, told, outbox } = openOutbox(endings);
  outbox.put(message("a"));
  outbox.put(message("b"));
  await clock.run(3_600_000);
  assert.deepEqual(told, [`a gave_up ${ATTEMPTS_MAX}: it answered 503`]);
  assert.equal(sent.length, ATTEMPTS_MAX + 1);
  // 1, 2, 4, 8, 16, 32 s, and a minute for each of the rest.
  const spentMs = 63_000 + (ATTEMPTS_MAX - 7) * 60_000;
  assert.equal(sent.at(-1), `b ${spentMs}`);
});

Deno.test("Outbox does not send again what was refused", async () => {
  const { clock, sent, told, outbox } = openOutbox([GONE, DELIVERED]);
  outbox.put(message("a"));
  outbox.put(message("b"));
  await clock.run(60_000);
  assert.deepEqual(sent, ["a 0", "b 0"]);
  assert.deepEqual(told, ["a refused 1: it answered 404"]);
});

Deno.test("Outbox drops the oldest that is no alarm, and an alarm only for an alarm", async () => {
  const { begun, send, end } = held();
  const { clock, told, outbox } = openOutbox([], { send, waitingMax: 2 });
  outbox.put(message("first"));
  await clock.settle();
  outbox.put(message("flat1", false));
  outbox.put(message("flat2", false));
  outbox.put(message("alarm1"));
  outbox.put(message("alarm2"));
  outbox.put(message("flat3", false));
  outbox.put(message("alarm3"));
  assert.deepEqual(told, [
    "flat1 dropped 0: more than 2 were waiting",
    "flat2 dropped 0: more than 2 were waiting",
    "flat3 dropped 0: more than 2 were waiting",
    "alarm1 dropped 0: more than 2 were waiting",
  ]);
  for (let i = 0; i < 3; i++) {
    end(DELIVERED);
    await clock.settle();
  }
  assert.deepEqual(begun, ["first", "alarm2", "alarm3"]);
});

Deno.test("Outbox.close() tries each message that waits once more, at once", async () => {
  const { clock, sent, told, outbox } = openOutbox([BUSY, DELIVERED, BUSY]);
  for (const id of ["a", "b"]) outbox.put(message(id));
  await clock.run(500);
  await outbox.close(5_000);
  assert.deepEqual(sent, ["a 0", "a 500", "b 500"]);
  assert.deepEqual(told, ["b stopped 1: it answered 503"]);
  outbox.put(message("c"));
  assert.equal(told.at(-1), "c stopped 0: the run is over");
  assert.equal(clock.sleeping, 0);
});

Deno.test("Outbox.close() waits no longer than its grace, and names what did not arrive", async () => {
  const { begun, send } = held();
  const { clock, told, outbox } = openOutbox([], { send });
  for (const id of ["a", "b"]) outbox.put(message(id));
  await clock.settle();
  await clock.runFor(outbox.close(5_000));
  assert.equal(clock.now(), 5_000);
  assert.deepEqual(begun, ["a"]);
  assert.deepEqual(told, [
    "a stopped 1: there was no time left",
    "b stopped 0: there was no time left",
  ]);
});

Deno.test("Outbox.close() is cut short by a second wish to leave", async () => {
  for (const isEarly of [true, false]) {
    const { send } = held();
    const { clock, told, outbox } = openOutbox([], { send });
    outbox.put(message("a"));
    await clock.settle();
    const leave = new AbortController();
    if (isEarly) leave.abort();
    const closed = outbox.close(5_000, leave.signal);
    leave.abort();
    await closed;
    assert.deepEqual(told, ["a stopped 1: there was no time left"]);
    assert.deepEqual([clock.now(), clock.sleeping], [0, 0]);
  }
});

Deno.test("Outbox goes on when whoever hears of a failure fails", async () => {
  const { clock, sent, outbox } = openOutbox([GONE, DELIVERED], {
    report: () => {
      throw new Error("the terminal is gone");
    },
  });
  for (const id of ["a", "b"]) outbox.put(message(id));
  await clock.run(1);
  assert.deepEqual(sent, ["a 0", "b 0"]);
});
