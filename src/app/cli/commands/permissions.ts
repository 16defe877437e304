/**
 * `carillon permissions FILE`: the smallest flags for `deno run`.
 *
 * @module
 */

import { planHooks } from "../../hooks/plan_hooks.ts";
import { loadFile } from "../../load_file.ts";
import {
  neededPermissions,
  type Permissions,
} from "../../needed_permissions.ts";
import { type Console, EXIT, type ExitCode } from "../console.ts";
import type { PermissionsArgs } from "../grammar.ts";
import { makePaint } from "../paint.ts";
import { programPath } from "../program_path.ts";
import { reportProblems } from "../report.ts";

/** The name of the permission set in `deno.json`. */
const SET_NAME = "carillon";

/** Prints a command to copy; with `--json` also a permission set for `deno.json`. */
export async function permissionsCommand(
  args: PermissionsArgs,
  console: Console,
): Promise<ExitCode> {
  const file = await loadFile(args.file);
  if ("problems" in file) return reportProblems(file, args, console);
  // The smallest flags are those under which everything runs that can do without a process.
  const hooks = await planHooks(
    file,
    (choice) => choice === "auto" ? "process" : choice,
  );
  if (!hooks.ok) return reportProblems(hooks.failure, args, console);
  const needed = neededPermissions(file, hooks.hooks);
  const { required, journal, notes } = needed;
  const flags = flagsOf(required);
  const withJournal = join(required, journal);
  const journalFlags = flagsOf({ ...journal, net: [], env: [], run: [] });
  const command = commandFor(flags, file.name);
  const journalCommand = commandFor(flagsOf(withJournal), file.name);
  if (args.json) {
    console.print(JSON.stringify({
      file: file.name,
      command,
      flags,
      permissions: required,
      journal: { command: journalCommand, flags: journalFlags },
      deno_json: { permissions: { [SET_NAME]: setOf(withJournal) } },
      notes,
    }));
    return EXIT.done;
  }
  const paint = makePaint(console.color);
  console.print(command);
  if (journalFlags.length > 0) {
    console.print("");
    console.print(
      paint.dim(
        "The journal is then in memory: nothing is known after a crash. To have it on disk:",
      ),
    );
    console.print(journalCommand);
  }
  for (const note of notes) console.warn(`carillon: note: ${note}`);
  return EXIT.done;
}

function commandFor(flags: readonly string[], name: string): string {
  const words = ["deno", "run", ...flags, programPath(), name];
  const input = name === "-" ? " < sessions.yaml" : "";
  return `${words.map(quoted).join(" ")}${input}`;
}

/** A list of paths is split at commas, so a path that has one can only be allowed with all others. */
function flagsOf(permissions: Permissions): readonly string[] {
  return Object.entries<readonly string[]>({ ...permissions }).flatMap(
    ([kind, values]) => {
      if (values.length === 0) return [];
      const isList = values.every((value) => !value.includes(","));
      return [`--allow-${kind}${isList ? `=${values.join(",")}` : ""}`];
    },
  );
}

function join(
  one: Permissions,
  other: Pick<Permissions, "read" | "write">,
): Permissions {
  return {
    ...one,
    read: [...one.read, ...other.read],
    write: [...one.write, ...other.write],
  };
}

/** The kinds that are needed at all, as `deno.json` writes them. */
function setOf(permissions: Permissions): object {
  return Object.fromEntries(
    Object.entries<readonly string[]>({ ...permissions }).filter(([, values]) =>
      values.length > 0
    ),
  );
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}
