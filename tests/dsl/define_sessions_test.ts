/**
 * The two doors: the same file in YAML and in TypeScript gives the very same definition.
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  defineSessions,
  formatIssues,
  type Issue,
  makeSource,
  readSessions,
  type SessionsSpec,
} from "../../dsl/mod.ts";
import { snakeCase } from "../../dsl/shape.ts";
import { CarillonError } from "../../src/domain/error.ts";
import { everyKey } from "../support/every_key.ts";
import { goldenBytes } from "../support/golden.ts";

function fromYaml(text: string) {
  const source = makeSource("desk.yaml", text);
  const reading = readSessions(source);
  assert.ok(reading.ok, reading.ok ? "" : formatIssues(reading.issues, source));
  return reading.definition;
}

function issuesOf(spec: unknown): readonly Issue[] {
  try {
    // The one cast: what a JavaScript user could pass.
    defineSessions(spec as SessionsSpec);
  } catch (error) {
    assert.ok(error instanceof CarillonError);
    assert.equal(error.code, "dsl/invalid");
    const { issues } = error.details;
    assert.ok(Array.isArray(issues));
    for (const { code } of issues) assert.ok(error.message.includes(code));
    return issues;
  }
  return [];
}

Deno.test("defineSessions() gives what YAML gives, for every key", () => {
  const bytes = goldenBytes("sessions/04_every_key.yaml");
  const text = new TextDecoder().decode(bytes);
  assert.deepEqual(defineSessions(everyKey).definition, fromYaml(text));
});

Deno.test("defineSessions() takes times, dates and durations of Temporal", () => {
  const { definition } = defineSessions({
    sessions: [{
      name: "a",
      start: Temporal.PlainTime.from("08:00"),
      end: Temporal.PlainTime.from("16:30:15.250"),
      dates: [Temporal.PlainDate.from("2026-12-01")],
      lead: Temporal.Duration.from({ minutes: 90 }),
      deadline: Temporal.Duration.from({ seconds: 45, milliseconds: 500 }),
      catchUp: { start: Temporal.Duration.from({ weeks: 1, days: 1 }), end: 0 },
    }],
  });
  assert.deepEqual(
    definition,
    fromYaml(
      "sessions: [{name: a, start: 08:00, end: '16:30:15.250', " +
        "dates: 2026-12-01, lead: 90m, deadline: 45s500ms, " +
        "catch_up: {start: 8d, end: 0}}]",
    ),
  );
});

Deno.test("defineSessions() keeps functions beside the definition, by handle", () => {
  const open = () => {};
  const close = () => Promise.resolve();
  const tick = () => 1;
  const { definition, functions } = defineSessions({
    defaults: { customEnd: { module: close, timeout: "2s" } },
    sessions: [{
      start: 8,
      end: 16,
      customStart: open,
      strategies: [{ module: tick, every: "5m" }],
    }],
  });
  const [session] = definition.sessions;
  const handles = [
    session?.customStart,
    session?.customEnd,
    session?.strategies[0]?.hook,
  ].map((hook) => hook?.source.kind === "function" ? hook.source.handle : "");
  assert.deepEqual(handles, [
    "sessions[0].customStart",
    "defaults.customEnd.module",
    "sessions[0].strategies[0].module",
  ]);
  assert.deepEqual(handles.map((handle) => functions.get(handle)), [
    open,
    close,
    tick,
  ]);
  assert.equal(session?.customEnd?.timeoutMs, 2000);
});

Deno.test("defineSessions() names every problem by its camelCase path", () => {
  const issues = issuesOf({
    timezone: "Europe/Londn",
    sessions: [{
      start: 8,
      end: 16,
      onEnd: ["close_all", "close_al"],
      on_start: null,
      halfDays: "shft",
    }],
  });
  assert.deepEqual(
    issues.map(({ code, path, nearest }) => [code, path, nearest]),
    [
      ["zone/unknown", "timezone", "Europe/London"],
      ["value/unknown-word", "sessions[0].onEnd[1]", "close_all"],
      ["file/unknown-key", "sessions[0].on_start", "onStart"],
      ["value/unknown-word", "sessions[0].halfDays", "shift"],
    ],
  );
});

Deno.test("defineSessions() says what it expected in its own words", () => {
  const issues = issuesOf({
    sessions: [
      { name: "a", start: 8, end: 16, onEnd: "custom_end" },
      { name: "b", start: 8, end: 16, onEnd: "close_all", customEnd: "x.ts" },
    ],
  });
  assert.deepEqual(issues.map(({ code, expected }) => [code, expected]), [
    ["session/missing-hook", 'the key "customEnd"'],
    [
      "session/unreachable-hook",
      'custom_end in "onEnd", or no "onEnd" at all',
    ],
  ]);
});

Deno.test("defineSessions() refuses what JSON could not hold", () => {
  const values: readonly unknown[] = [
    undefined,
    10n,
    Symbol("x"),
    NaN,
    new Date(0),
    new Map(),
    Temporal.Instant.fromEpochMilliseconds(0),
  ];
  for (const value of values) {
    const issues = issuesOf({ sessions: [value] });
    assert.deepEqual(issues.map(({ code }) => code), ["literal/value"]);
    assert.equal(issues[0]?.path, "sessions[0]");
  }
  const misplaced = issuesOf({ timezone: () => {}, sessions: [] });
  assert.equal(misplaced[0]?.received, "a function");
});

Deno.test("defineSessions() refuses a value that holds itself", () => {
  const moments: unknown[] = [];
  moments.push(moments);
  const codes = issuesOf({ sessions: [{ moments }] }).map(({ code }) => code);
  assert.ok(codes.includes("literal/circular"));
});

Deno.test("defineSessions() refuses durations without a fixed length", () => {
  const lead = Temporal.Duration.from({ months: 1 });
  const [issue] = issuesOf({ sessions: [{ start: 8, end: 16, lead }] });
  assert.equal(issue?.code, "duration/form");
});

const clock = fc.record({ hour: fc.nat(23), minute: fc.nat(59) }).map(
  ({ hour, minute }) =>
    `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`,
);
const time = fc.oneof(fc.nat(23), clock);
const actions = fc.subarray(["close_all", "close_win", "close_loss"] as const);
const scope = fc.oneof(
  fc.constant("account" as const),
  fc.record({ symbols: fc.constantFrom("EURUSD", ["EURUSD", "VTI"]) }),
);
const session = fc.record({
  start: time,
  end: time,
  onStart: fc.option(actions),
  onEnd: actions,
  scope,
  days: fc.constantFrom("mon-fri", "all", ["sat", "sun"]),
  timezone: fc.constantFrom("UTC", "Europe/London", "Asia/Kathmandu"),
  lead: fc.constantFrom("0", "5m", "1h30m"),
  halfDays: fc.constantFrom("shift" as const, "skip" as const),
  cancelOrders: fc.boolean(),
}, { requiredKeys: ["start", "end"] });
const file = fc.record({
  timezone: fc.constantFrom("UTC", "America/New_York"),
  onStop: fc.constantFrom("leave" as const, "close" as const),
  defaults: fc.record({ deadline: fc.constantFrom("5s", "2m") }, {
    requiredKeys: [],
  }),
  sessions: fc.array(session, { minLength: 1, maxLength: 4 }),
}, { requiredKeys: ["sessions"] });

/** JSON is YAML too, with keys in snake_case. */
function asYaml(value: unknown): string {
  return JSON.stringify(
    value,
    (_, item: unknown) =>
      typeof item === "object" && item !== null && !Array.isArray(item)
        ? Object.fromEntries(
          Object.entries(item).map(([key, inner]) => [snakeCase(key), inner]),
        )
        : item,
  );
}

Deno.test("defineSessions() gives what YAML gives, for any file or its issues", () => {
  fc.assert(
    fc.property(file, (spec) => {
      const source = makeSource("desk.yaml", asYaml(spec));
      const reading = readSessions(source);
      if (reading.ok) {
        assert.deepEqual(defineSessions(spec).definition, reading.definition);
        return;
      }
      assert.deepEqual(
        issuesOf(spec).map(({ code }) => code).sort(),
        reading.issues.map(({ code }) => code).sort(),
      );
    }),
    { numRuns: 300 },
  );
});
