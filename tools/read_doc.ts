/**
 * What `deno doc --json` says of files, as far as the checks need it.
 *
 * @module
 */

import { askDeno } from "./project_files.ts";

/** One exported name. */
export interface DocSymbol {
  readonly name: string;
  /** More than one for overloads, and for a type and a value of one name. */
  readonly declarations: readonly DocDeclaration[];
}

/** One declaration behind an exported name. */
export interface DocDeclaration {
  readonly kind: string;
  /** `private` for what an exported name only refers to. */
  readonly declarationKind: string;
  readonly location: { readonly filename: string; readonly line: number };
  readonly jsDoc?: { readonly doc?: string };
  readonly def?: unknown;
}

interface DocAnswer {
  readonly nodes: Readonly<
    Record<string, { readonly symbols?: readonly DocSymbol[] }>
  >;
}

/**
 * Reads the exported names of files.
 *
 * @throws {Error} if `deno doc` fails
 */
export async function readDoc(
  paths: readonly string[],
): Promise<readonly DocSymbol[]> {
  if (paths.length === 0) return [];
  const answer = await askDeno(["doc", "--json", "--no-lock", ...paths]);
  return Object.values((answer as DocAnswer).nodes)
    .flatMap((file) => file.symbols ?? [])
    .filter((one) =>
      one.declarations.some((d) => d.declarationKind !== "private")
    );
}
