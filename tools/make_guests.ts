/**
 * Bundles what runs in guests into texts that the program carries along, so that no file is read
 * when one is started.
 *
 * Each text names the digest of what it was made from; a test says when it is stale.
 *
 * @module
 */

import { projectFiles, readText, ROOT, runDeno } from "./project_files.ts";

const SOURCES = "src/adapters/sandbox/guest/";
const BUNDLED = "src/adapters/sandbox/bundled/";

/** One text and the module that it is made of. */
export interface GuestBundle {
  readonly entry: string;
  readonly output: string;
  readonly isMinified: boolean;
}

/** All of them. */
export const GUEST_BUNDLES: readonly GuestBundle[] = [
  {
    entry: `${SOURCES}process_boot.ts`,
    output: `${BUNDLED}process_boot.js.txt`,
    isMinified: false,
  },
  {
    entry: `${SOURCES}vm_boot.ts`,
    output: `${BUNDLED}vm_boot.js.txt`,
    isMinified: false,
  },
  {
    entry: `${SOURCES}vm_thread.ts`,
    output: `${BUNDLED}vm_thread.js.txt`,
    isMinified: true,
  },
];

/** The digest of everything that the texts are made from: sources, and versions of packages. */
export async function inputDigest(): Promise<string> {
  const { npm } = JSON.parse(readText("deno.lock")) as {
    readonly npm: Readonly<Record<string, { readonly integrity: string }>>;
  };
  const packages = Object.entries(npm)
    .filter(([name]) => name.includes("quickjs"))
    .map(([name, { integrity }]) => `${name} ${integrity}`);
  const files = [...projectFiles(SOURCES), "src/adapters/sandbox/messages.ts"]
    .map((path) => `${path}\n${readText(path)}`);
  const bytes = new TextEncoder().encode([...packages, ...files].join("\n"));
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(digest).toHex();
}

/** The first lines of a text: where it comes from, and whose work is in it. */
export function bundleHead(bundle: GuestBundle, digest: string): string {
  const foreign = bundle.isMinified
    ? "// Holds quickjs-emscripten (c) Jake Teton-Landis and QuickJS (c) Fabrice Bellard, Charlie Gordon; MIT license.\n"
    : "";
  return `// Made by "deno task guests" from ${bundle.entry}; do not edit.\n` +
    `// Inputs: ${digest}\n${foreign}`;
}

async function makeBundle(bundle: GuestBundle, digest: string): Promise<void> {
  const { entry, output, isMinified } = bundle;
  const flags = isMinified ? ["--minify"] : [];
  const platform = entry.endsWith("process_boot.ts") ? "deno" : "browser";
  const { code, stderr } = await runDeno([
    "bundle",
    "--quiet",
    `--platform=${platform}`,
    ...flags,
    "--output",
    output,
    entry,
  ]);
  if (code !== 0) throw new Error(`deno bundle failed: ${stderr}`);
  const text = readText(output).replaceAll(/^\/\/ .*\n/gm, "");
  Deno.writeTextFileSync(
    new URL(output, ROOT),
    bundleHead(bundle, digest) + text,
  );
}

if (import.meta.main) {
  const digest = await inputDigest();
  for (const bundle of GUEST_BUNDLES) await makeBundle(bundle, digest);
}
