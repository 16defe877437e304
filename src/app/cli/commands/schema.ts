/**
 * `carillon schema`: the JSON Schema of session files.
 *
 * @module
 */

import { makeSchema } from "../../../../dsl/mod.ts";
import { type Console, EXIT, type ExitCode } from "../console.ts";

/** Prints the schema for editors. */
export function schemaCommand(
  _args: object,
  console: Console,
): Promise<ExitCode> {
  console.print(JSON.stringify(makeSchema(), null, 2));
  return Promise.resolve(EXIT.done);
}
