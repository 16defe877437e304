/**
 * Says which import goes the wrong way, brings in a package where it does not belong, or closes a
 * circle.
 *
 * @module
 */

import { askDeno, ROOT, sourceFiles } from "./project_files.ts";

/** One import as it stands in a file. */
export interface Import {
  /** The importing file, relative to the project. */
  readonly from: string;
  /** A project file, `npm:<package>`, `node:<module>`, or an address. */
  readonly to: string;
  /** Line of the import, from 1. */
  readonly line: number;
}

/** What the files of one folder may import besides their own folder. */
export interface Layer {
  readonly folder: string;
  /** Folders and files of the project. */
  readonly mayImport: readonly string[];
  readonly mayUseNode: boolean;
}

const DOMAIN = "src/domain/";
const PORTS = "src/runtime/ports.ts";
const ISOLATION = "src/runtime/isolation.ts";
/** A gateway's client needs more of the world than the runtime does, and says so itself. */
const GATEWAY_PORTS = "src/gateway/ports.ts";
const PROTOCOL = "src/adapters/brokers/protocol/";
const CARRIED = [DOMAIN, "src/runtime/", "src/adapters/clock/"];

/** The layers, innermost first; a file belongs to the first folder that holds it. */
export const LAYERS: readonly Layer[] = [
  { folder: DOMAIN, mayImport: [], mayUseNode: false },
  { folder: "dsl/", mayImport: [DOMAIN], mayUseNode: false },
  { folder: "src/runtime/", mayImport: [DOMAIN], mayUseNode: false },
  // Both ends of the open protocol speak it, and neither knows the other.
  { folder: PROTOCOL, mayImport: [DOMAIN, PORTS], mayUseNode: false },
  ...["http", "paper"].map((end) => ({
    folder: `src/adapters/brokers/${end}/`,
    mayImport: [PROTOCOL, DOMAIN, PORTS],
    mayUseNode: true,
  })),
  {
    folder: "src/adapters/sandbox/",
    mayImport: [DOMAIN, PORTS, ISOLATION],
    mayUseNode: true,
  },
  // The star makes each folder below a layer of its own: adapters do not know one another.
  {
    folder: "src/adapters/*/",
    mayImport: [DOMAIN, PORTS, GATEWAY_PORTS],
    mayUseNode: true,
  },
  { folder: "src/gateway/", mayImport: [DOMAIN, PORTS], mayUseNode: false },
  { folder: "src/backtest/", mayImport: CARRIED, mayUseNode: false },
  { folder: "src/sessions/", mayImport: CARRIED, mayUseNode: false },
  {
    folder: "src/app/",
    mayImport: ["src/", "dsl/"],
    mayUseNode: true,
  },
];

/** Where each package may be imported; one that is not named here may be imported nowhere. */
export const PACKAGES: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "@jitl/quickjs-singlefile-mjs-release-sync",
    ["src/adapters/sandbox/guest/vm_machine.ts"],
  ],
  ["@optique/core", ["src/app/"]],
  ["acorn", ["src/app/hooks/module_syntax.ts"]],
  ["ajv", ["tests/"]],
  ["cron-parser", ["bench/"]],
  ["croner", ["bench/"]],
  ["decimal.js", ["src/domain/decimal.ts"]],
  ["fast-check", ["tests/"]],
  ["ical.js", ["dsl/", "tests/"]],
  ["js-yaml", ["dsl/", "tests/"]],
  ["quickjs-emscripten-core", ["src/adapters/sandbox/guest/vm_machine.ts"]],
]);

/** Folders that nothing ships from: they may import everything, and nothing may import them. */
const BESIDE = ["bench/", "examples/", "tests/", "tools/"];

function isIn(path: string, places: readonly string[]): boolean {
  return places.some((place) =>
    place.endsWith("/") ? path.startsWith(place) : path === place
  );
}

/** The folder of the layer that a file belongs to, its own name in place of the star. */
function layerOf(path: string): { layer: Layer; folder: string } | null {
  for (const layer of LAYERS) {
    const [before, after] = layer.folder.split("*");
    if (before === undefined || !path.startsWith(before)) continue;
    if (after === undefined) return { layer, folder: layer.folder };
    const own = path.slice(before.length).split("/");
    // A file that lies directly beside the folders belongs to none of them.
    if (own.length < 2) return null;
    return { layer, folder: `${before}${own[0]}/` };
  }
  return null;
}

