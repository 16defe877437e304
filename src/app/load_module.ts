/**
 * A definition in TypeScript -> what its default export defines.
 *
 * It is evaluated in a sandbox that has nothing, and only data comes back: its functions stay behind
 * and are called by handle.
 *
 * @module
 */

import { durationText, makeSource, readDefinitionData } from "../../dsl/mod.ts";
import { SystemClock } from "../adapters/clock/system_clock.ts";
import { openIsolation } from "../adapters/sandbox/choose_isolation.ts";
import { CarillonError } from "../domain/error.ts";
import type { DurationMs } from "../domain/time.ts";
import type {
  HookOutcome,
  HookProgram,
  Json,
  Limits,
} from "../runtime/isolation.ts";
import type { Clock } from "../runtime/ports.ts";
import {
  readDefinitionProgram,
  readDefinitionText,
  SPEC_KEY,
} from "./definition_program.ts";
import type { ProgramText } from "./hooks/read_program.ts";
import type { LoadedFile, LoadFailure } from "./loaded_file.ts";
import {
  moduleFault,
  programFailure,
  thrownFailure,
} from "./module_failure.ts";
import type { SourceFile } from "./source_file.ts";

/** Whether a path names code and not YAML. */
export function isDefinitionModule(path: string): boolean {
  return /\.m?[jt]s$/.test(path);
}

/** How long a definition may take to be evaluated. @units milliseconds */
export const MODULE_DEADLINE_MS: DurationMs = 10_000;

/** A definition is data: what is larger than any file may be is a mistake. */
const LIMITS: Limits = {
  memoryMb: 128,
  messageBytesMax: 16 * 1_048_576,
  outputBytesMax: 16 * 1_048_576,
  messagesMax: 1_000,
  graceMs: 100,
  callsMax: 1,
};

/** Where everybody's definition is drawn from: one that uses chance is the same every time. */
const SEED = 1;

/** Evaluates a module in a sandbox and takes what it exports as default. */
export async function loadModule(
  file: SourceFile,
  clock: Clock = new SystemClock(),
  timeoutMs: DurationMs = MODULE_DEADLINE_MS,
): Promise<LoadedFile | LoadFailure> {
  const { name, folder } = file;
  const text = new TextDecoder().decode(file.bytes);
  const source = makeSource(name, text);
  const { hasDefault, packages } = readDefinitionText(text);
  if (!hasDefault) {
    const why =
      "it has no default export; write: export default defineSessions({...})";
    return moduleFault(name, why);
  }
  const reading = await readDefinitionProgram(file, packages);
  if (!reading.ok) return programFailure(source, folder, reading.problems);
  const { program } = reading;
  const outcome = await evaluate(
    { ...hookProgram(name, program), ...grantOf(packages) },
    clock,
    timeoutMs,
  );
  if (outcome.kind === "failed") {
    return thrownFailure(source, folder, outcome);
  }
  if (outcome.kind !== "returned") {
    return moduleFault(name, whyNoEnd(outcome, timeoutMs));
  }
  return readExport(file, program, outcome.value);
}

function readExport(
  { name, folder }: SourceFile,
  code: ProgramText,
  value: Json,
): LoadedFile | LoadFailure {
  const spec = specOf(value);
  if (spec === undefined) {
    const why = "its default export was not made by defineSessions()";
    return moduleFault(name, why);
  }
  const reading = readDefinitionData(spec);
  if (!reading.ok) return { name, source: null, problems: reading.issues };
  const { definition, warnings, places } = reading;
  return {
    name,
    folder,
    definition,
    warnings,
    places,
    source: null,
    code,
    files: code.files,
    remarks: [],
  };
}

function specOf(value: Json): Json | undefined {
  const isMarked = typeof value === "object" && value !== null &&
    !Array.isArray(value) && SPEC_KEY in value;
  return isMarked ? value[SPEC_KEY] : undefined;
}

async function evaluate(
  program: HookProgram,
  clock: Clock,
  timeoutMs: DurationMs,
): Promise<HookOutcome> {
  try {
    await using isolation = await openIsolation("auto", clock);
    await using sandbox = await isolation.start(program, LIMITS);
    return await sandbox.evaluate("default", {
      timeoutMs,
      at: clock.now(),
      seed: SEED,
    });
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    return { kind: "crashed", message: error.message };
  }
}

function hookProgram(
  name: string,
  { entry, modules, aliases }: ProgramText,
): Omit<HookProgram, "grant"> {
  return { name, entry, modules, aliases, methods: [] };
}

function grantOf(packages: readonly string[]): Pick<HookProgram, "grant"> {
  return { grant: { net: [], read: [], write: [], env: {}, packages } };
}

function whyNoEnd(
  { kind, message }: Exclude<HookOutcome, { kind: "returned" | "failed" }>,
  timeoutMs: DurationMs,
): string {
  return kind === "timed_out"
    ? `it was not evaluated within ${durationText(timeoutMs)}`
    : message;
}
