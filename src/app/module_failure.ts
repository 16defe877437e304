/**
 * Why a definition in TypeScript cannot be used, with its place where there is one.
 *
 * @module
 */

import {
  type Issue,
  type IssueCode,
  makeIssue,
  type Source,
} from "../../dsl/mod.ts";
import type { CodePlace, HookThrew } from "../runtime/isolation.ts";
import { pathOfUrl, shownPath } from "./hooks/module_path.ts";
import type { TextPlace } from "./hooks/module_syntax.ts";
import type { ProgramProblem } from "./hooks/read_program.ts";
import type { LoadFailure } from "./loaded_file.ts";

const CODES: Readonly<Record<ProgramProblem["code"], IssueCode>> = {
  "hook/import": "module/import",
  "hook/syntax": "module/syntax",
  "hook/unreadable": "module/unreadable",
};

/** Everything that is wrong with the text of a definition, or of what it imports. */
export function programFailure(
  source: Source,
  folder: string,
  problems: readonly ProgramProblem[],
): LoadFailure {
  const entry = shownPath(source.name, folder);
  return failure(
    source,
    problems.map(({ code, file, place, message }) =>
      issueAt(source, CODES[code], message, {
        // Without a place only the file says what it is about, and the message names that.
        file: file === entry ? null : file,
        place,
      })
    ),
  );
}

/** A definition that threw while it was evaluated, and where. */
export function thrownFailure(
  source: Source,
  folder: string,
  { message, stack }: HookThrew,
): LoadFailure {
  const known = stack.find(({ module }) => module.startsWith("file:"));
  const file = known === undefined ? null : fileOf(known, folder);
  return failure(source, [
    issueAt(source, "module/failed", message, {
      file: file === shownPath(source.name, folder) ? null : file,
      place: known ?? null,
    }),
  ]);
}

/** What stands against the whole of a definition. */
export function moduleFault(name: string, why: string): LoadFailure {
  return {
    name,
    source: null,
    problems: [],
    fault: {
      code: "file/module",
      message: `Cannot use "${name}": ${inDefinition(why)}`,
    },
  };
}

/** What a hook is advised to write is for its session file; a definition has other ways. */
function inDefinition(message: string): string {
  return message
    .replace(
      /: write "import: \[(.+)\]" under its permissions, and "isolation: process"$/,
      ': import it as "npm:$1", and run with --allow-run=deno',
    )
    .replace(/: write "isolation: process"$/, ": run with --allow-run=deno")
    .replace(
      /^Write "isolation: process" for ".*": isolation "vm" cannot give packages$/,
      "it imports npm packages: run with --allow-run=deno",
    );
}

function failure(source: Source, problems: readonly Issue[]): LoadFailure {
  return { name: source.name, source, problems };
}

function fileOf({ module }: CodePlace, folder: string): string {
  return shownPath(pathOfUrl(module), folder);
}

/** A place in another file than the definition's has no caret, and is named in words. */
function issueAt(
  source: Source,
  code: IssueCode,
  advice: string,
  { file, place }: {
    readonly file: string | null;
    readonly place: TextPlace | null;
  },
): Issue {
  const message = inDefinition(advice);
  if (file !== null) {
    const at = place === null ? file : `${file}:${place.line}:${place.column}`;
    const received = message.includes(file) && place === null
      ? message
      : `${message} (${at})`;
    return makeIssue(code, { received });
  }
  const start = place === null ? null : offsetOf(source, place);
  const span = start === null ? null : { start, end: start + 1 };
  return makeIssue(code, { received: message, span });
}

function offsetOf(
  { text, lineStarts }: Source,
  { line, column }: TextPlace,
): number {
  const start = lineStarts[line - 1] ?? text.length;
  return Math.min(start + column - 1, Math.max(text.length - 1, 0));
}
