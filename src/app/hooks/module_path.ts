/**
 * Paths of modules as addresses, and as people see them.
 *
 * @module
 */

import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModuleText } from "../../runtime/isolation.ts";

/** What a file's name says of its text; `null` where it is no module. */
export function moduleKind(path: string): ModuleText["kind"] | null {
  if (/\.m?ts$/.test(path)) return "ts";
  if (/\.m?js$/.test(path)) return "js";
  return path.endsWith(".json") ? "json" : null;
}

/** The address of a path, seen from the current folder. */
export function fileUrlOf(path: string): string {
  const base = `file://${encoded(Deno.cwd().replaceAll("\\", "/"))}/`;
  const isDrive = /^[A-Za-z]:[\\/]/.test(path);
  const plain = encoded(path.replaceAll("\\", "/"));
  return new URL(isDrive ? `/${plain}` : plain, base).href;
}

/** What means something in an address is only a letter in a path. */
function encoded(path: string): string {
  return path.replaceAll(/[%?#]/g, encodeURIComponent);
}

/** The path of a file's address, seen from the current folder. */
export function pathOfUrl(url: string): string {
  return relative("", fileURLToPath(url));
}

/** A path as a file in that folder would write it. */
export function shownPath(path: string, folder: string): string {
  return relative(folder, path).replaceAll("\\", "/");
}

/** Whether there is a file, or something that would tell its own fault when it is read. */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    // What may not be looked at is named by the one who reads it.
    return error instanceof Deno.errors.NotCapable;
  }
}
