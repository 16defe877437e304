/**
 * Which import of a program means which of its modules.
 *
 * @module
 */

import type { SentModule, SentProgram } from "../messages.ts";

/** What an import leads to. */
export type Target =
  | { readonly kind: "module"; readonly module: SentModule }
  | { readonly kind: "package"; readonly name: string }
  | { readonly kind: "builtin"; readonly specifier: string };

/** The modules of one program, and what its imports mean. */
export class ImportRules {
  readonly #modules: ReadonlyMap<string, SentModule>;
  readonly #aliases: ReadonlyMap<string, string>;
  readonly #packages: ReadonlySet<string>;

  /** Takes the modules as they were sent. */
  constructor(program: SentProgram) {
    this.#modules = new Map(
      program.modules.map((module) => [module.specifier, module]),
    );
    this.#aliases = new Map(program.aliases);
    this.#packages = new Set(program.packages.map(packageName));
  }

  /** A module by its whole specifier. */
  module(specifier: string): SentModule | undefined {
    return this.#modules.get(specifier);
  }

  /**
   * What an import in one of the program's modules means.
   *
   * @throws {TypeError} if it means nothing that the program was given
   */
  resolve(specifier: string, from: string): Target {
    const whole = this.#aliases.get(specifier) ?? absolute(specifier, from);
    const module = this.#modules.get(whole);
    if (module !== undefined) return { kind: "module", module };
    const name = packageName(specifier);
    if (this.#packages.has(name)) return { kind: "package", name };
    // What a built-in module does is bounded by the rights of the process.
    if (specifier.startsWith("node:")) return { kind: "builtin", specifier };
    throw new TypeError(
      `Cannot import "${specifier}": it is not among what this code may import`,
    );
  }
}

function absolute(specifier: string, from: string): string {
  return URL.parse(specifier, from)?.href ?? specifier;
}

/** `npm:left-pad@1.3.0/index.js`, `left-pad@1` and `left-pad` all mean `left-pad`. */
export function packageName(specifier: string): string {
  const name = /^(?:npm:\/?)?((?:@[^/@]+\/)?[^/@]+)/.exec(specifier)?.[1];
  return name ?? specifier;
}
