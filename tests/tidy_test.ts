import assert from "node:assert/strict";
import {
  askDeno,
  exists,
  projectFiles,
  readText,
  ROOT,
  ships,
  sourceFiles,
} from "../tools/project_files.ts";

const LINES_MAX = 500;
// A test may be as long as its table.
const TEST_LINES_MAX = 800;

/** A name of a place or a host that only one machine knows. */
const MACHINE = [
  /(?<![\w.:/-])\/(?:work|root)\//,
  /(?<![\w.:/-])\/(?:home|Users)\/(?!you\/)\w/,
  /\bregistry\.[\w-]+\.\w/,
];

const UNFINISHED =
  /\b(?:TODO|FIXME|XXX|HACK|placeholder(?!:)|not implemented)\b/i;

/** What `deno task guests` makes, of packages as well as of our sources. */
const BUNDLED = "src/adapters/sandbox/bundled/";

/** Files that hold text of ours; what is generated for machines is left out. */
function textFiles(): readonly string[] {
  return projectFiles().filter((path) =>
    /(?:\.(?:ts|md|json|ya?ml|txt|css|html)|^\.ci\/run|\.gitignore|LICENSE)$/
      .test(path) && path !== "deno.lock" && !path.startsWith(BUNDLED)
  );
}

/** Names the lines that a rule forbids, as `file:line text`. */
function linesWith(path: string, forbidden: RegExp): readonly string[] {
  return readText(path).split("\n").flatMap((line, index) =>
    forbidden.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : []
  );
}

/** How many lines a file has. */
function lengthOf(path: string): number {
  return readText(path).split("\n").length - 1;
}

interface LintAnswer {
  readonly errors: readonly unknown[];
  readonly diagnostics: readonly {
    readonly code: string;
    readonly filename: string;
    readonly range: { readonly start: { readonly line: number } };
  }[];
}

Deno.test("no file is too long without a reason", () => {
  const sizes = sourceFiles().map((path) => ({ path, lines: lengthOf(path) }))
    .sort((a, b) => b.lines - a.lines);
  for (const { path, lines } of sizes.slice(0, 10)) {
    console.log(`${String(lines).padStart(6)} ${path}`);
  }
  const unexplained = sizes.filter(({ path, lines }) =>
    lines > (path.startsWith("tests/") ? TEST_LINES_MAX : LINES_MAX) &&
    !/^\/\/ tidy: \w/m.test(readText(path))
  );
  assert.deepEqual(unexplained, []);
});

Deno.test("nothing that ships is left for later", () => {
  const found = sourceFiles()
    .filter((path) => ships(path) || /^(?:bench|examples)\//.test(path))
    .flatMap((path) => linesWith(path, UNFINISHED));
  assert.deepEqual(found, []);
});

Deno.test("no file names a place that only one machine knows", () => {
  const found = textFiles().flatMap((path) =>
    MACHINE.flatMap((pattern) => linesWith(path, pattern))
  );
  assert.deepEqual(found, []);
});

Deno.test("no clock, no printing, no sleep where the rules forbid it", async () => {
  const { diagnostics, errors } = await lint();
  assert.deepEqual(errors, []);
  const found = diagnostics
    .filter(({ code }) => code.startsWith("carillon/"))
    .map(({ code, filename, range }) =>
      `${filename.replace(ROOT.href, "")}:${range.start.line} ${code}`
    );
  assert.deepEqual(found, []);
});

Deno.test("every rule that is left out for a line has a reason", () => {
  const found = sourceFiles().flatMap((path) =>
    linesWith(path, /^\s*\/\/ deno-lint-ignore(?:-file)?\b(?!.* -- \w)/)
  );
  assert.deepEqual(found, []);
});

Deno.test("every dependency is named in an ADR", () => {
  const { imports } = JSON.parse(readText("deno.json")) as {
    readonly imports: Readonly<Record<string, string>>;
  };
  const decisions = projectFiles("docs/adr/").map(readText).join("\n");
  const unnamed = Object.keys(imports)
    .filter((name) => !decisions.includes(`\`${name}\``));
  assert.deepEqual(unnamed, []);
});

Deno.test("every file that deno.json names is there, and the door is exported", () => {
  const { exports, publish } = JSON.parse(readText("deno.json")) as {
    readonly exports: Readonly<Record<string, string>>;
    readonly publish: { readonly include: readonly string[] };
  };
  assert.deepEqual(
    Object.values(exports).filter((path) => !exists(path.slice(2))),
    [],
  );
  assert.ok(publish.include.includes("mod.ts"));
  // The module that runs a session file directly is public as soon as it is there.
  const register = "src/app/register.ts";
  if (exists(register)) assert.equal(exports["./register"], `./${register}`);
});

Deno.test("every link of the documents leads to a file", () => {
  const documents = projectFiles().filter((path) => path.endsWith(".md"));
  const dead = documents.flatMap((path) =>
    linksOf(path)
      .filter((link) => !exists(new URL(link, new URL(path, ROOT)).href))
      .map((link) => `${path} -> ${link}`)
  );
  assert.deepEqual(dead, []);
});

Deno.test("every file that the documents name in passing is there", () => {
  const named = ["ARCHITECTURE.md", "CONTRIBUTING.md"].flatMap((path) =>
    [
      ...readText(path).matchAll(
        /`((?:src|dsl|tests|tools|docs)\/[\w./-]+\.\w+)`/g,
      ),
    ]
      .map(([, name = ""]) => name)
  );
  assert.ok(named.length > 0);
  assert.deepEqual(named.filter((name) => !exists(name)), []);
});

/** Relative links of a document, without the part after `#`; code is not looked at. */
function linksOf(path: string): readonly string[] {
  const prose = readText(path).replaceAll(/```[^]*?```|`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = ""]) => link.replace(/#.*$/, ""))
    .filter((link) => link !== "" && !/^[a-z]+:/.test(link));
}

/** What the linter says of the whole project; findings are its answer, not a failure. */
async function lint(): Promise<LintAnswer> {
  return await askDeno(["lint", "--json"], [0, 1]) as LintAnswer;
}
