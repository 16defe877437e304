/**
 * Exact decimal numbers as text: what goes over the wire, into the journal and into the state.
 *
 * A value is always in canonical form (no exponent, no superfluous zeros, no `-0`), so two equal
 * numbers are the same text and `===` compares them.
 *
 * @module
 */

import { Decimal as Big } from "decimal.js";

/** An exact decimal number in canonical text form, such as `"91.655"` or `"-0.5"`. */
export type Decimal = string & { readonly __brand: "Decimal" };

// Numbers of 60 digits have sums and products of at most 121, so those come out exact. A quotient of
// two of them is never nearer than 300 digits to the half between two rounded values without being
// that half, so that cutting it here does not round it twice.
const Exact = Big.clone({ precision: 400, toExpNeg: -9e15, toExpPos: 9e15 });

const PATTERN = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
const DIGITS_MAX = 60;

function canonical(value: Big): Decimal {
  // One cast, here: toFixed() without places is exact and never uses an exponent.
  return (value.isZero() ? "0" : value.toFixed()) as Decimal;
}

/** Zero. */
export const ZERO: Decimal = canonical(new Exact(0));

/**
 * Reads a decimal number from text; `null` where the text is not one.
 *
 * Exponents, `NaN`, infinities, digit separators and more than 60 digits are refused.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(parseDecimal("00.50"), "0.5");
 * assert.equal(parseDecimal("1e3"), null);
 * ```
 */
export function parseDecimal(text: string): Decimal | null {
  // The length comes first, so that a text without end is not read through.
  if (text.length > DIGITS_MAX + 2 || !PATTERN.test(text)) return null;
  if (text.replace(/[^0-9]/g, "").length > DIGITS_MAX) return null;
  return canonical(new Exact(text));
}

/**
 * Reads a decimal number that is known to be one.
 *
 * @throws {RangeError} if the text is not a decimal number
 */
export function decimal(text: string): Decimal {
  const value = parseDecimal(text);
  if (value === null) {
    throw new RangeError(`Cannot read a decimal number from "${text}"`);
  }
  return value;
}

/** Adds exactly. */
export function add(a: Decimal, b: Decimal): Decimal {
  return canonical(new Exact(a).plus(b));
}

/** Subtracts exactly. */
export function subtract(a: Decimal, b: Decimal): Decimal {
  return canonical(new Exact(a).minus(b));
}

/** Multiplies exactly. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  return canonical(new Exact(a).times(b));
}

/**
 * Divides and rounds half to even at the given number of places.
 *
 * @units `places`: digits after the point
 * @throws {RangeError} if `b` is zero
 */
export function divide(a: Decimal, b: Decimal, places: number): Decimal {
  if (isZero(b)) throw new RangeError(`Cannot divide "${a}" by zero`);
  return canonical(
    new Exact(a).div(b).toDecimalPlaces(places, Big.ROUND_HALF_EVEN),
  );
}

/**
 * Text for people: rounded half to even at a fixed number of places, `"-0.50"`.
 *
 * @units `places`: digits after the point
 */
export function roundedText(value: Decimal, places: number): string {
  return new Exact(value).toFixed(places, Big.ROUND_HALF_EVEN);
}

/**
 * Rounds toward zero to a whole multiple of `step`, as a quantity must be before it is sent.
 *
 * @throws {RangeError} if `step` is not above zero
 */
export function floorToStep(value: Decimal, step: Decimal): Decimal {
  if (compare(step, ZERO) <= 0) {
    throw new RangeError(`Cannot round to a step of "${step}"`);
  }
  return canonical(new Exact(value).divToInt(step).times(step));
}

/** Turns the sign around. */
export function negate(value: Decimal): Decimal {
  return canonical(new Exact(value).negated());
}

/** The number without its sign. */
export function absolute(value: Decimal): Decimal {
  return canonical(new Exact(value).abs());
}

/** Below zero if `a < b`, zero if equal, above zero if `a > b`. */
export function compare(a: Decimal, b: Decimal): number {
  return new Exact(a).cmp(b);
}

/** The smaller of two. */
export function least(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) <= 0 ? a : b;
}

/** Whether the number is zero. */
export function isZero(value: Decimal): boolean {
  return value === ZERO;
}

/** Whether the number is above zero. */
export function isPositive(value: Decimal): boolean {
  return compare(value, ZERO) > 0;
}

/** The sum of any number of terms; zero for none. */
export function sum(values: readonly Decimal[]): Decimal {
  return values.reduce(add, ZERO);
}
