import assert from "node:assert/strict";
import { needsProgram } from "../support/needs.ts";
import { ROOT, temporaryFolder } from "../support/program.ts";
import { STARTER } from "../../src/app/cli/starter.ts";

const DAY = ["--now", "2026-11-23T15:00:00Z", "--until"];
const AFTERNOON = [...DAY, "2026-11-23T16:31:00Z", "--speed", "max"];

const PRELOAD = [
  "run",
  "--no-prompt",
  `--config=${ROOT}deno.json`,
  `--preload=${ROOT}src/app/register.ts`,
];

async function start(
  program: string,
  args: readonly string[],
  cwd: string,
) {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", TZ: "UTC" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

function preload(
  flags: readonly string[],
  words: readonly string[],
  cwd: string,
) {
  return start(Deno.execPath(), [...PRELOAD, ...flags, ...words], cwd);
}

Deno.test("--preload runs a session file, with the words behind it as options", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/desk.yaml`, STARTER);
  const flags = ["--allow-net", "--allow-read=desk.yaml"];
  const words = ["desk.yaml", ...AFTERNOON];
  const { code, out, err } = await preload(flags, words, folder.path);
  assert.equal(code, 0, err);
  assert.match(out, /FLAT in scope, proven by the broker/);
});

Deno.test("--preload does with the network alone where the YAML is JavaScript too", async () => {
  await using folder = await temporaryFolder();
  const text = 'version: 1\nsessions:\n  - {start: 8, end: "16:30"}\n';
  await Deno.writeTextFile(`${folder.path}/desk.yaml`, text);
  const words = ["desk.yaml", ...AFTERNOON];
  const { code, out, err } = await preload(
    ["--allow-net"],
    words,
    folder.path,
  );
  assert.equal(code, 0, err);
  assert.match(out, /08:00-16:30\/2026-11-23\/end/);
});

Deno.test("--preload takes another command behind the file", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/desk.yml`, STARTER);
  const words = ["desk.yml", "check", "--now", "2026-10-01T00:00:00Z"];
  const { code, out } = await preload(["--allow-read"], words, folder.path);
  assert.equal(code, 0);
  assert.match(out, /^desk\.yml: 2 sessions, 1 account/m);
});

Deno.test("--preload ends with 2 and the carets where the file is wrong", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(
    `${folder.path}/desk.yaml`,
    "sessions:\n  - {start: 8, end: 25} # too late\n",
  );
  const { code, err } = await preload(
    ["--allow-net", "--allow-read"],
    ["desk.yaml"],
    folder.path,
  );
  assert.equal(code, 2);
  assert.match(err, /desk\.yaml:2:21 error\[time\/out-of-range\]/);
  assert.match(err, /\^\^/);
});

Deno.test("--preload names the flag where Deno does not hand the file over", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/desk.yaml`, STARTER);
  const { code, err } = await preload(
    ["--allow-net"],
    ["desk.yaml"],
    folder.path,
  );
  assert.equal(code, 2);
  assert.match(err, /run with --allow-read=desk\.yaml/);
});

Deno.test("--preload runs from any folder as the README and its own page say, with the clone's --config", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/desk.yaml`, STARTER);
  for (const page of ["README.md", "src/app/register.ts"]) {
    const text = await Deno.readTextFile(`${ROOT}${page}`);
    const [, words = ""] =
      /#!\/usr\/bin\/env -S deno (run [^`]+)`/.exec(text) ??
        [];
    assert.match(words, /--config=\/path\/to\/deno\.json/, page);
    const args = words.replaceAll(/[\s*]+/g, " ").replaceAll("/path/to/", ROOT)
      .split(" ");
    const run = [...args, "desk.yaml", ...AFTERNOON];
    const { code, err } = await start(Deno.execPath(), run, folder.path);
    assert.equal(code, 0, err);
  }
});

Deno.test("--preload leaves a TypeScript program alone", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(
    `${folder.path}/desk.ts`,
    'const word: string = "mine";\nconsole.log(word, Deno.args.length);\n',
  );
  const { code, out } = await preload([], ["desk.ts", "a"], folder.path);
  assert.deepEqual([code, out], [0, "mine 1\n"]);
});

Deno.test({
  ...needsProgram(
    "a session file with a first line for the system runs by its own name",
    "deno",
  ),
  fn: async () => {
    await using folder = await temporaryFolder();
    const path = `${folder.path}/desk.yaml`;
    const line = ["deno", ...PRELOAD, "--allow-net", "--allow-read"].join(" ");
    await Deno.writeTextFile(path, `#!/usr/bin/env -S ${line}\n${STARTER}`);
    await Deno.chmod(path, 0o755);
    // The test may start Deno only, so Deno starts the file.
    const starter = `const {code, stdout, stderr} = await new Deno.Command(${
      JSON.stringify(path)
    }, {args: ${JSON.stringify(AFTERNOON)}}).output();
    await Deno.stdout.write(stdout);
    await Deno.stderr.write(stderr);
    Deno.exit(code);`;
    const { code, out, err } = await start(
      Deno.execPath(),
      ["eval", starter],
      folder.path,
    );
    assert.equal(code, 0, err);
    assert.match(out, /FLAT in scope, proven by the broker/);
  },
});
