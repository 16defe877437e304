import assert from "node:assert/strict";
import { SystemClock } from "../../src/adapters/clock/system_clock.ts";
import { never, serveHooks } from "../support/hook_server.ts";
import {
  runProgram,
  startProgram,
  temporaryFolder,
} from "../support/program.ts";

const SECRET = "s3cret";

/** So many moments, a second apart: whichever comes once the process runs is the first. */
const MOMENTS = 90;

/** A file whose next seconds each close everything. */
function fileOfSeconds(): string {
  const now = new SystemClock().now();
  const moments = Array.from({ length: MOMENTS }, (_, n) => {
    const at = Temporal.Instant.fromEpochMilliseconds(now + (n + 2) * 1_000)
      .toString({ smallestUnit: "second" }).slice(11, 19);
    return `      - {name: m${n}, at: "${at}", do: close_all}`;
  });
  return `accounts:
  demo: {kind: paper, positions: [{symbol: EURUSD, side: long, qty: "1000"}]}
sessions:
  - name: desk
    scope: account
    moments:
${moments.join("\n")}
notify:
  - {webhook: "\${env:HANGING}", events: flat}
  - {webhook: "\${env:TAKING}", form: slack, events: [started, flat, stopped]}
heartbeat: {url: "\${env:PING}", every: 1s}
`;
}

Deno.test("run tells webhooks of closes and gives signs of life, and a webhook that hangs delays nothing", async () => {
  await using folder = await temporaryFolder();
  await using hanging = serveHooks(never);
  await using taking = serveHooks();
  await using ping = serveHooks();
  const file = `${folder.path}/desk.yaml`;
  await Deno.writeTextFile(file, fileOfSeconds());
  await using run = startProgram(["run", file, "--json"], {
    flags: [
      "--allow-net=127.0.0.1",
      `--allow-read=${folder.path}`,
      `--allow-write=${folder.path}`,
      "--allow-env=HANGING,TAKING,PING",
    ],
    env: {
      HANGING: `${hanging.url}/${SECRET}`,
      TAKING: `${taking.url}/${SECRET}`,
      PING: `${ping.url}/${SECRET}`,
    },
  });
  await run.line(/"edge\.settled".*"flat_verified","closed":1/);
  await hanging.arrived(1);
  // The first message is never answered, and the next closes come true all the same.
  await run.line(/"edge\.settled".*"flat_verified","closed":0/);
  await run.line(/"edge\.settled".*"flat_verified","closed":0/);
  assert.equal(hanging.received.length, 1, "one in flight");
  await Promise.all([taking.arrived(3), ping.arrived(2)]);
  run.signal("SIGINT");
  await run.line(/"run\.stopped"/);
  await taking.arrived(/Stopped/);
  // What hangs is waited for, until somebody does not want to wait.
  run.signal("SIGINT");
  const { code, out, err } = await run.ended();
  assert.equal(code, 130, err);
  assert.match(out, /"notify\.failed","webhook":1,.*"reason":"stopped"/);
  const texts = taking.received.map(({ body }) => JSON.parse(body).text);
  assert.equal(texts[0], "carillon (desk.yaml)\nStarted: 1 session.");
  assert.match(
    texts[1],
    /^PAPER demo, desk\/\S+\/m\d+ \(desk\.yaml\)\nFLAT in scope, proven by the broker \S+ UTC\. 1 closed\./,
  );
  assert.match(texts.at(-1), /^carillon \(desk\.yaml\)\nStopped\./);
  assert.equal(ping.received[0]?.method, "GET");
  assert.ok(!`${out}${err}`.includes(SECRET));
  await assertNotInFiles(folder.path);
});

/** Whatever lies in the folder, the journal with it, holds no secret. */
async function assertNotInFiles(path: string): Promise<void> {
  let files = 0;
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    const inner = `${path}/${name}`;
    if (isDirectory) await assertNotInFiles(inner);
    else {
      const text = new TextDecoder("latin1").decode(await Deno.readFile(inner));
      assert.ok(!text.includes(SECRET), inner);
      files++;
    }
  }
  assert.ok(files > 0, path);
}

const ALARMED = `sessions: [{start: 8, end: 9, on_end: close_all}]
notify: {webhook: "https://hooks.example.com/\${env:KEY}"}
heartbeat: {url: "https://ping.example.com:8443/x", every: 1m}
`;

Deno.test("run refuses a file whose alarms could not be sent, before anything is started", async () => {
  const words = ["run", "-"];
  const noHost = await runProgram(words, {
    stdin: ALARMED,
    flags: ["--allow-net=127.0.0.1", "--allow-env=KEY"],
    env: { KEY: SECRET },
  });
  assert.equal(noHost.code, 2);
  assert.match(
    noHost.err,
    /Cannot reach "hooks\.example\.com:443", "ping\.example\.com:8443": run with --allow-net=127\.0\.0\.1,hooks\.example\.com:443,ping\.example\.com:8443/,
  );
  assert.ok(!noHost.err.includes(SECRET));
  const noKey = await runProgram(words, {
    stdin: ALARMED,
    flags: ["--allow-net", "--allow-env=KEY"],
  });
  assert.equal(noKey.code, 2);
  assert.match(
    noKey.err,
    /Cannot use "notify\[0\]\.webhook": cannot find "KEY"/,
  );
  const noEnv = await runProgram(words, { stdin: ALARMED });
  assert.equal(noEnv.code, 2);
  assert.match(noEnv.err, /run with --allow-env=KEY/);
});

Deno.test("permissions names the hosts of alarms, and says where it cannot", async () => {
  const named = await runProgram(["permissions", "-", "--json"], {
    stdin: ALARMED,
  });
  const { permissions, notes } = JSON.parse(named.out);
  assert.deepEqual(permissions.net, [
    "127.0.0.1",
    "hooks.example.com:443",
    "ping.example.com:8443",
  ]);
  assert.deepEqual([permissions.env, notes], [["KEY"], []]);
  const hidden = await runProgram(["permissions", "-", "--json"], {
    stdin: ALARMED.replace("https://hooks.example.com/", ""),
  });
  assert.match(
    JSON.parse(hidden.out).notes.join(),
    /add its host to --allow-net/,
  );
});

Deno.test("run sends nothing while time is played, and says so", async () => {
  await using server = serveHooks();
  const ended = await runProgram([
    "run",
    "-",
    "--now",
    "2026-11-23T07:00:00Z",
    "--until",
    "2026-11-23T10:00:00Z",
    "--speed",
    "max",
  ], {
    stdin: `sessions: [{start: 8, end: 9, on_end: close_all}]
notify: {webhook: "${server.url}/${SECRET}", events: [flat, started]}
heartbeat: {url: "${server.url}", every: 1s}
`,
    flags: ["--allow-net"],
  });
  assert.equal(ended.code, 0, ended.err);
  assert.match(ended.out, /FLAT in scope/);
  assert.match(ended.err, /note: time is played: nobody is notified/);
  assert.deepEqual(server.received, []);
});
