import assert from "node:assert/strict";
import { VmIsolation } from "../../../src/adapters/sandbox/vm/vm_isolation.ts";
import {
  callOnce,
  CLOCK,
  hookProgram,
  LIMITS,
  returned,
} from "../../support/hook_program.ts";

/** A server on loopback, and what it was asked for. */
function serve(answer: (request: Request) => Response) {
  const asked: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      asked.push(`${request.method} ${new URL(request.url).pathname}`);
      return answer(request);
    },
  );
  const host = `127.0.0.1:${server.addr.port}`;
  return { asked, host, [Symbol.asyncDispose]: () => server.shutdown() };
}

const FETCHES = `export default async (ctx) => {
  const response = await fetch(ctx.url, { method: ctx.method, headers: { authorization: "me" }, body: ctx.body });
  return [response.status, response.ok, response.redirected, response.headers.get("X-From"), await response.text()]; }`;

Deno.test("VmIsolation fetches from the hosts that are named, redirects included", async () => {
  await using other = serve((request) =>
    new Response(`other ${request.headers.get("authorization")}`)
  );
  await using named = serve((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/there") {
      return new Response(null, {
        status: 303,
        headers: { location: `http://${other.host}/end` },
      });
    }
    const headers = { "x-from": "named" };
    return new Response(request.headers.get("authorization"), { headers });
  });
  await using isolation = await VmIsolation.open({ clock: CLOCK });
  const get = (path: string, net: readonly string[]) =>
    callOnce(isolation, FETCHES, {
      input: { url: `http://${named.host}${path}`, method: "POST", body: "x" },
      grant: { net },
    });
  assert.deepEqual(returned(await get("/here", [named.host])), [
    200,
    true,
    false,
    "named",
    "me",
  ]);
  const refused = await get("/there", [named.host]);
  assert.equal(refused.kind, "failed");
  assert.match(refused.message, /is not among the hosts/);
  assert.deepEqual(other.asked, []);
  // What belongs to one host is not shown to the next.
  assert.deepEqual(returned(await get("/there", [named.host, other.host])), [
    200,
    true,
    true,
    null,
    "other null",
  ]);
  assert.deepEqual(other.asked, ["GET /end"]);
});

Deno.test("VmIsolation takes no answer that is too long, nor a redirect without end", async () => {
  await using server = serve((request) =>
    new URL(request.url).pathname === "/long"
      ? new Response("x".repeat(LIMITS.messageBytesMax + 1))
      : new Response(null, { status: 302, headers: { location: "/again" } })
  );
  await using isolation = await VmIsolation.open({ clock: CLOCK });
  for (
    const [path, why] of [["/long", /longer/], ["/again", /redirects/]] as const
  ) {
    const outcome = await callOnce(isolation, FETCHES, {
      input: { url: `http://${server.host}${path}`, method: "GET", body: null },
      grant: { net: [server.host] },
    });
    assert.equal(outcome.kind, "failed");
    assert.match(outcome.message, why);
  }
});

Deno.test("VmIsolation says which isolation can give what it cannot", async () => {
  await using isolation = await VmIsolation.open({ clock: CLOCK });
  for (
    const [grant, what] of [
      [{ read: ["/data"] }, "read"],
      [{ write: ["/data"], packages: ["x"] }, "write, packages"],
    ] as const
  ) {
    await assert.rejects(
      isolation.start(hookProgram("export default () => 1", { grant }), LIMITS),
      {
        code: "hook/not-possible",
        message:
          `Write "isolation: process" for "custom_start": isolation "vm" cannot give ${what}`,
      },
    );
  }
  const lines: Readonly<Record<string, RegExp>> = {
    'import "npm:left-pad"; export default () => 1':
      /Cannot import "npm:left-pad" in isolation "vm": write "isolation: process"/,
    "export default () => Deno.connect({ port: 1 })":
      /Cannot use "Deno\.connect" in isolation "vm": write "isolation: process"/,
    "export default () => new WebSocket('ws://x')":
      /Cannot use "WebSocket" in isolation "vm"/,
  };
  for (const [text, message] of Object.entries(lines)) {
    const outcome = await callOnce(isolation, text);
    assert.equal(outcome.kind, "failed");
    assert.match(outcome.message, message);
  }
});

Deno.test({
  name: "VmIsolation leaves a thread to itself that does not stop, and says so",
  // The thread stays until the program ends; that is the point.
  sanitizeResources: false,
  sanitizeOps: false,
  async fn() {
    await using isolation = await VmIsolation.open({ clock: CLOCK });
    // A built-in function asks nobody: this one is busy for some seconds and then ends.
    const text =
      "const many = new Array(1e6).fill(1); export default () => { for (let i = 0; i < 30; i++) many.join(); for (;;); }";
    const stuck = await callOnce(isolation, text, {
      options: { timeoutMs: 500 },
    });
    assert.equal(stuck.kind, "timed_out");
    assert.equal(isolation.health.abandoned, 1);
    const next = await callOnce(isolation, "export default () => 1");
    assert.equal(returned(next), 1);
  },
});
