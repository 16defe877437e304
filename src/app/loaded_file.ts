/**
 * What loading a session file gives.
 *
 * @module
 */

import type { Issue, Places, Source } from "../../dsl/mod.ts";
import type { PlannedHook } from "./hooks/planned_hook.ts";
import type { Definition } from "../domain/definition.ts";
import type { ProgramText } from "./hooks/read_program.ts";

/** A session file that can be used. */
export interface LoadedFile {
  /** As the user wrote it; `-` for standard input. */
  readonly name: string;
  /** Where the file's relative paths begin. */
  readonly folder: string;
  readonly definition: Definition;
  /** What its author should look at although it can be used. */
  readonly warnings: readonly Issue[];
  /** The text, for carets; `null` for a definition in TypeScript. */
  readonly source: Source | null;
  /** Where things are written, for messages that come later. */
  readonly places: Places;
  /**
   * The text of a definition in TypeScript, in which its functions are called by their handles;
   * `null` for YAML.
   */
  readonly code: ProgramText | null;
  /** Every file that was read for it, as seen from the current folder. */
  readonly files: readonly string[];
  /** Its hooks, where somebody has read and checked them. */
  readonly hooks?: readonly PlannedHook[];
  /** What the user should know about how it was loaded. */
  readonly remarks: readonly string[];
}

/** A session file that cannot be used. */
export interface LoadFailure {
  readonly name: string;
  readonly source: Source | null;
  /** What is wrong inside; empty where it could not even be read. */
  readonly problems: readonly Issue[];
  /** Why it could not be read. */
  readonly fault?: ReadFault;
}

/** Why a file could not be read. */
export interface ReadFault {
  readonly code: ReadFaultCode;
  readonly message: string;
}

/** The closed list of reasons for which a file cannot be read. */
export type ReadFaultCode =
  | "file/folder"
  | "file/missing"
  | "file/module"
  | "file/no-permission"
  | "file/unreadable";

/** Puts into words why the system does not give a file. */
export function readFault(path: string, error: unknown): ReadFault {
  const what = path === "-" ? "standard input" : `"${path}"`;
  if (error instanceof Deno.errors.NotFound) {
    return {
      code: "file/missing",
      message: `Cannot read ${what}: there is no such file`,
    };
  }
  if (error instanceof Deno.errors.NotCapable) {
    return {
      code: "file/no-permission",
      message: `Cannot read ${what}: run with --allow-read=${path}`,
    };
  }
  if (error instanceof Deno.errors.IsADirectory) {
    return {
      code: "file/folder",
      message: `Cannot read ${what}: it is a folder, and a file is needed`,
    };
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return {
      code: "file/no-permission",
      message: `Cannot read ${what}: the system does not let this user`,
    };
  }
  const why = error instanceof Error ? error.message : String(error);
  return { code: "file/unreadable", message: `Cannot read ${what}: ${why}` };
}
