import assert from "node:assert/strict";
import { replay } from "../../src/runtime/engine.ts";
import { SqliteJournal } from "../../src/adapters/journal/sqlite_journal.ts";
import { MAIN_JOB } from "../../tools/draw_terminal.ts";
import { needsShared } from "../support/needs.ts";
import {
  type Ended,
  ROOT,
  runProgram,
  startProgram,
  temporaryFolder,
} from "../support/program.ts";

const SHARED = `${ROOT}../shared/data/prices`;

interface Line {
  readonly type: string;
  readonly at: string;
  readonly edge?: string;
  readonly outcome?: string;
  readonly [key: string]: unknown;
}

function linesOf({ out }: Ended): readonly Line[] {
  return out.trim().split("\n").map((line) => JSON.parse(line) as Line);
}

function settledOf(ended: Ended): Record<string, string | undefined> {
  const settled = linesOf(ended).filter(({ type }) => type === "edge.settled");
  const edges = settled.map(({ edge }) => edge);
  assert.equal(new Set(edges).size, edges.length, "every edge ends once");
  return Object.fromEntries(
    settled.map(({ edge, outcome }) => [edge, outcome]),
  );
}

const DAY = {
  "london/2026-11-23/start": "done",
  "london/2026-11-23/lunch": "closed_verified",
  "new-york/2026-11-23/start": "closed_verified",
  "london/2026-11-23/end": "flat_verified",
  "new-york/2026-11-23/end": "flat_verified",
};

Deno.test("the README's main job plays a day and ends every edge with its proof", async () => {
  const ended = await runProgram([...MAIN_JOB, "--json"]);
  assert.equal(ended.code, 0, ended.err);
  assert.deepEqual(settledOf(ended), DAY);
  assert.deepEqual(linesOf(ended).at(-1)?.open, [{
    account: "demo",
    positions: [],
  }]);
});

Deno.test({
  ...needsShared(
    "the main job plays a real day over real prices",
    "data/prices/usdjpy-m1-bid-2013.csv",
  ),
  fn: async () => {
    const ended = await runProgram([
      "run",
      "examples/02_london_new_york.yaml",
      "--now",
      "2013-02-05T05:00:00Z",
      "--until",
      "2013-02-06T00:00:00Z",
      "--speed",
      "max",
      "--prices",
      `USDJPY=${SHARED}/usdjpy-m1-bid-2013.csv,${SHARED}/usdjpy-m1-ask-2013.csv`,
      "--json",
    ]);
    assert.equal(ended.code, 0, ended.err);
    const expected = Object.fromEntries(
      Object.entries(DAY).map((
        [edge, outcome],
      ) => [edge.replace("2026-11-23", "2013-02-05"), outcome]),
    );
    assert.deepEqual(settledOf(ended), expected);
  },
});

Deno.test({
  ...needsShared(
    "a close that falls into the weekend of real prices is refused, not queued",
    "data/prices/usdjpy-m1-bid-2013.csv",
  ),
  fn: async () => {
    const file =
      'version: 1\naccounts: {demo: {kind: paper, positions: [{symbol: USDJPY, side: long, qty: "1000"}]}}\nsessions: [{name: late, start: "08:00", end: "23:00", on_end: close_all}]\n';
    const ended = await runProgram([
      "run",
      "-",
      "--now",
      "2013-02-08T12:00:00Z",
      "--until",
      "2013-02-08T23:30:00Z",
      "--speed",
      "max",
      "--prices",
      `USDJPY=${SHARED}/usdjpy-m1-bid-2013.csv`,
      "--json",
    ], { stdin: file });
    assert.equal(ended.code, 1);
    assert.equal(settledOf(ended)["late/2013-02-08/end"], "refused");
  },
});

Deno.test("each example plays its day", async () => {
  for (
    const [file, edges] of [
      ["examples/01_hello.yaml", {
        "london/2026-11-23/start": "done",
        "london/2026-11-23/end": "flat_verified",
      }],
      ["examples/03_close_losers.ts", {
        "desk/2026-11-23/start": "done",
        "desk/2026-11-23/noon": "closed_verified",
        "desk/2026-11-23/end": "flat_verified",
      }],
    ] as const
  ) {
    const ended = await runProgram([
      file,
      "--now",
      "2026-11-23T05:00:00Z",
      "--until",
      "2026-11-24T00:00:00Z",
      "--speed",
      "max",
      "--json",
    ]);
    assert.equal(ended.code, 0, ended.err);
    assert.deepEqual(settledOf(ended), edges, file);
  }
});

Deno.test("a played day is the same to the byte when it is played again", async () => {
  const runs = await Promise.all(
    [1, 2].map(() => runProgram([...MAIN_JOB, "--json"])),
  );
  assert.equal(runs[0]?.out, runs[1]?.out);
});

