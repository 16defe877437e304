import assert from "node:assert/strict";
import fc from "fast-check";
import {
  dayExists,
  DST_DEFAULT,
  localDate,
  placeCivil,
} from "../../src/domain/civil.ts";
import { dayOf } from "../../src/domain/date.ts";
import type { DstPolicy } from "../../src/domain/definition.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/domain/time.ts";
import type { DurationMs, EpochMs } from "../../src/domain/time.ts";
import { clock, instant, isoText } from "../support/clock_session.ts";

const SHIFT_LAST: DstPolicy = { gap: "shift", overlap: "last" };
const zones = Intl.supportedValuesOf("timeZone");

/** What the zone's clock shows, asked of Intl, which shares no code with what is under test. */
function readWall(zone: string): (at: EpochMs) => number {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  return (at) => {
    const [day, month, year, hour, minute, second] = format.format(at)
      .split(/\D+/).map(Number) as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
}

interface Expected {
  readonly dst: "none" | "gap" | "overlap";
  readonly first: EpochMs;
  readonly last: EpochMs;
  readonly gapEnd: EpochMs;
  readonly shifted: EpochMs;
}

/** Walks the time line about a date and notes when the clock shows each of its times. */
function walk(
  zone: string,
  date: string,
  stepMs: DurationMs,
): (wallMs: number) => Expected {
  const midnight = dayOf(date) * DAY_MS;
  const wallAt = readWall(zone);
  const seen = new Map<number, EpochMs[]>();
  const jumps: { at: EpochMs; before: number; after: number }[] = [];
  let before = wallAt(midnight - 2 * DAY_MS);
  for (
    let at = midnight - 2 * DAY_MS;
    at < midnight + 3 * DAY_MS;
    at += stepMs
  ) {
    const wall = wallAt(at);
    seen.set(wall, [...(seen.get(wall) ?? []), at]);
    if (wall > before + stepMs) {
      jumps.push({ at, before: before + stepMs, after: wall });
    }
    before = wall;
  }
  return (wallMs) => {
    const instants = seen.get(wallMs) ?? [];
    const jump = jumps.find((each) =>
      each.before <= wallMs && wallMs < each.after
    );
    const gapEnd = jump?.at ?? NaN;
    return {
      dst: instants.length === 0
        ? "gap"
        : instants.length === 1
        ? "none"
        : "overlap",
      first: instants[0] ?? NaN,
      last: instants.at(-1) ?? NaN,
      gapEnd,
      shifted: gapEnd + (wallMs - (jump?.before ?? NaN)),
    };
  };
}

const NIGHTS: readonly [string, string, "none" | "gap" | "overlap"][] = [
  ["Europe/London", "2026-03-29", "gap"],
  ["Europe/London", "2026-10-25", "overlap"],
  ["America/New_York", "2026-03-08", "gap"],
  ["America/New_York", "2026-11-01", "overlap"],
  ["America/Sao_Paulo", "2018-11-04", "gap"],
  ["America/Sao_Paulo", "2018-02-17", "overlap"],
  ["Africa/Cairo", "2024-04-26", "gap"],
  ["Asia/Beirut", "2024-03-31", "gap"],
  ["America/Havana", "2024-03-10", "gap"],
  ["America/Havana", "2024-11-03", "overlap"],
  ["America/Nuuk", "2024-03-30", "gap"],
  ["Australia/Lord_Howe", "2026-10-04", "gap"],
  ["Australia/Lord_Howe", "2026-04-05", "overlap"],
  ["Antarctica/Troll", "2024-03-31", "gap"],
  ["Africa/Casablanca", "2024-03-10", "overlap"],
  ["Africa/Casablanca", "2024-04-14", "gap"],
  ["Asia/Kathmandu", "1986-01-01", "gap"],
  ["Asia/Kathmandu", "2026-03-29", "none"],
  ["Pacific/Apia", "2011-12-30", "gap"],
  ["Asia/Tokyo", "2026-03-29", "none"],
  ["UTC", "2026-03-29", "none"],
];

for (const [zone, date, kind] of NIGHTS) {
  Deno.test(`placeCivil() places every minute of ${date} in ${zone} as a walk along the clock does`, () => {
    const expectedAt = walk(zone, date, MINUTE_MS);
    const kinds = new Set<string>();
    for (let timeMs = 0; timeMs <= DAY_MS; timeMs += MINUTE_MS) {
      const expected = expectedAt(dayOf(date) * DAY_MS + timeMs);
      kinds.add(expected.dst);
      const early = placeCivil(date, timeMs, zone, DST_DEFAULT);
      const late = placeCivil(date, timeMs, zone, SHIFT_LAST);
      const gap = expected.dst === "gap";
      assert.deepEqual(
        [early, late],
        [
          { at: gap ? expected.gapEnd : expected.first, dst: expected.dst },
          { at: gap ? expected.shifted : expected.last, dst: expected.dst },
        ],
        `${date} ${timeMs / MINUTE_MS} min`,
      );
    }
    assert.ok(kinds.has(kind), `the clock shows a ${kind} that day`);
  });
}

Deno.test("placeCivil() knows offsets with seconds, as Liberia had until 1972", () => {
  const expectedAt = walk("Africa/Monrovia", "1972-01-07", MINUTE_MS / 2);
  for (let timeMs = 0; timeMs <= HOUR_MS; timeMs += MINUTE_MS / 2) {
    const expected = expectedAt(dayOf("1972-01-07") * DAY_MS + timeMs);
    assert.deepEqual(
      placeCivil("1972-01-07", timeMs, "Africa/Monrovia", DST_DEFAULT),
      {
        at: expected.dst === "gap" ? expected.gapEnd : expected.first,
        dst: expected.dst,
      },
    );
  }
});

const anyMinute = fc.integer({ min: 0, max: 1_439 });
const anyDate = fc.integer({
  min: dayOf("1971-01-01"),
  max: dayOf("2060-01-01"),
})
  .map((day) => Temporal.PlainDate.from("1970-01-01").add({ days: day }));

Deno.test("placeCivil() with shift agrees with Temporal in every zone", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      anyDate,
      anyMinute,
      (zone, date, minute) => {
        const zoned = date.toPlainDateTime(
          Temporal.PlainTime.from("00:00").add({ minutes: minute }),
        ).toZonedDateTime(zone, { disambiguation: "compatible" });
        assert.equal(
          placeCivil(date.toString(), minute * MINUTE_MS, zone, {
            gap: "shift",
            overlap: "first",
          }).at,
          zoned.epochMilliseconds,
        );
      },
    ),
    { numRuns: 20_000, seed: 1 },
  );
});

