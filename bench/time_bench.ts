/**
 * What questions of time cost, beside croner, cron-parser and plain Temporal.
 *
 * One session, London's weekdays from 08:00 to 16:30, is asked in the ways in which a run, a screen
 * and a plan ask. Were the tables not far ahead of placing anew, they would have to go: they are
 * more to keep right.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Cron } from "croner";
import { CronExpressionParser } from "cron-parser";
import type { DayRule, Session } from "../src/domain/definition.ts";
import { EdgeTable } from "../src/domain/edge_table.ts";
import { nextOccurrence, placementsBetween } from "../src/domain/place.ts";
import { DAY_MS, HOUR_MS } from "../src/domain/time.ts";
import type { EpochMs, Weekday } from "../src/domain/time.ts";
import { DueQueue } from "../src/runtime/due_queue.ts";
import { planSessions } from "../src/app/plan_sessions.ts";
import {
  clockSession,
  clockWindow,
  instant,
} from "../tests/support/clock_session.ts";

const LONDON = "Europe/London";
const YEAR_FROM = instant("2026-01-01T00:00Z");
const YEAR_TO = instant("2027-01-01T00:00Z");

const WORK_DAYS: readonly DayRule[] = ([1, 2, 3, 4, 5] as const)
  .map((weekday: Weekday) => ({ kind: "weekday", weekday }));

function working(name: string, start: string, end: string): Session {
  return clockSession({
    name,
    timezone: LONDON,
    window: clockWindow(start, end, LONDON),
    days: WORK_DAYS,
    onEnd: ["close_all"],
  });
}

const london = working("london", "08:00", "16:30");
const table = new EdgeTable(london);
const opens = new Cron("0 8 * * 1-5", { timezone: LONDON, paused: true });
const closes = new Cron("30 16 * * 1-5", { timezone: LONDON, paused: true });
const parsed = CronExpressionParser.parse("0 8 * * 1-5", { tz: LONDON });

/** The same as plain Temporal has it: tomorrow at eight, unless that is a weekend. */
function nextByTemporal(at: EpochMs): EpochMs {
  const EIGHT = Temporal.PlainTime.from("08:00");
  let date = Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(LONDON).toPlainDate();
  for (;;) {
    if (date.dayOfWeek <= 5) {
      const next = date.toZonedDateTime({ timeZone: LONDON, plainTime: EIGHT })
        .epochMilliseconds;
      if (next > at) return next;
    }
    date = date.add({ days: 1 });
  }
}

function nextByCroner(at: EpochMs): EpochMs {
  return opens.nextRun(new Date(at))?.getTime() ?? NaN;
}

function nextByCronParser(at: EpochMs): EpochMs {
  parsed.reset(new Date(at));
  return parsed.next().getTime();
}

function nextByTable(at: EpochMs): EpochMs {
  return table.nextOpenAfter(at) ?? NaN;
}

function nextByPlacing(at: EpochMs): EpochMs {
  return nextOccurrence(london, at)?.opensAt ?? NaN;
}

// A seeded sequence: the same instants in every run, and no two questions alike.
const QUESTIONS = 4_096;
const scattered = Float64Array.from(
  { length: QUESTIONS },
  (_, index) =>
    YEAR_FROM + (index * 2_654_435_761 % QUESTIONS) / QUESTIONS * 365 * DAY_MS,
).map(Math.floor);

const contenders = {
  "table": nextByTable,
  "placing anew": nextByPlacing,
  "Temporal": nextByTemporal,
  "croner": nextByCroner,
  "cron-parser": nextByCronParser,
} as const;

for (const [name, next] of Object.entries(contenders)) {
  for (const at of scattered.subarray(0, 500)) {
    assert.equal(next(at), nextByTable(at), `${name} is not right at ${at}`);
  }
}

let asked = 0;

/** Many questions an iteration, never the same in a row; or the benchmark's clock is measured. */
function askScattered(next: (at: EpochMs) => number, count: number): void {
  let sum = 0;
  for (let index = 0; index < count; index++) {
    sum += next(scattered[asked++ % QUESTIONS] ?? 0);
  }
  assert.ok(sum > 0);
}

/** Follows the openings one after another. */
function askInOrder(next: (at: EpochMs) => EpochMs, count: number): void {
  let at = YEAR_FROM;
  for (let index = 0; index < count; index++) at = next(at);
  assert.ok(at > YEAR_FROM);
}

const IN_ORDER = 250;

for (const [name, next] of Object.entries(contenders)) {
  const baseline = name === "croner";
  Deno.bench(`next start, ${name}: 256 scattered instants`, {
    group: "next start, scattered",
    baseline,
  }, () => askScattered(next, 256));
  Deno.bench(`next start, ${name}: a year in order`, {
    group: "next start, in order",
    baseline,
  }, () => askInOrder(next, IN_ORDER));
}

Deno.bench("next edge, table: a year in order", {
  group: "next edge, in order",
}, () => askInOrder((at) => table.nextEdgeAfter(at)?.dueAt ?? NaN, IN_ORDER));

Deno.bench("next edge, croner: a year in order", {
  group: "next edge, in order",
  baseline: true,
}, () =>
  askInOrder((at) => {
    const close = closes.nextRun(new Date(at))?.getTime() ?? NaN;
    return Math.min(nextByCroner(at), close);
  }, IN_ORDER));

