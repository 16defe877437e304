import assert from "node:assert/strict";
import {
  type ProgramProblem,
  type ProgramReading,
  type ReadOptions,
  readProgram,
} from "../../../src/app/hooks/read_program.ts";

/** Writes files into a folder of their own and reads a program there. */
async function readIn(
  files: Readonly<Record<string, string>>,
  source: { readonly path: string } | { readonly code: string },
  options: Partial<ReadOptions> = {},
): Promise<ProgramReading> {
  const folder = await Deno.makeTempDir({ prefix: "carillon-" });
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = `${folder}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), {
        recursive: true,
      });
      await Deno.writeTextFile(path, text);
    }
    return await readProgram(
      "path" in source
        ? { kind: "module", path: `${folder}/${source.path}` }
        : { kind: "inline", code: source.code },
      { folder, ...options },
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function programOf(reading: ProgramReading) {
  assert.ok(reading.ok, JSON.stringify(reading));
  return reading.program;
}

/** Each problem as one line: rule, place, sentence. */
function problemsOf(reading: ProgramReading): readonly string[] {
  assert.ok(!reading.ok, "it was read although something is wrong with it");
  return reading.problems.map(({ code, file, place, message }) =>
    `${code} ${file}${
      place === null ? "" : `:${place.line}:${place.column}`
    } ${message}`
  );
}

Deno.test("readProgram() reads a module with all that it imports, each once", async () => {
  const reading = await readIn({
    "hooks/open.ts":
      'import { a } from "./lib/a.ts";\nimport prices from "../prices.json" with { type: "json" };\nexport default () => [a, prices];\nexport const onOpen = a;',
    "hooks/lib/a.ts":
      'export * from "./b.js";\nimport "../open.ts";\nexport enum A { One }\nexport const a: number = A.One;',
    "hooks/lib/b.js": "export const [b, { c: [d], ...e }] = [1, {}];",
    "prices.json": "[1]",
  }, { path: "hooks/open.ts" });
  const { modules, exports, entry } = programOf(reading);
  const names = [...modules.keys()].map((url) => url.split("/").pop());
  assert.deepEqual(names, ["open.ts", "a.ts", "prices.json", "b.js"]);
  assert.deepEqual([...exports], ["default", "onOpen"]);
  assert.ok(entry.endsWith("/hooks/open.ts"));
});

Deno.test("readProgram() finds what a compiler would find, under one name", async () => {
  const reading = await readIn({
    "open.ts":
      'export * from "./a"; export * from "./lib"; import "./a.js"; import data from "./data" with { type: "json" }; export default data; export async function late() { return await import("./late.mjs"); }',
    "a.ts": "export const a = 1; export default 2;",
    "lib/index.ts": "export function b() {} export class C {}",
    "data.json": "{}",
    "late.mts": "export {};",
  }, { path: "open.ts" });
  const { modules, exports } = programOf(reading);
  assert.deepEqual([...exports].sort(), ["C", "a", "b", "default", "late"]);
  const bridge = [...modules].find(([url]) => url.endsWith("/a"))?.[1].text;
  assert.match(
    bridge ?? "",
    /^export \* from "file:.*\/a\.ts";export \{ default/,
  );
});

Deno.test("readProgram() leaves out imports of types, and takes packages that are named", async () => {
  const code =
    'import type { HookContext } from "@carillon/carillon"; import pad from "left-pad"; import { x } from "npm:@scope/it@1/sub"; import "node:buffer"; export default (ctx: HookContext) => pad(ctx, x);';
  const packages = ["left-pad@1.3.0", "npm:@scope/it@1"];
  const { modules, exports } = programOf(
    await readIn({}, { code }, { packages }),
  );
  assert.equal(modules.size, 1);
  assert.deepEqual([...exports], ["default"]);
});

Deno.test("readProgram() lets a bare name stand for a module of ours", async () => {
  const aliases = new Map([[
    "carillon",
    { kind: "js", text: "export const defineSessions = (it) => it;" } as const,
  ]]);
  const code =
    'import { defineSessions } from "carillon"; export default defineSessions({});';
  const program = programOf(await readIn({}, { code }, { aliases }));
  const to = program.aliases.get("carillon") ?? "";
  assert.match(program.modules.get(to)?.text ?? "", /defineSessions/);
});

const WRONG: Readonly<Record<string, readonly [string, RegExp]>> = {
  "no code": ["export default (", /^hook\/syntax open\.ts:1:\d+ /],
  "a name declared twice": [
    "const a: number = 1;\nconst a = 2;",
    /^hook\/syntax open\.ts:2:7 Identifier 'a' has already been declared$/,
  ],
  "a mistake in a module with an enum": [
    "enum A { B }\nexport default () => {\n  return 1\n}}",
    /^hook\/syntax open\.ts:4:\d+ /,
  ],
  "an export that nothing declares": [
    "export { b };",
    /^hook\/syntax open\.ts:1:10 Export 'b' is not defined$/,
  ],
  "an import from afar": [
    'import a from "https://example.com/a.ts"; export default a;',
    /^hook\/import open\.ts:1:15 Cannot import "https:\/\/example\.com\/a\.ts": code comes from files/,
  ],
  "an import of a package that is not named": [
    'export default 1;\nimport "npm:left-pad@1.3.0/x.js";',
    /^hook\/import open\.ts:2:8 Cannot import "npm:left-pad@1\.3\.0\/x\.js": write "import: \[left-pad\]"/,
  ],
  "an import of what is not there": [
    'import "./missing.ts"; export default 1;',
    /^hook\/import open\.ts:1:8 Cannot import "\.\/missing\.ts": there is no such file$/,
  ],
  "data imported as code": [
    'import data from "./data.json"; export default data;',
    /^hook\/import open\.ts:1:18 Cannot import "\.\/data\.json" as code: write with/,
  ],
};

for (const [what, [text, expected]] of Object.entries(WRONG)) {
  Deno.test(`readProgram() names the place of ${what}`, async () => {
    const reading = await readIn(
      { "open.ts": text, "data.json": "1" },
      { path: "open.ts" },
    );
    const problems = problemsOf(reading);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", expected);
  });
}

Deno.test("readProgram() reports every problem of every module at once", async () => {
  const reading = await readIn({
    "open.ts":
      'import "./a.ts"; import "./b.json" with { type: "json" }; import "./c.ts";',
    "a.ts": "let",
    "b.json": "{",
  }, { path: "open.ts" });
  const codes = problemsOf(reading).map((line) => line.split(" ").slice(0, 2));
  assert.deepEqual(codes, [
    ["hook/import", "open.ts:1:66"],
    ["hook/syntax", "a.ts:1:1"],
    ["hook/syntax", "b.json"],
  ]);
});

Deno.test("readProgram() says why a module cannot be read", async () => {
  const say = async (path: string) =>
    problemsOf(await readIn({ "dir.ts/x.ts": "" }, { path }));
  assert.deepEqual(await say("none.ts"), [
    'hook/unreadable none.ts Cannot read "none.ts": there is no such file',
  ]);
  assert.match((await say("dir.ts"))[0] ?? "", /it is a folder/);
  assert.match(
    (await say("open.py"))[0] ?? "",
    /must end in \.ts, \.js or \.json$/,
  );
});

Deno.test("readProgram() gives places of code in the session file itself", async () => {
  const reading = await readIn({}, { code: "return 1" });
  assert.ok(!reading.ok);
  const [problem] = reading.problems satisfies readonly ProgramProblem[];
  assert.deepEqual([problem?.file, problem?.place], [null, {
    line: 1,
    column: 1,
  }]);
});