Deno.test("a played day over sockets ends as it does in process", async () => {
  const ended = await runProgram([
    "examples/02_london_new_york.yaml",
    "--now",
    "2026-11-23T07:00:00Z",
    "--until",
    "2026-11-23T23:00:00Z",
    "--speed",
    "20000",
    "--on-stop",
    "leave",
    "--json",
  ]);
  const settled = settledOf(ended);
  assert.deepEqual(
    Object.keys(settled).sort(),
    Object.keys(DAY).sort(),
    ended.err,
  );
});

const LIVE = (positions: string) =>
  `version: 1
accounts: {demo: {kind: paper, positions: ${positions}}}
sessions: [{name: all-day, start: "00:00", end: "24:00", on_end: close_all}]
`;
const ONE = '[{symbol: EURUSD, side: long, qty: "1000"}]';

Deno.test("Ctrl-C once finishes, says what stays open and what will not run, and exits 130", async () => {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/desk.yaml`;
  await Deno.writeTextFile(file, LIVE(ONE));
  await using live = startProgram([file]);
  await live.line(/PAPER demo/);
  live.signal("SIGINT");
  const ended = await live.ended();
  assert.equal(ended.code, 130, ended.err);
  assert.match(ended.out, /Journal in memory/);
  assert.match(ended.out, /1 position stays OPEN: EURUSD \+1000/);
  assert.match(ended.out, /all-day\/.*\/end \(close_all\) WILL NOT RUN/);
});

Deno.test("Ctrl-C with --on-stop close closes first and says so", async () => {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/desk.yaml`;
  await Deno.writeTextFile(file, LIVE(ONE));
  await using live = startProgram([file, "--on-stop", "close"]);
  await live.line(/PAPER demo/);
  live.signal("SIGTERM");
  const ended = await live.ended();
  assert.equal(ended.code, 130, ended.err);
  assert.match(ended.out, /FLAT in scope, proven by the broker/);
  assert.match(ended.out, /No position stays open/);
});

Deno.test("Ctrl-C twice leaves at once while a close is stuck", async () => {
  await using folder = await temporaryFolder();
  await using broker = startProgram([
    "paper",
    "--port",
    "0",
    "--position",
    "EURUSD=1000",
    "--json",
  ]);
  const [, url, token] = await broker.line(/"url":"([^"]+)","token":"([^"]+)"/);
  await setFaults(url, token, [{ on: "positions", do: { kind: "no_answer" } }]);
  const file = await httpFile(folder.path, url);
  await using live = startProgram([file, "--on-stop", "close"], {
    flags: ["--allow-net", "--allow-read", "--allow-env=PAPER_TOKEN"],
    env: { PAPER_TOKEN: token ?? "" },
  });
  await live.line(/DEMO http desk/);
  live.signal("SIGINT");
  await live.line(/on stop/);
  live.signal("SIGINT");
  const ended = await live.ended();
  assert.equal(ended.code, 130, ended.out);
  assert.match(ended.out, /Left at once/);
});

async function setFaults(
  url: string | undefined,
  token: string | undefined,
  rules: readonly unknown[],
): Promise<void> {
  const answer = await fetch(`${url}/v1/paper/faults`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ rules }),
  });
  assert.ok(answer.ok, await answer.text());
}

async function httpFile(
  folder: string,
  url: string | undefined,
): Promise<string> {
  const file = `${folder}/desk.yaml`;
  await Deno.writeTextFile(
    file,
    `version: 1
accounts:
  desk: {kind: http, url: "${url}", token: "\${env:PAPER_TOKEN}", live: false}
sessions: [{name: all-day, start: "00:00", end: "24:00", on_end: close_all, scope: {symbols: [EURUSD]}}]
`,
  );
  return file;
}

Deno.test("flatten closes what is in scope at a broker of its own process, with the proof", async () => {
  await using folder = await temporaryFolder();
  await using broker = startProgram([
    "paper",
    "--port",
    "0",
    "--position",
    "EURUSD=1000",
    "--position",
    "VTI=-7",
    "--json",
  ]);
  const [, url, token] = await broker.line(/"url":"([^"]+)","token":"([^"]+)"/);
  const file = await httpFile(folder.path, url);
  const options = {
    flags: ["--allow-net", "--allow-read", "--allow-env=PAPER_TOKEN"],
    env: { PAPER_TOKEN: token ?? "" },
  };
  const dry = await runProgram(["flatten", file, "--dry-run"], options);
  assert.match(dry.out, /would close EURUSD \+1000/);
  const closed = await runProgram(["flatten", file], options);
  assert.equal(closed.code, 0, closed.err + closed.out);
  assert.match(closed.out, /FLAT in scope, proven by the broker/);
  assert.ok(
    !closed.out.includes(token ?? "") && !closed.err.includes(token ?? ""),
    "the token is nobody's to read",
  );
  const again = await runProgram(["flatten", file, "--json"], options);
  assert.equal(
    linesOf(again).find(({ type }) => type === "edge.settled")?.closed,
    0,
  );
  const audit = await (await fetch(`${url}/v1/paper/audit`, {
    headers: { authorization: `Bearer ${token}` },
  })).json();
  assert.deepEqual(audit.duplicates ?? audit.duplicate_exposure, []);
  const wrong = await runProgram(["flatten", file, "nobody"], options);
  assert.equal(wrong.code, 2);
});

