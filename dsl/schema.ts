/**
 * The JSON Schema of session files, made of the decoder's own shapes.
 *
 * @module
 */

import { FILE } from "./decode.ts";
import type { Json, JsonSchema } from "./shape.ts";

/** The schema as editors take it (draft 2020-12). */
export function makeSchema(): JsonSchema {
  const definitions = new Map<string, Json>();
  const root = lift(FILE.schema, definitions);
  const sorted = [...definitions].sort(([a], [b]) => a < b ? -1 : 1);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A carillon session file",
    ...(isObject(root) ? root : {}),
    $defs: Object.fromEntries(sorted),
  };
}

/** Moves what a `$ref` stands for to the definitions. */
function lift(value: Json, definitions: Map<string, Json>): Json {
  if (isList(value)) return value.map((item) => lift(item, definitions));
  if (!isObject(value)) return value;
  const { $def: definition, ...rest } = value;
  if (definition !== undefined && typeof rest.$ref === "string") {
    const name = rest.$ref.slice("#/$defs/".length);
    if (!definitions.has(name)) {
      // Held before it is filled, so that a shape within itself would end.
      definitions.set(name, true);
      definitions.set(name, lift(definition, definitions));
    }
    return rest;
  }
  return Object.fromEntries(
    Object.entries(rest).map(([key, item]) => [key, lift(item, definitions)]),
  );
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !isList(value);
}
