import assert from "node:assert/strict";
import { SystemClock } from "../../src/adapters/clock/system_clock.ts";
import {
  accountLine,
  type PaperProcess,
  startPaper,
} from "../support/paper_process.ts";
import {
  type Running,
  runProgram,
  startProgram,
  temporaryFolder,
} from "../support/program.ts";

/** A session file that is edited while it runs. */
interface Desk extends AsyncDisposable {
  readonly file: string;
  /** Writes the file: a session whose end is so many milliseconds ahead. */
  readonly endIn: (ms: number, more?: string) => Promise<string>;
  readonly write: (text: string) => Promise<void>;
  /** As many editors do: another file takes the name. */
  readonly replace: (text: string) => Promise<void>;
  readonly text: (ms: number, more?: string) => string;
  readonly run: (...words: readonly string[]) => Running;
  readonly status: () => Promise<Record<string, unknown>>;
}

async function openDesk(paper: PaperProcess): Promise<Desk> {
  const folder = await temporaryFolder();
  const file = `${folder.path}/desk.yaml`;
  const options = {
    ...paper.options,
    flags: [
      ...paper.options.flags ?? [],
      `--allow-read=${folder.path}`,
      `--allow-write=${folder.path}`,
    ],
  };
  const text = (ms: number, more = "") => {
    const now = new SystemClock().now();
    return [
      "accounts:",
      accountLine("main", paper.url),
      "sessions:",
      `  - {name: desk, account: main, start: "${
        clockText(now - 3_600_000)
      }", end: "${clockText(now + ms)}", on_end: close_all}`,
      more,
      "",
    ].join("\n");
  };
  const write = (text: string) => Deno.writeTextFile(file, text);
  return {
    file,
    text,
    write,
    async endIn(ms, more) {
      const written = text(ms, more);
      await write(written);
      return written;
    },
    async replace(text) {
      await Deno.writeTextFile(`${file}~`, text);
      await Deno.rename(`${file}~`, file);
    },
    run: (...words) => startProgram(["run", file, ...words], options),
    async status() {
      const { out } = await runProgram(["status", file, "--json"], options);
      return JSON.parse(out);
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

function clockText(at: number): string {
  return Temporal.Instant.fromEpochMilliseconds(at).round("second").toString()
    .slice(11, 19);
}

const HOUR_MS = 3_600_000;
const posix = Deno.build.os === "windows";

Deno.test({
  name: "SIGHUP reads the file again: a moved end fires at its new time",
  ignore: posix,
  async fn() {
    await using paper = await startPaper("EURUSD=1000");
    await using desk = await openDesk(paper);
    await desk.endIn(HOUR_MS);
    await using run = desk.run("--json");
    await run.line(/"occurrence.armed"/);
    await desk.endIn(4_000);
    run.signal("SIGHUP");
    const [line] = await run.line(/.*"file.reloaded".*/);
    const { sessions, edges } = JSON.parse(line);
    assert.deepEqual(sessions, { added: [], removed: [], changed: ["desk"] });
    const [moved] = edges.changed;
    assert.match(moved.edge, /^desk\/.*\/end$/);
    const status = await desk.status();
    const { reloaded_at } = status.run as Record<string, unknown>;
    assert.equal(typeof reloaded_at, "string");
    const [settled] = await run.line(/.*"edge.settled".*/);
    const { outcome, fired_at, due_at } = JSON.parse(settled);
    assert.deepEqual([outcome, due_at], ["flat_verified", moved.due_at]);
    assert.ok(Temporal.Instant.compare(fired_at, due_at) >= 0);
    run.signal("SIGINT");
    assert.equal((await run.ended()).code, 130);
    assert.deepEqual(await paper.positions(), []);
  },
});

Deno.test({
  name:
    "a broken edit, and one that needs a restart, leave what runs as it is and say why",
  ignore: posix,
  async fn() {
    await using paper = await startPaper("EURUSD=1000");
    await using desk = await openDesk(paper);
    const good = await desk.endIn(8_000);
    await using run = desk.run();
    await run.line(/^(Journal|DEMO)/);
    await desk.write(good.replace("on_end: close_all", "on_end: close_al"));
    run.signal("SIGHUP");
    await run.line(/close_al\b/);
    await run.line(/\^/);
    await run.line(
      /^NOT TAKEN: The edited file has a problem\. The file as it was goes on, unchanged\.$/,
    );
    await desk.write(
      good.replace("accounts:", "accounts:\n  more: {kind: paper}"),
    );
    run.signal("SIGHUP");
    await run.line(
      /^NOT TAKEN: The edited file waits for a restart: it adds account "more"\./,
    );
    await desk.write(good);
    run.signal("SIGHUP");
    await run.line(/^File read again: nothing in it is other than before\.$/);
    await run.line(/FLAT/);
    run.signal("SIGINT");
    assert.equal((await run.ended()).code, 130);
    assert.deepEqual(await paper.positions(), []);
  },
});

Deno.test("run --watch takes an edit in place and one by another file's name", async () => {
  await using paper = await startPaper("EURUSD=1000");
  await using desk = await openDesk(paper);
  await desk.endIn(HOUR_MS);
  await using run = desk.run("--watch", "--json");
  await run.line(/"occurrence.armed"/);
  await desk.endIn(2 * HOUR_MS);
  await run.line(/"file.reloaded"/);
  await desk.replace("sessions: [{start: 8am, end: 9}]\n");
  const [kept] = await run.line(/.*"file.kept".*/);
  const { reason, problems } = JSON.parse(kept);
  assert.equal(reason, "broken");
  assert.equal(problems[0].line, 1);
  await desk.replace(desk.text(4_000));
  await run.line(/"file.reloaded"/);
  await run.line(/"edge.settled".*"flat_verified"/);
  run.signal("SIGINT");
  assert.equal((await run.ended()).code, 130);
  assert.deepEqual(await paper.positions(), []);
});

Deno.test({
  name: "an edit that removes a session lets its close end first",
  ignore: posix,
  async fn() {
    await using paper = await startPaper("EURUSD=1000", "GBPUSD=2000");
    await using desk = await openDesk(paper);
    const text = await desk.endIn(4_000);
    await using run = desk.run("--json");
    await run.line(/"edge.fired"/);
    await desk.write(text.replace("name: desk", "name: other"));
    run.signal("SIGHUP");
    const seen = [
      await run.line(/"file.reloaded"|"edge.settled"/),
      await run.line(/"file.reloaded"|"edge.settled"/),
    ].map(([type]) => type).toSorted();
    assert.deepEqual(seen, ['"edge.settled"', '"file.reloaded"']);
    run.signal("SIGINT");
    const { code, out } = await run.ended();
    assert.equal(code, 130);
    assert.match(out, /"edge.settled".*"flat_verified"/);
    assert.deepEqual(await paper.positions(), []);
  },
});

Deno.test("run --watch refuses what cannot be watched", async () => {
  for (
    const [words, why] of [
      [["-", "--watch"], /--watch needs a file/],
      [
        [
          "examples/01_hello.yaml",
          "--watch",
          "--speed",
          "max",
          "--until",
          "2099-01-01T00:00:00Z",
        ],
        /--watch does not go with --speed max/,
      ],
    ] as const
  ) {
    const { code, err } = await runProgram(["run", ...words], {
      stdin: 'sessions: [{start: 8, end: "16:30", on_end: close_all}]\n',
    });
    assert.equal(code, 2);
    assert.match(err, why);
  }
});
