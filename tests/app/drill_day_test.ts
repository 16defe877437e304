import assert from "node:assert/strict";
import type { Session } from "../../src/domain/definition.ts";
import { MINUTE_MS, SECOND_MS } from "../../src/domain/time.ts";
import {
  type DrillDay,
  drillDayOn,
  nextDrillDay,
} from "../../src/app/drill/drill_day.ts";
import { nextDstDay, nextHalfDay } from "../../src/app/drill/odd_days.ts";
import {
  clockSession,
  clockWindow,
  closeMoment,
  instant,
  isoText,
} from "../support/clock_session.ts";
import { paperDefinition } from "../support/paper_run.ts";

const WEEKDAYS = ([1, 2, 3, 4, 5] as const).map((weekday) =>
  ({ kind: "weekday", weekday }) as const
);

const LONDON: Partial<Session> = {
  name: "london",
  timezone: "Europe/London",
  days: WEEKDAYS,
  window: clockWindow("08:00", "16:30", "Europe/London"),
  onEnd: ["close_all"],
};

function definition(...sessions: readonly Partial<Session>[]) {
  return paperDefinition(sessions.map(clockSession));
}

function keys({ edges }: DrillDay): readonly string[] {
  return edges.map(({ edge }) => edge.key);
}

Deno.test("nextDrillDay() takes the next trade date that is whole ahead", () => {
  const file = definition(LONDON);
  // A Friday morning before the open, and after it.
  const before = nextDrillDay(file, instant("2026-11-27T07:00:00Z"));
  assert.deepEqual(keys(before), ["london/2026-11-27/end"]);
  const after = nextDrillDay(file, instant("2026-11-27T09:00:00Z"));
  assert.deepEqual(keys(after), ["london/2026-11-30/end"]);
});

Deno.test("nextDrillDay() prefers a day that closes something to one that only calls functions", () => {
  const hooks: Partial<Session> = {
    ...LONDON,
    name: "hooks",
    onEnd: ["custom_end"],
  };
  const friday: Partial<Session> = { ...LONDON, days: WEEKDAYS.slice(4) };
  const at = instant("2026-11-23T20:00:00Z");
  assert.equal(nextDrillDay(definition(hooks), at).tradeDate, "2026-11-24");
  const day = nextDrillDay(definition(hooks, friday), at);
  assert.equal(day.tradeDate, "2026-11-27");
  assert.deepEqual(day.edges.map(({ closes }) => closes), [false, true]);
});

Deno.test("drillDayOn() refuses a date on which nothing is due", () => {
  assert.throws(
    () => drillDayOn(definition(LONDON), "2026-11-28"),
    { code: "edge/unknown", message: /does anything on 2026-11-28/ },
  );
});

Deno.test("drillDayOn() begins before the first opening and meets neighbouring edges as one", () => {
  const day = drillDayOn(
    definition({
      ...LONDON,
      moments: [
        closeMoment("lunch", "12:00", "Europe/London"),
        closeMoment("soon", "12:04", "Europe/London"),
      ],
    }),
    "2026-11-24",
  );
  assert.equal(isoText(day.fromAt), "2026-11-24T07:59:00Z");
  assert.deepEqual(
    day.strikes.map(({ fromAt, toAt }) => [isoText(fromAt), isoText(toAt)]),
    [
      ["2026-11-24T12:00:00Z", "2026-11-24T12:04:00Z"],
      ["2026-11-24T16:30:00Z", "2026-11-24T16:30:00Z"],
    ],
  );
  assert.ok(day.untilAt >= instant("2026-11-24T16:36:00Z"));
});

Deno.test("drillDayOn() lets no fault reach the next edge", () => {
  const at = (minute: number) =>
    closeMoment(`m${minute}`, `12:${String(minute).padStart(2, "0")}`, "UTC");
  const hold = (...minutes: readonly number[]) =>
    drillDayOn(
      definition({ ...LONDON, onEnd: [], moments: minutes.map(at) }),
      "2026-11-24",
    ).holdMs;
  assert.equal(hold(0), 2 * MINUTE_MS);
  assert.equal(hold(0, 6), 90 * SECOND_MS);
});

Deno.test("nextDstDay() is the first day after the next change, lived from before it", () => {
  const day = nextDstDay(
    definition(LONDON),
    instant("2026-11-24T08:00:00Z"),
  );
  // The clock changes in the night to Sunday 28 March; Monday is the next trading day.
  assert.equal(day?.tradeDate, "2027-03-29");
  assert.equal(isoText(day?.fromAt ?? 0), "2027-03-28T00:59:00Z");
});

Deno.test("nextDstDay() and nextHalfDay() find none where there are none", () => {
  const utc = {
    ...LONDON,
    timezone: "UTC",
    window: clockWindow("08:00", "16:30", "UTC"),
  };
  assert.equal(
    nextDstDay(definition(utc), instant("2026-11-24T08:00:00Z")),
    null,
  );
  assert.equal(nextHalfDay(definition(LONDON), "2026-11-24"), null);
});

Deno.test("nextHalfDay() finds the day after Thanksgiving", () => {
  const nyse: Partial<Session> = {
    name: "nyse",
    timezone: "America/New_York",
    calendar: [{ kind: "code", code: "XNYS" }],
    window: {
      start: { kind: "market", side: "open", offsetMs: 0, calendar: null },
      end: {
        kind: "market",
        side: "close",
        offsetMs: -5 * MINUTE_MS,
        calendar: null,
      },
    },
    onEnd: ["close_all"],
  };
  const day = nextHalfDay(definition(nyse), "2026-11-24");
  assert.equal(day?.tradeDate, "2026-11-27");
  assert.equal(
    isoText(day?.edges[0]?.edge.dueAt ?? 0),
    "2026-11-27T17:55:00Z",
  );
});
