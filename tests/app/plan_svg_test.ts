import assert from "node:assert/strict";
import { main } from "../../src/app/cli/main.ts";
import { areasOf } from "../../src/app/picture/areas.ts";
import { planToSvg } from "../../src/app/picture/plan_svg.ts";
import { viewPlan } from "../../src/app/picture/plan_view.ts";
import { planSessions } from "../../src/app/plan_sessions.ts";
import { dateOf, dayOf } from "../../src/domain/date.ts";
import type { Session } from "../../src/domain/definition.ts";
import { HOUR_MS } from "../../src/domain/time.ts";
import {
  clockSession,
  clockWindow,
  closeMoment,
} from "../support/clock_session.ts";
import { expectGolden } from "../support/golden.ts";
import { recordedConsole } from "../support/recorded_console.ts";

const CALL = ["plan", "tests/golden/cli/year.yaml", "--svg"];

async function asked(...words: readonly string[]) {
  const { console, out, err } = recordedConsole();
  const code = await main([...CALL, ...words], console);
  return { code, out: out(), err: err() };
}

function session(name: string, start: string, end: string, zone = "UTC") {
  return clockSession({
    name,
    timezone: zone,
    window: clockWindow(start, end, zone),
  });
}

function viewOf(
  sessions: readonly Session[],
  from: string,
  to: string,
  timezone = "UTC",
) {
  const plan = planSessions(sessions, { kind: "dates", from, to });
  const days = { fromDay: dayOf(from), toDay: dayOf(to) };
  return viewPlan(plan, sessions, timezone, days);
}

Deno.test("plan --svg draws what it should", async () => {
  const { out } = await asked("--from", "2026-03-27", "--to", "2026-03-30");
  expectGolden("cli/plan_weekend.svg", out);
});

Deno.test("plan --svg draws the whole year of today where neither end is given", async () => {
  const { out } = await asked("--now", "2026-11-23T00:00:00Z");
  assert.match(
    out,
    /Thu 2026-01-01 to Thu 2026-12-31, hours in Europe\/London/,
  );
  const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  for (const month of months) assert.ok(out.includes(`>${month}<`), month);
});

Deno.test("plan --svg refuses more days than a picture holds, and two forms at once", async () => {
  const long = await asked("--from", "2026-01-01", "--to", "2027-12-31");
  assert.deepEqual([long.code, long.out], [2, ""]);
  assert.match(long.err, /a picture holds 400, and these are 730/);
  const both = await asked("--ics");
  assert.equal(both.code, 2);
  assert.match(both.err, /--ics and --svg do not go together/);
});

Deno.test("planToSvg() writes a document whose tags are closed and whose texts are escaped", () => {
  const odd = session("a & b", "08:00", "12:00");
  const svg = planToSvg(viewOf([odd], "2026-01-01", "2026-12-31"), 'x < "y"');
  const open: string[] = [];
  for (
    const [, slash, name, self] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)
  ) {
    if (self === "/" || name === undefined) continue;
    if (slash === "/") assert.equal(open.pop(), name);
    else open.push(name);
  }
  assert.deepEqual(open, []);
  assert.ok(svg.includes("a &amp; b"));
  assert.ok(svg.includes("x &lt; &quot;y&quot;"));
});

Deno.test("planToSvg() gives twelve sessions twelve colours, and each a panel when all are open at once", () => {
  const together = Array.from(
    { length: 12 },
    (_, index) => session(`s${index}`, "08:00", "16:00"),
  );
  const svg = planToSvg(viewOf(together, "2026-01-01", "2026-12-31"), "all");
  assert.equal(svg.split('class="plot"').length - 1, 12);
  const colors = [...svg.matchAll(/class="(c\d+) bar"/g)].map(([, c]) => c);
  assert.equal(new Set(colors).size, 12);
  const inTurn = together.map(({ name }, index) =>
    session(name, hour(2 * index), hour(2 * index + 2))
  );
  const one = planToSvg(viewOf(inTurn, "2026-01-01", "2026-12-31"), "in turn");
  assert.equal(one.split('class="plot"').length - 1, 1);
});

function hour(value: number): string {
  return `${String(value).padStart(2, "0")}:00`;
}

Deno.test("viewPlan() cuts at midnight, joins equal days and marks the nights on which a clock changes", () => {
  const night = session("night", "22:00", "02:00", "Europe/London");
  const view = viewOf([night], "2026-03-27", "2026-03-31");
  const bars = view.sessions[0]?.bars.map((
    { fromDay, toDay, fromMs, toMs },
  ) => [
    dateOf(fromDay).slice(5),
    dateOf(toDay).slice(5),
    fromMs / HOUR_MS,
    toMs / HOUR_MS,
  ]);
  assert.deepEqual(bars, [
    ["03-27", "03-28", 22, 24],
    ["03-28", "03-28", 0, 2],
    // The night on which the clock changes is an hour shorter; the next begins an hour earlier.
    ["03-29", "03-31", 0, 1],
    ["03-29", "03-31", 21, 24],
  ]);
  assert.deepEqual(
    view.marks.map(({ day, kind, text }) => [dateOf(day), kind, text]),
    [["2026-03-29", "clock", "Europe/London"]],
  );
});

Deno.test("viewPlan() knows the days on which nothing is open, and how far its clock is from UTC", () => {
  const desk = clockSession({
    window: clockWindow("08:00", "16:00", "UTC"),
    days: [{ kind: "weekday", weekday: 5 }],
    moments: [closeMoment("noon", "12:00", "UTC")],
  });
  const view = viewOf([desk], "2026-03-26", "2026-03-30", "Europe/London");
  const days = (run: { fromDay: number; toDay: number }) =>
    `${dateOf(run.fromDay)} ${dateOf(run.toDay)}`;
  assert.deepEqual(view.closed.map(days), [
    "2026-03-26 2026-03-26",
    "2026-03-28 2026-03-30",
  ]);
  assert.deepEqual(
    view.offsets.map((run) => `${days(run)} ${run.offsetMs / HOUR_MS}`),
    ["2026-03-26 2026-03-28 0", "2026-03-29 2026-03-30 1"],
  );
  assert.equal(view.sessions[0]?.moments.length, 1);
});

Deno.test("areasOf() cuts a day where sessions begin and end, and loses no hour", () => {
  const view = viewOf(
    [session("a", "08:00", "16:00"), session("b", "12:00", "20:00")],
    "2026-01-01",
    "2026-01-09",
  );
  assert.deepEqual(
    areasOf(view.sessions).map(({ fromMs, toMs, open, fromDay, toDay }) => [
      toDay - fromDay + 1,
      fromMs / HOUR_MS,
      toMs / HOUR_MS,
      open,
    ]),
    [[9, 8, 12, [0]], [9, 12, 16, [0, 1]], [9, 16, 20, [1]]],
  );
});
