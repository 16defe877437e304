import assert from "node:assert/strict";
import { SystemClock } from "../../../src/adapters/clock/system_clock.ts";
import {
  ROOT,
  runProgram,
  startProgram,
  temporaryFolder,
} from "../../support/program.ts";

const PLAYED = [
  "--now",
  "2026-11-23T07:00:00Z",
  "--until",
  "2026-11-23T20:00:00Z",
  "--speed",
  "max",
];

/** A child that is still there so long after its parent is an orphan. @units milliseconds */
const GONE_MS_MAX = 5_000;

/** A file with one hook. */
function fileWith(hook: string): string {
  return `sessions:
  - {name: desk, start: 8, end: "16:30", custom_start: ${hook}}
`;
}

Deno.test("examples/05_hook.yaml buys at the open and closes at the end", async () => {
  for (const isolation of [["--allow-run"], []]) {
    const { code, out, err } = await runProgram(
      ["run", "examples/05_hook.yaml", ...PLAYED],
      { flags: ["--allow-net", "--allow-read", ...isolation] },
    );
    assert.equal(code, 0, err);
    assert.match(out, /custom_start returned \{"bought":true\}/);
    assert.match(out, /FLAT/);
  }
});

Deno.test("run and check refuse a file whose hook cannot be used, before anything starts", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/desk.yaml`, fileWith("open.ts#b"));
  await Deno.writeTextFile(`${folder.path}/open.ts`, "export const a = 1;");
  for (const command of ["check", "run"]) {
    const { code, out, err } = await runProgram([command, "desk.yaml"], {
      cwd: folder.path,
    });
    assert.equal(code, 2, command);
    assert.match(`${out}${err}`, /hook\/no-export/, command);
  }
});

Deno.test("run names the flag for what a hook is to be granted and the process does not have", async () => {
  await using folder = await temporaryFolder();
  const hook =
    '{code: "export default 1", permissions: {net: [x.example.com], env: [TOKEN]}}';
  await Deno.writeTextFile(`${folder.path}/desk.yaml`, fileWith(hook));
  const { code, err } = await runProgram(["run", "desk.yaml"], {
    cwd: folder.path,
    flags: ["--allow-read", "--allow-net=127.0.0.1"],
  });
  assert.equal(code, 2);
  assert.match(
    err,
    /run with --allow-net=x\.example\.com:443 --allow-env=TOKEN/,
  );
});

Deno.test("a run that is killed while a hook spins leaves no child behind", async () => {
  await using folder = await temporaryFolder();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  // The hook holds a connection and spins: as long as it lives, so does the connection.
  const text = `export default async () => {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: ${port} });
    await connection.write(new TextEncoder().encode("there"));
    for (;;); }`;
  await Deno.writeTextFile(`${folder.path}/spin.ts`, text);
  const hook =
    `{module: spin.ts, isolation: process, timeout: 60s, permissions: {net: ["127.0.0.1:${port}"]}}`;
  await Deno.writeTextFile(`${folder.path}/desk.yaml`, fileWith(hook));
  await using program = startProgram(["run", "desk.yaml", ...PLAYED], {
    cwd: folder.path,
    flags: ["-A"],
  });
  using connection = await listener.accept();
  assert.equal(await connection.read(new Uint8Array(8)), 5);
  program.signal("SIGKILL");
  await program.ended();
  const clock = new SystemClock();
  const over = new AbortController();
  const late = clock.sleepUntil(clock.now() + GONE_MS_MAX, over.signal)
    .then(() => "alive", () => "over");
  const end = connection.read(new Uint8Array(8))
    .then((bytes) => bytes === null ? "gone" : "alive", () => "gone");
  assert.equal(await Promise.race([end, late]), "gone");
  over.abort();
  await late;
});

Deno.test("each example runs under exactly the flags that permissions prints", async () => {
  const names = [...Deno.readDirSync(`${ROOT}examples`)]
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".yaml"))
    .sort();
  assert.ok(names.length >= 3, "there are examples");
  for (const name of names) {
    const path = `examples/${name}`;
    const asked = await runProgram(["permissions", path, "--json"]);
    assert.equal(asked.code, 0, asked.err);
    const { flags } = JSON.parse(asked.out);
    const { code, out, err } = await runProgram(["run", path, ...PLAYED], {
      flags,
    });
    assert.equal(code, 0, `${path} ${flags}: ${out}${err}`);
    assert.equal(err, "", path);
  }
});
