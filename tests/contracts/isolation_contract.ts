/**
 * What every isolation must do.
 *
 * @module
 */

import assert from "node:assert/strict";
import { CarillonError } from "../../src/domain/error.ts";
import {
  exportHandle,
  type HookOutcome,
  type Isolation,
} from "../../src/runtime/isolation.ts";
import {
  CALL,
  callOnce,
  ENTRY,
  hookProgram,
  LIMITS,
  recordedHost,
  returned,
} from "../support/hook_program.ts";

/** How many guests an isolation under test may have. */
export interface IsolationOptions {
  readonly guestsMax: number;
}

type Make = (options: IsolationOptions) => Promise<Isolation>;

/**
 * Code that never ends by itself, and how.
 *
 * What a thread cannot be stopped in ends after some seconds, for the sake of the tests after it.
 */
const ENDLESS: Readonly<Record<string, string>> = {
  "a loop": "export default () => { for (;;); }",
  "a loop that catches all":
    "export default () => { for (;;) try { for (;;); } catch { } }",
  "a loop inside a built-in function":
    "const many = new Array(1e6).fill(1); export default () => { for (let i = 0; i < 30; i++) many.join(); for (;;); }",
  "a regular expression":
    'export default () => /^(a+)+$/.test("a".repeat(40) + "!")',
  "a loop of microtasks": "export default async () => { for (;;) await null; }",
  "a promise": "export default () => new Promise(() => {})",
  "a top level": "for (;;); export default () => 1",
  "a getter of what it returns":
    "export default () => ({ get x() { for (;;); } })",
};

/** Code that takes memory without end, and of what kind. */
const GREEDY: Readonly<Record<string, string>> = {
  objects:
    "export default () => { const all = []; for (;;) all.push({ of: [1, 2, 3] }); }",
  buffers:
    "export default () => { const all = []; for (;;) all.push(new Uint8Array(1 << 20).fill(1)); }",
  text:
    'export default () => { const all = []; for (let i = 0;; i++) all.push(("x".repeat(1e5) + i).toUpperCase()); }',
};

/** Things to throw, and what is said of them. */
const THROWN: Readonly<Record<string, string>> = {
  'new TypeError("no")': "TypeError: no",
  'new Error("no")': "no",
  '"no"': 'Threw "no"',
  "null": "Threw null",
  "undefined": "Threw undefined",
  'Symbol("no")': "Threw Symbol(no)",
  "{ code: 7 }": '{"code":7}',
  "{ get message() { throw 1; }, get name() { throw 2; }, toJSON() { throw 3; } }":
    "Something was thrown that cannot be told",
  "new Proxy({}, { get() { throw 1; }, ownKeys() { throw 2; } })":
    "Something was thrown that cannot be told",
  'Object.assign(new Error("no"), { stack: 7, name: {} })': "no",
};

/** Too much said, and how. */
const FLOODS: Readonly<Record<string, string>> = {
  "lines of log":
    "export default (ctx) => { for (;;) ctx.log('x'.repeat(1000)); }",
  "short lines": "export default (ctx) => { for (;;) console.log(''); }",
  "requests":
    "export default async (ctx) => { for (;;) ctx.broker.quote({}).catch(() => {}); }",
  "one long line": "export default (ctx) => { ctx.log('x'.repeat(1e6)); }",
  "one long value": "export default () => 'x'.repeat(1e6)",
};

/** Registers the contract's tests for one isolation, or those of its bounds only. */
export function isolationContract(
  name: string,
  make: Make,
  cases: "all" | "bounds" = "all",
): void {
  const test = (
    sentence: string,
    run: (isolation: Isolation) => Promise<void>,
    guestsMax = 4,
  ) =>
    Deno.test({
      name: `${name} ${sentence}`,
      // A thread that does not listen stays until the program ends; it is counted instead.
      sanitizeResources: false,
      sanitizeOps: false,
      async fn() {
        const isolation = await make({ guestsMax });
        await run(isolation);
        await isolation[Symbol.asyncDispose]();
        assert.equal(isolation.health.guests, 0, "leaves no guest behind");
      },
    });
  boundCases(test);
  if (cases === "bounds") return;
  dataCases(test);
  hostCases(test);
  failureCases(test);
  guestCases(test);
}

type Test = (
  sentence: string,
  run: (isolation: Isolation) => Promise<void>,
  guestsMax?: number,
) => void;

