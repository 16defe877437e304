import assert from "node:assert/strict";
import { main } from "../../src/app/cli/main.ts";
import { STARTER } from "../../src/app/cli/starter.ts";
import { recordedConsole } from "../support/recorded_console.ts";
import { ROOT, runProgram, temporaryFolder } from "../support/program.ts";

const DESK = "tests/golden/cli/desk.yaml";

Deno.test("a file on standard input needs no permission", async () => {
  const stdin = await Deno.readTextFile(DESK);
  const words = ["next", "-", "--json", "--now", "2026-11-23T10:00:00Z"];
  const { code, out, err } = await runProgram(words, { flags: [], stdin });
  assert.equal(err, "");
  assert.equal(code, 0);
  assert.equal(JSON.parse(out).next[0].edge, "london/2026-11-23/lunch");
});

Deno.test("carillon - runs a file from standard input with the network alone", async () => {
  const words = ["-", "--now", "2026-11-23T15:00:00Z"];
  const until = ["--until", "2026-11-23T16:31:00Z", "--speed", "max"];
  const { code, out, err } = await runProgram([...words, ...until], {
    flags: ["--allow-net"],
    stdin: STARTER,
  });
  assert.equal(code, 0, err);
  assert.match(out, /london\/2026-11-23\/end/);
  assert.match(out, /FLAT in scope, proven by the broker/);
});

Deno.test("init writes once, and the file passes check and runs", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/sessions.yaml`;
  const { console, out, err } = recordedConsole();
  assert.equal(await main(["init", path], console), 0);
  assert.equal(await main(["check", path], console), 0);
  assert.match(out(), /2 sessions, 1 account, no problems/);
  await Deno.writeTextFile(path, "mine");
  assert.equal(await main(["init", path], console), 2);
  assert.match(err(), /it exists already and is not overwritten/);
  assert.equal(await Deno.readTextFile(path), "mine");
});

Deno.test("init prints the file where it may not write, and says so", async () => {
  const { code, out, err } = await runProgram(["init"], { flags: [] });
  assert.equal(code, 0);
  assert.equal(out, STARTER);
  assert.match(err, /run with --allow-write=sessions\.yaml/);
});

Deno.test("main() paints for a terminal and not where colours are unwanted", async () => {
  const words = ["next", DESK, "--now", "2026-11-23T10:00:00Z"];
  const painted = recordedConsole(true);
  await main(words, painted.console);
  // deno-lint-ignore no-control-regex -- colours are control characters
  const colour = /\x1b\[[0-9;]*m/g;
  assert.match(painted.out(), colour);
  const plain = recordedConsole(false);
  await main(words, plain.console);
  assert.equal(painted.out().replaceAll(colour, ""), plain.out());
});

Deno.test("with NO_COLOR, or without a terminal, nothing is painted", async () => {
  for (const env of [{ NO_COLOR: "1" }, { NO_COLOR: "" }]) {
    const { out } = await runProgram(["check", DESK], { env });
    assert.ok(!out.includes("\x1b"), out);
  }
});

for (const shell of ["bash", "zsh", "fish"]) {
  Deno.test(`completion ${shell} prints a script that calls carillon`, async () => {
    const { console, out } = recordedConsole();
    assert.equal(await main(["completion", shell], console), 0);
    assert.match(out(), /carillon/);
    assert.ok(out().split("\n").length > 10);
  });
}

Deno.test("completion offers commands, options and session files", async () => {
  const offer = async (...words: readonly string[]) => {
    const { console, out } = recordedConsole();
    await main(["completion", "bash", ...words], console);
    return out();
  };
  assert.match(await offer("pl"), /^plan$/m);
  assert.match(await offer("run", "--on"), /^--on-stop$/m);
  assert.match(await offer("run", "--on-stop", "c"), /^cancel_orders$/m);
  assert.match(await offer("check", "se"), /yaml/);
});

Deno.test("--version is the version of the package", async () => {
  const { console, out } = recordedConsole();
  assert.equal(await main(["--version"], console), 0);
  const config = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  assert.equal(out(), `${config.version}\n`);
});

Deno.test("a definition in TypeScript is checked like a file", async () => {
  const { code, out, err } = await runProgram([
    "check",
    "examples/03_close_losers.ts",
    "--now",
    "2026-10-01T00:00:00Z",
  ]);
  assert.equal(code, 0, err);
  assert.match(
    out,
    /03_close_losers\.ts: \d+ sessions?, 1 account, no problems/,
  );
  assert.equal(err, "");
});

Deno.test("a wrong definition in TypeScript names its keys", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/desk.ts`;
  await Deno.writeTextFile(
    path,
    `import { defineSessions } from ${JSON.stringify(`${ROOT}mod.ts`)};
     export default defineSessions({ sessions: [{ start: 8, end: 25 }] });`,
  );
  const { code, out } = await runProgram(["check", path, "--json"]);
  assert.equal(code, 2);
  const { problems } = JSON.parse(out);
  assert.deepEqual(
    [problems[0].code, problems[0].path],
    ["time/out-of-range", "sessions[0].end"],
  );
});

Deno.test("run calls the functions of a definition file in the sandbox, in both isolations", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/desk.ts`;
  await Deno.writeTextFile(
    path,
    `import { defineSessions } from ${JSON.stringify(`${ROOT}mod.ts`)};
     export default defineSessions({ sessions: [
       { name: "a", start: 8, end: 9, customEnd: (ctx) => ({ edge: ctx.edge, at: 7 }) },
     ] });`,
  );
  const played = "--now 2026-11-23T07:00:00Z --until 2026-11-23T12:00:00Z";
  for (const run of [["--allow-run"], []]) {
    const { code, out, err } = await runProgram(
      ["run", path, "--json", "--speed", "max", ...played.split(" ")],
      { flags: ["--allow-net", "--allow-read", ...run] },
    );
    assert.equal(code, 0, `${out}${err}`);
    const ended = out.split("\n").filter((line) => line !== "")
      .map((line) => JSON.parse(line))
      .find(({ type }) => type === "hook.ended");
    assert.deepEqual(ended.value, { edge: "a/2026-11-23/end", at: 7 });
  }
});
