import assert from "node:assert/strict";
import fc from "fast-check";
import { addDays, dateOf, dayOf } from "../../src/domain/date.ts";
import type { DstPolicy, Session } from "../../src/domain/definition.ts";
import type { Occurrence, Placement } from "../../src/domain/occurrence.ts";
import {
  firstOccurrenceEndingAfter,
  nextOccurrence,
  occurrenceAt,
  placementsBetween,
  placeOn,
} from "../../src/domain/place.ts";
import { DAY_MS, MINUTE_MS } from "../../src/domain/time.ts";
import type { EpochMs, Weekday } from "../../src/domain/time.ts";
import { clockSession, instant, isoText } from "../support/clock_session.ts";

const zones = Intl.supportedValuesOf("timeZone");
const POLICIES: readonly DstPolicy[] = [
  { gap: "end", overlap: "first" },
  { gap: "end", overlap: "last" },
  { gap: "shift", overlap: "first" },
  { gap: "shift", overlap: "last" },
];

/** Every transition from 1990 to 2037: the nights on which placing can go wrong. */
const NIGHTS = zones.flatMap((zone) => {
  const found: { zone: string; date: string; before: number; at: EpochMs }[] =
    [];
  let zoned = Temporal.Instant.from("1990-01-01T00:00Z")
    .toZonedDateTimeISO(zone);
  for (;;) {
    const next = zoned.getTimeZoneTransition("next");
    if (next === null || next.year > 2037) return found;
    const before = next.subtract({ milliseconds: 1 });
    found.push({
      zone,
      date: before.toPlainDate().toString(),
      before: before.offsetNanoseconds,
      at: next.epochMilliseconds,
    });
    zoned = next;
  }
});

/** A date in a zone, half of the time within two days of a transition. */
const anyNight = fc.oneof(
  fc.record({
    zone: fc.constantFrom(...zones),
    date: fc.integer({ min: dayOf("1975-01-01"), max: dayOf("2040-01-01") })
      .map(dateOf),
  }),
  fc.tuple(fc.constantFrom(...NIGHTS), fc.integer({ min: -2, max: 2 }))
    .map(([{ zone, date }, days]) => ({ zone, date: addDays(date, days) })),
);

/** A time of day in minutes, often near midnight, where clocks change. */
const anyMinute = fc.oneof(
  fc.integer({ min: 0, max: 1_439 }),
  fc.integer({ min: 0, max: 240 }),
  fc.integer({ min: 1_380, max: 1_439 }),
);

const anyPolicy = fc.constantFrom(...POLICIES);
const anyWeekdays = fc.uniqueArray(
  fc.constantFrom<Weekday>(1, 2, 3, 4, 5, 6, 7),
);

interface Given {
  readonly zone: string;
  readonly start: number;
  readonly end: number;
  readonly dst: DstPolicy;
  readonly days?: readonly Weekday[];
  readonly moment?: number;
  readonly endZone?: string;
}

/** Times are minutes of the day; 1,440 is 24:00. */
function sessionOf(given: Given): Session {
  const time = (minute: number, timezone = given.zone) => ({
    kind: "clock" as const,
    weekday: null,
    timeMs: minute * MINUTE_MS,
    timezone,
  });
  return clockSession({
    timezone: given.zone,
    dst: given.dst,
    days: (given.days ?? []).map((weekday) => ({ kind: "weekday", weekday })),
    window: {
      start: time(given.start),
      end: time(given.end, given.endZone),
    },
    moments: given.moment === undefined ? [] : [{
      name: "moment",
      at: time(given.moment),
      actions: ["close_all"],
    }],
  });
}

const anySession = fc.record({
  night: anyNight,
  start: anyMinute,
  end: anyMinute,
  dst: anyPolicy,
  days: anyWeekdays,
  moment: anyMinute,
  endZone: fc.option(fc.constantFrom(...zones), { nil: undefined, freq: 4 }),
}).filter(({ start, end }) => start !== end)
  .map(({ night, endZone, ...rest }) => ({
    date: night.date,
    zone: night.zone,
    session: sessionOf({
      ...rest,
      zone: night.zone,
      ...(endZone === undefined ? {} : { endZone }),
    }),
  }));

