import assert from "node:assert/strict";
import type { Notice } from "../../../src/domain/notice.ts";
import { replay } from "../../../src/runtime/engine.ts";
import { planHooks } from "../../../src/app/hooks/plan_hooks.ts";
import type { PlannedHook } from "../../../src/app/hooks/planned_hook.ts";
import { withGrants } from "../../../src/app/hooks/require_grant.ts";
import {
  type HookedRun,
  loadText,
  openHookedRun,
} from "../../support/hooked_run.ts";
import { held } from "../../support/paper_run.ts";

const MORNING = "2026-11-23T07:00:00Z";
const EVENING = "2026-11-23T18:00:00Z";

/** A session whose start calls `open.ts`. */
function startFile(isolation: string, more = "", rest = ""): string {
  return `sessions:
  - name: desk
    start: 8
    end: "16:30"
    custom_start: {module: open.ts, isolation: ${isolation}${more}}
    on_end: close_all
${rest}`;
}

/** The one call that ended. */
function onlyEnd(run: HookedRun): Notice & { readonly type: "hook.ended" } {
  const [end, ...more] = run.ended();
  assert.ok(
    end !== undefined && more.length === 0,
    JSON.stringify(run.ended()),
  );
  return end;
}

/** When each of our orders left, and what it was. */
function ordersOf(run: HookedRun): readonly string[] {
  return run.notices.flatMap((notice) =>
    notice.type === "order.sent"
      ? [
        `${
          new Date(notice.at).toISOString()
        } ${notice.intent.side} ${notice.intent.qty}`,
      ]
      : []
  );
}

/** Ways to fail, and what each becomes. */
const FAULTS: Readonly<
  Record<
    string,
    readonly [text: string, outcome: string, inVm?: string, timeout?: string]
  >
> = {
  "a throw": ['export default () => { throw new Error("no"); }', "failed"],
  // A virtual machine does not tell of it: what waits for nothing else runs out of time.
  "a rejection nobody handles": [
    'export default async () => { Promise.reject(new Error("no")); await new Promise((go) => setTimeout(go, 5000)); }',
    "failed",
    "timed_out",
    "1s",
  ],
  "a loop without end": [
    "export default () => { for (;;); }",
    "timed_out",
    "timed_out",
    "500ms",
  ],
  "a promise that never settles": [
    "export default () => new Promise(() => {})",
    "timed_out",
    "timed_out",
    "500ms",
  ],
  "memory without end": [
    "export default () => { const all: unknown[] = []; for (;;) all.push({ of: [1, 2, 3] }); }",
    "out_of_memory",
  ],
  "a flood": [
    "export default (ctx: any) => { for (;;) ctx.log('x'.repeat(1000)); }",
    "flooded",
  ],
  "no function": ["export default 7", "failed"],
};

