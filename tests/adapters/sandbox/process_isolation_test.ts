import assert from "node:assert/strict";
import { ProcessIsolation } from "../../../src/adapters/sandbox/process/process_isolation.ts";
import {
  denoArgs,
  wrap,
} from "../../../src/adapters/sandbox/process/child_command.ts";
import {
  callOnce,
  CLOCK,
  hookProgram,
  LIMITS,
  NOTHING,
  returned,
} from "../../support/hook_program.ts";
import { ROOT } from "../../support/program.ts";

/** How long the system may take to end a process. @units milliseconds */
const GONE_MS_MAX = 5_000;

Deno.test("denoArgs() names each right one by one, and none for nothing", () => {
  const none = denoArgs({ grant: NOTHING, memoryMb: 64 });
  assert.deepEqual(none.filter((arg) => arg.startsWith("--allow")), []);
  assert.ok(none.includes("--no-npm") && none.includes("--no-remote"));
  const grant = {
    net: ["a.example", "b.example:8443", "[::1]", "[::1]:81"],
    read: ["/data/a,b.csv"],
    write: ["/out"],
    env: { TOKEN: "x" },
    packages: ["decimal.js@10"],
  };
  const some = denoArgs({ grant, memoryMb: 64 });
  assert.deepEqual(some.filter((arg) => arg.startsWith("--allow")), [
    "--allow-net=a.example:443,b.example:8443,[::1]:443,[::1]:81",
    "--allow-read=/data/a,,b.csv",
    "--allow-write=/out",
    "--allow-env=TOKEN",
  ]);
  assert.ok(some.includes("--cached-only") && !some.includes("--no-npm"));
  assert.ok(!some.join(" ").includes("=x"), "values stay out of the words");
});

Deno.test("wrap() puts around a command what is there", () => {
  const command = { program: "deno", args: ["run"], env: {} };
  const both = wrap(command, { setpriv: true, prlimit: true }, 64);
  assert.equal(both.program, "setpriv");
  assert.deepEqual(both.args.slice(-2), ["deno", "run"]);
  const one = wrap(command, { setpriv: false, prlimit: true }, 64);
  assert.equal(one.program, "prlimit");
  const none = wrap(command, { setpriv: false, prlimit: false }, 64);
  assert.deepEqual(none, command);
});

Deno.test("ProcessIsolation imports a package that is granted, and no other", async () => {
  await using isolation = await ProcessIsolation.open({ clock: CLOCK });
  const grant = { packages: ["decimal.js@10"] };
  const text = (specifier: string) =>
    `import { Decimal } from "${specifier}"; export default () => new Decimal("0.1").plus("0.2").toString();`;
  for (const specifier of ["npm:decimal.js@10", "decimal.js"]) {
    const outcome = await callOnce(isolation, text(specifier), { grant });
    assert.equal(returned(outcome), "0.3");
  }
  const other = await callOnce(isolation, text("npm:js-yaml"), { grant });
  assert.equal(other.kind, "failed");
  assert.match(other.message, /Cannot import "npm:js-yaml"/);
});

Deno.test("ProcessIsolation has guests ready before the first call, for no more than need them", async () => {
  await using isolation = await ProcessIsolation.open({
    clock: CLOCK,
    sparesMax: 2,
  });
  const program = hookProgram("export default () => 1");
  const guests = () => isolation.health.guests;
  assert.equal(guests(), 0);
  const first = await isolation.start(program, LIMITS);
  assert.equal(guests(), 1);
  // Programs with equal grants share what stands ready.
  const second = await isolation.start(program, LIMITS);
  const third = await isolation.start(program, LIMITS);
  assert.equal(guests(), 2);
  for (const sandbox of [first, second, third]) {
    await sandbox[Symbol.asyncDispose]();
  }
  await isolation[Symbol.asyncDispose]();
  assert.equal(guests(), 0);
});

for (const wrappers of ["all", "none"] as const) {
  Deno.test(`ProcessIsolation leaves no child behind when its host is killed (wrappers: ${wrappers})`, async () => {
    // The hook holds a connection and spins: as long as it lives, so does the connection.
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    const program = `${ROOT}tests/adapters/sandbox/orphan_host.ts`;
    const host = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-prompt", program, wrappers, `${port}`],
      stdin: "null",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn();
    using connection = await listener.accept();
    assert.equal(await connection.read(new Uint8Array(8)), 5);
    host.kill("SIGKILL");
    await host.status;
    const over = new AbortController();
    const tooLate = CLOCK.sleepUntil(CLOCK.now() + GONE_MS_MAX, over.signal)
      .then(() => "alive", () => "over");
    const end = connection.read(new Uint8Array(8))
      .then((bytes) => bytes === null ? "gone" : "alive", () => "gone");
    assert.equal(await Promise.race([end, tooLate]), "gone");
    over.abort();
    await tooLate;
  });
}
