/**
 * Writes `dsl/schema.json`, the JSON Schema of session files, from the decoder's own declaration.
 *
 * @module
 */

import { makeSchema } from "../dsl/mod.ts";

/** Where the schema lies. */
export const SCHEMA_FILE: URL = new URL("../dsl/schema.json", import.meta.url);

/** The schema as the file holds it. */
export function schemaText(): string {
  return `${JSON.stringify(makeSchema(), null, 2)}\n`;
}

if (import.meta.main) Deno.writeTextFileSync(SCHEMA_FILE, schemaText());