function opened(placements: readonly (Placement | null)[]): Occurrence[] {
  return placements.flatMap((placement) =>
    placement?.kind === "occurrence" ? [placement.occurrence] : []
  );
}

function datesFrom(date: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, days) => addDays(date, days));
}

function zonedAt(at: EpochMs, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
}

/** Noon on the wall, UTC is near enough: a stretch's bounds may be anything. */
function near(date: string, minutes = 0): EpochMs {
  return dayOf(date) * DAY_MS + (720 + minutes) * MINUTE_MS;
}

Deno.test("placeOn() gives neighbours one shared instant and no common one", () => {
  const anyTimes = fc.tuple(anyMinute, anyMinute, anyMinute)
    .filter(([a, b, c]) => a < b && b < c);
  fc.assert(
    fc.property(anyNight, anyTimes, anyPolicy, ({ zone, date }, times, dst) => {
      const [start, middle, end] = times;
      const early = placeOn(sessionOf({ zone, start, end: middle, dst }), date);
      const late = placeOn(sessionOf({ zone, start: middle, end, dst }), date);
      if (early?.kind !== "occurrence" || late?.kind !== "occurrence") return;
      assert.equal(early.occurrence.closesAt, late.occurrence.opensAt);
    }),
    { numRuns: 5_000, seed: 1 },
  );
});

Deno.test("placeOn() closes after it opens and keeps every moment inside", () => {
  fc.assert(
    fc.property(anySession, ({ session, date }) => {
      for (
        const { opensAt, closesAt, edges } of opened(
          datesFrom(date, 3).map((day) => placeOn(session, day)),
        )
      ) {
        assert.ok(closesAt > opensAt);
        for (const edge of edges) {
          const last = edge.name === "end" ? closesAt : closesAt - 1;
          assert.ok(opensAt <= edge.at && edge.at <= last, edge.key);
        }
      }
    }),
    { numRuns: 5_000, seed: 1 },
  );
});

Deno.test("placeOn() never leaves a moment out that its clock time puts inside", () => {
  fc.assert(
    fc.property(
      anyNight,
      fc.tuple(anyMinute, anyMinute, anyMinute),
      anyPolicy,
      ({ zone, date }, times, dst) => {
        const [start, moment, end] = times.toSorted((a, b) => a - b);
        assert.ok(
          start !== undefined && moment !== undefined && end !== undefined,
        );
        fc.pre(moment < end);
        const placement = placeOn(
          sessionOf({ zone, start, moment, end, dst }),
          date,
        );
        if (placement?.kind !== "occurrence") return;
        const names = placement.occurrence.edges.map(({ name }) => name);
        assert.deepEqual(names.toSorted(), ["end", "moment", "start"]);
      },
    ),
    { numRuns: 5_000, seed: 1 },
  );
});

Deno.test("placeOn() shows the wanted time on the wall unless it says otherwise", () => {
  fc.assert(
    fc.property(anySession, ({ session, date, zone }) => {
      const placement = placeOn(session, date);
      if (placement?.kind !== "occurrence") return;
      const { opensAt, closesAt, hazards } = placement.occurrence;
      const { window } = session;
      assert.ok(window?.start.kind === "clock" && window.end.kind === "clock");
      const says = (name: string) =>
        hazards.some(({ code, message }) =>
          code === "dst-gap" && message.startsWith(`${name}:`)
        );
      const minute = (at: EpochMs, inZone: string) => {
        const { hour, minute: past } = zonedAt(at, inZone);
        return (hour * 60 + past) * MINUTE_MS;
      };
      if (!says("start")) {
        assert.equal(zonedAt(opensAt, zone).toPlainDate().toString(), date);
        assert.equal(minute(opensAt, zone), window.start.timeMs);
      }
      if (!says("end")) {
        assert.equal(minute(closesAt, window.end.timezone), window.end.timeMs);
      }
    }),
    { numRuns: 5_000, seed: 1 },
  );
});

