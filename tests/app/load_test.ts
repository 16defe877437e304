import assert from "node:assert/strict";
import { defineSessions } from "../../dsl/mod.ts";
import { openIsolation } from "../../src/adapters/sandbox/choose_isolation.ts";
import { loadModule } from "../../src/app/load_module.ts";
import {
  CALL,
  CLOCK,
  LIMITS,
  NOTHING,
  recordedHost,
} from "../support/hook_program.ts";
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

for (const flags of [["--allow-read"], ["--allow-read", "--allow-run"]]) {
  const where = flags.length === 1 ? "vm" : "process";

  Deno.test(`check says what is wrong with a definition in TypeScript, and where (${where})`, async (t) => {
    for (const [what, text, code, message, place] of WRONG) {
      await t.step(what, async () => {
        const { exit, problem } = await checkModule(text, flags);
        assert.equal(exit, 2);
        assert.match(problem.code, code, problem.message);
        assert.match(problem.message, message);
        assert.ok(!problem.message.includes("\x1b"), problem.message);
        const found = problem.line === undefined || problem.line === null
          ? null
          : `${problem.line}:${problem.column}`;
        if (place === null) assert.equal(found, null);
        else assert.match(`${found}`, place);
      });
    }
  });
}

const DEFINE = 'import { defineSessions } from "carillon";\n';

/** What is wrong, the text, its code, what is said, and where. */
const WRONG: readonly (readonly [
  string,
  string,
  RegExp,
  RegExp,
  RegExp | null,
])[] = [
  [
    "it imports what is not there",
    'import "./missing.ts";\nexport default 1;\n',
    /^module\/import$/,
    /"\.\/missing\.ts": there is no such file/,
    /^1:8$/,
  ],
  [
    "it is no TypeScript",
    `${DEFINE}export default defineSessions({ sessions: [ );\n`,
    /^module\/syntax$/,
    /./,
    /^2:45$/,
  ],
  [
    "it throws",
    `${DEFINE}const none: any = null;\nexport default none.sessions;\n`,
    /^module\/failed$/,
    /TypeError: /,
    /^3:2[01]$/,
  ],
  [
    "it throws text",
    'throw "no";\nexport default 1;\n',
    /^module\/failed$/,
    /Threw "no"/,
    null,
  ],
  [
    "it exports nothing",
    "export const a = 1;\n",
    /^file\/module$/,
    /no default export/,
    null,
  ],
  [
    "it exports something else",
    "export default { sessions: [] };\n",
    /^file\/module$/,
    /not made by defineSessions\(\)/,
    null,
  ],
  [
    "it ends the program",
    `${DEFINE}Deno.exit(0);\nexport default defineSessions({ sessions: [] });\n`,
    /^(?:file\/module|module\/failed)$/,
    /Deno\.exit|ended with code 0/,
    /^(?:2:5|null)$/,
  ],
  [
    "it reaches for what lies outside",
    `${DEFINE}const text = Deno.readTextFileSync("/etc/hostname");\nexport default defineSessions({ sessions: [text] } as never);\n`,
    /^module\/failed$/,
    /Requires read access|Cannot use "Deno\.readTextFileSync"/,
    /^2:\d+$/,
  ],
  [
    "a value is wrong",
    `${DEFINE}export default defineSessions({ sessions: [{ start: 8, end: 25 }] });\n`,
    /^time\/out-of-range$/,
    /25/,
    null,
  ],
  [
    "a value is none",
    `${DEFINE}export default defineSessions({ sessions: [{ start: new Map(), end: 16 }] } as never);\n`,
    /^literal\/value$/,
    /Map/,
    null,
  ],
  [
    "it imports a package that no file names",
    'import x from "left-pad";\nexport default x;\n',
    /^module\/import$/,
    /: import it as "npm:left-pad", and run with --allow-run=deno$/,
    /^1:15$/,
  ],
];

