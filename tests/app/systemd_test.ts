import assert from "node:assert/strict";
import { readPage } from "../support/markdown.ts";
import { ROOT, temporaryFolder } from "../support/program.ts";
import { TextLineStream } from "../support/text_lines.ts";

const UNIT = "examples/carillon@.service";

/** The unit's settings, each with its last value. */
function settings(): ReadonlyMap<string, string> {
  const lines = readPage(UNIT).split("\n").filter((line) =>
    /^[A-Z]\w+=/.test(line)
  );
  return new Map(lines.map((line) => {
    const [key = "", ...value] = line.split("=");
    return [key, value.join("=")];
  }));
}

function setting(key: string): string {
  const value = settings().get(key);
  if (value === undefined) throw new Error(`${UNIT} has no ${key}=`);
  return value;
}

/** Starts what the unit starts, with folders of a test in place of the system's. */
function startService(folder: string): Deno.ChildProcess {
  const [, ...args] = setting("ExecStart")
    .replaceAll("/etc/carillon", folder)
    .replaceAll("/var/lib/carillon", `${folder}/state`)
    .replaceAll("/opt/carillon/", ROOT)
    .replaceAll("%i", "desk")
    .split(" ");
  return new Deno.Command(Deno.execPath(), {
    args,
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function writeDesk(folder: string, sessions: string): Promise<void> {
  await Deno.mkdir(`${folder}/state`);
  await Deno.writeTextFile(
    `${folder}/desk.yaml`,
    `journal: ${folder}/state/desk.db\nsessions:\n  - {name: all-day, ${sessions}}\n`,
  );
}

Deno.test("the systemd unit starts a run that writes where it may, and stops in order by its signal", async () => {
  await using folder = await temporaryFolder();
  await writeDesk(folder.path, 'start: "00:00", end: "24:00"');
  const service = startService(folder.path);
  const lines: string[] = [];
  const output = service.stdout.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const line of output) {
    lines.push(line);
    if (line.startsWith("PAPER")) {
      service.kill(setting("KillSignal") as Deno.Signal);
    }
  }
  const { code } = await service.status;
  const errors = await new Response(service.stderr).text();
  assert.deepEqual(
    [String(code), errors],
    [setting("SuccessExitStatus"), ""],
  );
  assert.equal(lines[0], `Journal ${folder.path}/state/desk.db.`);
  assert.ok(lines.includes("Stopped."), lines.join("\n"));
});

Deno.test("the systemd unit does not start a wrong file again and again", async () => {
  await using folder = await temporaryFolder();
  await writeDesk(folder.path, "start: 8am");
  const { code } = await startService(folder.path).output();
  assert.equal(String(code), setting("RestartPreventExitStatus"));
});

Deno.test("the systemd unit lets the program write its state and nothing else", () => {
  const words = setting("ExecStart").split(" ");
  assert.deepEqual(words.filter((word) => word.startsWith("--allow-write")), [
    `--allow-write=/var/lib/${setting("StateDirectory")}`,
  ]);
  assert.ok(words.includes("--no-prompt"));
  assert.equal(setting("ProtectSystem"), "strict");
  assert.ok(!settings().has("MemoryDenyWriteExecute"));
  assert.ok(Number(setting("TimeoutStopSec")) > 60, "longer than a deadline");
});

Deno.test("docs/systemd.md explains settings that the unit has", () => {
  const named = [...readPage("docs/systemd.md").matchAll(/^\| `(\w+)/gm)]
    .map(([, key = ""]) => key);
  assert.ok(named.length >= 5);
  for (const key of named) assert.ok(settings().has(key), key);
});
