import assert from "node:assert/strict";
import {
  findLinted,
  findMissingDocs,
  findUndescribed,
  findUnitless,
} from "../tools/check_docs.ts";
import { type DocSymbol, readDoc } from "../tools/read_doc.ts";

/** What is found in a module of this source. */
async function inModule<T>(
  source: string,
  find: (path: string) => Promise<T>,
): Promise<T> {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(path, source);
    return await find(path);
  } finally {
    await Deno.remove(path);
  }
}

/** The exported names of a source, as `deno doc` sees them. */
function symbolsOf(source: string): Promise<readonly DocSymbol[]> {
  return inModule(source, (path) => readDoc([path]));
}

const SILENT = `
export interface Bare { readonly kind: string }
/** half a thought */
export type Half = "a" | "b";
type Inner = string;
/** Leads to what is not exported. */
export interface Outer { readonly inner: Inner }
/** Enough said. */
export function described(): void {}
`;

const SHOWN = `
interface Hidden { readonly kind: string }
/** What is shown. */
export interface Shown {
  readonly silent: string;
  /** How far one gets. */
  readonly reach: Hidden;
  /**
   * Not for users.
   *
   * @internal
   */
  readonly inner: Hidden;
}
`;

const NUMBERS = `
/** One. */
export interface One { readonly weight: number; readonly weightKept: string }
/** Two. */
export function two(options: { readonly near?: number | null }): void {}
/** Three. */
export class Three { distance(): Promise<number> { return Promise.resolve(1) } }
/** Four. @units metres */
export const four: number = 4;
/** Five. */
export interface Five {
  /** How heavy. @units kilograms */
  readonly weight: number;
  readonly delayMs: number;
  readonly attempts: number;
}
/** Options. */
export interface Options {
  /** How many are shown. */
  readonly shown: number;
  readonly [key: string]: number;
}
/** Six. */
export class Six { private near: number = 1; #far: number = 2; }
`;

Deno.test("findUndescribed() names what begins with no sentence", async () => {
  const found = findUndescribed(await symbolsOf(SILENT));
  const names = found.map((line) => line.replace(/^.* (\w+): .*$/, "$1"));
  assert.deepEqual(names.sort(), ["Bare", "Half"]);
});

Deno.test("findUnitless() names numbers that nothing explains", async () => {
  const found = findUnitless(await symbolsOf(NUMBERS));
  const names = found.map((line) =>
    line.replace(/^.* (\w+): "(\w+)".*$/, "$1.$2")
  );
  assert.deepEqual(names.sort(), ["One.weight", "Three.distance", "two.near"]);
});

Deno.test("findLinted() names fields without a sentence and types out of reach", async () => {
  const found = await inModule(SHOWN, (path) => findLinted([path]));
  assert.deepEqual(found.map((line) => line.replace(/^.*\.ts:/, "")), [
    "5: exported symbol is missing JSDoc documentation",
    "7: public type 'Shown[\"reach\"]' references private type 'Hidden'",
  ]);
});

Deno.test("findLinted() fails where there is no module to look at", async () => {
  await assert.rejects(findLinted(["no/such/module.ts"]), /deno doc failed/);
});

Deno.test("the project's exported names are described", async () => {
  assert.deepEqual(await findMissingDocs(), []);
});
