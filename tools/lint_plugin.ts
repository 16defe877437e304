/**
 * House rules that show while one types: no ambient time, no printing below the app, names spelled
 * out.
 *
 * A rule can be left out for one line with `// deno-lint-ignore carillon/<rule> -- <reason>`; the
 * tidy test refuses one without a reason.
 *
 * @module
 */

const ROOT = decodeURIComponent(new URL("../", import.meta.url).pathname);

/** Names that read a clock, set a timer or draw a random number, by the object they hang on. */
const AMBIENT_MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["AbortSignal", ["timeout"]],
  ["Atomics", ["wait", "waitAsync"]],
  ["Date", ["now"]],
  ["Math", ["random"]],
  ["Temporal", ["Now"]],
  ["crypto", ["getRandomValues", "randomUUID"]],
  ["performance", ["now", "timeOrigin", "timeStamp"]],
]);

/** Globals that do the same by themselves. */
const AMBIENT_GLOBALS: readonly string[] = [
  "setImmediate",
  "setInterval",
  "setTimeout",
];

/** Modules through which the same things come in; `null` means the whole module. */
const AMBIENT_MODULES: ReadonlyMap<string, readonly string[] | null> = new Map<
  string,
  readonly string[] | null
>([
  ["node:crypto", [
    "getRandomValues",
    "randomBytes",
    "randomFill",
    "randomInt",
    "randomUUID",
    "webcrypto",
  ]],
  ["node:perf_hooks", null],
  ["node:timers", null],
  ["node:timers/promises", null],
]);

type Context = Deno.lint.RuleContext;
type Node = Deno.lint.Node;

/** The file's path inside the project, with forward slashes. */
function pathOf(context: Context): string {
  const path = context.filename.replaceAll("\\", "/");
  return path.startsWith(ROOT) ? path.slice(ROOT.length) : path;
}

/** Whether the file ships: the library and what it stands on. */
function ships(path: string): boolean {
  return path === "mod.ts" || path.startsWith("src/") ||
    path.startsWith("dsl/");
}

/** Whether the file may print: the app, tools, benchmarks, examples and tests. */
function mayPrint(path: string): boolean {
  return !ships(path) || path.startsWith("src/app/");
}

/** The name of an identifier, also behind `globalThis.`. */
function globalName(node: Node): string | null {
  if (node.type === "Identifier") return node.name;
  if (
    node.type === "MemberExpression" && node.object.type === "Identifier" &&
    node.object.name === "globalThis"
  ) {
    return memberName(node);
  }
  return null;
}

/** The property a member expression asks for, written with a dot or as a string. */
function memberName(node: Deno.lint.MemberExpression): string | null {
  const property: Node = node.property;
  if (!node.computed && property.type === "Identifier") return property.name;
  if (property.type === "Literal" && typeof property.value === "string") {
    return property.value;
  }
  return null;
}

/** Whether an identifier is only a key, a declaration of a member or a property after a dot. */
function isKey(node: Deno.lint.Identifier): boolean {
  const parent: Node = node.parent;
  switch (parent.type) {
    case "MemberExpression":
      return parent.property === node && !parent.computed;
    case "Property":
      return parent.key === node && !parent.computed && !parent.shorthand;
    case "PropertyDefinition":
    case "MethodDefinition":
    case "TSPropertySignature":
    case "TSMethodSignature":
      return parent.key === node;
    default:
      return false;
  }
}

function timeVisitor(context: Context): Deno.lint.LintVisitor {
  const report = (node: Node, what: string) =>
    context.report({
      node,
      message: `"${what}" is time or chance from nowhere`,
      hint:
        "Take it from the Clock or Random port, or as an argument. ADR 0001",
    });
  return {
    MemberExpression(node) {
      const object = globalName(node.object);
      const member = memberName(node);
      if (object === null || member === null) return;
      if (AMBIENT_MEMBERS.get(object)?.includes(member)) {
        report(node, `${object}.${member}`);
      } else if (
        object === "globalThis" && AMBIENT_GLOBALS.includes(member)
      ) {
        report(node, member);
      }
    },
    Identifier(node) {
      if (AMBIENT_GLOBALS.includes(node.name) && !isKey(node)) {
        report(node, node.name);
      }
    },
    NewExpression(node) {
      if (globalName(node.callee) === "Date" && node.arguments.length === 0) {
        report(node, "new Date()");
      }
    },
    CallExpression(node) {
      if (globalName(node.callee) === "Date") report(node, "Date()");
    },
    VariableDeclarator(node) {
      if (node.init === null || node.id.type !== "ObjectPattern") return;
      const object = globalName(node.init) ?? "";
      const banned = object === "globalThis"
        ? AMBIENT_GLOBALS
        : AMBIENT_MEMBERS.get(object) ?? [];
      for (const property of node.id.properties) {
        if (
          property.type === "Property" && property.key.type === "Identifier" &&
          banned.includes(property.key.name)
        ) {
          report(property, `${object}.${property.key.name}`);
        }
      }
    },
    ImportDeclaration(node) {
      if (node.importKind === "type") return;
      const banned = AMBIENT_MODULES.get(node.source.value);
      if (banned === undefined) return;
      if (banned === null) return report(node, node.source.value);
      for (const name of node.specifiers) {
        if (
          name.type === "ImportSpecifier" &&
          name.imported.type === "Identifier" &&
          banned.includes(name.imported.name)
        ) {
          report(name, `${node.source.value} ${name.imported.name}`);
        }
      }
    },
  };
}

