/**
 * Says which exported symbol or public field lacks its sentence, and which bare number its unit.
 *
 * What an exported function throws is held by the lint rule `carillon/throws-documented`.
 *
 * @module
 */

import { type DocSymbol, readDoc } from "./read_doc.ts";
import {
  exists,
  readText,
  ROOT,
  runDeno,
  ships,
  sourceFiles,
} from "./project_files.ts";

/** A name that says by itself what its number counts or measures. */
const NAMED_UNIT = new RegExp([
  "(?:Ms|At|Seq|Max|Min|Count|Percent|Bytes|Index|Line|Column|Offset|Port)$",
  "_(?:MS|MAX|MIN|COUNT|BYTES|PORT)$",
  // A plural counts what it names, or is a unit: attempts, seconds.
  "[a-z]s$",
  "^(?:days|hours|minutes|seconds|year|month|day)",
  "^(?:attempt|closed|column|index|length|limit|line|offset|port|rank)$",
  "^(?:remaining|request|seed|seq|size|total|used|version)$",
  // Two things compared give a sign.
  "^compare",
  // A step into a value, and numbers that stand for themselves.
  "^(?:key$|Json|Decimal)",
].join("|"));

/** The modules whose names users write. */
const PUBLIC = ["mod.ts", "dsl/mod.ts"];

/** One problem as `deno doc --lint` tells it: what, and where. */
const LINTED = /^error\[[\w-]+\]: (.+)\n\s*--> (.+?):(\d+):\d+$/gm;

/** Where a walk through one symbol's description stands. */
interface Place {
  readonly name: string;
  readonly hasUnits: boolean;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a comment says what a number measures, or that it counts. */
function hasUnits(doc: unknown): boolean {
  return doc !== undefined && /@units|\bHow many\b/.test(JSON.stringify(doc));
}

/** Names every bare `number` below a node that neither its docs nor its name explains. */
function bareNumbers(node: unknown, place: Place): readonly string[] {
  if (Array.isArray(node)) {
    return node.flatMap((child) => bareNumbers(child, place));
  }
  if (!isRecord(node) || node.accessibility === "private") return [];
  // In T[number] no number is kept.
  if (node.kind === "indexedAccess") return [];
  if (node.kind === "keyword" && node.value === "number") {
    return place.hasUnits || NAMED_UNIT.test(place.name) ? [] : [place.name];
  }
  const here: Place = {
    name: typeof node.name === "string" ? node.name : place.name,
    hasUnits: place.hasUnits || hasUnits(node.jsDoc),
  };
  return Object.entries(node).flatMap(([key, child]) =>
    // What lies under any name at all cannot be explained by name.
    key === "jsDoc" || key === "indexSignatures" ? [] : bareNumbers(child, here)
  );
}

/** Whether a comment begins with a whole sentence. */
function hasSentence(doc: string | undefined): boolean {
  // A tag on the same line is not part of the sentence.
  const first = doc?.split(/\n\s*\n|\s@\w/)[0]?.trim() ?? "";
  return /[.:]$/.test(first);
}

function placeOf({ name, declarations }: DocSymbol): string {
  const at = declarations[0]?.location;
  return `${at?.filename.replace(ROOT.href, "")}:${at?.line} ${name}`;
}

/** Names the symbols that no sentence describes, as `file:line symbol: what`. */
export function findUndescribed(
  symbols: readonly DocSymbol[],
): readonly string[] {
  return symbols
    // A name that is only passed on is described where it comes from.
    .filter((one) => one.declarations.some((d) => d.kind !== "reference"))
    .filter((one) => !one.declarations.some((d) => hasSentence(d.jsDoc?.doc)))
    .map((one) => `${placeOf(one)}: begins with no whole sentence`);
}

/** Names the numbers that neither docs nor name explain, as `file:line symbol: what`. */
export function findUnitless(
  symbols: readonly DocSymbol[],
): readonly string[] {
  return symbols.flatMap((one) => {
    const start = { name: one.name, hasUnits: false };
    return [...new Set(bareNumbers(one.declarations, start))]
      .map((name) => `${placeOf(one)}: "${name}" is a number without @units`);
  });
}

/**
 * Names what Deno's own check misses in the docs of modules, as `file:line: what`: fields and
 * methods without a sentence, and types that public ones mention and nobody can import.
 *
 * @throws {Error} if `deno doc` fails for another reason
 */
export async function findLinted(
  modules: readonly string[],
): Promise<readonly string[]> {
  const args = ["doc", "--lint", "--no-lock", ...modules];
  const { code, stderr } = await runDeno(args);
  const found = [...stderr.matchAll(LINTED)].map(([, what, path, line]) =>
    `${path?.replace(decodeURIComponent(ROOT.pathname), "")}:${line}: ${what}`
  );
  if (code !== 0 && found.length === 0) {
    throw new Error(`deno doc failed: ${stderr}`);
  }
  return found;
}

/** The modules of the package that can be imported by name. */
function entryModules(): readonly string[] {
  const { exports } = JSON.parse(readText("deno.json"));
  return Object.values<string>(exports);
}

/**
 * Names what the docs of the project lack: sentences everywhere, for each field and with units
 * where users look.
 *
 * @throws {Error} if `deno doc` fails
 */
export async function findMissingDocs(): Promise<readonly string[]> {
  const [all, open, linted] = await Promise.all([
    readDoc(sourceFiles().filter(ships)),
    readDoc(PUBLIC.filter(exists)),
    findLinted(entryModules()),
  ]);
  const problems = [...findUndescribed(all), ...findUnitless(open), ...linted];
  return [...new Set(problems)].sort();
}

if (import.meta.main) {
  const problems = await findMissingDocs();
  for (const problem of problems) console.error(problem);
  console.log(`${problems.length} problems in the docs`);
  Deno.exit(problems.length === 0 ? 0 : 1);
}
