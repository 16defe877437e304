import assert from "node:assert/strict";
import fc from "fast-check";
import { formatInstant } from "../../src/app/wire_form.ts";

const AT_MAX = 8_640_000_000_000_000;

Deno.test("formatInstant() writes what Temporal writes, of any year and to the millisecond", () => {
  const atSecond = fc.integer({ min: -AT_MAX / 1000, max: AT_MAX / 1000 })
    .map((seconds) => seconds * 1000);
  const near = fc.integer({ min: -62_200_000_000, max: 253_500_000_000 })
    .map((seconds) => seconds * 1000);
  const any = fc.integer({ min: -AT_MAX, max: AT_MAX });
  fc.assert(fc.property(fc.oneof(atSecond, near, any), (at) => {
    const expected = Temporal.Instant.fromEpochMilliseconds(at).toString();
    assert.equal(formatInstant(at), expected);
  }));
});

Deno.test("formatInstant() writes the first and the last second of four digits' years", () => {
  for (
    const text of [
      "0000-01-01T00:00:00Z",
      "-000001-12-31T23:59:59Z",
      "9999-12-31T23:59:59Z",
      "+010000-01-01T00:00:00Z",
      "1969-12-31T23:59:59Z",
    ]
  ) {
    assert.equal(
      formatInstant(Temporal.Instant.from(text).epochMilliseconds),
      text,
    );
  }
});