Deno.test("placeCivil() takes 24:00 as the next date's 00:00 in every zone", () => {
  for (const zone of zones) {
    for (const date of ["2011-12-29", "2018-11-03", "2026-03-28"]) {
      const next = Temporal.PlainDate.from(date).add({ days: 1 }).toString();
      assert.deepEqual(
        placeCivil(date, DAY_MS, zone, DST_DEFAULT),
        placeCivil(next, 0, zone, DST_DEFAULT),
      );
    }
  }
});

Deno.test("placeCivil() moves to the gap's end, not by the gap's length", () => {
  const half = clock("02:30").timeMs;
  const end = placeCivil("2026-03-08", half, "America/New_York", DST_DEFAULT);
  const shift = placeCivil("2026-03-08", half, "America/New_York", SHIFT_LAST);
  assert.equal(isoText(end.at), "2026-03-08T07:00:00Z");
  assert.equal(isoText(shift.at), "2026-03-08T07:30:00Z");
});

Deno.test("placeCivil() refuses an unknown zone and an impossible date", () => {
  const wrongZone = () =>
    placeCivil("2026-01-01", 0, "Mars/Olympus", DST_DEFAULT);
  const wrongDate = () => placeCivil("2026-02-30", 0, "UTC", DST_DEFAULT);
  assert.throws(wrongZone, RangeError);
  assert.throws(wrongDate, RangeError);
});

Deno.test("localDate() is the date on the wall, at both ends of the day", () => {
  const date = (at: string, zone: string) => localDate(instant(at), zone);
  assert.equal(date("2026-11-23T23:59:59.999Z", "UTC"), "2026-11-23");
  assert.equal(date("2026-11-24T00:00:00Z", "UTC"), "2026-11-24");
  assert.equal(date("2026-11-24T04:59:59Z", "America/New_York"), "2026-11-23");
  assert.equal(date("2026-11-24T05:00:00Z", "America/New_York"), "2026-11-24");
  assert.equal(date("2026-11-23T18:15:00Z", "Asia/Kathmandu"), "2026-11-24");
  assert.equal(date("2011-12-30T09:59:59Z", "Pacific/Apia"), "2011-12-29");
  assert.equal(date("2011-12-30T10:00:00Z", "Pacific/Apia"), "2011-12-31");
});

Deno.test("localDate() agrees with Temporal in every zone", () => {
  const anyAt = fc.integer({ min: 0, max: instant("2060-01-01T00:00Z") });
  fc.assert(
    fc.property(fc.constantFrom(...zones), anyAt, (zone, at) => {
      const zoned = Temporal.Instant.fromEpochMilliseconds(at)
        .toZonedDateTimeISO(zone);
      assert.equal(localDate(at, zone), zoned.toPlainDate().toString());
    }),
    { numRuns: 20_000, seed: 1 },
  );
});

Deno.test("dayExists() is false only for a date that a zone went without", () => {
  assert.equal(dayExists(dayOf("2011-12-30"), "Pacific/Apia"), false);
  assert.equal(dayExists(dayOf("2011-12-29"), "Pacific/Apia"), true);
  assert.equal(dayExists(dayOf("2011-12-31"), "Pacific/Apia"), true);
  assert.equal(dayExists(dayOf("2018-11-04"), "America/Sao_Paulo"), true);
});
