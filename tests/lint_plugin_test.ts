import assert from "node:assert/strict";
import plugin from "../tools/lint_plugin.ts";

const ROOT = decodeURIComponent(new URL("../", import.meta.url).pathname);

/** The rules that a source breaks, were it the file of that name. */
function broken(path: string, source: string): readonly string[] {
  return Deno.lint.runPlugin(plugin, ROOT + path, source)
    .map((found) => found.id.replace("carillon/", ""));
}

const AMBIENT = [
  "Date.now()",
  'Date["now"]()',
  "globalThis.Date.now()",
  "new Date()",
  "new globalThis.Date()",
  "Date()",
  "performance.now()",
  "performance.timeOrigin",
  "Temporal.Now.instant()",
  "setTimeout(() => {}, 1)",
  "globalThis.setTimeout(() => {}, 1)",
  "const later = setInterval",
  "setImmediate(() => {})",
  "Math.random()",
  "crypto.randomUUID()",
  "crypto.getRandomValues(bytes)",
  "AbortSignal.timeout(5)",
  "Atomics.wait(cell, 0, 0, 5)",
  "const { now } = Date",
  "const { random: draw } = Math",
  "const { setTimeout } = globalThis",
  'import { setTimeout as sleep } from "node:timers/promises"',
  'import { performance } from "node:perf_hooks"',
  'import { randomUUID } from "node:crypto"',
];

const TIMELESS = [
  "new Date(0)",
  "Date.UTC(2026, 0, 1)",
  "Temporal.Instant.fromEpochMilliseconds(at)",
  "clock.now()",
  "clock.setTimeout(1)",
  "const port = { setTimeout: 1 }",
  "Math.max(1, 2)",
  "constructor.includes",
  "toString.now()",
  "AbortSignal.any([])",
  'import { createHash } from "node:crypto"',
  'import type { Performance } from "node:perf_hooks"',
];

for (const source of AMBIENT) {
  Deno.test(`no-ambient-time finds ${source}`, () => {
    for (const path of ["src/domain/x.ts", "dsl/x.ts", "mod.ts"]) {
      assert.deepEqual(
        new Set(broken(path, source)),
        new Set(["no-ambient-time"]),
      );
    }
    assert.deepEqual(broken("src/adapters/clock/x.ts", source), []);
  });
}

Deno.test("no-ambient-time leaves arithmetic and ports alone", () => {
  for (const source of TIMELESS) {
    assert.deepEqual(broken("src/domain/x.ts", source), [], source);
  }
});

Deno.test("no-sleep finds a timer in a test, and only there", () => {
  const source = "await new Promise((done) => setTimeout(done, 10))";
  assert.deepEqual(broken("tests/x_test.ts", source), ["no-sleep"]);
  assert.deepEqual(broken("tools/x.ts", source), []);
});

Deno.test("no-console lets the app print, and nothing below it", () => {
  for (const source of ["console.log(1)", "Deno.stdout.writeSync(b)"]) {
    assert.deepEqual(broken("src/runtime/x.ts", source), ["no-console"]);
    assert.deepEqual(broken("src/app/cli/x.ts", source), []);
    assert.deepEqual(broken("tools/x.ts", source), []);
  }
});

Deno.test("no-export-all finds export * in any file", () => {
  const source = 'export * from "./a.ts"';
  assert.deepEqual(broken("mod.ts", source), ["no-export-all"]);
  assert.deepEqual(broken("tests/x.ts", source), ["no-export-all"]);
});

Deno.test("no-default-export binds what ships", () => {
  const source = "export default function run() {}";
  assert.deepEqual(broken("src/app/x.ts", source), ["no-default-export"]);
  assert.deepEqual(broken("examples/x.ts", source), []);
});

Deno.test("no-arrow-export finds an arrow that should be a declaration", () => {
  assert.deepEqual(broken("dsl/x.ts", "export const f = () => 1"), [
    "no-arrow-export",
  ]);
  assert.deepEqual(broken("dsl/x.ts", "export const one = 1"), []);
});

Deno.test("no-enum and no-non-null find what they are named after", () => {
  assert.deepEqual(broken("tests/x.ts", "enum Side { Long }"), ["no-enum"]);
  assert.deepEqual(broken("dsl/x.ts", "first(list)!.name"), ["no-non-null"]);
});

Deno.test("throws-documented asks exported functions and methods only", () => {
  const thrown = 'throw new CarillonError("dsl/invalid", "No")';
  const rule = ["throws-documented"];
  const path = "dsl/x.ts";
  assert.deepEqual(broken(path, `export function f() { ${thrown} }`), rule);
  assert.deepEqual(
    broken(path, `export class A { async f() { if (a) { ${thrown} } } }`),
    rule,
  );
  for (
    const fine of [
      `/** Does. @throws {CarillonError} "dsl/invalid" */ export function f() { ${thrown} }`,
      `export class A { /** @throws {CarillonError} */ f() { ${thrown} } }`,
      `export class A { #f() { ${thrown} } private g() { ${thrown} } }`,
      `function f() { ${thrown} }`,
      `export function f() { return () => { ${thrown} } }`,
    ]
  ) assert.deepEqual(broken(path, fine), [], fine);
});