/** The exported function, or the method of an exported class, whose own body a node stands in. */
function exportedAround(ancestors: readonly Node[]): Node | null {
  const at = ancestors.findLastIndex((node) =>
    node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression"
  );
  const above = (steps: number) => ancestors[at - steps] ?? null;
  if (ancestors[at]?.type === "FunctionDeclaration") {
    const parent = above(1);
    return parent?.type === "ExportNamedDeclaration" ? parent : null;
  }
  const method = above(1);
  if (method?.type !== "MethodDefinition") return null;
  if (method.accessibility === "private") return null;
  const key: Node = method.key;
  if (key.type === "PrivateIdentifier") return null;
  // Between the method and the export stand the class body and the class.
  return above(4)?.type === "ExportNamedDeclaration" ? method : null;
}

/** The plugin, named in `deno.json`. */
const plugin: Deno.lint.Plugin = {
  name: "carillon",
  rules: {
    "no-ambient-time": {
      create(context) {
        const path = pathOf(context);
        if (!ships(path) || path.startsWith("src/adapters/clock/")) return {};
        return timeVisitor(context);
      },
    },
    "no-sleep": {
      create(context) {
        if (!pathOf(context).startsWith("tests/")) return {};
        return {
          CallExpression(node) {
            const name = globalName(node.callee);
            if (name === null || !AMBIENT_GLOBALS.includes(name)) return;
            context.report({
              node,
              message: `A test does not wait by "${name}"`,
              hint: "Wait for the event itself, or drive a virtual clock",
            });
          },
          ImportDeclaration(node) {
            if (!node.source.value.startsWith("node:timers")) return;
            context.report({
              node,
              message: `A test does not wait by "${node.source.value}"`,
              hint: "Wait for the event itself, or drive a virtual clock",
            });
          },
        };
      },
    },
    "no-console": {
      create(context) {
        if (mayPrint(pathOf(context))) return {};
        return {
          MemberExpression(node) {
            const printsBy = globalName(node.object);
            const member = memberName(node);
            const prints = printsBy === "console" ||
              (printsBy === "Deno" &&
                (member === "stdout" || member === "stderr"));
            if (!prints) return;
            context.report({
              node,
              message: "Nothing below src/app prints",
              hint: "Tell it as a notice, or throw",
            });
          },
        };
      },
    },
    "no-export-all": {
      create(context) {
        return {
          ExportAllDeclaration(node) {
            context.report({
              node,
              message: "Exported names are spelled out, one by one",
              hint: "Write export { name } from ...",
            });
          },
        };
      },
    },
    "no-default-export": {
      create(context) {
        const path = pathOf(context);
        // A lint plugin and a session file are default exports by contract.
        if (!ships(path)) return {};
        return {
          ExportDefaultDeclaration(node) {
            context.report({
              node,
              message: "An export has a name",
              hint: "Write export function name() or export { name }",
            });
          },
        };
      },
    },
    "no-arrow-export": {
      create(context) {
        return {
          ExportNamedDeclaration(node) {
            if (node.declaration?.type !== "VariableDeclaration") return;
            for (const declared of node.declaration.declarations) {
              if (declared.init?.type !== "ArrowFunctionExpression") continue;
              context.report({
                node: declared,
                message: "An exported function is a declaration, not an arrow",
                hint: "Write export function name()",
              });
            }
          },
        };
      },
    },
    "no-enum": {
      create(context) {
        return {
          TSEnumDeclaration(node) {
            context.report({
              node,
              message: "An enum cannot be stripped, and its numbers lie",
              hint: "Write a union of string literals or an object as const",
            });
          },
        };
      },
    },
    "no-non-null": {
      create(context) {
        if (!ships(pathOf(context))) return {};
        return {
          TSNonNullExpression(node) {
            context.report({
              node,
              message: "What may be absent is looked at, not asserted away",
              hint: "Branch on it, or use invariant()",
            });
          },
        };
      },
    },
    "throws-documented": {
      create(context) {
        if (!ships(pathOf(context))) return {};
        return {
          ThrowStatement(node) {
            const thrown = node.argument;
            if (
              thrown.type !== "NewExpression" ||
              globalName(thrown.callee) !== "CarillonError"
            ) return;
            const ancestors = context.sourceCode.getAncestors(node);
            const owner = exportedAround(ancestors);
            if (owner === null) return;
            const comments = context.sourceCode.getCommentsBefore(owner);
            if (comments.some((comment) => comment.value.includes("@throws"))) {
              return;
            }
            context.report({
              node,
              message: "What an exported function throws is in its docs",
              hint: 'Write @throws {CarillonError} "the/code" when ...',
            });
          },
        };
      },
    },
  },
};

export default plugin;
