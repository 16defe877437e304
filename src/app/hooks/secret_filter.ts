/**
 * Keeps what a hook was handed from the environment out of everything that it says.
 *
 * @module
 */

import { REDACTED } from "../../domain/redact.ts";
import type { Json } from "../../runtime/isolation.ts";

/** A shorter value stands in too many places to be a secret. @units characters */
const LENGTH_MIN = 4;

/** Knows the values that a hook was handed. */
export class SecretFilter {
  readonly #secrets: readonly string[];

  /** Takes the values; the longest is looked for first. */
  constructor(values: Iterable<string>) {
    this.#secrets = [...new Set(values)]
      .filter(({ length }) => length >= LENGTH_MIN)
      .sort((a, b) => b.length - a.length);
  }

  /** Whether a value is in a text. */
  isIn(text: string): boolean {
    return this.#secrets.some((secret) => text.includes(secret));
  }

  /** Whether a value is in any text of the data. */
  isInData(value: Json): boolean {
    if (typeof value === "string") return this.isIn(value);
    if (typeof value !== "object" || value === null) {
      return this.isIn(String(value));
    }
    return Object.entries(value).some(([key, inner]) =>
      this.isIn(key) || this.isInData(inner)
    );
  }

  /** The text without the values. */
  clean(text: string): string {
    return this.#secrets.reduce(
      (cleaned, secret) => cleaned.replaceAll(secret, REDACTED),
      text,
    );
  }

  /** The data without the values, as names and as texts. */
  cleanData(value: Json): Json {
    if (typeof value === "string") return this.clean(value);
    if (typeof value === "number") {
      return this.isIn(String(value)) ? REDACTED : value;
    }
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((one) => this.cleanData(one));
    return Object.fromEntries(
      Object.entries(value).map((
        [key, inner],
      ) => [this.clean(key), this.cleanData(inner)]),
    );
  }
}