for (const isolation of ["process", "vm"] as const) {
  const test = (sentence: string, run: () => Promise<void>) =>
    Deno.test({
      name: `hooks of a file in a ${isolation} ${sentence}`,
      // A thread that does not listen ends with the program; children are counted below.
      sanitizeOps: false,
      sanitizeResources: false,
      fn: run,
    });

  test("get their occurrence, their account and what is open in scope", async () => {
    await using run = await openHookedRun({
      from: MORNING,
      account: { positions: [held("EURUSD"), held("GBPUSD")] },
      file: startFile(
        isolation,
        ', params: {n: 1, "odd key": [true, null]}',
        "    scope: {symbols: [EURUSD]}\n",
      ),
      files: {
        "open.ts":
          "export default ({ log, signal, broker, env, ...data }: any) => ({ ...data, aborted: signal.aborted, env });",
      },
    });
    await run.playUntil(EVENING);
    const { value } = onlyEnd(run);
    const told = JSON.parse(value ?? "");
    const { snapshot, account, ...rest } = told;
    assert.deepEqual(rest, {
      action: "custom_start",
      edge: "desk/2026-11-23/start",
      dueAt: "2026-11-23T08:00:00Z",
      occurrence: {
        key: "desk/2026-11-23",
        tradeDate: "2026-11-23",
        opensAt: "2026-11-23T08:00:00Z",
        closesAt: "2026-11-23T16:30:00Z",
      },
      session: {
        name: "desk",
        account: "main",
        timezone: "UTC",
        symbols: ["EURUSD"],
        except: [],
        tag: null,
      },
      entries: { allowed: true, reason: null, message: null, until: null },
      unread: null,
      params: { n: 1, "odd key": [true, null] },
      aborted: false,
      env: {},
    });
    assert.deepEqual(
      snapshot.positions.map((one: { id: string }) => one.id),
      ["EURUSD"],
    );
    assert.deepEqual([account.name, account.currency, account.mode], [
      "main",
      "USD",
      "netting",
    ]);
    assert.ok(Number(account.equity) > 0);
    assert.ok(!("id" in account));
  });

  test("trade through the run, from inside their own call", async () => {
    await using run = await openHookedRun({
      from: MORNING,
      // The broker's answers take virtual time, which goes on while the hook waits for them.
      account: { latencyMs: 200 },
      file: startFile(isolation),
      files: {
        "open.ts": `export default async ({ broker }: any) => {
          const { bid, open } = await broker.quote("EURUSD");
          const bought = await broker.order({ symbol: "EURUSD", side: "buy", qty: "1000" });
          const part = await broker.close({ position: "EURUSD", qty: "400" });
          const left = await broker.positions();
          const none = await broker.close({ position: "nothing" });
          const all = await broker.closeAll();
          return { open, priced: Number(bid) > 0, answers: [bought, part, none].map((it) => it.outcome + " " + it.filledQty + " " + it.reason),
            left: left.map((it: any) => it.qty), all, orders: await broker.orders() };
        }`,
      },
    });
    await run.playUntil(EVENING);
    const end = onlyEnd(run);
    assert.equal(end.outcome, "returned", `${end.message}`);
    assert.deepEqual(JSON.parse(end.value ?? ""), {
      open: true,
      priced: true,
      answers: [
        "accepted 1000 null",
        "accepted 400 null",
        "refused 0 unknown_position",
      ],
      left: ["600"],
      all: { outcome: "flat_verified", closed: 1, remaining: 0, message: null },
      orders: [],
    });
    assert.equal(run.edge("desk/2026-11-23/start").outcome, "done");
    assert.deepEqual(replay(run.journal.read()), run.runtime.state);
  });

  test("are refused what their session's rules refuse, and told why", async () => {
    await using run = await openHookedRun({
      from: MORNING,
      file: startFile(
        isolation,
        "",
        '    scope: {symbols: [EURUSD]}\n    entries: {from: "09:00"}\n',
      ),
      files: {
        "open.ts": `const order = { symbol: "EURUSD", side: "buy", qty: "1" };
        export default async ({ broker, entries }: any) => {
          const say = (work: Promise<any>) => work.then((it) => it.reason ?? "done", (error) => error.code);
          return [entries.reason, await say(broker.order(order)),
            await say(broker.order({ ...order, symbol: "GBPUSD" })),
            await say(broker.quote("GBPUSD")),
            await say(broker.order({ ...order, qty: 1 })), await say(broker.order({ ...order, qty: "-1" })),
            await say(broker.order({ ...order, closes: "x" })), await say(broker.order("buy"))];
        }`,
      },
    });
    await run.playUntil(EVENING);
    assert.deepEqual(JSON.parse(onlyEnd(run).value ?? ""), [
      "outside_entries",
      "outside_entries",
      "out_of_scope",
      "hook/out-of-scope",
      "hook/bad-request",
      "quantity",
      "hook/bad-request",
      "hook/bad-request",
    ]);
    assert.deepEqual(ordersOf(run), []);
  });

  test("may ask so often and no more", async () => {
    await using run = await openHookedRun({
      from: MORNING,
      file: startFile(isolation),
      files: {
        "open.ts": `export default async ({ broker }: any) => {
          let quotes = 0, orders = 0, code = "";
          const order = { symbol: "EURUSD", side: "buy", qty: "1" };
          try { for (;; orders++) await broker.order(order); } catch (error: any) { code = error.code; }
          try { for (;; quotes++) await broker.quote("EURUSD"); } catch {}
          return [orders, orders + 1 + quotes, code];
        }`,
      },
    });
    await run.playUntil(EVENING);
    assert.deepEqual(JSON.parse(onlyEnd(run).value ?? ""), [
      20,
      100,
      "hook/too-many-requests",
    ]);
  });

  for (const [what, fault] of Object.entries(FAULTS)) {
    const [text, inProcess, inVm = inProcess, timeout = "20s"] = fault;
    const outcome = isolation === "vm" ? inVm : inProcess;
    test(`that come to harm by ${what} are one recorded outcome`, async () => {
      await using run = await openHookedRun({
        from: MORNING,
        account: { positions: [held("EURUSD")] },
        file: startFile(
          isolation,
          `, timeout: ${timeout}, on_failure: refuse_entries`,
        ),
        files: { "open.ts": text },
      });
      await run.playUntil(EVENING);
      const end = onlyEnd(run);
      // A process that is out of memory may be seen to have ended before it is seen to be full.
      const isSame = end.outcome === outcome ||
        (outcome === "out_of_memory" && end.outcome === "crashed");
      assert.ok(isSame, `${end.outcome}: ${end.message}`);
      const start = run.edge("desk/2026-11-23/start");
      assert.equal(start.outcome, "failed");
      assert.equal(start.reason, `hook_${end.outcome}`);
      assert.equal(run.edge("desk/2026-11-23/end").outcome, "flat_verified");
      assert.equal(end.refusedUntilAt, Date.UTC(2026, 10, 23, 16, 30));
    });
  }

  test("never delay a close, however long they run", async () => {
    const played = async (hook: string) => {
      await using run = await openHookedRun({
        from: MORNING,
        account: { positions: [held("EURUSD"), held("GBPUSD")], latencyMs: 50 },
        file: `sessions:
  - name: desk
    start: 8
    end: "16:30"
    on_end: [${hook}close_all]
${
          hook === ""
            ? ""
            : `    custom_end: {module: end.ts, isolation: ${isolation}, timeout: 300ms}`
        }`,
        files: { "end.ts": "export default () => { for (;;); }" },
      });
      await run.playUntil(EVENING);
      const { closed, remaining } = run.edge("desk/2026-11-23/end");
      return { closed, remaining, orders: ordersOf(run) };
    };
    const alone = await played("");
    assert.equal(alone.orders.length, 2);
    assert.deepEqual(await played("custom_end, "), alone);
  });

  test("keep the values of their variables out of the journal", async () => {
    const secret = `s3cret-${isolation}-value`;
    Deno.env.set("CARILLON_TEST_HOOK_TOKEN", secret);
    try {
      await using run = await openHookedRun({
        from: MORNING,
        file: startFile(
          isolation,
          ", permissions: {env: [CARILLON_TEST_HOOK_TOKEN]}",
        ),
        files: {
          "open.ts": `export default async ({ env, log, broker }: any) => {
            const token = env.CARILLON_TEST_HOOK_TOKEN;
            log("with", { token }); log.error(token);
            const refused = await broker.order({ symbol: token, side: "buy", qty: "1" }).catch((error: any) => error.code);
            if (refused !== "hook/bad-request") throw new Error("not refused");
            return { [token]: ["a" + token], size: token.length };
          }`,
        },
      });
      await run.playUntil(EVENING);
      const { outcome, logs, value } = onlyEnd(run);
      assert.equal(outcome, "returned");
      assert.equal(
        JSON.parse(value ?? "").size,
        secret.length,
        "it had the value",
      );
      assert.deepEqual(logs.map(({ level, text }) => `${level} ${text}`), [
        'info with {"token":"(left out)"}',
        "error (left out)",
      ]);
      const record = JSON.stringify([...run.journal.read()]);
      assert.ok(!record.includes(secret), "the journal holds the value");
    } finally {
      Deno.env.delete("CARILLON_TEST_HOOK_TOKEN");
    }
  });

  test("leave no guest behind", async () => {
    const run = await openHookedRun({
      from: MORNING,
      file: startFile(isolation, ", timeout: 300ms"),
      files: { "open.ts": "export default () => { for (;;); }" },
    });
    assert.ok(run.hooks.health.guests > 0, "a guest stands ready beforehand");
    await run.playUntil(EVENING);
    const { hooks } = run;
    await run[Symbol.asyncDispose]();
    assert.equal(hooks.health.guests, 0);
  });
}