// Ten sessions of two hours, one after another, each as the pair of patterns that cron needs.
const hours = Array.from({ length: 10 }, (_, index) => 2 * index);
const clock = (hour: number) => `${String(hour).padStart(2, "0")}:00`;
const tables = hours.map((hour) =>
  new EdgeTable(working(`s${hour}`, clock(hour), clock(hour + 2)))
);
const pairs = hours.map((hour) =>
  [hour, hour + 2].map((each) =>
    new Cron(`0 ${each} * * 1-5`, { timezone: LONDON, paused: true })
  )
);

function findByTables(at: EpochMs): number {
  return tables.findIndex((each) => each.isOpenAt(at));
}

/** Open is what closes before it opens again. */
function findByCroner(at: EpochMs): number {
  const date = new Date(at);
  return pairs.findIndex(([open, close]) =>
    (close?.nextRun(date)?.getTime() ?? NaN) <
      (open?.nextRun(date)?.getTime() ?? NaN)
  );
}

function findByTemporal(at: EpochMs): number {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(LONDON);
  if (zoned.dayOfWeek > 5) return -1;
  return hours.findIndex((hour) => zoned.hour >= hour && zoned.hour < hour + 2);
}

const finders = {
  "tables": findByTables,
  "Temporal": findByTemporal,
  "croner": findByCroner,
} as const;

for (const [name, find] of Object.entries(finders)) {
  for (const at of scattered.subarray(0, 200)) {
    assert.equal(find(at), findByTables(at), `${name} is not right at ${at}`);
  }
  Deno.bench(`find, ${name}: 64 scattered instants among 10 sessions`, {
    group: "find",
    baseline: name === "croner",
  }, () => askScattered((at) => find(at) + 1, 64));
}

function planByCron(cron: Cron): number {
  let count = 0;
  let next = cron.nextRun(new Date(YEAR_FROM - 1));
  while (next !== null && next.getTime() < YEAR_TO) {
    count++;
    next = cron.nextRun(next);
  }
  return count;
}

Deno.bench("plan a year, carillon: one session, edges and hazards", {
  group: "plan a year",
}, () => {
  const placed = placementsBetween(london, YEAR_FROM, YEAR_TO);
  assert.equal(placed.length, 261);
});

Deno.bench("plan a year, croner: the instants of one session", {
  group: "plan a year",
  baseline: true,
}, () => assert.equal(planByCron(opens) + planByCron(closes), 522));

Deno.bench("plan a year, cron-parser: the openings of one session", {
  group: "plan a year",
}, () => {
  parsed.reset(new Date(YEAR_FROM - 1));
  let count = 0;
  while (parsed.next().getTime() < YEAR_TO) count++;
  assert.equal(count, 261);
});

Deno.bench("plan a year, Temporal: the openings of one session", {
  group: "plan a year",
}, () => {
  let count = 0;
  let at = nextByTemporal(YEAR_FROM - 1);
  for (; at < YEAR_TO; at = nextByTemporal(at)) count++;
  assert.equal(count, 261);
});

const desk = Array.from({ length: 100 }, (_, index) =>
  working(
    `s${index}`,
    clock(index % 20),
    `${String(index % 20 + 3).padStart(2, "0")}:${index % 6}0`,
  ));

Deno.bench("plan a year, carillon: 100 sessions, all hazards", () => {
  const dates = {
    kind: "dates",
    from: "2026-01-01",
    to: "2026-12-31",
  } as const;
  assert.equal(planSessions(desk, dates).occurrences.length, 26_100);
});

const ARMED = 100_000;
const keys = Array.from(
  { length: ARMED },
  (_, index) => `session-${index % 100}/2026-${index}/end`,
);

/** Due within a day, in no order. */
function dueAt(index: number): EpochMs {
  return YEAR_FROM + HOUR_MS + (index * 7_919 % ARMED) * 828;
}

function arm(count: number): DueQueue {
  const queue = new DueQueue();
  for (let index = 0; index < count; index++) {
    const key = keys[index] ?? "";
    queue.set({ what: "edge", key, dueAt: dueAt(index), rank: index % 3 });
  }
  return queue;
}

Deno.bench("arm 100,000 edges, carillon", () => {
  assert.equal(arm(ARMED).size, ARMED);
});

// croner cannot hold 100,000 jobs in an ordinary heap, so both arm a few.
const FEW = 500;
Deno.bench(`arm ${FEW} edges, carillon`, { group: "arm" }, () => {
  assert.equal(arm(FEW).size, FEW);
});

Deno.bench(`arm ${FEW} edges, croner`, { group: "arm", baseline: true }, () => {
  const jobs = Array.from(
    { length: FEW },
    (_, index) =>
      new Cron(new Date(dueAt(index)), { paused: true, timezone: LONDON }),
  );
  assert.equal(jobs.length, FEW);
});

/** What is held, once everything that is not has been collected. @units bytes */
function heldBytes(): number {
  const { gc } = globalThis as { readonly gc?: () => void };
  gc?.();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

const MIB = 2 ** 20;
const HELD_MAX = 25 * MIB;
arm(FEW);
const before = heldBytes();
const held = arm(ARMED);
const bytes = heldBytes() - before;
assert.equal(held.size, ARMED);
assert.ok(bytes < HELD_MAX, `${bytes} bytes for ${ARMED} edges`);
console.log(
  `${ARMED} armed edges hold ${(bytes / MIB).toFixed(1)} MiB beside their keys`,
);
