import assert from "node:assert/strict";
import { SystemClock } from "../../../src/adapters/clock/system_clock.ts";
import { VirtualClock } from "../../../src/adapters/clock/virtual_clock.ts";
import { sendOnce } from "../../../src/adapters/notify/send.ts";
import { never, serveHooks } from "../../support/hook_server.ts";

const LIMIT_MS = 10_000;
const NOBODY = new AbortController().signal;

/** What one answer is taken for. */
async function attemptAt(answer: Response, clock = new SystemClock()) {
  await using server = serveHooks(() => answer);
  const sending = { url: server.url, body: "{}", limitMs: LIMIT_MS };
  return await sendOnce(sending, clock, NOBODY);
}

Deno.test("sendOnce() posts JSON, and asks where there is nothing to say", async () => {
  await using server = serveHooks();
  const clock = new SystemClock();
  const url = `${server.url}/a?b=c`;
  for (const body of ['{"text":"FLAT"}', null]) {
    assert.deepEqual(
      await sendOnce({ url, body, limitMs: LIMIT_MS }, clock, NOBODY),
      { kind: "delivered" },
    );
  }
  assert.deepEqual(server.received, [
    {
      method: "POST",
      path: "/a?b=c",
      type: "application/json",
      body: '{"text":"FLAT"}',
    },
    { method: "GET", path: "/a?b=c", type: null, body: "" },
  ]);
});

Deno.test("sendOnce() tells what may come right from what will not", async () => {
  for (const status of [200, 201, 204]) {
    const body = status === 204 ? null : "ok";
    assert.deepEqual(await attemptAt(new Response(body, { status })), {
      kind: "delivered",
    });
  }
  for (const status of [400, 401, 403, 404, 410, 413]) {
    assert.deepEqual(await attemptAt(new Response("no", { status })), {
      kind: "refused",
      why: `it answered ${status}`,
    });
  }
  for (const status of [408, 425, 429, 500, 502, 503]) {
    assert.deepEqual(await attemptAt(new Response("<html>", { status })), {
      kind: "again",
      why: `it answered ${status}`,
      afterMs: null,
    });
  }
});

Deno.test("sendOnce() takes the status for the answer, whatever becomes of the rest", async () => {
  const endless = () =>
    new ReadableStream<Uint8Array>({
      pull: (stream) => stream.enqueue(new Uint8Array(64)),
    });
  assert.deepEqual(await attemptAt(new Response(endless())), {
    kind: "delivered",
  });
  assert.deepEqual(await attemptAt(new Response(endless(), { status: 503 })), {
    kind: "again",
    why: "it answered 503",
    afterMs: null,
  });
});

Deno.test("sendOnce() reads how long it is to wait, wherever a service says it", async () => {
  const at = Date.parse("2026-11-23T16:30:00Z");
  const limited = async (answer: Response) => {
    const result = await attemptAt(answer, new FixedClock(at));
    return result.kind === "again" ? result.afterMs : result.kind;
  };
  const headers = (text: string) => ({
    status: 429,
    headers: { "retry-after": text },
  });
  assert.equal(await limited(new Response(null, headers("7"))), 7_000);
  const date = "Mon, 23 Nov 2026 16:30:30 GMT";
  assert.equal(await limited(new Response(null, headers(date))), 30_000);
  assert.equal(await limited(new Response(null, headers("soon"))), null);
  const discord = { message: "limited", retry_after: 0.6512, global: false };
  assert.equal(await limited(Response.json(discord, { status: 429 })), 652);
  const telegram = { ok: false, parameters: { retry_after: 5 } };
  assert.equal(await limited(Response.json(telegram, { status: 429 })), 5_000);
  const both = Response.json(discord, headers("2"));
  assert.equal(await limited(both), 2_000, "the longer of the two");
  const odd = { retry_after: "soon", parameters: [] };
  assert.equal(await limited(Response.json(odd, { status: 429 })), null);
});

/** The wall stands still, and sleepers with it. */
class FixedClock extends SystemClock {
  readonly #at: number;
  constructor(at: number) {
    super();
    this.#at = at;
  }
  override now(): number {
    return this.#at;
  }
}

Deno.test("sendOnce() does not follow a redirect", async () => {
  await using elsewhere = serveHooks();
  const result = await attemptAt(Response.redirect(elsewhere.url, 307));
  assert.deepEqual(result, {
    kind: "refused",
    why: "it answered with a redirect, which is not followed",
  });
  assert.deepEqual(elsewhere.received, []);
});

Deno.test("sendOnce() gives up on an answer that does not come in time", async () => {
  await using server = serveHooks(never);
  const clock = new VirtualClock(0);
  const sending = { url: server.url, body: "{}", limitMs: LIMIT_MS };
  const result = sendOnce(sending, clock, NOBODY);
  await server.arrived(1);
  await clock.run(LIMIT_MS);
  assert.deepEqual(await result, {
    kind: "again",
    why: "no answer within 10000 ms",
    afterMs: null,
  });
  assert.equal(clock.sleeping, 0);
});

Deno.test("sendOnce() is called off by its signal, and leaves no sleeper", async () => {
  await using server = serveHooks(never);
  const clock = new VirtualClock(0);
  const ending = new AbortController();
  const sending = { url: server.url, body: null, limitMs: LIMIT_MS };
  const result = sendOnce(sending, clock, ending.signal);
  await server.arrived(1);
  const reason = new Error("enough");
  ending.abort(reason);
  await assert.rejects(result, reason);
  await assert.rejects(sendOnce(sending, clock, ending.signal), reason);
  assert.equal(clock.sleeping, 0);
  assert.equal(server.received.length, 1);
});

Deno.test("sendOnce() says nothing of the address, whatever goes wrong", async () => {
  const { url } = await closedServer();
  const sending = { url: `${url}/s3cret`, body: "{}", limitMs: LIMIT_MS };
  const result = await sendOnce(sending, new SystemClock(), NOBODY);
  assert.deepEqual(result, {
    kind: "again",
    why: "it could not be reached",
    afterMs: null,
  });
});

async function closedServer() {
  await using server = serveHooks();
  return { url: server.url };
}
