/**
 * The located tree that both doors (YAML, TypeScript) lead to.
 *
 * @module
 */

import type { Span } from "./span.ts";

/** A value as written, with its place. */
export type Node =
  | ScalarNode
  | SequenceNode
  | MappingNode
  | FunctionNode
  | BrokenNode;

/** What every node knows about its place. */
export interface NodeBase {
  /** `null` for the whole file. */
  readonly path: Path | null;
  /** `null` where there is no text. */
  readonly span: Span | null;
}

/** Text, not yet given a meaning. */
export interface ScalarNode extends NodeBase {
  readonly kind: "scalar";
  readonly text: string;
  /** Written without quotes, so that `null`, `true` and `8` may mean more than text. */
  readonly isPlain: boolean;
}

/** A list. */
export interface SequenceNode extends NodeBase {
  readonly kind: "sequence";
  readonly items: readonly Node[];
}

/** Keys with their values, in the order written, each key once. */
export interface MappingNode extends NodeBase {
  readonly kind: "mapping";
  readonly entries: readonly Entry[];
}

/** One key of a mapping. */
export interface Entry {
  readonly key: string;
  readonly keySpan: Span | null;
  readonly value: Node;
}

/** A function in place of a module path; only TypeScript has these. */
export interface FunctionNode extends NodeBase {
  readonly kind: "function";
  readonly handle: string;
}

/** Something already reported; whoever meets it stays silent. */
export interface BrokenNode extends NodeBase {
  readonly kind: "broken";
}

/** The way from the root to a value. */
export interface Path {
  readonly parent: Path | null;
  readonly key: string | number;
}

/** A path as people write it: `sessions[0].on_end`. */
export function pathText(path: Path | null): string {
  if (path === null) return "";
  const before = pathText(path.parent);
  if (typeof path.key === "number") return `${before}[${path.key}]`;
  if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(path.key)) {
    return `${before}[${JSON.stringify(path.key)}]`;
  }
  return before === "" ? path.key : `${before}.${path.key}`;
}

/** Whether a node says "nothing": `null`, `~`, or no value at all. */
export function isNull(node: Node): boolean {
  return node.kind === "scalar" && node.isPlain &&
    /^(?:|~|null)$/.test(node.text);
}

/** The node of a mapping's key; `null` where the mapping does not have it. */
export function entryOf(node: Node, key: string): Entry | null {
  if (node.kind !== "mapping") return null;
  return node.entries.find((entry) => entry.key === key) ?? null;
}

/** What is written at a node, in a few words for a message. */
export function describe(node: Node): string {
  switch (node.kind) {
    case "scalar":
      return isNull(node) ? "nothing" : quote(node.text);
    case "sequence":
      return node.items.length === 0 ? "an empty list" : "a list";
    case "mapping":
      return "a mapping";
    case "function":
      return "a function";
    case "broken":
      return "something unreadable";
  }
}

const QUOTED_LENGTH_MAX = 60;

/** Text in quotes, shortened, with control characters made visible. */
export function quote(text: string): string {
  const points = [...text];
  const short = points.length > QUOTED_LENGTH_MAX
    ? points.slice(0, QUOTED_LENGTH_MAX - 1).join("") + "…"
    : text;
  return `"${short.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, escape)}"`;
}

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === "\n") return "\\n";
  if (character === "\t") return "\\t";
  return `\\u{${code.toString(16)}}`;
}