/** A session whose lunch and start call the same slow function by hand and by edge. */
async function overlapping(policy: string): Promise<readonly string[]> {
  await using run = await openHookedRun({
    from: MORNING,
    file: startFile("process", `, overlap: ${policy}, timeout: 20s`),
    files: {
      "open.ts":
        "export default async ({ edge, signal }: any) => { await new Promise((go) => setTimeout(go, 300)); return edge; }",
    },
  });
  await run.playUntil(MORNING);
  // No virtual time passes while hooks work, so three at one instant overlap.
  const acts = [1, 2, 3].map(() => run.runtime.act("desk", ["custom_start"]));
  await run.playUntil("2026-11-23T07:30:00Z");
  await Promise.all(acts);
  const tally = run.runtime.state.hookTallies["desk/custom_start"];
  const outcomes = run.ended().map(({ outcome }) => outcome).sort();
  assert.equal(
    Object.values(tally ?? {}).reduce((sum, count) => sum + count, 0),
    outcomes.length,
    "each is counted",
  );
  return outcomes;
}

Deno.test("overlap: skip leaves out what comes while a call runs", async () => {
  assert.deepEqual(await overlapping("skip"), [
    "returned",
    "skipped",
    "skipped",
  ]);
});

Deno.test("overlap: buffer_one lets one wait, and leaves out the others", async () => {
  assert.deepEqual(await overlapping("buffer_one"), [
    "returned",
    "returned",
    "skipped",
  ]);
});

