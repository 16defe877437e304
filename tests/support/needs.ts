/**
 * What a test needs that a machine may not have.
 *
 * A test that is left out says so in its name. Data beside the project may be absent anywhere; a
 * program may be absent on a desk, but not in CI, where the run then fails.
 *
 * @module
 */

import { exists } from "../../tools/project_files.ts";

/** A test's name and whether it is left out; spread it into `Deno.test({...})`. */
export interface Need {
  readonly name: string;
  readonly ignore: boolean;
}

/**
 * A test that reads data beside the project.
 *
 * @example
 * ```ts ignore
 * Deno.test({
 *   ...needsShared("a day over real prices", "data/prices/usdjpy-m1-bid-2013.csv"),
 *   fn: () => {},
 * });
 * ```
 */
export function needsShared(name: string, path: string): Need {
  const ignore = !exists(`../shared/${path}`);
  return { name: ignore ? `${name} (needs ../shared/${path})` : name, ignore };
}

/** A test that starts a program; it asks for the program's version to see whether it is there. */
export function needsProgram(name: string, program: string): Need {
  try {
    new Deno.Command(program, {
      args: ["--version"],
      stdout: "null",
      stderr: "null",
    }).outputSync();
    return { name, ignore: false };
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    return { name: `${name} (needs program ${program})`, ignore: true };
  }
}
