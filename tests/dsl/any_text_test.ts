/**
 * Whatever the text, reading ends in a definition or in issues that point into the text.
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decodeSource,
  formatIssues,
  type Issue,
  issueToJson,
  makeSource,
  positionAt,
  readSessions,
  type Source,
  unsupported,
} from "../../dsl/mod.ts";
import { goldenBytes, goldenNames } from "../support/golden.ts";

function checkPlaces(issues: readonly Issue[], source: Source): void {
  for (const issue of issues) {
    for (const span of [issue.span, issue.related?.span ?? null]) {
      if (span === null) continue;
      assert.ok(0 <= span.start && span.start <= span.end);
      assert.ok(span.end <= source.text.length);
      assert.ok(positionAt(source, span.end).line <= source.lineStarts.length);
    }
    JSON.stringify(issueToJson(issue, source));
  }
  assert.equal(typeof formatIssues(issues, source), "string");
}

function check(source: Source): void {
  const reading = readSessions(source);
  if (reading.ok) {
    checkPlaces(reading.warnings, source);
    checkPlaces(unsupported(reading.definition, reading.places), source);
    const copy: unknown = JSON.parse(JSON.stringify(reading.definition));
    assert.deepEqual(copy, reading.definition);
    return;
  }
  assert.ok(reading.issues.some(({ severity }) => severity === "error"));
  checkPlaces(reading.issues, source);
}

Deno.test("readSessions() never throws, for any text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      check(makeSource("x", text));
    }),
    { numRuns: 500 },
  );
});

const token = fc.constantFrom(
  ..."sessions: |name: |start: |end: |  - |- |\n|\n  |\n    |[|]|{|}|, |: |? |&a |*a|!!str |!x |\"|'|\\|#| # |---\n|...\n|%YAML 1.2\n|>\n|\t|8|24:00|null|~|true|open+15m|mon|<<: |${env:X}|@|`|\r\n|\0|\u{1F5FC}|\uFEFF|\\x|close_all|on_end: |scope: |moments: |at: |do: "
    .split("|"),
  "|",
);

Deno.test("readSessions() never throws, for any pile of YAML's own signs", () => {
  fc.assert(
    fc.property(fc.array(token, { maxLength: 40 }), (tokens) => {
      check(makeSource("x", tokens.join("")));
    }),
    { numRuns: 3000 },
  );
});

const TEXTS = ["sessions", "broken"].flatMap((folder) =>
  goldenNames(folder, ".yaml").map((name) =>
    decodeSource(name, goldenBytes(`${folder}/${name}`)).source.text
  )
);

interface Edit {
  readonly at: number;
  readonly cut: number;
  readonly put: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(12),
  put: fc.oneof(fc.constant(""), token, fc.string({ maxLength: 4 })),
});

Deno.test("readSessions() never throws, for any mutation of a real file", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...TEXTS),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      (text, edits) => {
        let mutated = text;
        for (const { at, cut, put } of edits) {
          const from = Math.floor(at * mutated.length);
          mutated = mutated.slice(0, from) + put + mutated.slice(from + cut);
        }
        check(makeSource("x", mutated));
      },
    ),
    { numRuns: 1500 },
  );
});

Deno.test("decodeSource() never throws, for any bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
    const reading = decodeSource("x", bytes);
    if (reading.ok) check(reading.source);
    else checkPlaces(reading.issues, reading.source);
  }));
});
