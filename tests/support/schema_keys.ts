/**
 * Every key that a session file knows, read off the decoder's own shape.
 *
 * @module
 */

import { makeSchema } from "../../dsl/mod.ts";
import type { Json } from "../../dsl/mod.ts";

/**
 * The keys as the docs name them: `scope.symbols`, `moments[].at`, `prices.NAME.bid`.
 *
 * A session, an account, a hook and a calendar each have a table of their own, so their keys begin
 * anew.
 */
export function schemaKeys(): ReadonlySet<string> {
  const keys = new Set<string>();
  const { $defs: definitions, ...root } = makeSchema();
  collect(root, "", keys);
  for (const definition of Object.values(asObject(definitions ?? null))) {
    collect(definition, "", keys);
  }
  // One or many are written the same way.
  for (const key of keys) {
    if (key.includes("[]") && keys.has(key.replace("[]", ""))) keys.delete(key);
  }
  // A strategy is a hook with a few keys more.
  const hook = new Set<string>();
  collect(asObject(definitions ?? null).hook ?? null, "", hook);
  for (const key of hook) keys.delete(`strategies[].${key}`);
  return keys;
}

function collect(schema: Json, prefix: string, keys: Set<string>): void {
  if (Array.isArray(schema)) {
    schema.forEach((part) => collect(part, prefix, keys));
    return;
  }
  const { properties, items, additionalProperties, ...rest } = asObject(schema);
  for (const [key, value] of Object.entries(asObject(properties ?? null))) {
    keys.add(`${prefix}${key}`);
    // What `defaults` says is said of sessions already.
    if (prefix !== "" || key !== "defaults") {
      collect(value, `${prefix}${key}.`, keys);
    }
  }
  if (items !== undefined) {
    collect(items, prefix.replace(/\.$/, "[]."), keys);
  }
  if (typeof additionalProperties === "object") {
    collect(additionalProperties, `${prefix}NAME.`, keys);
  }
  for (const word of ["anyOf", "allOf", "then", "else"]) {
    const part = rest[word];
    if (part !== undefined) collect(part, prefix, keys);
  }
}

function asObject(value: Json): { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    // The one cast: a list has just been ruled out.
    ? value as { readonly [key: string]: Json }
    : {};
}
