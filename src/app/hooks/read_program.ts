/**
 * A path, or code in the file -> a program with all that it imports, or what is wrong with it.
 *
 * Everything is read beforehand and nothing of it runs: what is missing, forbidden or no code at
 * all is known before anything starts.
 *
 * @module
 */

import type { ModuleText } from "../../runtime/isolation.ts";
import { packageName } from "../../adapters/sandbox/guest/import_rules.ts";
import {
  type ModuleImport,
  type ModuleSyntax,
  readModuleSyntax,
  type TextPlace,
} from "./module_syntax.ts";
import {
  fileUrlOf,
  isFile,
  moduleKind,
  pathOfUrl,
  shownPath,
} from "./module_path.ts";

/** What is to be read. */
export type ProgramSource =
  | { readonly kind: "module"; readonly path: string }
  /** Code without a file of its own; it imports as if it lay in the folder. */
  | { readonly kind: "inline"; readonly code: string };

/** How a program may be read. */
export interface ReadOptions {
  /** Where relative paths begin; they are shown from there. */
  readonly folder: string;
  /** npm packages that it may import, `name` or `name@version`. */
  readonly packages?: readonly string[];
  /** Modules that stand for a bare specifier. */
  readonly aliases?: ReadonlyMap<string, ModuleText>;
  /** What stands for a file that an import names, by its address; `null` for the file itself. */
  readonly standIn?: (url: string) => ModuleText | null;
}

/** A program's text, complete. */
export interface ProgramText {
  /** Specifier of the module that is run. */
  readonly entry: string;
  /** By absolute specifier, the entry among them. */
  readonly modules: ReadonlyMap<string, ModuleText>;
  /** Bare specifiers that stand for one of the modules. */
  readonly aliases: ReadonlyMap<string, string>;
  /** What the entry exports, `export *` followed. */
  readonly exports: ReadonlySet<string>;
  /** The files that were read, as seen from the current folder. */
  readonly files: readonly string[];
}

/** What is wrong with a program. */
export interface ProgramProblem {
  /** The rule. */
  readonly code: "hook/unreadable" | "hook/syntax" | "hook/import";
  /** The user's own file, as the session file would name it; `null` for code in that file. */
  readonly file: string | null;
  /** Where in it; `null` for the whole of it. */
  readonly place: TextPlace | null;
  /** What is wrong, as a sentence without its end. */
  readonly message: string;
}

/** A program, or everything that is wrong with it. */
export type ProgramReading =
  | { readonly ok: true; readonly program: ProgramText }
  | { readonly ok: false; readonly problems: readonly ProgramProblem[] };

/** How much a program may hold: what is larger is no hook, but a mistake in a path. */
export const PROGRAM_MODULES_MAX = 256;

/** How long its texts may be together. @units bytes */
export const PROGRAM_BYTES_MAX = 4 * 1_048_576;

/** Reads a program and the closure of its imports. */
export async function readProgram(
  source: ProgramSource,
  options: ReadOptions,
): Promise<ProgramReading> {
  const reader = new ProgramReader(options);
  const entry = await reader.begin(source);
  return reader.finish(entry);
}

interface Found {
  readonly module: ModuleText;
  readonly syntax: ModuleSyntax;
}

/** Where code in the session file lies, as far as its imports can tell. */
const INLINE_NAME = "inline-hook.ts";

/** Before the specifiers of modules that stand for a bare one. */
const ALIAS = "carillon-alias:";

class ProgramReader {
  readonly #options: ReadOptions;
  readonly #found = new Map<string, Found>();
  /** Modules that only lead to another: what `./x` means where `./x.ts` is there. */
  readonly #bridges = new Map<string, string>();
  readonly #waiting: { readonly url: string; readonly path: string }[] = [];
  readonly #problems: ProgramProblem[] = [];
  readonly #packages: ReadonlySet<string>;
  readonly #files: string[] = [];
  #bytes = 0;

  constructor(options: ReadOptions) {
    this.#options = options;
    this.#packages = new Set((options.packages ?? []).map(packageName));
  }

  async begin(source: ProgramSource): Promise<string> {
    const { folder } = this.#options;
    if (source.kind === "inline") {
      const url = fileUrlOf(`${folder}/${INLINE_NAME}`);
      await this.#take(url, null, { text: source.code, kind: "ts" });
      return url;
    }
    const url = fileUrlOf(source.path);
    await this.#read(url, source.path);
    return url;
  }

