/**
 * Whole files that are right, and the definitions they give.
 */

import assert from "node:assert/strict";
import {
  decodeSource,
  formatIssues,
  makeSource,
  readSessions,
} from "../../dsl/mod.ts";
import { expectGolden, goldenBytes, goldenNames } from "../support/golden.ts";

for (const name of goldenNames("sessions", ".yaml")) {
  Deno.test(`readSessions() gives the definition of ${name}`, () => {
    const reading = decodeSource(name, goldenBytes(`sessions/${name}`));
    assert.ok(reading.ok);
    const result = readSessions(reading.source);
    assert.ok(
      result.ok,
      result.ok ? "" : formatIssues(result.issues, reading.source),
    );
    expectGolden(
      `sessions/${name.replace(/yaml$/, "json")}`,
      `${JSON.stringify(result.definition, null, 2)}\n`,
    );
    const copy: unknown = JSON.parse(JSON.stringify(result.definition));
    assert.deepEqual(copy, result.definition);
  });
}

function definitionOf(text: string) {
  const source = makeSource("desk.yaml", text);
  const reading = readSessions(source);
  assert.ok(reading.ok, reading.ok ? "" : formatIssues(reading.issues, source));
  return reading;
}

Deno.test("readSessions() gives a file without a broker one paper account", () => {
  const { definition, warnings } = definitionOf(
    "sessions: [{start: 8, end: 16}]",
  );
  assert.deepEqual(warnings, []);
  assert.deepEqual(
    definition.accounts.map(({ kind, name }) => [kind, name]),
    [["paper", "main"]],
  );
  assert.equal(definition.sessions[0]?.account, "main");
});

Deno.test("readSessions() warns of a token in the file without showing it", () => {
  const source = makeSource(
    "desk.yaml",
    "broker: {kind: oanda, token: s3cr3t}\nsessions: [{start: 8, end: 16}]\n",
  );
  const reading = readSessions(source);
  assert.ok(reading.ok);
  assert.deepEqual(
    reading.warnings.map(({ code, severity }) => [code, severity]),
    [
      ["account/literal-token", "warning"],
    ],
  );
  const report = formatIssues(reading.warnings, source);
  assert.ok(!report.includes("s3cr3t"));
  assert.ok(!JSON.stringify(reading.warnings).includes("s3cr3t"));
});

Deno.test("readSessions() finds where a session and its keys are written", () => {
  const text =
    "timezone: UTC\ndefaults: {deadline: 5s}\nsessions:\n  - name: a\n    start: 8\n    end: 9\n";
  const { places } = definitionOf(text);
  const at = (place: ReturnType<typeof places.session>) =>
    place?.span && text.slice(place.span.start, place.span.end);
  assert.equal(at(places.sessionKey("a", "end")), "9");
  assert.equal(at(places.sessionKey("a", "deadline")), "5s");
  assert.equal(at(places.sessionKey("a", "timezone")), "UTC");
  assert.ok(at(places.session("a"))?.startsWith("name: a"));
  assert.equal(places.session("b"), null);
});

Deno.test("readSessions() lets neighbours close at the instant they share", () => {
  const { definition, warnings } = definitionOf(
    "sessions:\n" +
      "  - {name: early, start: 8, end: 12, on_end: close_all}\n" +
      "  - {name: late, start: 12, end: 16, on_start: close_all, on_end: close_all}\n",
  );
  assert.deepEqual(warnings, []);
  assert.deepEqual(definition.sessions.map(({ name }) => name), [
    "early",
    "late",
  ]);
});

Deno.test("readSessions() lets sessions overlap that run on different dates", () => {
  const { definition, warnings } = definitionOf(
    "sessions:\n" +
      "  - {name: one, start: 8, end: 12, on_end: close_all, dates: 2026-01-05}\n" +
      "  - {name: two, start: 9, end: 16, on_end: close_all, dates: 2026-01-06}\n",
  );
  assert.deepEqual(warnings, []);
  assert.deepEqual(definition.sessions.map(({ name }) => name), ["one", "two"]);
});

Deno.test("readSessions() keeps the edges of defaults from a session of moments", () => {
  const { definition } = definitionOf(
    "defaults: {on_end: close_all, custom_start: hooks/open.ts}\n" +
      "sessions:\n" +
      "  - {name: day, start: 8, end: 16}\n" +
      "  - name: bell\n" +
      "    scope: account\n" +
      "    moments: [{name: noon, at: 12, do: close_loss}]\n",
  );
  const [day, bell] = definition.sessions;
  assert.deepEqual(day?.onEnd, ["close_all"]);
  assert.deepEqual(bell?.onEnd, []);
  assert.equal(bell?.customStart, null);
});

Deno.test("readSessions() runs custom code that is given without an action", () => {
  const { definition } = definitionOf(
    "sessions:\n" +
      "  - {start: 8, end: 16, custom_start: a.ts, on_end: [], custom_end: b.ts}\n",
  );
  assert.deepEqual(definition.sessions[0]?.onStart, ["custom_start"]);
  assert.deepEqual(definition.sessions[0]?.onEnd, ["custom_end"]);
});
