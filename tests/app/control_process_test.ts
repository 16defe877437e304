import assert from "node:assert/strict";
import { SystemClock } from "../../src/adapters/clock/system_clock.ts";
import {
  accountLine,
  type PaperProcess,
  startPaper,
} from "../support/paper_process.ts";
import {
  type Ended,
  type ProgramOptions,
  type Running,
  runProgram,
  startProgram,
  temporaryFolder,
} from "../support/program.ts";

/** How far ahead the edges of a test are: programs have to start, and to be told. @units milliseconds */
const AHEAD_MS = 10_000;

/** A session file whose sessions all end at one instant in a few seconds, each with its symbol. */
interface Desk extends AsyncDisposable {
  readonly file: string;
  readonly options: ProgramOptions;
  /** A session's key of its end. */
  readonly end: (session: string) => string;
  readonly run: () => Running;
  readonly call: (...words: readonly string[]) => Promise<Ended>;
}

async function openDesk(
  paper: PaperProcess,
  sessions: Readonly<Record<string, string>>,
  aheadMs = AHEAD_MS,
): Promise<Desk> {
  const folder = await temporaryFolder();
  const file = `${folder.path}/desk.yaml`;
  const now = new SystemClock().now();
  const from = clockText(now - 3_600_000);
  const to = clockText(now + aheadMs);
  const lines = Object.entries(sessions).map(([name, symbol]) =>
    `  - {name: ${name}, account: main, start: "${from.time}", end: "${to.time}", on_end: close_all, scope: {symbols: [${symbol}]}}`
  );
  await Deno.writeTextFile(
    file,
    ["accounts:", accountLine("main", paper.url), "sessions:", ...lines, ""]
      .join("\n"),
  );
  const options = {
    ...paper.options,
    flags: [
      ...paper.options.flags ?? [],
      `--allow-read=${folder.path}`,
      `--allow-write=${folder.path}`,
    ],
  };
  return {
    file,
    options,
    end: (session) => `${session}/${from.date}/end`,
    run: () => startProgram(["run", file, "--json"], options),
    call: (command = "", ...rest) =>
      runProgram([command, file, ...rest], options),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

function clockText(
  at: number,
): { readonly date: string; readonly time: string } {
  const [date = "", time = ""] = Temporal.Instant.fromEpochMilliseconds(at)
    .round("second").toString().split(/[TZ]/);
  return { date, time };
}

/** What the paper broker closed, and whether anything was closed again. */
async function audit({ url, token }: PaperProcess) {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${url}/v1/paper/audit`, { headers });
  const { exposures, duplicates } = await answer.json();
  return {
    closings: exposures.map((
      { symbol, closings }: {
        readonly symbol: string;
        readonly closings: readonly unknown[];
      },
    ) => `${symbol} ${closings.length}`).sort(),
    duplicates,
  };
}

function settled(lines: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    lines.split("\n").map((line) => JSON.parse(line))
      .filter(({ type }) => type === "edge.settled")
      .map(({ edge, outcome, reason }) =>
        [edge.split("/")[0], `${outcome} ${reason ?? ""}`.trim()] as const
      ),
  );
}

Deno.test("skip, pause and resume reach a run that is under way, and the rest of it runs", async () => {
  await using paper = await startPaper(
    "EURUSD=1000",
    "GBPUSD=2000",
    "USDJPY=3000",
    "AUDUSD=4000",
  );
  await using desk = await openDesk(paper, {
    skipped: "EURUSD",
    paused: "GBPUSD",
    resumed: "USDJPY",
    plain: "AUDUSD",
  });
  await using run = desk.run();
  await run.line(/"occurrence.armed".*plain/);
  const skip = await desk.call("skip", desk.end("skipped"), "--json");
  assert.equal(skip.code, 0, skip.err + skip.out);
  const { type, wish, actions, noted_by } = JSON.parse(skip.out);
  assert.deepEqual([type, wish, actions, noted_by.kind], [
    "edge.skip_noted",
    "skip",
    ["close_all"],
    "run",
  ]);
  await run.line(/"edge.skip_noted"/);
  const calls = [
    await desk.call("pause", "paused"),
    await desk.call("pause", "resumed"),
    await desk.call("resume", "resumed"),
  ];
  assert.deepEqual(calls.map(({ code }) => code), [0, 0, 0]);
  assert.match(
    calls[0]?.out ?? "",
    /^PAUSED since .*\npaused\/.*\(close_all\) WILL NOT RUN: due .*\nNoted by the run that is under way \(process \d+\)\.\nEnd it: carillon resume .*desk\.yaml paused$/m,
  );
  await run.line(/"edge.settled".*plain/);
  run.signal("SIGINT");
  const ended = await run.ended();
  assert.equal(ended.code, 130, ended.err);
  assert.deepEqual(settled(ended.out), {
    skipped: "skipped user",
    paused: "skipped paused",
    resumed: "flat_verified",
    plain: "flat_verified",
  });
  assert.deepEqual((await paper.positions()).toSorted(), [
    "EURUSD 1000",
    "GBPUSD 2000",
  ]);
});

Deno.test("skip, pause and resume say what there is instead of what there is not", async () => {
  await using paper = await startPaper("EURUSD=1000");
  await using desk = await openDesk(paper, { desk: "EURUSD" }, 3_600_000);
  await using run = desk.run();
  await run.line(/"occurrence.armed"/);
  const end = desk.end("desk");
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [["skip", end.replace("end", "edn")], RegExp(`has start, end; .*"${end}"`)],
    [
      ["skip", end.replace("desk", "dsek")],
      RegExp(`no session "dsek".*"${end}"`),
    ],
    [["skip", "desk"], /a key is written SESSION\/DATE\/EDGE/],
    [["skip", "desk/2026-02-30/end"], /a key is written SESSION\/DATE\/EDGE/],
    [["skip", end.replace("end", "start")], /came due at .*; next are "desk/],
    [["skip", end, "--undo"], /it is not skipped; no edge is skipped/],
    [["pause", "dsek"], /no session "dsek".*did you mean "desk"\?/],
    [["resume"], /Cannot resume: nothing is paused/],
  ];
  for (const [words, message] of wrong) {
    const { code, out, err } = await desk.call(...words);
    assert.deepEqual([code, out], [2, ""], words.join(" "));
    assert.match(err, message);
  }
  run.signal("SIGINT");
  assert.equal((await run.ended()).code, 130);
});

Deno.test("pause waits for no run, and the next one finds it and says so", async () => {
  await using paper = await startPaper("EURUSD=1000");
  await using desk = await openDesk(paper, { desk: "EURUSD" });
  const paused = await desk.call("pause");
  assert.equal(paused.code, 0, paused.err);
  assert.match(paused.out, /desk\/.*\(close_all\) WILL NOT RUN: due/);
  assert.match(paused.out, /No run holds this journal: noted in it/);
  await using run = startProgram([desk.file], desk.options);
  await run.line(/^PAUSED since .* closes too, until "carillon resume"\.$/);
  await run.line(/^desk\/.* \(close_all\) WILL NOT RUN: due/);
  await run.line(
    /^ {2}desk\/.*\/end LEFT OUT: close_all was left out: paused since/,
  );
  run.signal("SIGINT");
  const ended = await run.ended();
  assert.equal(ended.code, 130, ended.err);
  assert.deepEqual(await paper.positions(), ["EURUSD 1000"]);
});

Deno.test({
  name:
    "pause says that a suspended run does not answer, and changes nothing (needs SIGSTOP)",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using paper = await startPaper("EURUSD=1000");
    await using desk = await openDesk(paper, { desk: "EURUSD" }, 3_600_000);
    await using run = desk.run();
    await run.line(/"occurrence.armed"/);
    run.signal("SIGSTOP");
    const asked = await desk.call("pause", "--json");
    run.signal("SIGCONT");
    assert.equal(asked.code, 1);
    const { type, code, message } = JSON.parse(asked.out);
    assert.deepEqual([type, code], ["error", "control/no-answer"]);
    assert.match(
      message,
      /does not answer within 5 s.*process \d+.*Nothing was changed$/,
    );
    const resumed = await desk.call("resume");
    assert.match(resumed.err, /nothing is paused/);
    run.signal("SIGINT");
    assert.equal((await run.ended()).code, 130);
  },
});

Deno.test({
  name:
    "a suspended run whose journal was taken over does nothing when it wakes up (needs SIGSTOP)",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using paper = await startPaper("EURUSD=1000");
    await using desk = await openDesk(paper, { desk: "EURUSD" });
    await using suspended = desk.run();
    await suspended.line(/"occurrence.armed"/);
    suspended.signal("SIGSTOP");
    const folder = desk.file.replace(/[^/]*$/, "");
    await Deno.remove(`${folder}.carillon/desk.db.lock`);
    await using second = desk.run();
    await second.line(/"edge.settled".*"flat_verified"/);
    second.signal("SIGINT");
    assert.equal((await second.ended()).code, 130);
    suspended.signal("SIGCONT");
    const ended = await suspended.ended();
    assert.equal(ended.code, 1, ended.err);
    assert.match(
      ended.out,
      /"code":"journal\/fenced".*process \d+.* took it over while this one was suspended.*nothing more is done here/,
    );
    assert.doesNotMatch(ended.out, /edge\.fired|order\.sent/);
    assert.deepEqual(await audit(paper), {
      closings: ["EURUSD 1"],
      duplicates: [],
    });
  },
});

Deno.test({
  name:
    "a second run that may see all of the system says that the first is suspended (needs Linux)",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using paper = await startPaper();
    await using desk = await openDesk(paper, { desk: "EURUSD" }, 3_600_000);
    await using run = desk.run();
    await run.line(/"occurrence.armed"/);
    const all = { ...desk.options, flags: ["--allow-all"] };
    const awake = await runProgram([desk.file], all);
    assert.equal(awake.code, 1);
    assert.match(awake.err, /process \d+ \("carillon run .*Z; stop/);
    run.signal("SIGSTOP");
    const { err } = await runProgram([desk.file], all);
    run.signal("SIGCONT");
    assert.match(err, /Z, which is suspended: "kill -CONT \d+" lets it go on/);
    run.signal("SIGINT");
    assert.equal((await run.ended()).code, 130);
  },
});