Deno.test("placeOn() opens exactly on the transition when the start is in its gap", () => {
  let gaps = 0;
  for (const { zone, date, before, at } of NIGHTS) {
    const after = zonedAt(at, zone);
    if (after.offsetNanoseconds <= before) continue;
    // One minute into the gap, by the clock as it was before.
    const wanted = Temporal.Instant.fromEpochMilliseconds(at)
      .add({ nanoseconds: before }).add({ minutes: 1 })
      .toZonedDateTimeISO("UTC");
    const start = wanted.hour * 60 + wanted.minute;
    const session = sessionOf({
      zone,
      start,
      end: (start + 720) % 1_440,
      dst: { gap: "end", overlap: "first" },
    });
    const placement = placeOn(session, wanted.toPlainDate().toString());
    assert.ok(placement !== null, `${zone} ${date}`);
    const opensAt = placement.kind === "occurrence"
      ? placement.occurrence.opensAt
      : placement.skip.at;
    assert.equal(isoText(opensAt), isoText(at), `${zone} ${date}`);
    gaps++;
  }
  assert.ok(gaps > 1_000, `${gaps} gaps were seen`);
});

/** Placed one after another, the openings never go back. */
Deno.test("placeOn() is monotone in the trade date", () => {
  fc.assert(
    fc.property(anySession, ({ session, date }) => {
      const daily = { ...session, days: [] };
      const openings = opened(
        datesFrom(addDays(date, -3), 7)
          .map((day) => placeOn(daily, day)),
      ).map(({ opensAt }) => opensAt);
      for (const [index, opensAt] of openings.entries()) {
        const before = openings[index - 1];
        assert.ok(before === undefined || before < opensAt);
      }
    }),
    { numRuns: 5_000, seed: 1 },
  );
});

for (const dst of POLICIES) {
  Deno.test(`placementsBetween() tiles two years with whole days in every zone, gap ${dst.gap}, overlap ${dst.overlap}`, () => {
    for (const zone of zones) {
      const session = sessionOf({ zone, start: 0, end: 1_440, dst });
      for (const year of [2011, 2026]) {
        const days = opened(placementsBetween(
          session,
          near(`${year}-01-01`),
          near(`${year + 1}-01-01`),
        ));
        assert.ok(days.length >= 365, `${zone} ${year}: ${days.length} days`);
        for (const [index, { opensAt, tradeDate }] of days.entries()) {
          const before = days[index - 1];
          if (before === undefined) continue;
          assert.equal(opensAt, before.closesAt, `${zone} ${tradeDate}`);
        }
      }
    }
  });
}

Deno.test("placementsBetween() gives each date of the filter exactly once over a year", () => {
  const year = datesFrom("2025-12-20", 385);
  const yearDays = year.map((date) => ({
    date,
    weekday: Temporal.PlainDate.from(date).dayOfWeek,
  }));
  fc.assert(
    fc.property(anySession, ({ session }) => {
      const weekdays = session.days.map((rule) =>
        rule.kind === "weekday" ? rule.weekday : 0
      );
      const expected = yearDays
        .filter(({ weekday }) =>
          weekdays.length === 0 || weekdays.some((each) => each === weekday)
        )
        .map(({ date }) => date)
        .filter((date) => "2026-01-01" <= date && date <= "2026-12-31");
      const found = placementsBetween(
        session,
        near("2025-12-28"),
        near("2027-01-04"),
      ).map((placement) =>
        placement.kind === "occurrence"
          ? placement.occurrence.tradeDate
          : placement.skip.tradeDate
      ).filter((date) => "2026-01-01" <= date && date <= "2026-12-31");
      assert.deepEqual(found, expected);
    }),
    { numRuns: 200, seed: 1 },
  );
});

