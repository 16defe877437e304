/**
 * Overlapping closes, against the plainest way to find them: every pair, every minute.
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { makeSource, readSessions } from "../../dsl/mod.ts";

interface Written {
  readonly start: number;
  readonly end: number;
  readonly closesAtStart: boolean;
  readonly closesAtEnd: boolean;
  readonly noon: boolean;
  readonly days: readonly number[];
  readonly hasScope: boolean;
  readonly account: string;
}

const WORDS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const WEEK = 7 * 24;

const session: fc.Arbitrary<Written> = fc.record({
  start: fc.nat(23),
  end: fc.nat(23),
  closesAtStart: fc.boolean(),
  closesAtEnd: fc.boolean(),
  noon: fc.boolean(),
  days: fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }),
  hasScope: fc.boolean(),
  account: fc.constantFrom("x", "y"),
}).filter(({ start, end }) => start !== end);

function length({ start, end }: Written): number {
  return (end - start + 24) % 24;
}

function noonInside({ start, end, noon }: Written): boolean {
  return noon && (12 - start + 24) % 24 < (end - start + 24) % 24;
}

function yamlOf(sessions: readonly Written[]): string {
  const lines = sessions.map((written, index) => {
    const keys = [
      `name: s${index}`,
      `account: ${written.account}`,
      `start: ${written.start}`,
      `end: ${written.end}`,
      `days: [${written.days.map((day) => WORDS[day]).join(", ")}]`,
      ...(written.closesAtStart ? ["on_start: close_all"] : []),
      ...(written.closesAtEnd ? ["on_end: close_all"] : []),
      ...(noonInside(written)
        ? ["moments: [{name: noon, at: 12, do: close_all}]"]
        : []),
      ...(written.hasScope ? ["scope: account"] : []),
    ];
    return `  - {${keys.join(", ")}}\n`;
  });
  return `accounts: {x: paper, y: paper}\nsessions:\n${lines.join("")}`;
}

/** Whether a close of `one`, which has no scope, falls into a window of `two`. */
function reaches(one: Written, two: Written): boolean {
  if (one.hasScope || one.account !== two.account) return false;
  return one.days.some((day) => {
    const opens = day * 24 + one.start;
    const late = [
      ...(one.closesAtEnd ? [opens + length(one)] : []),
      ...(noonInside(one) ? [opens + (12 - one.start + 24) % 24] : []),
    ];
    return two.days.some((other) => {
      const from = other * 24 + two.start;
      const into = (at: number) => ((at - from) % WEEK + WEEK) % WEEK;
      const isIn = (at: number) => into(at) > 0 && into(at) < length(two);
      const isInOrAtEnd = (at: number) =>
        into(at) > 0 && into(at) <= length(two);
      return late.some(isInOrAtEnd) || (one.closesAtStart && isIn(opens));
    });
  });
}

Deno.test("checkOverlaps() finds a reach exactly where some pair has one", () => {
  fc.assert(
    fc.property(fc.array(session, { minLength: 1, maxLength: 5 }), (all) => {
      const reading = readSessions(makeSource("x", yamlOf(all)));
      const codes = reading.ok ? [] : reading.issues.map(({ code }) => code);
      const isFound = codes.includes("session/overlapping-closes");
      assert.ok(codes.every((code) => code === "session/overlapping-closes"));
      const isThere = all.some((one) =>
        all.some((two) => one !== two && reaches(one, two))
      );
      assert.equal(isFound, isThere);
    }),
    { numRuns: 1000 },
  );
});

function codesOf(lines: readonly string[]): readonly string[] {
  const text = `sessions:\n${lines.map((line) => `  - ${line}\n`).join("")}`;
  const reading = readSessions(makeSource("x", text));
  return reading.ok ? [] : reading.issues.map(({ code }) => code);
}

Deno.test("checkOverlaps() asks for the scope of the session that closes", () => {
  const overlaps = ["session/overlapping-closes"];
  const early = "name: early, start: 8, end: 12, on_end: close_all";
  const late = "name: late, start: 10, end: 16, on_end: close_all";
  const own = "scope: {symbols: [EURUSD]}";
  assert.deepEqual(codesOf([`{${early}}`, `{${late}, ${own}}`]), overlaps);
  assert.deepEqual(codesOf([`{${early}, ${own}}`, `{${late}}`]), []);
  assert.deepEqual(codesOf([`{${early}, scope: account}`, `{${late}}`]), []);
});

Deno.test("checkOverlaps() tells each session that closes, two of a pair as well", () => {
  assert.deepEqual(
    codesOf([
      "{name: one, start: 8, end: 16, on_end: close_all}",
      "{name: two, start: 8, end: 16, on_end: close_all}",
    ]),
    ["session/overlapping-closes", "session/overlapping-closes"],
  );
});

Deno.test("checkOverlaps() sees a session of moments close what another holds", () => {
  assert.deepEqual(
    codesOf([
      "{name: bell, moments: [{name: noon, at: 12, do: close_loss}]}",
      "{name: day, start: 8, end: 16, on_end: close_all}",
    ]),
    ["session/overlapping-closes"],
  );
  assert.deepEqual(
    codesOf([
      "{name: bell, moments: [{name: noon, at: 12, do: close_loss}]}",
      "{name: night, start: 20, end: 4, on_end: close_all}",
    ]),
    [],
  );
});

Deno.test("checkOverlaps() sees a week's window over a day's", () => {
  assert.deepEqual(
    codesOf([
      "{name: week, start: sun 22:00, end: fri 21:00}",
      "{name: day, start: 8, end: 16, days: wed, on_end: close_all}",
    ]),
    ["session/overlapping-closes"],
  );
  assert.deepEqual(
    codesOf([
      "{name: week, start: sun 22:00, end: fri 21:00}",
      "{name: day, start: 8, end: 16, days: sat, on_end: close_all}",
    ]),
    [],
  );
});

Deno.test("checkOverlaps() knows a shared date behind hundreds that are not", () => {
  const dated = Array.from({ length: 300 }, (_, index) => {
    const date = Temporal.PlainDate.from("2026-01-01").add({ days: index });
    return `{name: d${index}, start: 8, end: 16, dates: ${date}, on_end: close_all}`;
  });
  assert.deepEqual(codesOf(dated), []);
  const late =
    "{name: late, start: 9, end: 17, dates: 2026-10-01, on_end: close_all}";
  assert.deepEqual(codesOf([...dated, late]), ["session/overlapping-closes"]);
});

/** The codes that two sessions get of which only one keeps to a market's hours. */
function codesWith(keys: string): readonly string[] {
  const reading = readSessions(makeSource(
    "desk.yaml",
    `timezone: Europe/London
sessions:
  - {name: evening, start: "17:00", end: "19:00", on_end: close_all}
  - {name: london, calendar: XLON, on_end: close_all, lead: 5m, ${keys}}
`,
  ));
  return reading.ok ? [] : reading.issues.map(({ code }) => code);
}

Deno.test("checkOverlaps() sees a window as the market's hours leave it", () => {
  const overlaps = ["session/overlapping-closes"];
  assert.deepEqual(codesWith('start: "06:00", end: "20:00"'), []);
  assert.deepEqual(
    codesWith('start: "06:00", end: "20:00", hours: ignore'),
    overlaps,
  );
  assert.deepEqual(codesWith("start: open, end: close"), []);
  assert.deepEqual(
    codesWith("start: open, end: close+2h, hours: ignore"),
    overlaps,
  );
});
