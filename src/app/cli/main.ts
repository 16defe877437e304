/**
 * The program: a call in, an exit code out.
 *
 * @module
 */

import { CarillonError } from "../../domain/error.ts";
import { permissionFault } from "../missing_permission.ts";
import { VERSION } from "../version.ts";
import { CallError } from "./call_error.ts";
import { type Console, type ExitCode, systemConsole } from "./console.ts";
import type { Call } from "./grammar.ts";
import { readCall } from "./read_call.ts";
import { reportFault } from "./report.ts";

/** Does what the words behind the program's name say. */
export async function main(
  words: readonly string[],
  console: Console = systemConsole(),
): Promise<ExitCode> {
  try {
    const read = readCall(words, VERSION, console);
    if (read.kind === "answered") return read.exitCode;
    return await perform(read.call, console);
  } catch (error) {
    if (error instanceof CallError || error instanceof CarillonError) {
      return reportFault(error, { json: words.includes("--json") }, console);
    }
    const forbidden = permissionFault(error);
    if (forbidden === null) throw error;
    return reportFault(forbidden, { json: words.includes("--json") }, console);
  }
}

/** Each command is brought in when it is called, so that none waits for another's adapters. */
async function perform(call: Call, console: Console): Promise<ExitCode> {
  switch (call.command) {
    case "run": {
      const { runCommand } = await import("./commands/run.ts");
      return await runCommand(call.args, console);
    }
    case "check": {
      const { checkCommand } = await import("./commands/check.ts");
      return await checkCommand(call.args, console);
    }
    case "plan": {
      const { planCommand } = await import("./commands/plan.ts");
      return await planCommand(call.args, console);
    }
    case "next": {
      const { nextCommand } = await import("./commands/next.ts");
      return await nextCommand(call.args, console);
    }
    case "flatten": {
      const { flattenCommand } = await import("./commands/flatten.ts");
      return await flattenCommand(call.args, console);
    }
    case "status": {
      const { statusCommand } = await import("./commands/status.ts");
      return await statusCommand(call.args, console);
    }
    case "journal": {
      const { journalCommand } = await import("./commands/journal.ts");
      return await journalCommand(call.args, console);
    }
    case "skip": {
      const { skipCommand } = await import("./commands/control.ts");
      return await skipCommand(call.args, console);
    }
    case "pause": {
      const { pauseCommand } = await import("./commands/control.ts");
      return await pauseCommand(call.args, console);
    }
    case "resume": {
      const { resumeCommand } = await import("./commands/control.ts");
      return await resumeCommand(call.args, console);
    }
    case "drill": {
      const { drillCommand } = await import("./commands/drill.ts");
      return await drillCommand(call.args, console);
    }
    case "permissions": {
      const { permissionsCommand } = await import("./commands/permissions.ts");
      return await permissionsCommand(call.args, console);
    }
    case "init": {
      const { initCommand } = await import("./commands/init.ts");
      return await initCommand(call.args, console);
    }
    case "schema": {
      const { schemaCommand } = await import("./commands/schema.ts");
      return await schemaCommand(call.args, console);
    }
    case "paper": {
      const { paperCommand } = await import("./commands/paper.ts");
      return await paperCommand(call.args, console);
    }
  }
}
