/**
 * What a value may look like: read, checked and described for editors by the same declaration.
 *
 * @module
 */

import type { IssueLog } from "./issue_log.ts";
import {
  type Entry,
  isNull,
  type MappingNode,
  type Node,
  quote,
} from "./node.ts";
import { nearestWord } from "./suggest.ts";

/** A value of JSON. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** A JSON Schema, or a part of one. */
export type JsonSchema = { readonly [key: string]: Json };

/** Which door a value came through; YAML writes `on_end`, TypeScript `onEnd`. */
export type Door = "yaml" | "typescript";

/** What decoders share. */
export interface Decoding {
  readonly log: IssueLog;
  readonly door: Door;
  /** Zone names already looked up, with how they are properly written; `null` for unknown ones. */
  readonly zones: Map<string, string | null>;
}

/** Reads one kind of value and describes it. */
export interface Shape<out T> {
  readonly schema: JsonSchema;
  /** The value; `undefined` where it is wrong, which has then been reported. */
  read(node: Node, context: Decoding): T | undefined;
}

/** A key of a mapping. */
export interface Field<out T> {
  readonly doc: string;
  readonly shape: Shape<T>;
  readonly isRequired: boolean;
}

/** The keys of a mapping, by their camelCase names. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** A value with its place. */
export interface Located<out T> {
  readonly value: T;
  readonly node: Node;
}

/** The values of a mapping's keys; a key that is absent or wrong is missing. */
export type Values<F extends Fields> = {
  readonly [K in keyof F]?: Located<
    F[K] extends Field<infer T> ? T : never
  >;
};

/** A mapping as written. */
export interface Mapped<F extends Fields> {
  readonly node: Node;
  readonly keys: Values<F>;
  /** Whether all of it could be read; cross-checks on half a mapping would only mislead. */
  readonly isSound: boolean;
}

/** A key that may be left out. */
export function optional<T>(doc: string, shape: Shape<T>): Field<T> {
  return { doc, shape, isRequired: false };
}

/** A key that must be there. */
export function required<T>(doc: string, shape: Shape<T>): Field<T> {
  return { doc, shape, isRequired: true };
}

/** The same, or nothing: `null`, `~`, or a key without a value. */
export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return {
    schema: { anyOf: [shape.schema, { type: "null" }] },
    read: (node, context) => isNull(node) ? null : shape.read(node, context),
  };
}

/** A shape under a name of its own in the schema. */
export function named<T>(name: string, shape: Shape<T>): Shape<T> {
  return {
    schema: { $ref: `#/$defs/${name}`, $def: shape.schema },
    read: (node, context) => shape.read(node, context),
  };
}

/** A list. */
export function listOf<T>(
  item: Shape<T>,
  expected: string,
): Shape<readonly Located<T>[]> {
  return {
    schema: { type: "array", items: item.schema },
    read(node, context) {
      if (node.kind === "broken") return undefined;
      if (node.kind !== "sequence") {
        context.log.at(node, isNull(node) ? "value/empty" : "value/form", {
          expected,
        });
        return undefined;
      }
      return readItems(node.items, item, context);
    },
  };
}

/** One value, or a list of them. */
export function oneOrMany<T>(item: Shape<T>): Shape<readonly Located<T>[]> {
  return {
    schema: {
      anyOf: [item.schema, { type: "array", items: item.schema }],
    },
    read(node, context) {
      const items = node.kind === "sequence" ? node.items : [node];
      return readItems(items, item, context);
    },
  };
}

function readItems<T>(
  nodes: readonly Node[],
  item: Shape<T>,
  context: Decoding,
): readonly Located<T>[] | undefined {
  const items: Located<T>[] = [];
  for (const node of nodes) {
    const value = item.read(node, context);
    if (value !== undefined) items.push({ value, node });
  }
  return items.length === nodes.length ? items : undefined;
}

/** A mapping whose keys the user names. */
export function recordOf<T>(
  expected: string,
  checkKey: (entry: Entry, context: Decoding) => boolean,
  value: Shape<T>,
  keySchema: JsonSchema,
): Shape<ReadonlyMap<string, Located<T>>> {
  return {
    schema: {
      type: "object",
      propertyNames: keySchema,
      additionalProperties: value.schema,
    },
    read(node, context) {
      if (!isMapping(node, expected, context)) return undefined;
      const values = new Map<string, Located<T>>();
      for (const entry of node.entries) {
        const isGood = checkKey(entry, context);
        const read = value.read(entry.value, context);
        if (isGood && read !== undefined) {
          values.set(entry.key, { value: read, node: entry.value });
        }
      }
      return values.size === node.entries.length ? values : undefined;
    },
  };
}

