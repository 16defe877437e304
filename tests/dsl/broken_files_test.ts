/**
 * Every broken file gets the right code at the right place, and a report that a human has read.
 *
 * Each file says in its first comments what is wrong with it, as `# code line:column`; that is
 * written by hand. The report beside it (`.txt`) is the whole text.
 */

import assert from "node:assert/strict";
import {
  decodeSource,
  formatIssues,
  type Issue,
  ISSUE_CODES,
  type IssueCode,
  positionAt,
  readSessions,
  type Source,
} from "../../dsl/mod.ts";
import { expectGolden, goldenBytes, goldenNames } from "../support/golden.ts";

const NAMES = goldenNames("broken", ".yaml");

/** Codes that no file of this folder can have, with the test that has them. */
const ELSEWHERE: Readonly<Partial<Record<IssueCode, string>>> = {
  "calendar/ics-empty": "import_closures_test.ts",
  "calendar/ics-form": "import_closures_test.ts",
  "calendar/ics-left-out": "import_closures_test.ts",
  "calendar/ics-unreadable": "import_closures_test.ts",
  "hook/import": "plan_hooks_test.ts",
  "hook/isolation": "plan_hooks_test.ts",
  "hook/no-export": "plan_hooks_test.ts",
  "hook/permission": "plan_hooks_test.ts",
  "hook/syntax": "plan_hooks_test.ts",
  "hook/unreadable": "plan_hooks_test.ts",
  "literal/circular": "define_sessions_test.ts",
  "literal/value": "define_sessions_test.ts",
  "module/failed": "../app/load_test.ts",
  "module/import": "../app/load_test.ts",
  "module/syntax": "../app/load_test.ts",
  "module/unreadable": "../app/load_test.ts",
  "source/too-large": "source_test.ts",
  "support/not-yet": "support_test.ts",
};

interface Checked {
  readonly source: Source;
  readonly issues: readonly Issue[];
}

function check(name: string): Checked {
  const reading = decodeSource(name, goldenBytes(`broken/${name}`));
  if (!reading.ok) return reading;
  const result = readSessions(reading.source);
  assert.ok(!result.ok, `"${name}" is not broken`);
  return { source: reading.source, issues: result.issues };
}

for (const name of NAMES) {
  Deno.test(`readSessions() reports what is wrong in ${name}`, () => {
    const { source, issues } = check(name);
    const wanted = [...source.text.matchAll(/^\uFEFF?# (\S+\/\S+ \d+:\d+)$/gm)]
      .map(([, line]) => line);
    const got = issues.map(({ code, span }) => {
      assert.ok(span, `"${code}" has no place`);
      const { line, column } = positionAt(source, span.start);
      return `${code} ${line}:${column}`;
    });
    assert.deepEqual([...got].sort(), [...wanted].sort());
    expectGolden(
      `broken/${name.replace(/yaml$/, "txt")}`,
      formatIssues(issues, source),
    );
  });
}

Deno.test("broken files: each rule is broken by one at least", () => {
  const seen = new Set(
    NAMES.flatMap((name) => check(name).issues.map(({ code }) => code)),
  );
  const missing = ISSUE_CODES.filter((code) =>
    !seen.has(code) && ELSEWHERE[code] === undefined
  );
  assert.deepEqual(missing, []);
  assert.ok(NAMES.length >= 70);
});