function dataCases(test: Test): void {
  test("calls a function with data and returns data", async (isolation) => {
    const text = "export default (ctx) => ({ twice: ctx.n * 2, who: ctx.who })";
    const input = { n: 21, who: ["a", null] };
    const value = returned(await callOnce(isolation, text, { input }));
    assert.deepEqual(value, { twice: 42, who: ["a", null] });
  });

  test("gives null for nothing, and awaits what is promised", async (it) => {
    assert.equal(returned(await callOnce(it, "export default () => {}")), null);
    const later =
      "export default async () => { await new Promise((go) => setTimeout(go, 1)); return 7; }";
    assert.equal(returned(await callOnce(it, later)), 7);
  });

  test("imports by path, data included, and takes types off", async (it) => {
    const text = `import { Side, type Size } from "./lib/side.ts";
      import prices from "./prices.json" with { type: "json" };
      import { sign } from "desk";
      const size: Size = 3;
      export function open(): number[] { return [Side.Sell, size, prices.eur, sign]; }`;
    const files = {
      "lib/side.ts":
        'import "./more.js"; export enum Side { Buy, Sell } export type Size = number;',
      "lib/more.js": "export {};",
      "prices.json": '{"eur": 1.1}',
      "desk.ts": "export const sign: number = -1;",
    };
    const aliases = { desk: "desk.ts" };
    const value = await callOnce(it, text, { files, aliases, handle: "/open" });
    assert.deepEqual(returned(value), [1, 3, 1.1, -1]);
  });

  test("reads an export as data with handles, which can be called", async (it) => {
    const text = `export default {
      sessions: [{ name: "a/b", start: 8, until: undefined, customStart: (ctx) => ctx.n + 1 }],
      odd: [NaN, 1n, new Map()] };`;
    await using sandbox = await it.start(hookProgram(text), LIMITS);
    const value = returned(await sandbox.evaluate("default", CALL));
    const handle = "/default/sessions/0/customStart";
    assert.deepEqual(value, {
      sessions: [{ name: "a/b", start: 8, customStart: { $function: handle } }],
      odd: [
        { $value: "number", text: "NaN" },
        { $value: "bigint", text: "1" },
        { $value: "Map", text: "[object Map]" },
      ],
    });
    const outcome = await sandbox.call(handle, { n: 1 }, recordedHost(), CALL);
    assert.equal(returned(outcome), 2);
  });

  test("runs code that lies in no file", async (isolation) => {
    const text = "export default (ctx: { n: number }) => ctx.n";
    const entry = "inline:london/custom_start";
    const program = {
      ...hookProgram(""),
      entry,
      modules: new Map([[entry, { text, kind: "ts" as const }]]),
    };
    await using sandbox = await isolation.start(program, LIMITS);
    const outcome = await sandbox.call(
      exportHandle("default"),
      { n: 5 },
      recordedHost(),
      CALL,
    );
    assert.equal(returned(outcome), 5);
  });

  test("shows the host's time and draws the host's chance", async (it) => {
    const text =
      "export default () => [new Date().getUTCFullYear(), Date.now(), Math.random(), Math.random()]";
    const draw = async (seed: number) =>
      returned(await callOnce(it, text, { options: { at: 5_000, seed } }));
    const [first, again, other] = [await draw(1), await draw(1), await draw(2)];
    assert.ok(Array.isArray(first) && Array.isArray(again));
    assert.equal(first[0], 1970);
    assert.ok(Number(first[1]) >= 5_000 && Number(first[1]) < 65_000);
    assert.deepEqual(first.slice(2), again.slice(2));
    assert.notEqual(first[2], first[3]);
    assert.notDeepEqual(first, other);
  });

  test("hands over the variables that were granted", async (it) => {
    const text =
      "export default (ctx) => [ctx.env.TOKEN, Deno.env.get('TOKEN'), Object.keys(ctx.env)]";
    const grant = { env: { TOKEN: "abc" } };
    const value = returned(await callOnce(it, text, { grant }));
    assert.deepEqual(value, ["abc", "abc", ["TOKEN"]]);
  });
}