/** Whether a node is a mapping; says so where it is not. */
export function isMapping(
  node: Node,
  expected: string,
  context: Decoding,
): node is MappingNode {
  if (node.kind === "mapping") return true;
  if (node.kind !== "broken") {
    context.log.at(node, isNull(node) ? "value/empty" : "value/form", {
      expected,
    });
  }
  return false;
}

/** A mapping with known keys; any other key is an error. */
export function mapping<const F extends Fields>(
  expected: string,
  fields: F,
): Shape<Mapped<F>> {
  const words = {
    yaml: new Map(Object.keys(fields).map((key) => [snakeCase(key), key])),
    typescript: new Map(Object.keys(fields).map((key) => [key, key])),
  };
  return {
    schema: fieldsSchema(fields),
    read(node, context) {
      if (!isMapping(node, expected, context)) return undefined;
      return readFields(node, fields, words[context.door], context);
    },
  };
}

function readFields<F extends Fields>(
  node: MappingNode,
  fields: F,
  words: ReadonlyMap<string, string>,
  context: Decoding,
): Mapped<F> {
  const before = context.log.errorCount;
  const keys: Record<string, Located<unknown>> = {};
  for (const entry of node.entries) {
    const key = words.get(entry.key);
    const field = key === undefined ? undefined : fields[key];
    if (key === undefined || field === undefined) {
      reportUnknownKey(entry, words, context);
      continue;
    }
    const value = field.shape.read(entry.value, context);
    if (value !== undefined) keys[key] = { value, node: entry.value };
    else context.log.countAgain();
  }
  for (const [word, key] of words) {
    if (!fields[key]?.isRequired) continue;
    if (node.entries.some((entry) => entry.key === word)) continue;
    context.log.at(node, "file/missing-key", {
      expected: `the key ${quote(word)}`,
      received: null,
    });
  }
  const isSound = context.log.errorCount === before;
  // The one cast: every key was read by its own field's shape.
  return { node, keys: keys as Values<F>, isSound };
}

/** Words from elsewhere for what a session file calls otherwise. */
const SYNONYMS: Readonly<Record<string, string>> = {
  begin: "start",
  close: "end",
  exclude: "except",
  finish: "end",
  on_begin: "on_start",
  on_close: "on_end",
  on_finish: "on_end",
  on_open: "on_start",
  open: "start",
  stop: "end",
  tz: "timezone",
  weekdays: "days",
  zone: "timezone",
};

const LISTED_WORDS_MAX = 12;

/** Reports a key that nothing knows, with the nearest that is known. */
export function reportUnknownKey(
  entry: Entry,
  words: ReadonlyMap<string, string>,
  context: Decoding,
): void {
  const known = [...words.keys()];
  const synonym = SYNONYMS[snakeCase(entry.key)] ?? "";
  const meant = known.find((word) => snakeCase(word) === synonym);
  const isMerge = entry.key === "<<";
  const place = { path: entry.value.path, span: entry.keySpan };
  context.log.place(place, "file/unknown-key", {
    received: quote(entry.key),
    expected: known.length <= LISTED_WORDS_MAX
      ? `one of ${known.join(", ")}`
      : null,
    nearest: isMerge ? null : nearestWord(entry.key, known) ?? meant ?? null,
    hint: isMerge
      ? 'merge keys are not YAML 1.2; put what is shared under "defaults"'
      : null,
  });
}

/** The schema of a mapping with known keys, written as YAML writes them. */
export function fieldsSchema(fields: Fields): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const needed: string[] = [];
  for (const [key, field] of Object.entries(fields)) {
    properties[snakeCase(key)] = {
      description: field.doc,
      ...field.shape.schema,
    };
    if (field.isRequired) needed.push(snakeCase(key));
  }
  return {
    type: "object",
    properties,
    ...(needed.length > 0 ? { required: needed } : {}),
    additionalProperties: false,
  };
}

/** How YAML writes a TypeScript name. */
export function snakeCase(name: string): string {
  return name.replaceAll(
    /[A-Z]/g,
    (letter) => `_${letter.toLowerCase()}`,
  );
}

/** How the door in use writes a key. */
export function keyWord(key: string, door: Door): string {
  return door === "yaml" ? snakeCase(key) : key;
}

/** One of several forms, told apart by what kind of node is there. */
export function scalarOr<S, M>(
  scalar: Shape<S>,
  other: Shape<M>,
): Shape<S | M> {
  return {
    schema: { anyOf: [scalar.schema, other.schema] },
    read: (node, context) =>
      node.kind === "scalar" && !isNull(node)
        ? scalar.read(node, context)
        : other.read(node, context),
  };
}

/** Just the values. */
export function plain<T>(items: readonly Located<T>[]): readonly T[] {
  return items.map((item) => item.value);
}
