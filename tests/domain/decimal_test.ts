import assert from "node:assert/strict";
import fc from "fast-check";
import {
  absolute,
  add,
  compare,
  decimal,
  divide,
  floorToStep,
  isPositive,
  isZero,
  least,
  multiply,
  negate,
  parseDecimal,
  subtract,
  sum,
  ZERO,
} from "../../src/domain/decimal.ts";
import type { Decimal } from "../../src/domain/decimal.ts";

/** A number as a whole count of its last place: an oracle that needs no fractions. */
interface Scaled {
  readonly text: string;
  readonly units: bigint;
  readonly places: number;
}

const anyScaled = fc.record({
  units: fc.bigInt({ min: -(10n ** 59n), max: 10n ** 59n }),
  places: fc.integer({ min: 0, max: 40 }),
}).map(({ units, places }): Scaled => ({
  units,
  places,
  text: textOf(units, places),
})).filter(({ text }) => text.replace(/\D/g, "").length <= 60);

const anyDecimal = anyScaled.map(({ text }) => decimal(text));

function textOf(units: bigint, places: number): string {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places).replace(/0+$/, "");
  const sign = units < 0n ? "-" : "";
  return fraction === "" ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}

function atPlaces({ units, places }: Scaled, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - places);
}

const CANONICAL = /^(?:0|-?(?:[1-9]\d*|0\.\d*[1-9]|[1-9]\d*\.\d*[1-9]))$/;
const SEEDED = { numRuns: 2_000, seed: 1 };

for (
  const [text, expected] of [
    ["0", "0"],
    ["-0", "0"],
    ["-0.000", "0"],
    ["+1", "1"],
    ["00.50", "0.5"],
    [".5", "0.5"],
    ["5.", "5"],
    ["-91.6550", "-91.655"],
    ["0.00000000000000000001", "0.00000000000000000001"],
    ["1000000000000000000000000000000", "1000000000000000000000000000000"],
  ] as const
) {
  Deno.test(`parseDecimal() reads "${text}" as ${expected}`, () => {
    assert.equal(parseDecimal(text), expected);
  });
}

for (
  const text of [
    "",
    ".",
    "-",
    "+.",
    "1e3",
    "0x10",
    "NaN",
    "Infinity",
    "1,000",
    "1_000",
    " 1",
    "1\n",
    "--1",
    "1.2.3",
    "١",
  ]
) {
  Deno.test(`parseDecimal() refuses ${JSON.stringify(text)}`, () => {
    assert.equal(parseDecimal(text), null);
  });
}

Deno.test("parseDecimal() takes 60 digits and refuses 61, sign and point apart", () => {
  const sixty = "1".repeat(60);
  assert.equal(parseDecimal(sixty), sixty);
  assert.equal(parseDecimal(`-${sixty}`), `-${sixty}`);
  assert.equal(
    parseDecimal(`-${"1".repeat(30)}.${"1".repeat(30)}`)?.length,
    62,
  );
  assert.equal(parseDecimal(`${sixty}1`), null);
  assert.equal(parseDecimal(`${sixty}11`), null);
  assert.equal(parseDecimal(`-${sixty}.1`), null);
});

Deno.test("decimal() throws what it could not read", () => {
  assert.throws(() => decimal("a lot"), {
    name: "RangeError",
    message: 'Cannot read a decimal number from "a lot"',
  });
});

Deno.test("parseDecimal() gives equal numbers one text", () => {
  fc.assert(
    fc.property(anyScaled, ({ text }) => {
      const value = decimal(text);
      assert.equal(value, text === "-0" ? "0" : text);
      assert.match(value, CANONICAL);
      assert.equal(parseDecimal(value), value);
    }),
    SEEDED,
  );
});

Deno.test("add(), subtract(), multiply() and compare() are exact", () => {
  fc.assert(
    fc.property(anyScaled, anyScaled, (a, b) => {
      const places = Math.max(a.places, b.places);
      const [left, right] = [atPlaces(a, places), atPlaces(b, places)];
      const [x, y] = [decimal(a.text), decimal(b.text)];
      assert.equal(add(x, y), textOf(left + right, places));
      assert.equal(subtract(x, y), textOf(left - right, places));
      assert.equal(
        multiply(x, y),
        textOf(a.units * b.units, a.places + b.places),
      );
      assert.equal(
        Math.sign(compare(x, y)),
        left < right ? -1 : left > right ? 1 : 0,
      );
      assert.equal(least(x, y), left <= right ? x : y);
    }),
    SEEDED,
  );
});

