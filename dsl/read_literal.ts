/**
 * Object literal -> located tree: the TypeScript door joins the text's path here.
 *
 * @module
 */

import type { IssueLog } from "./issue_log.ts";
import { type Entry, type Node, type Path, pathText, quote } from "./node.ts";
import { DEPTH_MAX } from "./yaml_syntax.ts";

/** A function of the user's, held beside the definition. */
export type HookFunction = (context: never) => unknown;

/** What may stand in a literal. */
export const LITERAL_VALUES =
  "text, a number, true, false, null, a list, a plain object, a function, or a Temporal time, date or duration";

/** The tree of a literal, and the functions in it by their handles. */
export interface LiteralReading {
  readonly node: Node;
  readonly functions: ReadonlyMap<string, HookFunction>;
}

/** Turns an object literal into the tree that YAML would give. */
export function readLiteral(value: unknown, log: IssueLog): LiteralReading {
  const reader = new LiteralReader(log);
  return { node: reader.read(value, null, 0), functions: reader.functions };
}

class LiteralReader {
  readonly functions: Map<string, HookFunction> = new Map();
  readonly #log: IssueLog;
  readonly #open: Set<object> = new Set();

  constructor(log: IssueLog) {
    this.#log = log;
  }

  read(value: unknown, path: Path | null, depth: number): Node {
    const text = plainText(value);
    if (text !== null) return scalar(text, path, true);
    if (typeof value === "string") return scalar(value, path, false);
    if (typeof value === "function") return this.#function(value, path);
    if (typeof value === "object" && value !== null) {
      return this.#object(value, path, depth);
    }
    return this.#refuse(path, `${typeof value} ${String(value)}`);
  }

  #function(value: object, path: Path | null): Node {
    const handle = pathText(path);
    // The one cast: "function" is all that can be known of a value from outside.
    this.functions.set(handle, value as HookFunction);
    return { kind: "function", path, span: null, handle };
  }

  #object(value: object, path: Path | null, depth: number): Node {
    const temporal = temporalText(value);
    if (temporal !== null) return scalar(temporal, path, false);
    if (this.#open.has(value) || depth >= DEPTH_MAX) {
      this.#log.place({ path, span: null }, "literal/circular", {
        expected: `values within one another at most ${DEPTH_MAX} deep`,
      });
      return { kind: "broken", path, span: null };
    }
    this.#open.add(value);
    const node = Array.isArray(value)
      ? this.#list(value, path, depth)
      : this.#record(value, path, depth);
    this.#open.delete(value);
    return node;
  }

  #list(value: readonly unknown[], path: Path | null, depth: number): Node {
    const items = Array.from(
      value,
      (item, key) => this.read(item, { parent: path, key }, depth + 1),
    );
    return { kind: "sequence", path, span: null, items };
  }

  #record(value: object, path: Path | null, depth: number): Node {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype) {
      return this.#refuse(path, `an object of ${quote(className(value))}`);
    }
    const entries: Entry[] = [];
    for (const [key, item] of Object.entries(value)) {
      // `key: undefined` is what an optional property leaves behind: it is not written.
      if (item === undefined) continue;
      const itemPath: Path = { parent: path, key };
      entries.push({
        key,
        keySpan: null,
        value: this.read(item, itemPath, depth + 1),
      });
    }
    return { kind: "mapping", path, span: null, entries };
  }

  #refuse(path: Path | null, received: string): Node {
    this.#log.place({ path, span: null }, "literal/value", {
      expected: LITERAL_VALUES,
      received,
    });
    return { kind: "broken", path, span: null };
  }
}

/** A value without parts. */
export function scalar(
  text: string,
  path: Path | null,
  isPlain: boolean,
): Node {
  return { kind: "scalar", path, span: null, text, isPlain };
}

/** What YAML would write without quotes; `null` for what it would not. */
export function plainText(value: unknown): string | null {
  if (value === null) return "null";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return null;
}

function className(value: object): string {
  const { constructor } = value;
  return typeof constructor === "function" ? constructor.name : "unknown";
}

/** A time, a date or a duration as a session file writes it; `null` for anything else. */
export function temporalText(value: object): string | null {
  if (value instanceof Temporal.PlainTime) {
    return value.toString({ smallestUnit: "millisecond" });
  }
  if (value instanceof Temporal.PlainDate) return value.toString();
  if (value instanceof Temporal.Duration) return durationText(value);
  return null;
}

/** A duration as a session file writes it; years and months have no fixed length and stay ISO text. */
function durationText(value: Temporal.Duration): string {
  const days = value.weeks * 7 + value.days;
  const hasOther = value.years !== 0 || value.months !== 0 ||
    value.microseconds !== 0 || value.nanoseconds !== 0;
  if (hasOther) return value.toString();
  const parts: readonly (readonly [number, string])[] = [
    [days, "d"],
    [value.hours, "h"],
    [value.minutes, "m"],
    [value.seconds, "s"],
    [value.milliseconds, "ms"],
  ];
  const text = parts.filter(([count]) => count !== 0)
    .map(([count, unit]) => `${Math.abs(count)}${unit}`).join("");
  return `${value.sign < 0 ? "-" : ""}${text === "" ? "0" : text}`;
}
