/**
 * Expected texts that lie in files of their own.
 *
 * @module
 */

import assert from "node:assert/strict";

const GOLDEN = new URL("../golden/", import.meta.url);

/** The names of a folder's files with this ending, in order. */
export function goldenNames(folder: string, ending: string): readonly string[] {
  const names = [...Deno.readDirSync(new URL(`${folder}/`, GOLDEN))]
    .map(({ name }) => name)
    .filter((name) => name.endsWith(ending))
    .sort();
  assert.ok(names.length > 0, `No "${ending}" in "${folder}"`);
  return names;
}

/** A file's bytes. */
export function goldenBytes(path: string): Uint8Array {
  return Deno.readFileSync(new URL(path, GOLDEN));
}

/**
 * Compares with the expected text; with `UPDATE_GOLDEN=1` in the environment writes it anew
 * instead, to be read before it is committed.
 */
export function expectGolden(path: string, actual: string): void {
  const file = new URL(path, GOLDEN);
  if (Deno.env.get("UPDATE_GOLDEN") === "1") {
    Deno.writeTextFileSync(file, actual);
    return;
  }
  assert.equal(actual, Deno.readTextFileSync(file), `Not as in "${path}"`);
}
