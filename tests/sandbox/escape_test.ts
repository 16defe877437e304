import assert from "node:assert/strict";
import { expectGolden } from "../support/golden.ts";
import { ROOT, temporaryFolder } from "../support/program.ts";
import { type Attempt, ATTEMPTS, VARIABLE } from "./attempts.ts";
import type { HostEnd, HostOrder, HostReport } from "./escape_host.ts";

const SECRET = "SECRET-of-the-desk-4711";
const DONE = "IT-WAS-DONE";

/** Servers, files and a process that attempts aim at. */
interface Targets extends AsyncDisposable {
  readonly world: HostOrder["world"];
  /** What servers that nobody granted were asked for. */
  readonly reached: readonly string[];
  readonly isBystanderAlive: () => boolean;
}

async function makeTargets(): Promise<Targets> {
  const folder = await temporaryFolder();
  const { path } = folder;
  await Deno.mkdir(`${path}/granted`);
  await Deno.writeTextFile(`${path}/canary.txt`, SECRET);
  await Deno.writeTextFile(`${path}/canary.json`, JSON.stringify(SECRET));
  await Deno.writeTextFile(
    `${path}/canary.js`,
    `export default ${JSON.stringify(SECRET)};`,
  );
  const reached: string[] = [];
  const forbidden = serve((asked) => {
    reached.push(asked);
    return "HTTP/1.1 200 OK\r\ncontent-type: text/javascript\r\ncontent-length: 2\r\nconnection: close\r\n\r\n//";
  });
  const granted = serve((asked) => {
    // What still speaks after its end does so to a host that it may reach.
    if (asked.startsWith("/late-")) reached.push(asked);
    const to = `http://127.0.0.1:${forbidden.port}${asked}`;
    return `HTTP/1.1 302 Found\r\nlocation: ${to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`;
  });
  const bystander = new Deno.Command("sh", {
    args: ["-c", "read x"],
    stdin: "piped",
  }).spawn();
  let isAlive = true;
  const gone = bystander.status.then(() => isAlive = false);
  return {
    world: {
      folder: path,
      canary: `${path}/canary.txt`,
      canaryJson: `${path}/canary.json`,
      canaryModule: `${path}/canary.js`,
      port: forbidden.port,
      grantedPort: granted.port,
      bystander: bystander.pid,
      done: DONE,
    },
    reached,
    isBystanderAlive: () => isAlive,
    async [Symbol.asyncDispose]() {
      forbidden.close();
      granted.close();
      await bystander.stdin.close().catch(() => {});
      await gone;
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** A server that answers whatever comes in, and tells what was asked for. */
function serve(
  answer: (asked: string) => string,
): { readonly port: number; readonly close: () => void } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const talk = async (connection: Deno.Conn) => {
    using open = connection;
    const bytes = new Uint8Array(4_096);
    const length = await open.read(bytes) ?? 0;
    const text = new TextDecoder().decode(bytes.subarray(0, length));
    await open.write(
      new TextEncoder().encode(answer(text.split(" ")[1] ?? "?")),
    );
  };
  const run = async () => {
    for await (const connection of listener) {
      talk(connection).catch(() => {});
    }
  };
  run().catch(() => {});
  return {
    port: (listener.addr as Deno.NetAddr).port,
    close: () => listener.close(),
  };
}

/** What a run of the program showed. */
interface Run {
  readonly reports: ReadonlyMap<string, HostReport>;
  readonly late: readonly string[];
  /** Everything it printed that is no report. */
  readonly printed: string;
}

/** A cache of its own for a run that leaves something in it; it is gone with the folder. */
function cacheOf({ ids, world }: HostOrder): Readonly<Record<string, string>> {
  const leaves = ids.some((id) => /^(?:import-http|cache|storage)/.test(id));
  return leaves ? { DENO_DIR: `${world.folder}/deno` } : {};
}

async function runHost(order: HostOrder): Promise<Run> {
  const host = [
    "run",
    "-A",
    "--no-prompt",
    // What attempts import is none of the project's.
    "--no-lock",
    `${ROOT}tests/sandbox/escape_host.ts`,
  ];
  // Behind a shell, so that its parent is not the one that runs the tests.
  const child = new Deno.Command("sh", {
    args: [
      "-c",
      '"$0" "$@"; exit $?',
      Deno.execPath(),
      ...host,
      JSON.stringify(order),
    ],
    env: { [VARIABLE]: SECRET, NO_COLOR: "1", ...cacheOf(order) },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  await input.write(new TextEncoder().encode(`${SECRET}\n`));
  await input.close().catch(() => {});
  const { stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  const reports = new Map<string, HostReport>();
  const printed: string[] = [decoder.decode(stderr)];
  let late: readonly string[] = [];
  for (const line of decoder.decode(stdout).split("\n")) {
    if (!line.startsWith("{")) printed.push(line);
    else {
      const said = JSON.parse(line) as HostReport | HostEnd;
      if ("late" in said) late = said.late;
      else reports.set(said.id, said);
    }
  }
  return { reports, late, printed: printed.join("\n") };
}

/** Everything that an attempt achieved, in words; nothing where it failed. */
function achieved(
  { id }: Attempt,
  run: Run,
  targets: Targets,
): readonly string[] {
  const { world, reached, isBystanderAlive } = targets;
  const report = run.reports.get(id);
  if (report === undefined) return ["the host is dead"];
  const said = JSON.stringify([report.outcome, report.logged]);
  const left = [...Deno.readDirSync(world.folder)].map(({ name }) => name);
  const found: readonly (readonly [boolean, string])[] = [
    [said.includes(SECRET), "told the secret"],
    [said.includes(DONE), "says it was done"],
    [left.some((name) => name.startsWith(`marker-${id}`)), "wrote a file"],
    [reached.some((asked) => asked.endsWith(`/${id}`)), "reached a host"],
    [reached.includes(`/late-${id}`), "went on after its end"],
    [run.late.some((text) => text.includes(id)), "spoke after its end"],
    [run.printed.includes(`PRINTED-${id}`), "printed"],
    [id === "kill-another" && !isBystanderAlive(), "killed a process"],
    ...report.changed.map((what) => [true, `changed ${what}`] as const),
  ];
  return found.filter(([is]) => is).map(([, what]) => what);
}

async function runIn(
  isolation: HostOrder["isolation"],
  attempts: readonly Attempt[],
): Promise<{ readonly run: Run; readonly targets: Targets }> {
  const targets = await makeTargets();
  const ids = attempts.map(({ id }) => id);
  const { world } = targets;
  return {
    run: await runHost({ isolation, secret: SECRET, world, ids }),
    targets,
  };
}

/** What a run of all attempts came to. */
interface Summary {
  readonly escaped: readonly string[];
  /** How each ended, by its id. */
  readonly ends: ReadonlyMap<string, string>;
}

async function runAll(isolation: "process" | "vm"): Promise<Summary> {
  const { run, targets } = await runIn(isolation, ATTEMPTS);
  await using _targets = targets;
  const escaped = ATTEMPTS.flatMap((attempt) =>
    achieved(attempt, run, targets).map((what) => `${attempt.id}: ${what}`)
  );
  const ends = ATTEMPTS.map(({ id }) =>
    [id, run.reports.get(id)?.outcome.kind ?? "dead"] as const
  );
  return { escaped, ends: new Map(ends) };
}

/** Each isolation is tried once, by whichever test comes first. */
const SUMMARIES = new Map<string, Promise<Summary>>();

function summaryOf(isolation: "process" | "vm"): Promise<Summary> {
  const known = SUMMARIES.get(isolation);
  if (known !== undefined) return known;
  const summary = runAll(isolation);
  SUMMARIES.set(isolation, summary);
  return summary;
}

for (const isolation of ["process", "vm"] as const) {
  Deno.test(`escape: no attempt gets out of isolation "${isolation}"`, async () => {
    const { escaped, ends } = await summaryOf(isolation);
    assert.deepEqual(escaped, []);
    assert.equal(ends.size, ATTEMPTS.length);
  });
}

Deno.test("escape: every attempt achieves something without a sandbox", async () => {
  const failed: string[] = [];
  const tried = ATTEMPTS.filter(({ notOutside }) => notOutside === undefined);
  for (const attempt of tried) {
    const { run, targets } = await runIn("none", [attempt]);
    await using _targets = targets;
    if (achieved(attempt, run, targets).length > 0) continue;
    const report = run.reports.get(attempt.id);
    failed.push(`${attempt.id}: ${JSON.stringify(report)}`);
  }
  assert.deepEqual(failed, []);
});

Deno.test("escape: the table of attempts is as recorded", async () => {
  assert.ok(ATTEMPTS.length >= 40, `${ATTEMPTS.length} attempts`);
  const [process, vm] = [await summaryOf("process"), await summaryOf("vm")];
  const row = (cells: readonly string[]) =>
    cells.map((cell, index) => cell.padEnd(WIDTHS[index] ?? 0)).join("")
      .trimEnd();
  const rows = ATTEMPTS.map(({ id, tries, notOutside = "works" }) =>
    row([
      id,
      tries,
      notOutside,
      process.ends.get(id) ?? "",
      vm.ends.get(id) ?? "",
    ])
  );
  const head = row([
    "attempt",
    "tries to",
    "without a sandbox",
    "process",
    "vm",
  ]);
  expectGolden("sandbox/escapes.txt", `${[head, ...rows].join("\n")}\n`);
});

const WIDTHS: readonly number[] = [22, 58, 19, 11, 0];