async function checkModule(text: string, flags: readonly string[]) {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/desk.ts`;
  await Deno.writeTextFile(path, text);
  const { code: exit, out } = await runProgram(["check", path, "--json"], {
    flags,
    env: { NO_COLOR: "", FORCE_COLOR: "1" },
  });
  const { problems } = JSON.parse(out);
  return { exit, problem: problems[0] };
}

async function loadText(
  files: Readonly<Record<string, string>>,
  timeoutMs?: number,
) {
  await using folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder.path}/${name}`, text);
  }
  const name = `${folder.path}/desk.ts`;
  const bytes = await Deno.readFile(name);
  return await loadModule(
    { name, bytes, folder: folder.path },
    CLOCK,
    timeoutMs,
  );
}

Deno.test("loadModule() gives a definition up that is never done", async () => {
  for (const text of ["for (;;);", "await new Promise(() => {});"]) {
    const loaded = await loadText({
      "desk.ts": `${text}\nexport default 1;\n`,
    }, 1_500);
    assert.ok("problems" in loaded);
    assert.match(loaded.fault?.message ?? "", /not evaluated within 1s500ms$/);
  }
});

Deno.test("loadModule() leaves functions in the sandbox, where their handles find them", async () => {
  const loaded = await loadText({
    "desk.ts": `import { defineSessions } from "@carillon/carillon";
import { opens } from "./hours.ts";
export default defineSessions({
  sessions: [{ start: opens, end: "16:30", customStart: () => "ran" }],
});
`,
    "hours.ts": "export const opens: number = 8;\n",
  });
  assert.ok("definition" in loaded, JSON.stringify(loaded));
  const { definition, code, files } = loaded;
  assert.equal(files.length, 2);
  const source = definition.sessions[0]?.customStart?.source;
  assert.ok(source?.kind === "function" && code !== null);
  await using isolation = await openIsolation("vm", CLOCK);
  const { entry, modules, aliases } = code;
  const grant = NOTHING;
  await using sandbox = await isolation.start(
    { name: "desk.ts", entry, modules, aliases, grant, methods: [] },
    LIMITS,
  );
  const outcome = await sandbox.call(source.handle, {}, recordedHost(), CALL);
  assert.deepEqual(outcome, { kind: "returned", value: "ran" });
});

Deno.test("a definition gives the very data that defineSessions() gives", async () => {
  const spec = {
    timezone: "Europe/London",
    sessions: [
      {
        name: "desk",
        start: 8,
        end: "16:30",
        onEnd: ["close_loss", "close_all"],
      },
      { name: "night", start: "22:00", end: "02:00", days: "mon-thu" },
    ],
  } as const;
  const loaded = await loadText({
    "desk.ts": `import { defineSessions } from ${
      JSON.stringify(`${ROOT}mod.ts`)
    };\nexport default defineSessions(${JSON.stringify(spec)});\n`,
  });
  assert.ok("definition" in loaded, JSON.stringify(loaded));
  assert.deepEqual(loaded.definition, defineSessions(spec).definition);
});

Deno.test("check reads a definition and what it imports by the permissions that permissions prints, and names the one that is missing", async () => {
  await using folder = await temporaryFolder();
  const [path, hours] = [`${folder.path}/desk.ts`, `${folder.path}/hours.ts`];
  await Deno.writeTextFile(
    path,
    `import { defineSessions } from "carillon";
import { opens } from "./hours.ts";
export default defineSessions({ sessions: [{ start: opens, end: 16 }] });
`,
  );
  await Deno.writeTextFile(hours, "export const opens = 8;\n");
  const check = (read: string) =>
    runProgram(["check", path], { flags: [`--allow-read=${read}`] });
  const forbidden = await check(path);
  assert.equal(forbidden.code, 2);
  assert.match(
    forbidden.out + forbidden.err,
    /error\[module\/unreadable\]: Cannot read "hours\.ts": run with --allow-read=/,
  );
  const { out } = await runProgram(["permissions", path, "--json"]);
  const { permissions } = JSON.parse(out);
  assert.equal(permissions.read.length, 2, out);
  const allowed = await check(permissions.read.join());
  assert.equal(allowed.code, 0, allowed.err);
});