function hostCases(test: Test): void {
  const methods = ["broker.quote", "stop"];

  test("asks the host and writes its log", async (isolation) => {
    const host = recordedHost();
    const text = `export default async (ctx) => {
      ctx.log("one", { n: 1 }); console.error("two");
      return [await ctx.broker.quote({ symbol: "EURUSD" }), await ctx.stop()]; }`;
    const outcome = await callOnce(isolation, text, { host, methods });
    assert.deepEqual(returned(outcome), [
      ["broker.quote", { symbol: "EURUSD" }],
      ["stop", null],
    ]);
    assert.deepEqual(host.logged, ['info one {"n":1}', "error two"]);
  });

  test("tells of an error only what is meant to be told", async (isolation) => {
    const failing = (error: Error) => recordedHost(() => Promise.reject(error));
    const text =
      "export default (ctx) => ctx.stop().catch((e) => [e.message, e.code, String(e.stack).includes('secret')])";
    const ours = new CarillonError("broker/refused", "Cannot sell: no");
    assert.deepEqual(
      returned(
        await callOnce(isolation, text, { host: failing(ours), methods }),
      ),
      ["Cannot sell: no", "broker/refused", false],
    );
    const other = new Error("secret: token 123");
    assert.deepEqual(
      returned(
        await callOnce(isolation, text, { host: failing(other), methods }),
      ),
      ["The host could not answer", "hook/no-answer", false],
    );
  });

  test("asks for nothing that is not among its methods", async (isolation) => {
    const host = recordedHost();
    const text =
      "export default (ctx) => [typeof ctx.broker.order, typeof ctx.close]";
    const outcome = await callOnce(isolation, text, { host, methods });
    assert.deepEqual(returned(outcome), ["undefined", "undefined"]);
    assert.deepEqual(host.asked, []);
  });

  test("gives up a call, which hears of it and may tidy up", async (isolation) => {
    const stop = new AbortController();
    const host = recordedHost((name) => {
      if (name === "broker.quote") stop.abort();
      return Promise.resolve(null);
    });
    const text = `export default async (ctx) => {
      const heard = new Promise((go) => ctx.signal.addEventListener("abort", go));
      await ctx.broker.quote(); await heard; await ctx.stop(ctx.signal.aborted); }`;
    const options = { signal: stop.signal };
    const limits = { graceMs: 5_000 };
    const outcome = await callOnce(isolation, text, {
      host,
      methods,
      options,
      limits,
    });
    assert.equal(outcome.kind, "cancelled");
    assert.deepEqual(host.asked, ["broker.quote null", "stop true"]);
  });

  test("gives up a call that does not listen", async (isolation) => {
    const stop = new AbortController();
    const host = recordedHost(() => (stop.abort(), Promise.resolve(null)));
    const text =
      "export default async (ctx) => { await ctx.stop(); for (;;); }";
    const options = { signal: stop.signal };
    const outcome = await callOnce(isolation, text, { host, methods, options });
    assert.equal(outcome.kind, "cancelled");
  });
}

function failureCases(test: Test): void {
  for (const [thrown, message] of Object.entries(THROWN)) {
    test(`tells of a throw of ${thrown.slice(0, 40)}`, async (isolation) => {
      const outcome = await callOnce(
        isolation,
        `export default () => { throw ${thrown}; }`,
      );
      assert.equal(outcome.kind, "failed");
      assert.equal(outcome.message, message);
    });
  }

  test("says where in the user's file it threw", async (isolation) => {
    const plain =
      `type N = number;\nconst f = (n: N) => {\n  throw new Error("no");\n};\nexport default () => f(1);`;
    const withEnum = `enum Side {\n  Buy,\n  Sell,\n}\n${plain}`;
    for (const [text, line] of [[plain, 3], [withEnum, 7]] as const) {
      const outcome = await callOnce(isolation, text);
      assert.equal(outcome.kind, "failed");
      const [place] = outcome.kind === "failed" ? outcome.stack : [];
      assert.equal(place?.module, ENTRY);
      assert.equal(place?.line, line);
    }
  });

  test("tells of code that is none, and of what is not there", async (it) => {
    const broken = await callOnce(
      it,
      "const a = 1;\nexport default () => { const x: = 1; }",
    );
    assert.equal(broken.kind, "failed");
    assert.match(broken.message, /^SyntaxError: Unexpected token/);
    assert.deepEqual(broken.kind === "failed" && broken.stack, [
      { module: ENTRY, line: 2, column: 33 },
    ]);
    const noExport = await callOnce(it, "export const a = 1;");
    assert.match(says(noExport), /Export a function "default": there is none/);
    const noModule = await callOnce(
      it,
      'import "./gone.ts"; export default () => 1;',
    );
    assert.match(says(noModule), /Cannot import "\.\/gone\.ts"/);
  });

  test("makes one outcome of a rejection that nobody awaits", async (it) => {
    const text =
      "export default async () => { Promise.reject(new Error('lost')); await new Promise((go) => setTimeout(go, 20)); return 1; }";
    const { kind } = await callOnce(it, text);
    assert.ok(kind === "failed" || kind === "returned", kind);
  });

  test("makes one outcome of an attempt to end everything", async (it) => {
    for (const end of ["Deno.exit(0)", "process.exit(0)", "process.abort()"]) {
      const { kind } = await callOnce(
        it,
        `export default () => { ${end}; for (;;); }`,
      );
      assert.ok(kind === "crashed" || kind === "failed", kind);
    }
  });

  test("takes nothing that is nested without end", async (it) => {
    const text =
      "export default () => { let deep = []; for (let i = 0; i < 1e4; i++) deep = [deep]; return deep; }";
    const { kind } = await callOnce(it, text);
    assert.ok(kind === "crashed" || kind === "failed", kind);
  });
}

