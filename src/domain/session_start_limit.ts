/**
 * How many gateway sessions may still be started, and when that changes.
 *
 * @module
 */

import { CarillonError } from "./error.ts";

/** What a start limit is made of. */
export interface SessionStartLimitFields {
  /** How many sessions may be started in the period. */
  readonly total: number;
  /** How many of them are left. */
  readonly remaining: number;
  /** How long after `createdAt` all of them are there again. */
  readonly resetAfter: Temporal.Duration;
  /** How many shards may identify in one window of five seconds. */
  readonly maxConcurrency: number;
  /** When the broker said so, by the clock of whoever asked. */
  readonly createdAt: Temporal.Instant;
}

/**
 * The broker's word on session starts, as of one instant; a value that never changes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const limit = new SessionStartLimit({
 *   total: 100,
 *   remaining: 12,
 *   resetAfter: Temporal.Duration.from({ days: 10, hours: 1 }),
 *   maxConcurrency: 1,
 *   createdAt: Temporal.Instant.from("2020-07-22T22:22:36.988017Z"),
 * });
 * assert.equal(limit.used, 88);
 * assert.equal(limit.resetAt.toString(), "2020-08-01T23:22:36.988017Z");
 * ```
 */
export class SessionStartLimit implements SessionStartLimitFields {
  /** How many sessions may be started in the period. */
  readonly total: number;
  /** How many of them are left. */
  readonly remaining: number;
  /** How long after `createdAt` all of them are there again. */
  readonly resetAfter: Temporal.Duration;
  /** How many shards may identify in one window of five seconds; at least 1. */
  readonly maxConcurrency: number;
  /** When the broker said so, by the clock of whoever asked. */
  readonly createdAt: Temporal.Instant;

  /**
   * Takes the fields as they are.
   *
   * @throws {RangeError} naming the field that cannot be so
   */
  constructor(fields: SessionStartLimitFields) {
    const wrong = wrongField(fields);
    if (wrong !== null) {
      throw new RangeError(
        `Cannot make a session start limit: "${wrong.field}" must be ${wrong.expected}, not ${wrong.found}`,
      );
    }
    this.total = fields.total;
    this.remaining = fields.remaining;
    this.resetAfter = fields.resetAfter;
    this.maxConcurrency = fields.maxConcurrency;
    this.createdAt = fields.createdAt;
    Object.freeze(this);
  }

  /** How many sessions were started in the period. */
  get used(): number {
    return this.total - this.remaining;
  }

  /** When all starts are there again: `resetAfter` from `createdAt`, days being of 24 hours. */
  get resetAt(): Temporal.Instant {
    // An instant has no days, and a duration of days without a date has no length but this.
    return this.createdAt.add(this.resetAfter.round({ largestUnit: "hour" }));
  }

  /**
   * The same limit but for these fields.
   *
   * @throws {RangeError} naming the field that cannot be so
   */
  with(changes: Partial<SessionStartLimitFields>): SessionStartLimit {
    const { total, remaining, resetAfter, maxConcurrency, createdAt } = this;
    const fields = { total, remaining, resetAfter, maxConcurrency, createdAt };
    return new SessionStartLimit({ ...fields, ...changes });
  }

  /** Whether both say the same of the same instant. */
  equals(other: SessionStartLimit): boolean {
    return this.total === other.total && this.remaining === other.remaining &&
      this.maxConcurrency === other.maxConcurrency &&
      this.createdAt.equals(other.createdAt) &&
      this.resetAt.equals(other.resetAt);
  }
}

interface WrongField {
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

function wrongField(fields: SessionStartLimitFields): WrongField | null {
  const { total, remaining, maxConcurrency, resetAfter } = fields;
  const least = { total: 0, remaining: 0, maxConcurrency: 1 };
  for (
    const [field, value] of Object.entries({ total, remaining, maxConcurrency })
  ) {
    const from = least[field as keyof typeof least];
    if (Number.isSafeInteger(value) && value >= from) continue;
    const expected = `a whole number from ${from} up`;
    return { field, expected, found: String(value) };
  }
  if (remaining > total) {
    const expected = `at most total, ${total}`;
    return { field: "remaining", expected, found: String(remaining) };
  }
  if (
    resetAfter.sign >= 0 &&
    resetAfter.years + resetAfter.months + resetAfter.weeks === 0
  ) {
    return null;
  }
  const expected = "0 or more, in days and smaller units";
  return { field: "resetAfter", expected, found: resetAfter.toString() };
}

/** Fields of the wire form that count something, and the least each may say. */
const COUNTS = ["total", "remaining", "reset_after"] as const;

/** The last instant there is. @units EpochMs */
const LAST_MS = 8_640_000_000_000_000;

/**
 * Reads the wire form: `{total, remaining, reset_after, max_concurrency}`, `reset_after` in
 * milliseconds; fields beyond these are let be.
 *
 * A `max_concurrency` that is 0 or absent is 1: with 0 nothing could ever start.
 *
 * @param path what stands before a field's name in an error, such as `session_start_limit`
 * @throws {CarillonError} "gateway/undecodable", whose `details.field` names the field
 */
export function decodeSessionStartLimit(
  wire: unknown,
  createdAt: Temporal.Instant,
  path = "session_start_limit",
): SessionStartLimit {
  const fields = wireFields(wire, path);
  const [total, remaining, resetAfterMs] = COUNTS.map((name) =>
    wireCount(fields[name], `${path}.${name}`)
  ) as [number, number, number];
  if (resetAfterMs > LAST_MS - createdAt.epochMilliseconds) {
    const expected = "a time whose end has a date";
    throw undecodable(`${path}.reset_after`, expected, resetAfterMs);
  }
  const at = `${path}.max_concurrency`;
  const concurrency = fields.max_concurrency;
  const most = concurrency === undefined ? 0 : wireCount(concurrency, at);
  if (remaining > total) {
    throw undecodable(
      `${path}.remaining`,
      `at most total, ${total}`,
      remaining,
    );
  }
  return new SessionStartLimit({
    total,
    remaining,
    resetAfter: Temporal.Duration.from({ milliseconds: resetAfterMs }),
    maxConcurrency: Math.max(most, 1),
    createdAt,
  });
}

/** The fields of an object of the wire form. @throws {CarillonError} "gateway/undecodable" if it is none */
export function wireFields(
  wire: unknown,
  path: string,
): Readonly<Record<string, unknown>> {
  if (typeof wire !== "object" || wire === null || Array.isArray(wire)) {
    throw undecodable(path, "an object", wire);
  }
  return { ...wire };
}

/**
 * A whole number from 0 up.
 *
 * @units whatever the field counts
 * @throws {CarillonError} "gateway/undecodable" naming the field
 */
export function wireCount(value: unknown, path: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) {
    return value;
  }
  throw undecodable(path, "a whole number from 0 up", value);
}

/** An error that names a field of the gateway's wire form, what it should be, and what it is. */
export function undecodable(
  field: string,
  expected: string,
  found: unknown,
): CarillonError {
  return new CarillonError(
    "gateway/undecodable",
    `Cannot read the gateway's answer: "${field}" must be ${expected}, not ${
      shown(found)
    }`,
    { details: { field, expected } },
  );
}

/** Numbers and short words help; everything else is told by its type, for it may hold anything. */
function shown(value: unknown): string {
  if (value === undefined) return "absent";
  if (value === null || typeof value === "number") return String(value);
  if (typeof value === "string" && value.length <= 40) return `"${value}"`;
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
