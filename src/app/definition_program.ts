/**
 * A definition in TypeScript -> its text with all that it imports, none of it evaluated.
 *
 * @module
 */

import type { ModuleText } from "../runtime/isolation.ts";
import { readModuleSyntax } from "./hooks/module_syntax.ts";
import { type ProgramReading, readProgram } from "./hooks/read_program.ts";
import type { SourceFile } from "./source_file.ts";

/** The key under which a definition holds what `defineSessions()` was given. */
export const SPEC_KEY = "$sessions";

/**
 * What a definition sees of this library: `defineSessions()` marks what it is given.
 *
 * What it says is understood on this side of the border, by the same decoder as a file's.
 */
const LIBRARY: ModuleText = {
  kind: "js",
  text: `export function defineSessions(spec) {
  return { ${SPEC_KEY}: spec };
}
`,
};

/** The name of the package, and how it is written by where it comes from. */
const LIBRARY_NAMES = ["", "jsr:", "npm:"].flatMap((from) =>
  ["@carillon/carillon", "carillon"].map((name) => `${from}${name}`)
);

/** Modules of this library that a definition may import by path. */
const LIBRARY_URLS = new Set(
  ["../../mod.ts", "../../dsl/mod.ts", "../../dsl/define_sessions.ts"]
    .map((path) => new URL(path, import.meta.url).href),
);

/** What the text of a definition says by itself. */
export interface DefinitionText {
  /** Whether there is anything to evaluate it for; also where it is no module at all. */
  readonly hasDefault: boolean;
  /** npm packages are imported by what the definition itself names: `npm:date-fns@4`. */
  readonly packages: readonly string[];
}

/** Looks at a definition's own text. */
export function readDefinitionText(text: string): DefinitionText {
  const reading = readModuleSyntax({ kind: "ts", text });
  // What is wrong is told, with its place, by whoever reads all of it.
  if (!reading.ok) return { hasDefault: true, packages: [] };
  const { imports, exports } = reading.syntax;
  const packages = imports.flatMap(({ specifier }) =>
    LIBRARY_NAMES.includes(specifier) ? [] : NPM.exec(specifier)?.[1] ?? []
  );
  return {
    hasDefault: exports.includes("default"),
    packages: [...new Set(packages)],
  };
}

const NPM = /^npm:\/?((?:@[^/@]+\/)?[^/@]+(?:@[^/]+)?)/;

/** Reads a definition and everything that it imports by path. */
export async function readDefinitionProgram(
  { name, folder }: Pick<SourceFile, "name" | "folder">,
  packages: readonly string[],
): Promise<ProgramReading> {
  return await readProgram({ kind: "module", path: name }, {
    folder,
    packages,
    aliases: new Map(LIBRARY_NAMES.map((alias) => [alias, LIBRARY])),
    standIn: (url) => LIBRARY_URLS.has(url) ? LIBRARY : null,
  });
}