function says(outcome: HookOutcome): string {
  return outcome.kind === "failed" ? outcome.message : outcome.kind;
}

function boundCases(test: Test): void {
  for (const [how, text] of Object.entries(ENDLESS)) {
    test(`stops ${how} that never ends, in time`, async (isolation) => {
      const outcome = await callOnce(isolation, text, {
        options: { timeoutMs: 400 },
      });
      assert.equal(outcome.kind, "timed_out", JSON.stringify(outcome));
    });
  }

  for (const [what, text] of Object.entries(GREEDY)) {
    test(`bounds the memory of ${what}`, async (isolation) => {
      const { kind } = await callOnce(isolation, text);
      assert.equal(kind, "out_of_memory");
    });
  }

  for (const [what, text] of Object.entries(FLOODS)) {
    test(`bounds a flood of ${what}`, async (isolation) => {
      const host = recordedHost();
      const methods = ["broker.quote"];
      const { kind } = await callOnce(isolation, text, { host, methods });
      assert.equal(kind, "flooded");
      assert.ok(host.logged.length + host.asked.length <= LIMITS.messagesMax);
    });
  }

  test("answers other calls while one does not end", async (isolation) => {
    const ended: string[] = [];
    const stuck = callOnce(
      isolation,
      ENDLESS["a loop inside a built-in function"] ?? "",
      {
        options: { timeoutMs: 3_000 },
      },
    ).then(({ kind }) => ended.push(kind));
    for (let n = 0; n < 3; n++) {
      const { kind } = await callOnce(isolation, "export default () => 1");
      ended.push(kind);
    }
    await stuck;
    assert.deepEqual(ended, ["returned", "returned", "returned", "timed_out"]);
  });
}

function guestCases(test: Test): void {
  const counting = "let n = 0; export default () => ++n";

  test("lets nothing of a call outlive it", async (isolation) => {
    await using sandbox = await isolation.start(hookProgram(counting), LIMITS);
    for (const expected of [1, 1]) {
      const outcome = await sandbox.call("/default", {}, recordedHost(), CALL);
      assert.equal(returned(outcome), expected);
    }
  });

  test("keeps a program's variables for as many calls as it may", async (it) => {
    const limits = { ...LIMITS, callsMax: 2 };
    await using sandbox = await it.start(hookProgram(counting), limits);
    for (const expected of [1, 2, 1]) {
      const outcome = await sandbox.call("/default", {}, recordedHost(), CALL);
      assert.equal(returned(outcome), expected);
    }
  });

  test("goes on with a fresh guest after one came to harm", async (isolation) => {
    const text = `let n = 0;
      export default (ctx) => { n++; if (ctx.how === "loop") for (;;); if (ctx.how === "throw") throw n; return n; }`;
    const limits = { ...LIMITS, callsMax: 10 };
    await using sandbox = await isolation.start(hookProgram(text), limits);
    const kinds: string[] = [];
    for (const how of ["", "loop", "", "throw", ""]) {
      const options = { ...CALL, timeoutMs: how === "loop" ? 400 : 20_000 };
      const outcome = await sandbox.call(
        "/default",
        { how },
        recordedHost(),
        options,
      );
      kinds.push(
        outcome.kind === "returned" ? `${outcome.value}` : outcome.kind,
      );
    }
    assert.deepEqual(kinds, ["1", "timed_out", "1", "failed", "1"]);
  });

  test("has no more guests than it may, and others wait", async (isolation) => {
    const calls = [1, 2, 3].map((n) =>
      callOnce(isolation, `export default () => ${n}`)
    );
    assert.deepEqual((await Promise.all(calls)).map(returned), [1, 2, 3]);
    assert.ok(isolation.health.guests <= 1);
  }, 1);

  test("lets nobody wait for a guest beyond the call's time", async (it) => {
    const stuck = callOnce(it, "export default () => { for (;;); }", {
      options: { timeoutMs: 1_500 },
    });
    const outcome = await callOnce(it, "export default () => 1", {
      options: { timeoutMs: 300 },
    });
    assert.equal(outcome.kind, "timed_out");
    assert.equal((await stuck).kind, "timed_out");
  }, 1);

  test("ends the call of a sandbox that is closed", async (isolation) => {
    const text =
      "export default (ctx) => { ctx.log('here'); return new Promise(() => {}); }";
    const sandbox = await isolation.start(hookProgram(text), LIMITS);
    const { promise: here, resolve } = Promise.withResolvers<void>();
    const host = { ...recordedHost(), log: () => resolve() };
    const call = sandbox.call("/default", {}, host, CALL);
    await here;
    await sandbox[Symbol.asyncDispose]();
    assert.equal((await call).kind, "cancelled");
  });
}
