/**
 * What a module imports and exports, by its text alone; nothing of it runs.
 *
 * @module
 */

import { parse } from "acorn";
import { plainModule } from "../../adapters/sandbox/plain_module.ts";
import type { ModuleText } from "../../runtime/isolation.ts";

/** A place in a text; both count from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** One import with a written specifier, static or not. */
export interface ModuleImport {
  readonly specifier: string;
  readonly place: TextPlace;
  /** Whether it says `with { type: "json" }`. */
  readonly isJson: boolean;
  /** Whether it hands on all that the other module exports, without a name for it. */
  readonly isStar: boolean;
}

/** What a module's text says. */
export interface ModuleSyntax {
  readonly imports: readonly ModuleImport[];
  /** The names that it exports itself; those behind `export *` are its imports'. */
  readonly exports: readonly string[];
}

/** What a module's text says, or where it is no module. */
export type SyntaxReading =
  | { readonly ok: true; readonly syntax: ModuleSyntax }
  | {
    readonly ok: false;
    readonly message: string;
    readonly place: TextPlace | null;
  };

/** Reads a module of code; its places are those of the text as it was written. */
export function readModuleSyntax(module: ModuleText): SyntaxReading {
  if (module.kind === "json") return readJsonSyntax(module.text);
  const plain = plainModule("", module);
  if (!plain.ok) {
    const { message, stack: [place = null] } = plain.failure;
    return { ok: false, message: withoutName(message), place };
  }
  const original = ({ line, column }: TextPlace): TextPlace => {
    const place = plain.original({ module: "", line, column });
    return { line: place.line, column: place.column };
  };
  try {
    const tree = parse(plain.text, {
      ecmaVersion: "latest",
      sourceType: "module",
      locations: true,
      allowHashBang: true,
    });
    const imports: ModuleImport[] = [];
    const exports: string[] = [];
    collect(tree, imports, exports);
    return {
      ok: true,
      syntax: {
        imports: imports.map((one) => ({
          ...one,
          place: original(one.place),
        })),
        exports,
      },
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const place = placeOfFault(error);
    return {
      ok: false,
      message: message.replace(/ \(\d+:\d+\)$/, ""),
      place: place === null ? null : original(place),
    };
  }
}

function readJsonSyntax(text: string): SyntaxReading {
  try {
    JSON.parse(text);
    return { ok: true, syntax: { imports: [], exports: ["default"] } };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, message: `It is not JSON: ${message}`, place: null };
  }
}

function withoutName(message: string): string {
  return message.replace(/^SyntaxError: /, "");
}

/** The parser counts columns from 0. */
function placeOfFault(error: unknown): TextPlace | null {
  const at = error instanceof Error ? Reflect.get(error, "loc") : undefined;
  return isPlace(at) ? { line: at.line, column: at.column + 1 } : null;
}

function isPlace(value: unknown): value is TextPlace {
  return typeof value === "object" && value !== null && "line" in value &&
    "column" in value;
}

/** A node of the parser's tree, read as data: what it is called, and what it holds. */
type Tree = Readonly<Record<string, unknown>>;

function collect(
  node: unknown,
  imports: ModuleImport[],
  exports: string[],
): void {
  if (Array.isArray(node)) {
    for (const each of node) collect(each, imports, exports);
    return;
  }
  if (!isTree(node)) return;
  const imported = importOf(node);
  if (imported !== null) imports.push(imported);
  exports.push(...exportsOf(node));
  for (const inner of Object.values(node)) {
    if (typeof inner === "object") collect(inner, imports, exports);
  }
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null;
}

function importOf(node: Tree): ModuleImport | null {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
    case "ImportExpression":
      break;
    default:
      return null;
  }
  const { source } = node;
  if (!isTree(source) || typeof source.value !== "string") return null;
  const start = isTree(source.loc) ? source.loc.start : null;
  const place = isPlace(start) ? start : { line: 1, column: 0 };
  return {
    specifier: source.value,
    place: { line: place.line, column: place.column + 1 },
    // Where a call's second argument is put together, nobody knows before it runs.
    isJson: node.type === "ImportExpression" || saysJson(node.attributes),
    isStar: node.type === "ExportAllDeclaration" && node.exported === null,
  };
}

function saysJson(attributes: unknown): boolean {
  return Array.isArray(attributes) &&
    attributes.some((one: unknown) =>
      isTree(one) && nameOf(one.key) === "type" && isTree(one.value) &&
      one.value.value === "json"
    );
}

function exportsOf(node: Tree): readonly string[] {
  switch (node.type) {
    case "ExportDefaultDeclaration":
      return ["default"];
    case "ExportAllDeclaration":
      return node.exported === null ? [] : [nameOf(node.exported)];
    case "ExportNamedDeclaration":
      return [
        ...declaredNames(node.declaration),
        ...treesIn(node.specifiers).map(({ exported }) => nameOf(exported)),
      ];
    default:
      return [];
  }
}

function declaredNames(declaration: unknown): readonly string[] {
  if (!isTree(declaration)) return [];
  return declaration.type === "VariableDeclaration"
    ? treesIn(declaration.declarations).flatMap(({ id }) => boundNames(id))
    : [nameOf(declaration.id)];
}

/** The names that a pattern binds, as in `[a, { b: c }]`. */
function boundNames(pattern: unknown): readonly string[] {
  if (!isTree(pattern)) return [];
  switch (pattern.type) {
    case "Identifier":
      return [nameOf(pattern)];
    case "ArrayPattern":
      return treesIn(pattern.elements).flatMap(boundNames);
    case "ObjectPattern":
      return treesIn(pattern.properties).flatMap((property) =>
        boundNames(property.type === "RestElement" ? property : property.value)
      );
    case "AssignmentPattern":
      return boundNames(pattern.left);
    case "RestElement":
      return boundNames(pattern.argument);
    default:
      return [];
  }
}

function treesIn(value: unknown): readonly Tree[] {
  return Array.isArray(value) ? value.filter(isTree) : [];
}

/** The text of an identifier, or of the quotes around a name. */
function nameOf(node: unknown): string {
  if (!isTree(node)) return "";
  const { name, value } = node;
  return typeof name === "string" ? name : String(value ?? "");
}
