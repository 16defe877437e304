/**
 * npm packages that a program names: fetched before anything of the user's runs, and never by it.
 *
 * @module
 */

import { CarillonError } from "../../../domain/error.ts";

/**
 * Fetches packages into the cache; nothing of theirs is run.
 *
 * @throws {CarillonError} "hook/no-guest" if one cannot be had
 */
export async function fetchPackages(
  deno: string,
  packages: readonly string[],
): Promise<void> {
  if (packages.length === 0) return;
  const specifiers = packages.map((name) => `npm:${name}`);
  const { success, stderr } = await ask(deno, [
    "cache",
    "--quiet",
    "--no-config",
    "--no-lock",
    ...specifiers,
  ]);
  if (success) return;
  throw new CarillonError(
    "hook/no-guest",
    `Cannot fetch ${packages.join(", ")}: ${stderr.trim().slice(0, 400)}`,
    { details: { packages } },
  );
}

/** Where the cache lies, which a child without an environment would not know. */
export async function packageHome(deno: string): Promise<string | null> {
  const { success, stdout } = await ask(deno, ["info", "--json"]);
  if (!success) return null;
  const { denoDir } = JSON.parse(stdout) as { readonly denoDir?: unknown };
  return typeof denoDir === "string" ? denoDir : null;
}

async function ask(deno: string, args: readonly string[]): Promise<{
  readonly success: boolean;
  readonly stdout: string;
  readonly stderr: string;
}> {
  const { success, stdout, stderr } = await new Deno.Command(deno, {
    args: [...args],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return {
    success,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}