/** Rounds a quotient of whole numbers half to even. */
function roundedQuotient(over: bigint, under: bigint): bigint {
  const sign = (over < 0n) === (under < 0n) ? 1n : -1n;
  const [a, b] = [over < 0n ? -over : over, under < 0n ? -under : under];
  const whole = a / b;
  const twice = 2n * (a % b);
  const up = twice > b || twice === b && whole % 2n === 1n;
  return sign * (up ? whole + 1n : whole);
}

Deno.test("divide() rounds half to even and never twice", () => {
  const places = fc.integer({ min: 0, max: 60 });
  fc.assert(
    fc.property(anyScaled, anyScaled, places, (a, b, wanted) => {
      fc.pre(b.units !== 0n);
      const over = a.units * 10n ** BigInt(b.places + wanted);
      const under = b.units * 10n ** BigInt(a.places);
      assert.equal(
        divide(decimal(a.text), decimal(b.text), wanted),
        textOf(roundedQuotient(over, under), wanted),
      );
    }),
    SEEDED,
  );
  const nearly = (text: string) => divide(decimal(text), decimal("2"), 0);
  assert.equal(nearly("1"), "0");
  assert.equal(nearly("3"), "2");
  assert.equal(nearly("5"), "2");
  assert.equal(nearly("-5"), "-2");
});

Deno.test("divide() sees a quotient a hair below the half", () => {
  // 0.5 - 1/(2 * b) of two sixty-digit numbers, asked for at sixty places.
  const b = decimal("9".repeat(59) + "8");
  const a = decimal("4" + "9".repeat(58) + "8");
  assert.equal(divide(a, b, 0), "0");
  // The first hundred digits of this one are 0.4999...: rounded twice it would come to a whole.
  const tiny = decimal("0." + "0".repeat(58) + "1");
  const huge = decimal("2" + "0".repeat(59));
  const belowHalf = subtract(decimal("1" + "0".repeat(59)), tiny);
  assert.equal(divide(belowHalf, huge, 0), "0");
  assert.equal(divide(add(huge, belowHalf), huge, 0), "1");
});

Deno.test("divide() refuses zero", () => {
  assert.throws(() => divide(decimal("1"), ZERO, 2), {
    name: "RangeError",
    message: 'Cannot divide "1" by zero',
  });
});

Deno.test("floorToStep() is the largest multiple that is not larger in size", () => {
  const anyStep = anyScaled.filter(({ units }) => units > 0n);
  fc.assert(
    fc.property(anyScaled, anyStep, (value, step) => {
      const places = Math.max(value.places, step.places);
      const unit = atPlaces(step, places);
      // Division of whole numbers rounds toward zero, as the step does.
      const expected = atPlaces(value, places) / unit * unit;
      assert.equal(
        floorToStep(decimal(value.text), decimal(step.text)),
        textOf(expected, places),
      );
    }),
    SEEDED,
  );
});

Deno.test("floorToStep() keeps whole steps whole", () => {
  assert.equal(floorToStep(decimal("0.3"), decimal("0.1")), "0.3");
  assert.equal(floorToStep(decimal("-0.37"), decimal("0.1")), "-0.3");
  assert.equal(floorToStep(decimal("0.09"), decimal("0.1")), "0");
  assert.throws(() => floorToStep(decimal("1"), ZERO), RangeError);
  assert.throws(() => floorToStep(decimal("1"), decimal("-1")), RangeError);
});

Deno.test("negate(), absolute(), isZero(), isPositive() and sum() agree with each other", () => {
  fc.assert(
    fc.property(fc.array(anyDecimal, { maxLength: 8 }), (values) => {
      for (const value of values) {
        assert.equal(add(value, negate(value)), ZERO);
        assert.equal(negate(negate(value)), value);
        const size: Decimal = isPositive(value) ? value : negate(value);
        assert.equal(absolute(value), size);
        assert.equal(isZero(value), compare(value, ZERO) === 0);
      }
      assert.equal(sum([...values, ...values.map(negate)]), ZERO);
      assert.equal(sum(values), sum(values.toReversed()));
    }),
    { numRuns: 500, seed: 1 },
  );
  assert.equal(sum([]), "0");
});
