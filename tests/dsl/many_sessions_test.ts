/**
 * Ten thousand sessions in one file: read, checked and reported without a stall.
 *
 * No clock is asked: what is quadratic here would not end within the run's patience at all.
 */

import assert from "node:assert/strict";
import { formatIssues, makeSource, readSessions } from "../../dsl/mod.ts";

const COUNT = 10_000;
const ZONES = ["UTC", "Europe/London", "America/New_York", "Asia/Tokyo"];

function sessionText(index: number, more: string): string {
  const hour = index % 23;
  return `  - name: session_${index}
    start: "${String(hour).padStart(2, "0")}:${
    String(index % 60).padStart(2, "0")
  }"
    end: ${hour + 1}:00
    timezone: ${ZONES[index % ZONES.length]}
    days: mon-fri
    on_start: close_loss
    on_end: [close_win, close_loss]
    moments:
      - {name: bell, at: "${
    String(hour).padStart(2, "0")
  }:59:30", do: close_all}
    lead: 5s
${more}`;
}

function fileText(more: string): string {
  const sessions = Array.from(
    { length: COUNT },
    (_, index) => sessionText(index, more),
  );
  return `sessions:\n${sessions.join("")}`;
}

Deno.test("readSessions() reads 10,000 sessions", () => {
  const text = fileText("    scope: {symbols: [EURUSD, USDJPY]}\n");
  assert.ok(text.length > 2_500_000);
  const reading = readSessions(makeSource("many.yaml", text));
  assert.ok(reading.ok);
  assert.equal(reading.definition.sessions.length, COUNT);
  assert.equal(reading.definition.sessions.at(-1)?.name, "session_9999");
  assert.ok(reading.places.session("session_9999")?.span);
});

Deno.test("readSessions() reports 10,000 sessions that all reach into others once each", () => {
  const source = makeSource("many.yaml", fileText(""));
  const reading = readSessions(source);
  assert.ok(!reading.ok);
  const issues = reading.issues.filter(({ code }) =>
    code === "session/overlapping-closes"
  );
  assert.ok(issues.length > 0 && issues.length <= COUNT);
  const report = formatIssues(reading.issues, source);
  assert.ok(report.endsWith(`\n${reading.issues.length - 100} more\n`));
});

Deno.test("readSessions() reports a mistake in each of 10,000 sessions", () => {
  const source = makeSource(
    "many.yaml",
    fileText("    scope: {symbols: [EURUSD]}\n    deadlin: 5s\n"),
  );
  const reading = readSessions(source);
  assert.ok(!reading.ok);
  assert.equal(reading.issues.length, COUNT);
  assert.ok(reading.issues.every(({ nearest }) => nearest === "deadline"));
});

Deno.test("formatIssues() reports mistakes in a file that is one long line", () => {
  const sessions = Array.from(
    { length: COUNT },
    (_, index) => ({
      name: `s${index}`,
      start: "noon",
      end: 16,
      days: "mon-fri",
    }),
  );
  const source = makeSource("many.json", JSON.stringify({ sessions }));
  const reading = readSessions(source);
  assert.ok(!reading.ok);
  assert.equal(reading.issues.length, COUNT);
  const report = formatIssues(reading.issues, source);
  assert.ok(report.split("\n").every((line) => line.length < 200));
  assert.match(report, /many\.json:1:\d+ error\[time\/form\]/);
});
