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

/** The warnings of one session, as their codes and keys. */
function warningsOf(keys: string): readonly string[] {
  return definitionOf(`sessions: [{start: 8, end: 16, ${keys}}]`).warnings
    .map(({ code, path }) => `${code} ${path}`);
}

Deno.test("readSessions() warns of a session whose dates and days leave none", () => {
  const never = ["session/no-trade-date sessions[0].dates"];
  assert.deepEqual(warningsOf("dates: [2020-01-01], days: sat"), never);
  assert.deepEqual(
    warningsOf("dates: 2026-01-05..2026-01-09, days: [sat, sun]"),
    never,
  );
  assert.deepEqual(
    warningsOf(
      "dates: 2026-01-05..2026-01-06, except_dates: [2026-01-06, 2026-01-05]",
    ),
    never,
  );
  assert.deepEqual(warningsOf("dates: 2026-01-03, calendar: XNYS"), never);
  assert.deepEqual(warningsOf("dates: 2026-01-29, days: month_end"), never);
});

Deno.test("readSessions() does not warn of a session that has a date, past or far off", () => {
  assert.deepEqual(warningsOf("dates: [2020-01-04], days: sat"), []);
  assert.deepEqual(
    warningsOf("dates: [2020-01-01, 2031-05-03], days: sat"),
    [],
  );
  assert.deepEqual(warningsOf("dates: 2026-01-05..2026-01-10, days: sat"), []);
  assert.deepEqual(warningsOf("dates: 0001-01-01..9999-12-31, days: sat"), []);
  assert.deepEqual(warningsOf("dates: 2026-01-30, days: month_end"), []);
});

Deno.test("readSessions() warns of each date on which the market is closed", () => {
  const reasons = (dates: string) =>
    definitionOf(
      `sessions: [{start: open, end: close-5m, calendar: XNYS, dates: ${dates}}]`,
    ).warnings.map(({ code, path, received }) => `${code} ${path} ${received}`);
  assert.deepEqual(reasons("2026-12-25"), [
    'session/closed-date sessions[0].dates "2026-12-25": XNYS is closed, Christmas Day',
  ]);
  assert.deepEqual(
    reasons("[2026-11-27, 2026-11-28, 2026-12-25..2026-12-27]"),
    [
      'session/closed-date sessions[0].dates[1] "2026-11-28": XNYS is closed, Saturday',
      'session/closed-date sessions[0].dates[2] "2026-12-25..2026-12-27": XNYS is closed, Christmas Day',
    ],
  );
  assert.deepEqual(reasons("[2026-12-24..2026-12-26, 2027-01-04]"), []);
  // Where a calendar's lists end nobody can know.
  assert.deepEqual(reasons("2090-12-25"), []);
});

Deno.test("readSessions() warns of a day that no month has", () => {
  const monthEnd = (days: string) =>
    definitionOf(
      `sessions: [{start: open, end: close-5m, calendar: XNYS, days: ${days}}]`,
    ).warnings.map(({ code, path }) => `${code} ${path}`);
  assert.deepEqual(monthEnd("month_end-40"), [
    "session/no-trade-date sessions[0].days",
  ]);
  assert.deepEqual(monthEnd("month_end-23"), [
    "session/no-trade-date sessions[0].days",
  ]);
  assert.deepEqual(monthEnd("month_end-22"), []);
  assert.deepEqual(monthEnd("[month_end-40, month_end]"), []);
});

Deno.test("readSessions() warns of a week that starts on none of its days", () => {
  const week = (days: string) =>
    definitionOf(
      `sessions: [{start: sun 17:00, end: fri 17:00, days: ${days}}]`,
    ).warnings.map(({ code, path }) => `${code} ${path}`);
  assert.deepEqual(week("mon-fri"), [
    "session/no-trade-date sessions[0].days",
  ]);
  assert.deepEqual(week("[fri, sun]"), []);
  assert.deepEqual(week("all"), []);
});
