import assert from "node:assert/strict";
import { openIsolation } from "../../../src/adapters/sandbox/choose_isolation.ts";
import { callOnce, CLOCK } from "../../support/hook_program.ts";
import { ROOT, temporaryFolder } from "../../support/program.ts";

/** The program itself: which isolation it gets, and whether it works. */
if (import.meta.main) {
  const { log } = console;
  try {
    const choice = Deno.args[0] as "auto" | "process" | "vm";
    await using isolation = await openIsolation(choice, CLOCK);
    const { kind } = await callOnce(isolation, "export default () => 1");
    log(isolation.kind, kind);
  } catch (error) {
    log(error instanceof Error ? error.message : error);
  }
}

async function say(
  choice: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...flags, import.meta.filename ?? "", choice],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
  }).output();
  const decoder = new TextDecoder();
  return `${decoder.decode(stdout)}${decoder.decode(stderr)}`.trim();
}

Deno.test("openIsolation() takes what the process's permissions allow, and needs no other", async () => {
  const deno = `--allow-run=${Deno.execPath()}`;
  assert.equal(await say("auto", []), "vm returned");
  assert.equal(await say("auto", [deno]), "process returned");
  assert.equal(await say("process", [deno]), "process returned");
  assert.equal(await say("vm", [deno]), "vm returned");
  assert.equal(
    await say("process", []),
    'Cannot run hooks in processes: run with --allow-run=deno, or write "isolation: vm"',
  );
});

Deno.test({
  name:
    "openIsolation() does without a deno that is too old, and says so where it must not",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await temporaryFolder();
    const program = `${folder.path}/deno`;
    await Deno.writeTextFile(program, "#!/bin/sh\necho deno 1.46.3\n");
    await Deno.chmod(program, 0o755);
    const env = { PATH: `${folder.path}:/usr/bin:/bin` };
    const flags = ["--allow-run=deno"];
    assert.equal(await say("auto", flags, env), "vm returned");
    assert.equal(
      await say("process", flags, env),
      'Cannot run hooks in processes: "deno" is deno 1.46.3, and 2.9 is required; write "isolation: vm"',
    );
  },
});
