/**
 * Lists the public names, so that none comes or goes by accident.
 *
 * @module
 */

import { ROOT } from "./project_files.ts";
import { readDoc } from "./read_doc.ts";

/** Where the list is kept. */
export const PUBLIC_API = "tests/golden/public_api.txt";

/**
 * Lists what a module exports, one `name: kind` a line, sorted by name.
 *
 * @throws {Error} if `deno doc` fails
 */
export async function listApi(path = "mod.ts"): Promise<string> {
  const lines = (await readDoc([path])).map(({ name, declarations }) => {
    const kinds = new Set(declarations.map((one) => one.kind));
    return `${name}: ${[...kinds].sort().join(" and ")}\n`;
  });
  return lines.sort().join("");
}

if (import.meta.main) {
  const list = await listApi();
  if (Deno.args.includes("--write")) {
    await Deno.writeTextFile(new URL(PUBLIC_API, ROOT), list);
  } else {
    console.log(list.trimEnd());
  }
}
