/**
 * Values as JSON that people see: snake_case keys, instants as text.
 *
 * @module
 */

import { dateOf, DAY_MAX, dayOf } from "../domain/date.ts";
import type { Pause } from "../domain/occurrence.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../domain/time.ts";
import type { EpochMs } from "../domain/time.ts";

const FIRST_DAY = dayOf("0000-01-01");

/** An instant as people and programs read it: `2026-11-23T08:00:00Z`. @units `at`: EpochMs */
export function formatInstant(at: EpochMs): string {
  const ms = Math.trunc(at);
  const day = Math.floor(ms / DAY_MS);
  // Whole seconds of years of four digits, which is nearly all there is, need no Temporal.
  if (ms % SECOND_MS !== 0 || day < FIRST_DAY || day > DAY_MAX) {
    return Temporal.Instant.fromEpochMilliseconds(ms).toString();
  }
  const timeMs = ms - day * DAY_MS;
  const hours = twoDigits(timeMs / HOUR_MS);
  const minutes = twoDigits(timeMs % HOUR_MS / MINUTE_MS);
  const seconds = twoDigits(timeMs % MINUTE_MS / SECOND_MS);
  return `${dateOf(day)}T${hours}:${minutes}:${seconds}Z`;
}

function twoDigits(value: number): string {
  const whole = Math.floor(value);
  return whole < 10 ? `0${whole}` : String(whole);
}

/** The pauses of an occurrence: `[{from, to}]`, half-open. */
export function pausesToJson(pauses: readonly Pause[]): readonly object[] {
  return pauses.map(({ fromAt, toAt }) => ({
    from: formatInstant(fromAt),
    to: formatInstant(toAt),
  }));
}

/**
 * A value in the form of the wire: keys in snake_case, and every number under a key that is `at`
 * or ends in `At` as an instant.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(wireForm({ dueAt: 0, leftOpen: [] }), {
 *   due_at: "1970-01-01T00:00:00Z",
 *   left_open: [],
 * });
 * ```
 */
export function wireForm(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wireForm);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      snakeCase(key),
      isInstant(key, inner) ? formatInstant(inner) : wireForm(inner),
    ]),
  );
}

function isInstant(key: string, value: unknown): value is number {
  return typeof value === "number" && (key === "at" || key.endsWith("At"));
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
