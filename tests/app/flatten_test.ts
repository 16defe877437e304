import assert from "node:assert/strict";
import {
  accountLine,
  NOBODY,
  sessionLine,
  startPaper,
} from "../support/paper_process.ts";
import {
  type Ended,
  runProgram,
  startProgram,
  temporaryFolder,
} from "../support/program.ts";

interface Line {
  readonly type: string;
  readonly message?: string;
  readonly code?: string;
  readonly journal?: { readonly path?: string };
}

function linesOf({ out }: Ended): readonly Line[] {
  return out.trim().split("\n").map((line) => JSON.parse(line) as Line);
}

async function writeFile(
  folder: string,
  accounts: readonly string[],
  sessions: readonly string[],
  more: readonly string[] = [],
): Promise<string> {
  const path = `${folder}/two.yaml`;
  const lines = ["version: 1", ...more, "accounts:", ...accounts];
  await Deno.writeTextFile(
    path,
    [...lines, "sessions:", ...sessions, ""].join("\n"),
  );
  return path;
}

const TWO_SESSIONS = [sessionLine("a", "ok"), sessionLine("b", "dead")];

Deno.test("flatten closes at the account that answers and names the one that does not", async () => {
  await using folder = await temporaryFolder();
  await using broker = await startPaper("EURUSD=1000");
  const accounts = [
    accountLine("ok", broker.url),
    accountLine("dead", NOBODY),
  ];
  const file = await writeFile(folder.path, accounts, TWO_SESSIONS);
  const ended = await runProgram(["flatten", file], broker.options);
  assert.equal(ended.code, 1, ended.err + ended.out);
  assert.match(ended.out, /FLAT in scope, proven by the broker/);
  assert.match(
    ended.err,
    /Cannot open account "dead": cannot read the account at .*: nobody answers there/,
  );
  assert.doesNotMatch(ended.err, /"ok"/);
  assert.deepEqual(await broker.positions(), []);
});

Deno.test("flatten goes on where an account lacks its secret, its kind or its permission", async () => {
  await using folder = await temporaryFolder();
  await using broker = await startPaper("EURUSD=1000");
  const { host } = new URL(broker.url);
  const dead: readonly (readonly [string, RegExp])[] = [
    [
      `  dead: {kind: http, url: "${broker.url}", token: "\${env:OTHER}", live: false}`,
      /Cannot open account "dead": .*--allow-env=OTHER/,
    ],
    [
      "  dead: {kind: alpaca, id: A, live: true}",
      /Cannot open account "dead": brokers of kind "alpaca"/,
    ],
    [
      accountLine("dead", NOBODY),
      /Cannot open account "dead": .*--allow-net=127\.0\.0\.1:59998/,
    ],
  ];
  for (const [line, expected] of dead) {
    await using own = await startPaper("EURUSD=1000");
    const ok = accountLine("ok", own.url);
    const file = await writeFile(folder.path, [ok, line], TWO_SESSIONS);
    const ended = await runProgram(["flatten", file], {
      ...own.options,
      flags: [
        `--allow-net=${new URL(own.url).host},${host}`,
        "--allow-read",
        "--allow-env=PAPER_TOKEN",
      ],
    });
    assert.equal(ended.code, 1, ended.err + ended.out);
    assert.match(ended.err, expected);
    assert.deepEqual(await own.positions(), []);
  }
});

Deno.test("run starts nothing where one account does not answer, and says which", async () => {
  await using folder = await temporaryFolder();
  await using broker = await startPaper("EURUSD=1000");
  const accounts = [
    accountLine("ok", broker.url),
    accountLine("dead", NOBODY),
  ];
  const file = await writeFile(folder.path, accounts, TWO_SESSIONS);
  const ended = await runProgram(["run", file], broker.options);
  assert.equal(ended.code, 1, ended.out);
  assert.match(ended.err, /Cannot open account "dead"/);
  assert.equal(ended.out, "");
});

