/**
 * A hook of a file that has been read and checked.
 *
 * @module
 */

import type { HookAction } from "../../domain/definition.ts";
import type { HookProgram } from "../../runtime/isolation.ts";
import type { WantedGrant } from "./hook_grant.ts";

/** A hook that can be run. */
export interface PlannedHook {
  /** The name of its session. */
  readonly session: string;
  /** Which of the session's functions. */
  readonly name: HookAction | "strategy";
  /** Which of the session's strategies; `null` for a hook. */
  readonly strategy: string | null;
  /** Its text, and what it may do by itself. */
  readonly program: HookProgram;
  /** The function in it. */
  readonly handle: string;
  /** What it runs in. */
  readonly isolation: "process" | "vm";
  /** Whether it can run in a process only. */
  readonly needsProcess: boolean;
  /** What it asks for, as the file writes it. */
  readonly wanted: WantedGrant;
  /** The files it consists of, as seen from the current folder. */
  readonly files: readonly string[];
  /** A module's file, as the session file would name it. */
  fileOf(module: string): string;
}

/** What makes a hook what it is, as text: of two that differ in nothing else one will do. */
export function hookText({ program, handle, isolation }: PlannedHook): string {
  const { entry, modules, aliases, grant } = program;
  return JSON.stringify([
    entry,
    [...modules],
    [...aliases],
    grant,
    handle,
    isolation,
  ]);
}
