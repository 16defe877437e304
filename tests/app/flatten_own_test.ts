import assert from "node:assert/strict";
import { composeRun, type RunComposition } from "../../src/app/compose.ts";
import { loadFile } from "../../src/app/load_file.ts";
import type { AccountMode } from "../../src/domain/definition.ts";
import { decimal } from "../../src/domain/decimal.ts";
import { type PaperProcess, startPaperIn } from "../support/paper_process.ts";
import { type Ended, runProgram, temporaryFolder } from "../support/program.ts";

/** A broker with 1000 EURUSD of somebody else's, and a file that closes what its session opened. */
interface Desk extends AsyncDisposable {
  readonly broker: PaperProcess;
  /** Has the session buy 300 EURUSD in a run of its own, which is then killed. */
  readonly trade: () => Promise<void>;
  readonly flatten: () => Promise<Ended>;
  /** Opens a run of the file. */
  readonly open: () => Promise<RunComposition>;
  readonly journal: string;
}

async function openDesk(mode: AccountMode): Promise<Desk> {
  const stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolder());
  const broker = stack.use(await startPaperIn(mode, ["EURUSD=1000"]));
  const file = `${folder.path}/own.yaml`;
  await Deno.writeTextFile(
    file,
    `accounts:
  main: {kind: http, url: "${broker.url}", token: "${broker.token}", live: false}
sessions:
  - {name: scalp, start: "00:00", end: "24:00", on_end: close_all, scope: {session: scalp}}
`,
  );
  const open = async () => {
    const loaded = await loadFile(file);
    assert.ok(!("problems" in loaded));
    return await composeRun(loaded, { time: { kind: "live" }, dryRun: false });
  };
  return {
    broker,
    open,
    journal: `${folder.path}/.carillon/own.db`,
    async trade() {
      await using run = await open();
      run.runtime.start();
      const answered = await run.runtime.place({
        account: "main",
        session: "scalp",
        symbol: "EURUSD",
        side: "buy",
        qty: decimal("300"),
        limitPrice: null,
        closes: null,
      });
      assert.equal(answered.type, "order.answered");
      // The list that shows the execution tells what is the session's own.
      await run.runtime.look("main");
    },
    flatten: () =>
      runProgram(["flatten", file], {
        flags: ["--allow-net", "--allow-read", `--allow-write=${folder.path}`],
      }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

Deno.test("flatten closes what a session opened, by its run's record, and nothing of anybody else's", async () => {
  await using desk = await openDesk("netting");
  await desk.trade();
  assert.deepEqual(await desk.broker.positions(), ["EURUSD 1300"]);
  const ended = await desk.flatten();
  assert.match(ended.out, /FLAT in scope, proven by the broker/, ended.err);
  assert.equal(ended.code, 0, ended.err);
  assert.deepEqual(await desk.broker.positions(), ["EURUSD 1000"]);
  const again = await desk.flatten();
  assert.equal(again.code, 0, again.err);
  assert.deepEqual(await desk.broker.positions(), ["EURUSD 1000"]);
});

Deno.test("flatten touches nothing on an account that nets where the run's record cannot be read", async () => {
  await using desk = await openDesk("netting");
  const ended = await desk.flatten();
  assert.equal(ended.code, 1, ended.out);
  assert.doesNotMatch(ended.out, /FLAT/);
  assert.match(
    ended.err,
    /Cannot tell what session "scalp" opened.* nothing of it is closed/,
  );
  assert.deepEqual(await desk.broker.positions(), ["EURUSD 1000"]);
});

Deno.test("flatten goes by tag on an account that hedges where the run's record cannot be read, and says so", async () => {
  await using desk = await openDesk("hedging");
  await desk.trade();
  for (const suffix of ["", "-wal", "-shm", ".anchor"]) {
    await Deno.remove(`${desk.journal}${suffix}`).catch(() => {});
  }
  const ended = await desk.flatten();
  assert.equal(ended.code, 1, ended.out);
  assert.match(
    ended.err,
    /Cannot tell what session "scalp" opened.* only what carries the tag "scalp" is closed/,
  );
  assert.deepEqual(await desk.broker.positions(), ["EURUSD 1000"]);
});

Deno.test("a run goes on knowing what flatten closed of a session, and closes no more of it", async () => {
  await using desk = await openDesk("netting");
  await desk.trade();
  assert.equal((await desk.flatten()).code, 0);
  // The run that traded comes back and is to close what its session opened.
  await using run = await desk.open();
  run.runtime.start();
  const { outcome, closed } = await run.runtime.act("scalp", ["close_all"]);
  assert.deepEqual([outcome, closed], ["flat_verified", 0]);
  assert.deepEqual(await desk.broker.positions(), ["EURUSD 1000"]);
});
