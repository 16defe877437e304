/**
 * Feasts whose dates are announced: listed as far as they are, reckoned beyond.
 *
 * @module
 */

import { dayOf, yearOf } from "../date.ts";
import { dates } from "./rule.ts";
import type { DateRule } from "./rule.ts";

/**
 * The listed dates, `YYYY-MM-DD`, up to the last listed year, and what a rule reckons after it.
 *
 * @throws {RangeError} if a text is not a date
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { dateOf } from "../date.ts";
 * import { fixed } from "./rule.ts";
 * const rule = announced(["2025-06-02"], fixed(6, 1));
 * assert.deepEqual(rule(2024), []);
 * assert.deepEqual(rule(2025).map(dateOf), ["2025-06-02"]);
 * assert.deepEqual(rule(2026).map(dateOf), ["2026-06-01"]);
 * ```
 */
export function announced(
  listed: readonly string[],
  beyond: DateRule,
): DateRule {
  const asListed = dates(...listed);
  const lastYear = Math.max(...listed.map((date) => yearOf(dayOf(date))));
  return (year) => year <= lastYear ? asListed(year) : beyond(year);
}
