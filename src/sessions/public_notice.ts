/**
 * What the core tells, with instants and durations as the public API has them.
 *
 * @module
 */

import type { EdgeSettled, Notice } from "../domain/notice.ts";

/**
 * Plain data whose `at` and `...At` are instants and whose `...Ms` are durations.
 *
 * @units numbers that stay numbers are counts
 */
export type Told<T> = T extends string | number | boolean | null ? T
  : T extends readonly (infer Item)[] ? readonly Told<Item>[]
  : { readonly [Key in keyof T]: ToldField<Key, T[Key]> };

/**
 * One field of such data, by its name.
 *
 * @units numbers that stay numbers are counts
 */
export type ToldField<Key, T> = Key extends "at" | `${string}At`
  ? Temporal.Instant | Extract<T, null>
  : Key extends `${string}Ms` ? Temporal.Duration | Extract<T, null>
  : Told<T>;

/** One thing worth telling. */
export type SessionNotice = Told<Notice>;

/**
 * How something that was asked for ended, with what the broker's own list proves.
 *
 * `outcome` says `flat_verified` or `closed_verified` only where the list, read after the last
 * fill, shows it; `stillOpen` names what is left.
 */
export type EdgeOutcome = Told<EdgeSettled>;

/** Turns a notice of the core into what a user of the library sees. */
export function told<T>(value: T): Told<T> {
  // The one cast: fields are walked by name, as the type walks them.
  return walk(value) as Told<T>;
}

function walk(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(walk);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, walkField(key, field)]),
  );
}

function walkField(key: string, field: unknown): unknown {
  if (typeof field !== "number") return walk(field);
  if (key === "at" || key.endsWith("At")) {
    return Temporal.Instant.fromEpochMilliseconds(field);
  }
  // Units of 1000 and 60 add up to hours; a day may be longer or shorter.
  if (key.endsWith("Ms")) return durationOf(field);
  return field;
}

function durationOf(ms: number): Temporal.Duration {
  // A monotonic clock has fractions that nobody asked for.
  const whole = Temporal.Duration.from({ milliseconds: Math.round(ms) });
  return whole.round({ largestUnit: "hours" });
}
