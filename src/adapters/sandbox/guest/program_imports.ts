/**
 * Imports of a program in a process: from memory, by name, or not at all.
 *
 * The process may read nothing anyway. This makes relative imports work without that right, and
 * refuses early, in words of ours, what the process would refuse later.
 *
 * @module
 */

import { registerHooks } from "node:module";
import type { SentProgram } from "../messages.ts";
import type { Namespace } from "./export_data.ts";
import { ImportRules } from "./import_rules.ts";

/** Before the name of a package that stands ready. */
const READY = "carillon-package:";

/** The modules of this process. */
export class ProgramImports {
  readonly #packages = new Map<string, Namespace>();
  #packageNames: readonly string[] = [];
  #rules: ImportRules | null = null;

  /** Begins to answer imports. */
  open(): void {
    registerHooks({
      resolve: (specifier, context, next) =>
        this.#resolve(
          specifier,
          context.parentURL,
          () => next(specifier, context),
        ),
      load: (url, context, next) => this.#load(url) ?? next(url, context),
    });
  }

  /** Takes a program. */
  use(program: SentProgram): void {
    this.#rules = new ImportRules(program);
    this.#packageNames = program.packages;
  }

  /** Imports a module of the program, its packages first. */
  async load(entry: string): Promise<Namespace> {
    // A package loads by a computed import only; what imports it by name is given what came of it.
    for (const name of this.#packageNames) {
      const specifier = `npm:${name}`;
      this.#packages.set(
        name.replace(/(?<=.)@.*$/, ""),
        await import(specifier),
      );
    }
    return await import(entry);
  }

  #resolve<T>(specifier: string, from: string | undefined, next: () => T) {
    const rules = this.#rules;
    if (rules === null) return next();
    const own = rules.module(specifier);
    if (own !== undefined) return answer(own.specifier, own.isJson);
    // What a package imports is its own affair, within the rights of the process.
    if (from === undefined || rules.module(from) === undefined) return next();
    const target = rules.resolve(specifier, from);
    switch (target.kind) {
      case "module":
        return answer(target.module.specifier, target.module.isJson);
      case "package":
        return answer(`${READY}${target.name}`, false);
      case "builtin":
        return next();
    }
  }

  #load(url: string) {
    const source = url.startsWith(READY)
      ? this.#packageText(url.slice(READY.length))
      : this.#rules?.module(url)?.text;
    if (source === undefined) return undefined;
    const isJson = this.#rules?.module(url)?.isJson === true;
    const format = isJson ? "json" as const : "module" as const;
    return { format, source, shortCircuit: true };
  }

  /** A module that hands on what a package exports. */
  #packageText(name: string): string {
    const found = this.#packages.get(name) ?? {};
    const key = `carillon.package.${name}`;
    Reflect.set(globalThis, Symbol.for(key), found);
    const lines = Object.keys(found).map((one) =>
      one === "default"
        ? "export default it.default;"
        : /^[\w$]+$/.test(one)
        ? `export const ${one} = it.${one};`
        : ""
    );
    return `const it = globalThis[Symbol.for(${JSON.stringify(key)})];\n${
      lines.join("\n")
    }`;
  }
}

function answer(url: string, isJson: boolean) {
  const format = isJson ? "json" as const : "module" as const;
  return { url, format, shortCircuit: true };
}