Deno.test("Ctrl-C once finishes the close that flatten has begun", async () => {
  await using folder = await temporaryFolder();
  await using broker = await startPaper("EURUSD=1000");
  await broker.setFaults([
    { on: "positions", do: { kind: "status", status: 500 }, times: 2 },
  ]);
  const accounts = [accountLine("ok", broker.url)];
  const file = await writeFile(folder.path, accounts, [sessionLine("a", "ok")]);
  await using live = startProgram(["flatten", file], broker.options);
  await live.line(/looking again/);
  live.signal("SIGINT");
  const ended = await live.ended();
  assert.match(ended.out, /FLAT in scope, proven by the broker/);
  assert.equal(ended.code, 130, ended.err);
  assert.deepEqual(await broker.positions(), []);
});

Deno.test("Ctrl-C twice leaves a close of flatten at once and says so", async () => {
  await using folder = await temporaryFolder();
  await using broker = await startPaper("EURUSD=1000");
  await broker.setFaults([{ on: "positions", do: { kind: "no_answer" } }]);
  const accounts = [accountLine("ok", broker.url)];
  const file = await writeFile(folder.path, accounts, [sessionLine("a", "ok")]);
  await using live = startProgram(["flatten", file], broker.options);
  await live.line(/DEMO http/);
  live.signal("SIGINT");
  live.signal("SIGTERM");
  const ended = await live.ended();
  assert.match(ended.out, /Left at once/);
  assert.equal(ended.code, 130, ended.err);
});

Deno.test("Ctrl-C while accounts are being opened ends run and flatten with 130 and a line", async () => {
  await using folder = await temporaryFolder();
  // Takes connections and never answers.
  using silent = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const accounts = [
    accountLine("ok", `http://127.0.0.1:${silent.addr.port}`),
  ];
  const file = await writeFile(folder.path, accounts, [sessionLine("a", "ok")]);
  const options = {
    flags: ["--allow-net", "--allow-read", "--allow-env=PAPER_TOKEN"],
    env: { PAPER_TOKEN: "t" },
  };
  await using json = startProgram(["flatten", file, "--json"], options);
  await json.line(/run\.started/);
  await using text = startProgram(["run", file], options);
  using _first = await silent.accept();
  using _second = await silent.accept();
  json.signal("SIGINT");
  text.signal("SIGINT");
  const told = await json.ended();
  assert.equal(told.code, 130, told.err);
  assert.equal(linesOf(told).at(-1)?.type, "run.not_started");
  const said = await text.ended();
  assert.equal(said.code, 130, said.out);
  assert.match(said.err, /Stopped before anything was started/);
});

Deno.test("each flatten writes a journal of its own, two at once as well", async () => {
  await using folder = await temporaryFolder();
  const file = await writeFile(
    folder.path,
    ["  ok: {kind: paper}"],
    [sessionLine("a", "ok")],
  );
  const flags = ["--allow-net", "--allow-read", `--allow-write=${folder.path}`];
  const all = await Promise.all(
    [1, 2, 3].map(() => runProgram(["flatten", file, "--json"], { flags })),
  );
  const paths = all.map((ended) => linesOf(ended)[0]?.journal?.path ?? "");
  assert.equal(new Set(paths).size, 3, paths.join());
  for (const path of paths) {
    assert.match(path, /\.carillon\/two-flatten-\d{8}T\d{6}Z(-\d)?\.db$/);
    assert.ok((await Deno.stat(path)).size > 0);
  }
  assert.deepEqual(all.map(({ code }) => code), [0, 0, 0]);
});

Deno.test("flatten needs nothing of a file but accounts and scopes", async () => {
  await using folder = await temporaryFolder();
  await using broker = await startPaper("EURUSD=1000");
  const file = await writeFile(
    folder.path,
    [accountLine("ok", broker.url)],
    [
      sessionLine(
        "a",
        "ok",
        ", strategies: [{module: scalp.ts, every: 1m}], catch_up: {start: 5m}, calendar: closures, lead: 5m",
      ),
      '  - {name: b, account: ok, start: "00:00", end: "24:00", on_end: close_all, scope: {session: a}}',
    ],
    [
      'heartbeat: {url: "https://example.com/ping", every: 1m}',
      "limits: {daily_loss: 100}",
      'calendars: {closures: {base: XNYS, ics: "nowhere.ics"}}',
    ],
  );
  const refused = await runProgram(["run", file], broker.options);
  assert.equal(refused.code, 2, "run needs all of it");
  const ended = await runProgram(["flatten", file], broker.options);
  assert.match(ended.out, /FLAT in scope, proven by the broker/, ended.err);
  assert.match(
    ended.err,
    /Cannot tell what session "a" opened, which is what "b" closes: .* nothing of it is closed/,
  );
  assert.equal(ended.code, 1);
  assert.deepEqual(await broker.positions(), []);
  const alone = await runProgram(["flatten", file, "b"], broker.options);
  assert.equal(alone.code, 1, alone.out);
});