Deno.test("overlap: cancel_other ends the call that runs", async () => {
  const outcomes = await overlapping("cancel_other");
  assert.equal(outcomes.filter((one) => one === "returned").length, 1);
  assert.ok(outcomes.includes("cancelled"), outcomes.join());
});

Deno.test("on_failure: refuse_entries holds for the rest of the occurrence, over a restart, and no longer", async () => {
  const file = startFile("process", ", on_failure: refuse_entries");
  const files = { "open.ts": "export default () => { throw 1; }" };
  await using first = await openHookedRun({ from: MORNING, file, files });
  await first.playUntil("2026-11-23T10:00:00Z");
  const buy = {
    account: "main",
    session: "desk",
    symbol: "EURUSD",
    side: "buy",
    qty: "1",
    limitPrice: null,
    closes: null,
  } as Parameters<typeof first.runtime.place>[0];
  const refused = await first.clock.runFor(first.runtime.place(buy));
  assert.equal(
    refused.type === "order.refused" && refused.reason,
    "hook_failed",
  );
  first.runtime.abandon();
  await using second = await openHookedRun({ file, files, after: first });
  await second.playUntil("2026-11-23T10:01:00Z");
  const still = await second.clock.runFor(second.runtime.place(buy));
  assert.ok(still.type === "order.refused");
  assert.equal(still.reason, "hook_failed");
  assert.equal(still.untilAt, Date.UTC(2026, 10, 24, 8));
  assert.deepEqual(second.runtime.state.entryHolds.map(({ call }) => call), [
    "desk/2026-11-23/start/custom_start",
  ]);
});

Deno.test("stage() takes edited code in beside a call that runs, which comes to its end", async () => {
  const slow =
    "export default async () => { await new Promise((go) => setTimeout(go, 300)); return 'old'; }";
  await using run = await openHookedRun({
    from: MORNING,
    file: startFile("process", ", overlap: buffer_one"),
    files: { "open.ts": slow },
  });
  await run.playUntil(MORNING);
  const before = run.runtime.act("desk", ["custom_start"]);
  const edited = await stagedFrom("export default () => 'new'");
  const staged = await run.hooks.stage(edited);
  staged.commit();
  const after = run.runtime.act("desk", ["custom_start"]);
  await run.clock.runFor(Promise.all([before, after]));
  assert.deepEqual(run.ended().map(({ value }) => value), ['"old"', '"new"']);
  const dropped = await run.hooks.stage(
    await stagedFrom("export default () => 'never'"),
  );
  await dropped.discard();
  await run.clock.runFor(run.runtime.act("desk", ["custom_start"]));
  assert.equal(run.ended().at(-1)?.value, '"new"');
});

/** The hooks of the same session with another text. */
async function stagedFrom(code: string): Promise<readonly PlannedHook[]> {
  const file = `sessions:
  - {name: desk, start: 8, end: "16:30", custom_start: {code: ${
    JSON.stringify(code)
  }, isolation: process}}
`;
  const plan = await planHooks(loadText(file));
  assert.ok(plan.ok, "the edited hook can be used");
  return withGrants(plan.hooks);
}