function wrongPackage(from: string, name: string): string | null {
  const places = PACKAGES.get(name);
  if (places === undefined) {
    return `"${name}" has no place in PACKAGES of tools/check_imports.ts`;
  }
  if (isIn(from, places)) return null;
  return `"${name}" may be imported in ${places.join(", ")} only`;
}

function wrongWay(one: Import): string | null {
  const { from, to } = one;
  if (to.startsWith("npm:")) return wrongPackage(from, to.slice(4));
  if (isIn(from, BESIDE)) return null;
  const isOurs = !to.includes(":");
  if (from === "mod.ts") {
    return isOurs && isIn(to, ["src/", "dsl/"])
      ? null
      : "mod.ts may import src/ and dsl/ only";
  }
  const home = layerOf(from);
  if (home === null) return `"${from}" lies in no layer of DESIGN.md`;
  if (to.startsWith("node:")) {
    return home.layer.mayUseNode
      ? null
      : `${home.folder} may not import "${to}"`;
  }
  if (!isOurs) return `an import by address is not pinned by deno.json`;
  if (isIn(to, [home.folder, ...home.layer.mayImport])) return null;
  const allowed = ["itself", ...home.layer.mayImport].join(", ");
  return `${home.folder} may import ${allowed} only`;
}

/** Names every import that goes the wrong way, as `file:line imports what: why not`. */
export function findWrongWays(imports: readonly Import[]): readonly string[] {
  return imports.flatMap((one) => {
    const why = wrongWay(one);
    return why === null
      ? []
      : [`${one.from}:${one.line} imports ${one.to}: ${why}`];
  });
}

/** Names every circle once, as the line of files that leads back to its first. */
export function findCycles(imports: readonly Import[]): readonly string[] {
  const importsOf = Map.groupBy(imports, (one) => one.from);
  const done = new Set<string>();
  const found: string[] = [];
  function visit(path: string, trail: readonly string[]): void {
    const seenAt = trail.indexOf(path);
    if (seenAt >= 0) {
      found.push([...trail.slice(seenAt), path].join(" -> "));
      return;
    }
    if (done.has(path)) return;
    for (const one of importsOf.get(path) ?? []) {
      visit(one.to, [...trail, path]);
    }
    done.add(path);
  }
  for (const path of [...importsOf.keys()].sort()) visit(path, []);
  return found;
}

interface Edge {
  readonly specifier: string;
  readonly span: { readonly start: { readonly line: number } };
}

interface Graph {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly code?: Edge;
      readonly type?: Edge;
    }[];
  }[];
}

/** Turns an address into a project path, `npm:<package>` without its version, or leaves it. */
function shortName(address: string): string {
  if (address.startsWith(ROOT.href)) {
    return decodeURIComponent(address.slice(ROOT.href.length));
  }
  const npm = /^npm:\/?((?:@[^/]+\/)?[^@/]+)/.exec(address);
  return npm?.[1] === undefined ? address : `npm:${npm[1]}`;
}

/**
 * Reads every import of every source, type-only and dynamic ones included.
 *
 * @throws {Error} if `deno info` fails
 */
export async function readImports(): Promise<readonly Import[]> {
  // One entry that imports all files: one call sees the whole graph.
  const all = sourceFiles().map((path) =>
    `import ${JSON.stringify(new URL(path, ROOT).href)};`
  );
  const entry = `data:application/typescript,${
    encodeURIComponent(all.join(""))
  }`;
  const graph = await askDeno(["info", "--json", "--no-lock", entry]);
  return importsIn(graph as Graph);
}

function importsIn(graph: Graph): readonly Import[] {
  return graph.modules.flatMap((module) => {
    if (!module.specifier.startsWith(ROOT.href)) return [];
    return (module.dependencies ?? []).flatMap(({ code, type }) =>
      [code, type].filter((edge) => edge !== undefined).map((edge) => ({
        from: shortName(module.specifier),
        to: shortName(edge.specifier),
        line: edge.span.start.line + 1,
      }))
    );
  });
}

if (import.meta.main) {
  const imports = await readImports();
  const problems = [...findWrongWays(imports), ...findCycles(imports)];
  for (const problem of problems) console.error(problem);
  console.log(`${imports.length} imports, ${problems.length} problems`);
  Deno.exit(problems.length === 0 ? 0 : 1);
}
