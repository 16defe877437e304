/**
 * Prices that wander like a market's, as a pure function of seed, symbol and second.
 *
 * A walk that is summed up step by step can only be asked from its beginning on. This one is a sum
 * of lattice noises, one for each period of 1, 2, 4 ... seconds, whose heights grow with the square
 * root of the period as a walk's do: any second can be asked directly, in whole numbers only.
 *
 * @module
 */

import { type Decimal, parseDecimal } from "../../../../domain/decimal.ts";
import { invariant } from "../../../../domain/error.ts";
import { type EpochMs, SECOND_MS } from "../../../../domain/time.ts";
import type { Instrument } from "../symbols.ts";
import { mix, mixText } from "./mix.ts";
import type { PriceSeries, Quote } from "./price_series.ts";

/** The longest period is 2^20 s, twelve days; slower than that the price stays around its start. */
const LEVELS = 21;
/** The level of 2^17 s, a day and a half, moves by up to 0.8 % of the price. */
const DAILY_LEVEL = 17;
const DAILY_PER_MILLE = 8;
/** Parts of a price step, so that the short periods do not all round away. */
const PARTS = 256;
/** Ask less bid is this fraction of the price, at least one price step. */
const SPREAD_DIVISOR = 12_500;
// 181/256 is the square root of one half, to four digits.
const HALF_ROOT = [181, 256] as const;

/** The walk of one symbol; its market never closes. */
export function randomWalk(seed: number, instrument: Instrument): PriceSeries {
  const salt = mixText(seed, instrument.symbol);
  const heights = heightsOf(instrument.startSteps);
  const spread = Math.max(
    1,
    Math.floor(instrument.startSteps / SPREAD_DIVISOR),
  );
  const quoteOf = (second: number): Quote => {
    const bid = instrument.startSteps + offsetAt(salt, heights, second);
    return {
      bid: inSteps(bid, instrument.digits),
      ask: inSteps(bid + spread, instrument.digits),
      at: second * SECOND_MS,
      open: true,
    };
  };
  return {
    quoteAt: (at) => quoteOf(Math.floor(at / SECOND_MS)),
    *changes(fromAt: EpochMs, toAt: EpochMs) {
      const last = Math.floor(toAt / SECOND_MS);
      let second = Math.floor(fromAt / SECOND_MS) + 1;
      for (; second <= last; second++) yield quoteOf(second);
    },
  };
}

/** Largest deviation by level, in parts of a price step. */
function heightsOf(startSteps: number): readonly number[] {
  const daily = Math.floor((startSteps * PARTS * DAILY_PER_MILLE) / 1000);
  return Array.from({ length: LEVELS }, (_, level) => {
    // Two levels down is half the height; one level down is a half's root.
    const down = DAILY_LEVEL - level;
    const halvings = Math.floor(down / 2);
    const whole = halvings >= 0
      ? Math.floor(daily / 2 ** halvings)
      : daily * 2 ** -halvings;
    return down % 2 === 0
      ? whole
      : Math.floor((whole * HALF_ROOT[0]) / HALF_ROOT[1]);
  });
}

/** How many price steps the price lies from its start. */
function offsetAt(
  salt: number,
  heights: readonly number[],
  second: number,
): number {
  let parts = 0;
  for (let level = 0; level < heights.length; level++) {
    const height = heights[level] ?? 0;
    if (height === 0) continue;
    const period = 2 ** level;
    const cell = Math.floor(second / period);
    const into = second - cell * period;
    const left = noise(salt, level, cell, height);
    const right = noise(salt, level, cell + 1, height);
    parts += Math.floor((left * (period - into) + right * into) / period);
  }
  return Math.floor(parts / PARTS);
}

function noise(
  salt: number,
  level: number,
  cell: number,
  height: number,
): number {
  return (mix(salt, level + 1, cell) % (2 * height + 1)) - height;
}

function inSteps(steps: number, digits: number): Decimal {
  const text = String(steps).padStart(digits + 1, "0");
  const point = text.length - digits;
  const price = parseDecimal(`${text.slice(0, point)}.${text.slice(point)}`);
  invariant(price !== null, `${steps} steps of ${digits} digits are a price`);
  return price;
}
