/**
 * A definition in TypeScript -> what its default export defines.
 *
 * The module runs in this process with this process's permissions, and the user is told so.
 *
 * @module
 */

import {
  durationText,
  type Issue,
  type SessionsDefinition,
} from "../../dsl/mod.ts";
import { SystemClock } from "../adapters/clock/system_clock.ts";
import type { DurationMs } from "../domain/time.ts";
import type { Clock } from "../runtime/ports.ts";
import type { LoadedFile, LoadFailure, ReadFault } from "./loaded_file.ts";
import type { SourceFile } from "./source_file.ts";

/** Whether a path names code and not YAML. */
export function isDefinitionModule(path: string): boolean {
  return /\.m?[jt]s$/.test(path);
}

/** How long a module may take, with everything that it imports from afar. @units milliseconds */
export const MODULE_DEADLINE_MS: DurationMs = 30_000;

/** Evaluates a module and takes what it exports as default. */
export async function loadModule(
  file: SourceFile,
  clock: Clock = new SystemClock(),
): Promise<LoadedFile | LoadFailure> {
  const { name, folder } = file;
  const answer = await evaluate(moduleUrl(name), clock);
  if (answer.kind === "late") {
    const limit = durationText(MODULE_DEADLINE_MS);
    return failure(
      name,
      `it was not evaluated within ${limit}: an "await" outside of every function does not end`,
    );
  }
  if (answer.kind === "exit") {
    return failure(
      name,
      `it ends the program with Deno.exit(${answer.code}) while it is evaluated`,
    );
  }
  if (answer.kind === "error") return whyNot(name, answer.error);
  const { exported } = answer;
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
    files: [name],
    remarks: [
      `${name} is code: it was evaluated with the permissions of this process`,
    ],
  };
}

/** What comes of evaluating a module. */
type Evaluation =
  | { readonly kind: "done"; readonly exported: unknown }
  | { readonly kind: "error"; readonly error: unknown }
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "late" };

/** Evaluates a module; one that would end this program, or wait for ever, is only told of. */
async function evaluate(url: string, clock: Clock): Promise<Evaluation> {
  const exited = Promise.withResolvers<Evaluation>();
  const over = new AbortController();
  const late = clock.sleepUntil(clock.now() + MODULE_DEADLINE_MS, over.signal)
    .then((): Evaluation => ({ kind: "late" }));
  // The module came first.
  late.catch(() => {});
  const { exit } = Deno;
  Deno.exit = (code = 0) => {
    exited.resolve({ kind: "exit", code });
    throw new Error(`Deno.exit(${code}) was called`);
  };
  try {
    return await Promise.race([exited.promise, importDefault(url), late]);
  } finally {
    Deno.exit = exit;
    over.abort();
  }
}

async function importDefault(url: string): Promise<Evaluation> {
  try {
    const module: { readonly default?: unknown } = await import(url);
    return { kind: "done", exported: module.default };
  } catch (error) {
    return { kind: "error", error };
  }
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
  const message = plainText(
    error instanceof Error ? error.message : String(error),
  );
  if (/^Requires \w+ access to /.test(message)) {
    return failure(name, `${message.replace(/, run again.*$/s, "")}`, true);
  }
  return failure(name, message);
}

/** The platform colours its messages even where nobody sees colours. */
function plainText(text: string): string {
  // deno-lint-ignore no-control-regex -- colours are control characters
  return text.replaceAll(/\x1b\[[0-9;]*m/g, "");
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
