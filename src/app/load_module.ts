/**
 * A definition in TypeScript -> what its default export defines.
 *
 * The module runs in this process with this process's permissions, and the user is told so.
 *
 * @module
 */

import type { Issue, SessionsDefinition } from "../../dsl/mod.ts";
import type { LoadedFile, LoadFailure, ReadFault } from "./loaded_file.ts";
import type { SourceFile } from "./source_file.ts";

/** Whether a path names code and not YAML. */
export function isDefinitionModule(path: string): boolean {
  return /\.m?[jt]s$/.test(path);
}

/** Evaluates a module and takes what it exports as default. */
export async function loadModule(
  file: SourceFile,
): Promise<LoadedFile | LoadFailure> {
  const { name, folder } = file;
  let exported: unknown;
  try {
    const module: { readonly default?: unknown } = await import(
      moduleUrl(name)
    );
    exported = module.default;
  } catch (error) {
    return whyNot(name, error);
  }
  if (!isSessionsDefinition(exported)) {
    return failure(
      name,
      exported === undefined
        ? "it has no default export; write: export default defineSessions({...})"
        : "its default export was not made by defineSessions()",
    );
  }
  const { definition, warnings, places, functions } = exported;
  return {
    name,
    folder,
    definition,
    warnings,
    places,
    functions,
    source: null,
    remarks: [
      `${name} is code: it was evaluated with the permissions of this process`,
    ],
  };
}

function moduleUrl(path: string): string {
  const base = `file://${Deno.cwd().replaceAll("\\", "/")}/`;
  const isDrive = /^[A-Za-z]:[\\/]/.test(path);
  // What means something in an address is only a letter in a path.
  const encoded = path.replaceAll("\\", "/")
    .replaceAll(/[%?#]/g, encodeURIComponent);
  return new URL(isDrive ? `/${encoded}` : encoded, base).href;
}

/** A definition is known by its form: it may come from another copy of this library. */
function isSessionsDefinition(value: unknown): value is SessionsDefinition {
  return typeof value === "object" && value !== null &&
    "definition" in value && "places" in value && "warnings" in value &&
    "functions" in value && value.functions instanceof Map;
}

function whyNot(name: string, error: unknown): LoadFailure {
  const problems = issuesOf(error);
  if (problems !== null) return { name, source: null, problems };
  const message = error instanceof Error ? error.message : String(error);
  if (/^Requires \w+ access to /.test(message)) {
    return failure(name, `${message.replace(/, run again.*$/s, "")}`, true);
  }
  return failure(name, message);
}

/** The problems that `defineSessions()` found; `null` where something else went wrong. */
function issuesOf(error: unknown): readonly Issue[] | null {
  const isInvalid = error instanceof Error && "code" in error &&
    error.code === "dsl/invalid" && "details" in error;
  if (!isInvalid) return null;
  const { details } = error;
  const issues = typeof details === "object" && details !== null &&
      "issues" in details
    ? details.issues
    : null;
  // The one cast: who throws this code says what it holds.
  return Array.isArray(issues) ? issues as readonly Issue[] : null;
}

function failure(
  name: string,
  why: string,
  isForbidden = false,
): LoadFailure {
  const fault: ReadFault = {
    code: isForbidden ? "file/no-permission" : "file/module",
    message: `Cannot use "${name}": ${why}`,
  };
  return { name, source: null, problems: [], fault };
}
