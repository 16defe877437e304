/**
 * Lets Deno run a session file by itself:
 *
 * ```sh
 * deno run --allow-net --allow-read --preload=<this module> sessions.yaml
 * ```
 *
 * or, by its name, with
 * `#!/usr/bin/env -S deno run --allow-net --allow-read --config=/path/to/deno.json --preload=/path/to/src/app/register.ts`
 * as its first line. A clone of carillon needs the `--config` from every other folder, since Deno
 * finds our imports there; the published package does not. Words behind the file's name are options
 * of `run`, or another command: `./sessions.yaml check`.
 *
 * The file has to be called `.yaml` or `.yml`: Deno takes one without an extension for JavaScript
 * before we see it. Without `--allow-read` Deno hands over a file only where its YAML happens to be
 * JavaScript as well; else the terminal asks for the permission.
 *
 * @module
 */

import { registerHooks } from "node:module";
import { FILE_COMMANDS } from "./cli/grammar.ts";
import { main } from "./cli/main.ts";
import { pathOfUrl } from "./cli/program_path.ts";
import { folderOf, holdSourceFile } from "./source_file.ts";

/** Where the module that stands in for the session file finds us. */
const DOOR = "carillon.run";

/** Runs the main module as a session file. */
async function runMain(text: string | null): Promise<never> {
  const path = pathOfUrl(Deno.mainModule).replace(/^-/, "./-");
  Deno.exit(await runFile(path, text));
}

async function runFile(path: string, text: string | null): Promise<number> {
  const [first = "", ...rest] = Deno.args;
  const words = FILE_COMMANDS.includes(first)
    ? [first, path, ...rest]
    : ["run", path, ...Deno.args];
  // Our own reading tells a missing file from one that is not text, so it comes first.
  if (text !== null && !mayRead(path)) {
    const bytes = new TextEncoder().encode(text);
    holdSourceFile({ name: path, bytes, folder: folderOf(path) });
  } else if (!mayRead(path)) {
    // On a terminal this asks; where nobody can answer, the file's own fault says which flag helps.
    Deno.permissions.requestSync({ name: "read", path });
  }
  return await main(words);
}

function mayRead(path: string): boolean {
  return Deno.permissions.querySync({ name: "read", path }).state === "granted";
}

function isSessionFile(url: string): boolean {
  return url === Deno.mainModule && /\.ya?ml$/i.test(url);
}

registerHooks({
  load(url, context, nextLoad) {
    if (!isSessionFile(url)) return nextLoad(url, context);
    // The text is all that is wanted of it, and there is none where Deno cannot make sense of it.
    const { source } = nextLoad(url, { ...context, format: "module" });
    const text = typeof source === "string" ? source : null;
    Object.defineProperty(globalThis, Symbol.for(DOOR), {
      value: () => runMain(text),
    });
    return {
      format: "module",
      source: `await globalThis[Symbol.for("${DOOR}")]();`,
      shortCircuit: true,
    };
  },
});
