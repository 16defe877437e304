import assert from "node:assert/strict";
import {
  findMissingDocs,
  findUndescribed,
  findUnitless,
} from "../tools/check_docs.ts";
import { type DocSymbol, readDoc } from "../tools/read_doc.ts";

/** The exported names of a source, as `deno doc` sees them. */
async function symbolsOf(source: string): Promise<readonly DocSymbol[]> {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(path, source);
    return await readDoc([path]);
  } finally {
    await Deno.remove(path);
  }
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

Deno.test("the project's exported names are described", async () => {
  assert.deepEqual(await findMissingDocs(), []);
});
