/**
 * `carillon init [FILE]`: a commented file to start from.
 *
 * @module
 */

import { CallError } from "../call_error.ts";
import { type Console, EXIT, type ExitCode } from "../console.ts";
import type { InitArgs } from "../grammar.ts";
import { STARTER } from "../starter.ts";

/** Writes the file, or prints it where it may not be written; never overwrites one. */
export async function initCommand(
  { file }: InitArgs,
  console: Console,
): Promise<ExitCode> {
  if (file === "-") {
    return printStarter(console, "This is a file to start from");
  }
  try {
    await Deno.writeTextFile(file, STARTER, { createNew: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      return printStarter(
        console,
        `Nothing was written: run with --allow-write=${file}, or keep what is printed here as "${file}"`,
      );
    }
    throw whyNot(file, error);
  }
  console.print(`Wrote ${file}. Next: carillon check ${file}`);
  return EXIT.done;
}

function printStarter(console: Console, why: string): ExitCode {
  console.warn(`carillon: ${why}`);
  console.draw(STARTER);
  return EXIT.done;
}

function whyNot(file: string, error: unknown): unknown {
  const say = (why: string) => new CallError(`Cannot write "${file}": ${why}`);
  if (error instanceof Deno.errors.AlreadyExists) {
    return say("it exists already and is not overwritten");
  }
  if (error instanceof Deno.errors.NotFound) {
    return say("its folder does not exist");
  }
  if (error instanceof Deno.errors.IsADirectory) return say("it is a folder");
  if (error instanceof Deno.errors.PermissionDenied) {
    return say("the system does not let this user");
  }
  return error;
}