Deno.test("placementsBetween() agrees with placing day by day", () => {
  const minutes = fc.integer({ min: -1_500, max: 1_500 });
  const length = fc.integer({ min: 1, max: 6_000 });
  fc.assert(
    fc.property(
      anySession,
      minutes,
      length,
      ({ session, date }, from, long) => {
        const fromAt = near(date, from);
        const toAt = fromAt + long * MINUTE_MS;
        const expected = datesFrom(addDays(date, -12), 24)
          .map((day) => placeOn(session, day))
          .filter((placement) => placement !== null)
          .filter((placement) =>
            placement.kind === "skip"
              ? fromAt <= placement.skip.at && placement.skip.at < toAt
              : placement.occurrence.opensAt < toAt &&
                placement.occurrence.closesAt > fromAt
          );
        assert.deepEqual(placementsBetween(session, fromAt, toAt), expected);
      },
    ),
    { numRuns: 2_000, seed: 1 },
  );
});

Deno.test("occurrenceAt() holds the instant, and is null only where nothing is open", () => {
  const minutes = fc.integer({ min: -1_500, max: 1_500 });
  fc.assert(
    fc.property(anySession, minutes, ({ session, date }, from) => {
      const at = near(date, from);
      const found = occurrenceAt(session, at);
      const open = opened(placementsBetween(session, at, at + 1));
      assert.deepEqual(found, open[0] ?? null);
      if (found === null) return;
      assert.ok(found.opensAt <= at && at < found.closesAt);
    }),
    { numRuns: 3_000, seed: 1 },
  );
});

Deno.test("nextOccurrence() leaves nothing out between now and its opening", () => {
  const minutes = fc.integer({ min: -1_500, max: 1_500 });
  fc.assert(
    fc.property(anySession, minutes, ({ session, date }, from) => {
      const at = near(date, from);
      const next = nextOccurrence(session, at);
      assert.ok(next !== null && next.opensAt > at);
      const between = opened(placementsBetween(session, at, next.opensAt + 1));
      assert.deepEqual(
        between.filter(({ opensAt }) => opensAt > at),
        [next],
      );
      assert.deepEqual(
        firstOccurrenceEndingAfter(session, at),
        between[0] ?? next,
      );
    }),
    { numRuns: 3_000, seed: 1 },
  );
});

Deno.test("placementsBetween() loses and doubles nothing where two stretches meet", () => {
  const minutes = fc.integer({ min: -1_500, max: 1_500 });
  fc.assert(
    fc.property(anySession, minutes, ({ session, date }, cut) => {
      const fromAt = near(addDays(date, -3));
      const cutAt = near(date, cut);
      const toAt = near(addDays(date, 3));
      const opensWithin = (from: EpochMs, to: EpochMs) =>
        placementsBetween(session, from, to).filter((placement) => {
          const at = placement.kind === "skip"
            ? placement.skip.at
            : placement.occurrence.opensAt;
          return from <= at && at < to;
        });
      assert.deepEqual(
        [...opensWithin(fromAt, cutAt), ...opensWithin(cutAt, toAt)],
        opensWithin(fromAt, toAt),
      );
    }),
    { numRuns: 2_000, seed: 1 },
  );
});

Deno.test("placeOn() keeps to its date across Samoa's missing day", () => {
  const session = sessionOf({
    zone: "Pacific/Apia",
    start: 0,
    end: 1_440,
    dst: { gap: "end", overlap: "first" },
  });
  const around = placementsBetween(
    session,
    instant("2011-12-29T12:00Z"),
    instant("2011-12-31T09:00Z"),
  ).map((placement) =>
    placement.kind === "skip"
      ? `skip ${placement.skip.tradeDate}`
      : placement.occurrence.tradeDate
  );
  assert.deepEqual(around, [
    "2011-12-29",
    "skip 2011-12-30",
    "2011-12-31",
  ]);
});