  async finish(entry: string): Promise<ProgramReading> {
    for (
      let next = this.#waiting.shift();
      next !== undefined;
      next = this.#waiting.shift()
    ) {
      await this.#read(next.url, next.path);
    }
    if (this.#problems.length > 0) {
      return { ok: false, problems: this.#problems };
    }
    const aliases = this.#options.aliases ?? new Map<string, ModuleText>();
    const modules = new Map<string, ModuleText>();
    for (const [url, { module }] of this.#found) modules.set(url, module);
    for (const [url, to] of this.#bridges) {
      modules.set(url, bridgeTo(to, this.#exportsOf(to, new Set())));
    }
    for (const [name, module] of aliases) modules.set(ALIAS + name, module);
    return {
      ok: true,
      program: {
        entry,
        modules,
        aliases: new Map(
          Array.from(aliases.keys(), (name) => [name, ALIAS + name]),
        ),
        exports: this.#exportsOf(entry, new Set()),
        files: this.#files,
      },
    };
  }

  async #read(url: string, path: string): Promise<void> {
    if (this.#found.has(url)) return;
    const file = shownPath(path, this.#options.folder);
    const kind = moduleKind(path);
    const fault = (message: string) =>
      void this.#problems.push({
        code: "hook/unreadable",
        file,
        place: null,
        message,
      });
    if (kind === null) {
      return fault(
        `Cannot use "${file}" as a module: its name must end in .ts, .js or .json`,
      );
    }
    if (this.#found.size >= PROGRAM_MODULES_MAX) {
      return fault(
        `Cannot read "${file}": a program has at most ${PROGRAM_MODULES_MAX} modules`,
      );
    }
    let text: string;
    try {
      text = await Deno.readTextFile(path);
    } catch (error) {
      return fault(whyUnreadable(path, file, error));
    }
    this.#bytes += text.length;
    if (this.#bytes > PROGRAM_BYTES_MAX) {
      return fault(
        `Cannot read "${file}": a program has at most ${PROGRAM_BYTES_MAX} bytes`,
      );
    }
    this.#files.push(path);
    await this.#take(url, path, { text, kind });
  }

  /** Takes a module in, and looks at what it imports. */
  async #take(
    url: string,
    path: string | null,
    module: ModuleText,
  ): Promise<void> {
    const file = path === null ? null : shownPath(path, this.#options.folder);
    const reading = readModuleSyntax(module);
    if (!reading.ok) {
      const { message, place } = reading;
      this.#problems.push({ code: "hook/syntax", file, place, message });
      this.#found.set(url, { module, syntax: { imports: [], exports: [] } });
      return;
    }
    this.#found.set(url, { module, syntax: reading.syntax });
    for (const imported of reading.syntax.imports) {
      await this.#follow(imported, url, file);
    }
  }

  async #follow(
    imported: ModuleImport,
    from: string,
    file: string | null,
  ): Promise<void> {
    const { specifier, place } = imported;
    const refuse = (message: string) =>
      void this.#problems.push({ code: "hook/import", file, place, message });
    if (this.#isKnownByName(specifier)) return;
    if (!isFileSpecifier(specifier)) return refuse(whyForbidden(specifier));
    const url = new URL(specifier, from).href;
    const standIn = this.#options.standIn?.(url) ?? null;
    if (standIn !== null) {
      if (!this.#found.has(url)) await this.#take(url, null, standIn);
      return;
    }
    const target = await this.#locate(url);
    if (target === null) {
      return refuse(`Cannot import "${specifier}": there is no such file`);
    }
    if (moduleKind(target.path) === "json" && !imported.isJson) {
      return refuse(
        `Cannot import "${specifier}" as code: write with { type: "json" } behind it`,
      );
    }
    if (target.url !== url) this.#bridges.set(url, target.url);
    this.#waiting.push(target);
  }

  #isKnownByName(specifier: string): boolean {
    return this.#options.aliases?.has(specifier) === true ||
      this.#packages.has(packageName(specifier)) ||
      specifier.startsWith("node:");
  }

  /** The file that a specifier means: the one it names, or the one that a compiler would take. */
  async #locate(
    url: string,
  ): Promise<{ readonly url: string; readonly path: string } | null> {
    for (const candidate of candidatesOf(url)) {
      const path = pathOfUrl(candidate);
      if (this.#found.has(candidate) || await isFile(path)) {
        return { url: candidate, path };
      }
    }
    return null;
  }

  #exportsOf(url: string, seen: Set<string>): ReadonlySet<string> {
    const names = new Set<string>();
    if (seen.has(url)) return names;
    seen.add(url);
    const to = this.#bridges.get(url) ?? url;
    const syntax = this.#found.get(to)?.syntax;
    for (const name of syntax?.exports ?? []) names.add(name);
    for (const { specifier, isStar } of syntax?.imports ?? []) {
      if (!isStar || !isFileSpecifier(specifier)) continue;
      const inner = this.#exportsOf(new URL(specifier, to).href, seen);
      for (const name of inner) if (name !== "default") names.add(name);
    }
    return names;
  }
}

function isFileSpecifier(specifier: string): boolean {
  return /^\.{0,2}\//.test(specifier) || specifier.startsWith("file:///");
}

/** What `./x` and `./x.js` may mean, in the order in which a compiler looks. */
function candidatesOf(url: string): readonly string[] {
  const asTypeScript = /\.(m?)js$/.test(url)
    ? [url.replace(/\.(m?)js$/, ".$1ts")]
    : [];
  if (moduleKind(url) !== null) return [url, ...asTypeScript];
  return [".ts", ".js", ".json", "/index.ts", "/index.js"].map((end) =>
    `${url.replace(/\/$/, "")}${end}`
  );
}

/** A module that hands on another, so that both names mean one module with one state. */
function bridgeTo(url: string, exports: ReadonlySet<string>): ModuleText {
  const from = JSON.stringify(url);
  if (moduleKind(url) === "json") {
    const text = `export { default } from ${from} with { type: "json" };`;
    return { kind: "js", text };
  }
  const rest = exports.has("default") ? `export { default } from ${from};` : "";
  return { kind: "js", text: `export * from ${from};${rest}` };
}

function whyForbidden(specifier: string): string {
  const named = `Cannot import "${specifier}"`;
  if (/^(?:https?|data|blob|jsr):/.test(specifier)) {
    return `${named}: code comes from files beside the session file, or from npm packages that "import" names`;
  }
  const name = packageName(specifier);
  return `${named}: write "import: [${name}]" under its permissions, and "isolation: process"`;
}

function whyUnreadable(path: string, file: string, error: unknown): string {
  if (error instanceof Deno.errors.NotFound) {
    return `Cannot read "${file}": there is no such file`;
  }
  if (error instanceof Deno.errors.NotCapable) {
    return `Cannot read "${file}": run with --allow-read=${path}`;
  }
  if (error instanceof Deno.errors.IsADirectory) {
    return `Cannot read "${file}": it is a folder, and a module is needed`;
  }
  const why = error instanceof Error ? error.message : String(error);
  return `Cannot read "${file}": ${why}`;
}
