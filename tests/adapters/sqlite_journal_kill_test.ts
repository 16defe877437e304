import assert from "node:assert/strict";
import { SqliteJournal } from "../../src/adapters/journal/sqlite_journal.ts";
import { SeededRandom } from "../../src/adapters/clock/random.ts";
import { numberedEntries } from "../support/every_event.ts";

const WRITER =
  new URL("../support/journal_writer.ts", import.meta.url).pathname;

/** Starts a process that writes a journal until it is killed. */
function startWriter(path: string, shell = ""): Deno.ChildProcess {
  const deno = [
    Deno.execPath(),
    "run",
    "--no-check",
    `--allow-read`,
    `--allow-write`,
    "--no-prompt",
    decodeURIComponent(WRITER),
    path,
  ];
  const [program = "", ...args] = shell === ""
    ? deno
    : ["sh", "-c", `${shell} exec "$@"`, "sh", ...deno];
  return new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Reads what a writer says, up to a number of lines; the last number it said, 0 for none. */
async function hearWriter(
  writer: Deno.ChildProcess,
  lines: number,
): Promise<number> {
  const reader = writer.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let killed = false;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    // What it says before the signal reaches it counts too.
    text += next.value;
    if (killed || text.split("\n").length <= lines) continue;
    writer.kill("SIGKILL");
    killed = true;
  }
  const said = text.slice(0, text.lastIndexOf("\n") + 1).trimEnd().split("\n");
  return Number(said.at(-1) ?? 0);
}

/** How many entries a journal holds; all of them are what was written. */
function verifiedLength(path: string): number {
  using journal = new SqliteJournal(path);
  const entries = [...journal.read()];
  assert.deepEqual(entries, numberedEntries(1, entries.length));
  return entries.length;
}

/** A little number that differs from draw to draw and not from run to run. */
function draw(random: SeededRandom, below: number): number {
  return parseInt(random.id().replace(/[^0-9a-f]/g, "").slice(0, 6), 16) %
    below;
}

Deno.test("SqliteJournal holds a prefix, and all that was said to be written, however often its process is killed", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/desk.db`;
    const random = new SeededRandom(20261123);
    let held = 0;
    for (let kill = 0; kill < 10; kill++) {
      const writer = startWriter(path);
      const said = await hearWriter(writer, 1 + draw(random, 120));
      const { signal } = await writer.status;
      await writer.stderr.cancel();
      assert.equal(signal, "SIGKILL");
      const length = verifiedLength(path);
      assert.ok(
        said > held,
        "the writer went on where the last one was killed",
      );
      assert.ok(length >= said, `${said} were said, ${length} are there`);
      held = length;
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("SqliteJournal opened by three processes at once belongs to one of them, and is whole", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/desk.db`;
    const writers = [1, 2, 3].map(() => startWriter(path));
    const errors = writers.map((writer) => new Response(writer.stderr).text());
    const ends = await Promise.all(writers.map(async (writer) => {
      const said = await hearWriter(writer, 150);
      return { said, status: await writer.status };
    }));
    const killed = ends.filter(({ status }) => status.signal !== null);
    const refused = ends.filter(({ status }) => status.signal === null);
    assert.equal(killed.length, 1, "one goes on");
    assert.ok(refused.every(({ status }) => status.code !== 0));
    const told = (await Promise.all(errors)).filter((text) => text !== "");
    assert.equal(told.length, 2);
    for (const text of told) {
      assert.match(text, /Cannot write (?:entry|journal)/);
    }
    assert.ok(
      verifiedLength(path) >= Math.max(...ends.map(({ said }) => said)),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test({
  name:
    "SqliteJournal says so when the disk is full, and keeps what was written (needs a shell with ulimit)",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const path = `${folder}/desk.db`;
      verifiedLength(path);
      // No file may grow beyond 200 blocks, and growing further is an error and not a signal.
      const writer = startWriter(path, "trap '' XFSZ; ulimit -f 200;");
      const error = new Response(writer.stderr).text();
      const said = await hearWriter(writer, Infinity);
      const { code } = await writer.status;
      assert.notEqual(code, 0);
      assert.match(
        await error,
        /Cannot write journal .*(?:full|disk I\/O error)/,
      );
      const length = verifiedLength(path);
      assert.ok(said > 0 && length >= said, `${said} said, ${length} there`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
