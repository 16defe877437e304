import assert from "node:assert/strict";
import fc from "fast-check";
import type { DayRule, Session } from "../../src/domain/definition.ts";
import { EdgeTable } from "../../src/domain/edge_table.ts";
import { nextEdges } from "../../src/domain/next.ts";
import {
  firstOccurrenceEndingAfter,
  nextOccurrence,
  occurrenceAt,
} from "../../src/domain/place.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/domain/time.ts";
import type { EpochMs, Weekday } from "../../src/domain/time.ts";
import {
  clockSession,
  clockWindow,
  closeMoment,
  instant,
} from "../support/clock_session.ts";

const ZONES = ["UTC", "Europe/London", "America/New_York", "Asia/Tokyo"];
const FROM = instant("2025-12-20T00:00Z");

const hour = fc.integer({ min: 0, max: 23 })
  .map((value) => `${String(value).padStart(2, "0")}:30`);

/** Daily, weekly, crossing midnight, with a moment, with a lead, on few dates. */
const session: fc.Arbitrary<Session> = fc.record({
  zone: fc.constantFrom(...ZONES),
  start: hour,
  end: hour,
  weekly: fc.boolean(),
  days: fc.subarray<Weekday>([1, 2, 3, 5, 7]),
  leadMs: fc.constantFrom(0, 2 * MINUTE_MS, 30 * HOUR_MS),
  short: fc.boolean(),
}).filter(({ start, end }) => start !== end).map((given) => {
  const { zone, start, end, days } = given;
  const week = (day: string) => given.weekly ? `${day} ` : "";
  return clockSession({
    timezone: zone,
    window: clockWindow(`${week("sun")}${start}`, `${week("fri")}${end}`, zone),
    days: given.weekly
      ? []
      : days.map((weekday): DayRule => ({ kind: "weekday", weekday })),
    onEnd: ["close_all"],
    leadMs: given.leadMs,
    moments: [closeMoment("noon", "12:00", zone)],
    dates: given.short ? [{ from: "2026-02-02", to: "2026-05-05" }] : [],
  });
});

const step = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 40 * HOUR_MS }) },
  { weight: 1, arbitrary: fc.integer({ min: -90 * DAY_MS, max: 90 * DAY_MS }) },
);

Deno.test("EdgeTable gives what placing anew gives, wherever questions jump", () => {
  fc.assert(
    fc.property(session, fc.array(step, { maxLength: 60 }), (given, steps) => {
      const table = new EdgeTable(given);
      let at = FROM;
      for (const each of steps) {
        at += each;
        // At the very instants of windows and edges, and one beside them.
        const opensAt = nextOccurrence(given, at)?.opensAt ?? at;
        for (const asked of [at, opensAt - 1, opensAt]) {
          assertSame(table, given, asked);
        }
      }
    }),
    { numRuns: 120 },
  );
});

function assertSame(table: EdgeTable, given: Session, at: EpochMs): void {
  const open = occurrenceAt(given, at);
  const first = firstOccurrenceEndingAfter(given, at);
  assert.equal(table.isOpenAt(at), open !== null);
  assert.deepEqual(windowOf(table.openAt(at)), windowOf(open));
  assert.deepEqual(windowOf(table.firstEndingAfter(at)), windowOf(first));
  assert.equal(
    table.nextOpenAfter(at),
    nextOccurrence(given, at)?.opensAt ?? null,
  );
  assert.deepEqual(
    table.nextEdgeAfter(at),
    nextEdges([given], at, 1)[0] ?? null,
  );
}

function windowOf(
  found: { readonly opensAt: EpochMs; readonly closesAt: EpochMs } | null,
) {
  return found === null ? null : [found.opensAt, found.closesAt];
}

Deno.test("EdgeTable follows a session edge by edge through years without losing one", () => {
  const given = clockSession({
    timezone: "Europe/London",
    window: clockWindow("08:00", "16:30", "Europe/London"),
    onEnd: ["close_all"],
  });
  const table = new EdgeTable(given);
  const found: string[] = [];
  let at = instant("2026-01-01T00:00Z");
  while (at < instant("2029-01-01T00:00Z")) {
    const edge = table.nextEdgeAfter(at);
    assert.ok(edge !== null);
    found.push(edge.key);
    at = edge.dueAt;
  }
  // Three years of days, a start and an end each, and the start that ends the walk.
  assert.equal(new Set(found).size, 2 * (365 + 365 + 366) + 1);
  assert.deepEqual(found.slice(0, 2), [
    "desk/2026-01-01/start",
    "desk/2026-01-01/end",
  ]);
});

Deno.test("EdgeTable says that nothing comes when a session is over for good", () => {
  const table = new EdgeTable(clockSession({
    window: clockWindow("08:00", "16:30", "UTC"),
    dates: [{ from: "2026-01-05", to: "2026-01-05" }],
  }));
  const after = instant("2026-01-06T00:00Z");
  for (let time = 0; time < 3; time++) {
    assert.equal(table.nextOpenAfter(after), null);
    assert.equal(table.nextEdgeAfter(after), null);
    assert.equal(table.openAt(after), null);
  }
});
