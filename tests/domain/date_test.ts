import assert from "node:assert/strict";
import fc from "fast-check";
import {
  addDays,
  dateOf,
  dayOf,
  firstDayOf,
  weekdayOf,
  yearOf,
} from "../../src/domain/date.ts";

const EPOCH = Temporal.PlainDate.from("1970-01-01");
const anyDay = fc.integer({
  min: dayOf("0001-01-01"),
  max: dayOf("9999-12-31"),
});

Deno.test("dateOf() and dayOf() agree with Temporal on every date", () => {
  fc.assert(
    fc.property(anyDay, (day) => {
      const expected = EPOCH.add({ days: day });
      assert.equal(dateOf(day), expected.toString());
      assert.equal(dayOf(expected.toString()), day);
      assert.equal(weekdayOf(dateOf(day)), expected.dayOfWeek);
      assert.equal(yearOf(day), expected.year);
    }),
    { numRuns: 5_000, seed: 1 },
  );
});

Deno.test("dateOf() counts through four centuries without a hole", () => {
  let date = Temporal.PlainDate.from("1800-01-01");
  for (let day = dayOf("1800-01-01"); day < dayOf("2200-01-01"); day++) {
    assert.equal(dateOf(day), date.toString());
    date = date.add({ days: 1 });
  }
});

Deno.test("firstDayOf() is the first of January", () => {
  for (const year of [1, 1900, 1970, 2000, 2024, 2025, 9999]) {
    assert.equal(
      dateOf(firstDayOf(year)),
      `${String(year).padStart(4, "0")}-01-01`,
    );
  }
});

Deno.test("addDays() knows leap days and the turn of the year", () => {
  assert.equal(addDays("2028-02-28", 1), "2028-02-29");
  assert.equal(addDays("2026-02-28", 1), "2026-03-01");
  assert.equal(addDays("2026-12-31", 1), "2027-01-01");
  assert.equal(addDays("2026-01-01", -1), "2025-12-31");
});

for (
  const text of [
    "",
    "2026-2-3",
    "2026-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-04-31",
    "2026-01-00",
    "+2026-01-01",
    "2026-01-01T00:00",
    "20260101",
  ]
) {
  Deno.test(`dayOf() refuses "${text}"`, () => {
    assert.throws(() => dayOf(text), {
      name: "RangeError",
      message: `Cannot read "${text}" as a date: expected a day of the ` +
        `calendar as "YYYY-MM-DD"`,
    });
  });
}
