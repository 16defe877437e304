/**
 * Small readers that turn JSON into values of a known shape, or say where it is not of that shape.
 *
 * @module
 */

import {
  type Decimal,
  isPositive,
  parseDecimal,
} from "../../../domain/decimal.ts";
import type { EpochMs } from "../../../domain/time.ts";

/** Turns a value found at a path into what it should be. */
export type Reader<T> = (value: unknown, path: string) => T;

/** JSON that is not of the shape it should be. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";

  /** Names the path, what was expected there and what was found. */
  constructor(path: string, expected: string, found: unknown) {
    const type = found === null
      ? "null"
      : Array.isArray(found)
      ? "a list"
      : typeof found;
    // Values may be anything, secrets included; short words and numbers help, all else is a type.
    const shown = typeof found === "string" && found.length <= 40
      ? `"${found}"`
      : type;
    super(`expected ${expected} at "${path}", found ${shown}`);
  }
}

/** Reads JSON text. @throws {ShapeError} where it is none, or not of that shape */
export function readJson<T>(text: string, reader: Reader<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own words would quote the body.
    throw new ShapeError("$", "JSON", undefined);
  }
  return reader(value, "$");
}

/** Any text. */
export function text(value: unknown, path: string): string {
  if (typeof value === "string") return value;
  throw new ShapeError(path, "text", value);
}

/** Text with something in it. */
export function word(value: unknown, path: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new ShapeError(path, "text that is not empty", value);
}

/** True or false. */
export function flag(value: unknown, path: string): boolean {
  if (typeof value === "boolean") return value;
  throw new ShapeError(path, "true or false", value);
}

/** A whole number from 0 up. */
export function count(value: unknown, path: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) {
    return value;
  }
  throw new ShapeError(path, "a whole number from 0 up", value);
}

/** A decimal number as text. */
export function number(value: unknown, path: string): Decimal {
  const read = typeof value === "string" ? parseDecimal(value) : null;
  if (read !== null) return read;
  throw new ShapeError(path, "a decimal number as text", value);
}

/** A decimal number above zero, as text. */
export function positive(value: unknown, path: string): Decimal {
  const read = number(value, path);
  if (isPositive(read)) return read;
  throw new ShapeError(path, "a decimal number above 0", value);
}

/** An instant with its offset, as in RFC 3339. @units EpochMs */
export function instant(value: unknown, path: string): EpochMs {
  try {
    return Temporal.Instant.from(text(value, path)).epochMilliseconds;
  } catch (cause) {
    if (cause instanceof ShapeError) throw cause;
    throw new ShapeError(
      path,
      "an instant such as 2026-11-23T08:00:00Z",
      value,
    );
  }
}

/** One of some words. */
export function oneOf<const T extends string>(
  ...words: readonly T[]
): Reader<T> {
  return (value, path) => {
    const found = words.find((one) => one === value);
    if (found !== undefined) return found;
    throw new ShapeError(path, `one of ${words.join(", ")}`, value);
  };
}

/** What the reader reads, or `null` where it is null or absent. */
export function maybe<T>(reader: Reader<T>): Reader<T | null> {
  return (value, path) =>
    value === null || value === undefined ? null : reader(value, path);
}

/** A list, each item read alike. */
export function list<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new ShapeError(path, "a list", value);
    return value.map((item, at) => reader(item, `${path}[${at}]`));
  };
}

/** An object with these fields; others are let be, so that a broker may say more. */
export function object<T extends object>(
  fields: { readonly [K in keyof T]: Reader<T[K]> },
): Reader<T> {
  return (value, path) => {
    if (!isRecord(value)) throw new ShapeError(path, "an object", value);
    const read = Object.entries<Reader<unknown>>(fields).map((
      [name, reader],
    ) => [name, reader(value[name], `${path}.${name}`)]);
    // The fields were just read one by one, each by the reader of its own type.
    return Object.fromEntries(read) as T;
  };
}

/** Whether a value is an object with named fields. */
export function isRecord(
  value: unknown,
): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