Deno.test("a run whose reader has gone carries on to its end", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--allow-net",
      "--allow-read",
      "mod.ts",
      ...MAIN_JOB,
      "--json",
    ],
    cwd: ROOT,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await child.stdout.cancel();
  const { code } = await child.status;
  assert.equal(code, 0, await new Response(child.stderr).text());
});

Deno.test("a run that is killed leaves a journal that verifies, replays and goes on", async () => {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/desk.yaml`;
  await Deno.writeTextFile(file, LIVE(ONE));
  const flags = ["--allow-net", "--allow-read", `--allow-write=${folder.path}`];
  for (const last of [1, 2]) {
    await using live = startProgram([file], { flags });
    await live.line(/Journal .*desk\.db/);
    await live.line(/PAPER demo/);
    live.signal("SIGKILL");
    await live.ended();
    using journal = new SqliteJournal(`${folder.path}/.carillon/desk.db`);
    const entries = [...journal.read()];
    assert.equal(
      entries.filter(({ event }) => event.type === "file.loaded").length,
      last,
    );
    assert.equal(replay(entries).seq, entries.length);
  }
});

Deno.test("what is wrong with the call or the file is told before anything starts, with exit code 2", async () => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["run", "examples/01_hello.yaml", "--speed", "max"], /needs --until/],
    [["run", "examples/01_hello.yaml", "--speed", "-3"], /--speed|speed/],
    [["run", "examples/01_hello.yaml", "--now", "yesterday"], /yesterday/],
    [[
      "run",
      "examples/01_hello.yaml",
      "--now",
      "2026-11-23T10:00:00Z",
      "--until",
      "2026-11-23T09:00:00Z",
    ], /--until lies before --now/],
    [["run", "missing.yaml"], /there is no such file/],
    [
      ["run", "examples/01_hello.yaml", "--prices", "EURUSD=missing.csv"],
      /missing\.csv/,
    ],
  ];
  for (const [words, expected] of cases) {
    const ended = await runProgram(words);
    assert.equal(ended.code, 2, `${words.join(" ")}: ${ended.out}${ended.err}`);
    assert.match(ended.err, expected);
    assert.equal(ended.out, "");
  }
});

Deno.test("a file that names a real broker is not played, needs its secret, and fails with a sentence", async () => {
  await using folder = await temporaryFolder();
  const file = await httpFile(folder.path, "http://127.0.0.1:59998");
  const played = await runProgram([
    "run",
    file,
    "--now",
    "2026-11-23T10:00:00Z",
  ]);
  assert.equal(played.code, 2);
  assert.match(played.err, /paper broker only; the file names "desk" \(http\)/);
  const secret = await runProgram(["run", file]);
  assert.equal(secret.code, 2);
  assert.match(secret.err, /--allow-env=PAPER_TOKEN/);
  const down = await runProgram(["run", file], {
    flags: ["--allow-net", "--allow-read", "--allow-env=PAPER_TOKEN"],
    env: { PAPER_TOKEN: "s3cret-token" },
  });
  assert.equal(down.code, 1);
  assert.match(down.err, /nobody answers there/);
  assert.ok(!(down.err + down.out).includes("s3cret-token"));
});

Deno.test("what is not carried out yet is refused with its place, never left out", async () => {
  const file =
    'version: 1\nsessions:\n  - {name: ny, start: "09:30", end: "16:00", on_end: close_all}\nlimits: {daily_loss: 4%}\n';
  const ended = await runProgram(["run", "-"], {
    stdin: file,
    flags: ["--allow-net"],
  });
  assert.equal(ended.code, 2);
  assert.match(ended.err, /support\/not-yet/);
  assert.match(ended.err, /4:\d+/);
});

Deno.test("run --until with positions left says what is open and what will not run", async () => {
  const words = MAIN_JOB.with(
    MAIN_JOB.indexOf("--until") + 1,
    "2026-11-23T13:00:00Z",
  );
  const ended = await runProgram(words);
  assert.equal(ended.code, 0, ended.err);
  assert.match(ended.out, /positions stay OPEN/);
  assert.match(ended.out, /london\/2026-11-23\/end \(close_all\) WILL NOT RUN/);
});

Deno.test("a second run of a file says who writes its journal, and leaves the first alone", async () => {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/desk.yaml`;
  await Deno.writeTextFile(file, LIVE(ONE));
  const flags = [
    "--allow-net",
    "--allow-read",
    `--allow-write=${folder.path}`,
  ];
  await using first = startProgram([file], { flags });
  await first.line(/PAPER demo/);
  const second = await runProgram([file], { flags });
  assert.equal(second.code, 1, second.out);
  assert.match(
    second.err,
    /process \d+.* \("carillon run .*desk\.yaml"\) writes it since/,
  );
  assert.equal(second.out, "", "nothing was started");
  first.signal("SIGINT");
  const ended = await first.ended();
  assert.equal(ended.code, 130, ended.err);
  assert.match(ended.out, /1 position stays OPEN/);
});