Deno.test("flatten of a live account does without a journal on disk, and says so", async () => {
  await using folder = await temporaryFolder();
  const file = await writeFile(
    folder.path,
    [
      `  real: {kind: http, id: A-1, live: true, url: "${NOBODY}"}`,
    ],
    [sessionLine("a", "real")],
  );
  const flags = ["--allow-net", "--allow-read"];
  const run = await runProgram(["run", file], { flags });
  assert.equal(run.code, 2);
  assert.match(
    run.err,
    /Cannot run live account "real" with a journal in memo/,
  );
  for (const words of [["flatten", file], ["run", file, "--dry-run"]]) {
    const ended = await runProgram(words, { flags });
    assert.equal(ended.code, 1, ended.err);
    assert.match(ended.err, /Cannot open account "real": .*nobody answers/);
    if (words[0] !== "flatten") continue;
    assert.match(ended.err, /LIVE account "real" without a journal on disk/);
  }
});

Deno.test("flatten closes where the disk does not take a journal", async () => {
  await using folder = await temporaryFolder();
  const file = await writeFile(
    folder.path,
    ["  ok: {kind: paper, positions: [{symbol: EURUSD, side: long, qty: 1}]}"],
    [sessionLine("a", "ok")],
  );
  // A file where the folder should be.
  await Deno.writeTextFile(`${folder.path}/.carillon`, "");
  const flags = ["--allow-net", "--allow-read", `--allow-write=${folder.path}`];
  const ended = await runProgram(["flatten", file], { flags });
  assert.match(ended.out, /Journal in memory/);
  assert.match(ended.out, /FLAT in scope/);
  assert.equal(ended.code, 0, ended.err);
});

Deno.test("flatten --json opens with run.opened and warns of the embedded broker in a line", async () => {
  await using folder = await temporaryFolder();
  const file = await writeFile(
    folder.path,
    ["  ok: {kind: paper}"],
    [sessionLine("a", "ok")],
  );
  const ended = await runProgram(["flatten", file, "--json"]);
  assert.deepEqual(
    linesOf(ended).map(({ type }) => type).slice(0, 4),
    ["run.opened", "call.warned", "run.started", "account.ready"],
  );
  assert.match(linesOf(ended)[1]?.message ?? "", /embedded paper broker/);
  assert.equal(ended.err, "");
});

Deno.test("without --allow-net run, flatten and paper say which flag helps", async () => {
  const words: readonly (readonly [readonly string[], string])[] = [
    [["run", "examples/01_hello.yaml"], "127.0.0.1"],
    [["flatten", "examples/01_hello.yaml"], "127.0.0.1"],
    [["paper", "--port", "0"], "127.0.0.1"],
    [["paper", "--port", "8799"], "127.0.0.1:8799"],
  ];
  for (const [call, host] of words) {
    const flags = ["--allow-read"];
    const { code, err, out } = await runProgram(call, { flags });
    assert.equal(code, 2, err + out);
    assert.match(err, new RegExp(`run with --allow-net=${host}\n`));
    assert.doesNotMatch(err, /Uncaught|\n {4}at /);
    const json = await runProgram([...call, "--json"], { flags });
    const last = linesOf(json).at(-1);
    assert.equal(last?.code, "permission/missing", call.join(" "));
  }
  const played = await runProgram(
    ["run", "examples/01_hello.yaml", ...PLAYED],
    { flags: ["--allow-read"] },
  );
  assert.equal(played.code, 0, "what is played in process needs no network");
});

const PLAYED = [
  "--now",
  "2026-11-23T05:00:00Z",
  "--until",
  "2026-11-24T00:00:00Z",
  "--speed",
  "max",
];
