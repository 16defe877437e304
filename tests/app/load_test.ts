import assert from "node:assert/strict";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { loadModule, MODULE_DEADLINE_MS } from "../../src/app/load_module.ts";
import { ROOT, runProgram, temporaryFolder } from "../support/program.ts";

Deno.test("check of a file without an end stops at the most that a session file may hold", async () => {
  const { code, out } = await runProgram(["check", "/dev/zero"]);
  assert.equal(code, 2);
  assert.match(out, /source\/too-large.*more than 8388608 bytes/s);
});

Deno.test("check - of an input without an end stops as well", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", `${ROOT}mod.ts`, "check", "-"],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  const lines = new TextEncoder().encode("y\n".repeat(100_000));
  const writing = (async () => {
    for (;;) await writer.write(lines);
  })();
  await assert.rejects(writing, "nobody reads any more");
  const { code, stdout } = await child.output();
  assert.equal(code, 2);
  assert.match(new TextDecoder().decode(stdout), /source\/too-large/);
});

async function checkModule(text: string) {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/desk.ts`;
  await Deno.writeTextFile(path, text);
  const { code, out } = await runProgram(["check", path, "--json"], {
    env: { NO_COLOR: "", FORCE_COLOR: "1" },
  });
  const { problems } = JSON.parse(out);
  return { code, problem: problems[0] };
}

Deno.test("check --json of a module that cannot be loaded says why without colours", async () => {
  const { code, problem } = await checkModule('import "./missing.ts";\n');
  assert.deepEqual([code, problem.code], [2, "file/module"]);
  assert.match(problem.message, /missing\.ts/);
  assert.ok(!problem.message.includes("\x1b"), problem.message);
});

Deno.test("check of a module that ends the program is a problem, and not its end", async () => {
  for (const call of ["Deno.exit(0)", "try { Deno.exit(0) } catch {}"]) {
    const { code, problem } = await checkModule(
      `${call};\nexport default 1;\n`,
    );
    assert.deepEqual([code, problem.code], [2, "file/module"]);
    assert.match(problem.message, /ends the program with Deno\.exit\(0\)/);
  }
});

Deno.test("loadModule() gives a module up that waits for ever, and restores Deno.exit", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/desk.ts`;
  // The runtime itself ends a program whose last promise nothing can settle, so this one can be.
  const gate = Promise.withResolvers<void>();
  const key = Symbol.for("carillon.test.gate");
  Object.defineProperty(globalThis, key, { value: gate.promise });
  await Deno.writeTextFile(
    path,
    'await globalThis[Symbol.for("carillon.test.gate")];\n',
  );
  const { exit } = Deno;
  const clock = new VirtualClock(0);
  const file = { name: path, bytes: new Uint8Array(), folder: folder.path };
  const loading = loadModule(file, clock);
  await clock.advance(MODULE_DEADLINE_MS);
  const loaded = await loading;
  gate.resolve();
  assert.ok("fault" in loaded);
  assert.match(loaded.fault?.message ?? "", /not evaluated within 30s/);
  assert.equal(Deno.exit, exit);
});
