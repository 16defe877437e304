/**
 * How this very program is called again.
 *
 * @module
 */

/** The program's module as `deno run` takes it: a path where it is a file, else its address. */
export function programPath(): string {
  return pathOfUrl(import.meta.resolve("../../../mod.ts"));
}

/** A file's address as a path, short where it lies below the current folder; others as they are. */
export function pathOfUrl(url: string): string {
  if (!url.startsWith("file:")) return url;
  const path = decodeURIComponent(new URL(url).pathname)
    .replace(/^\/(?=[A-Za-z]:\/)/, "");
  const here = `${Deno.cwd().replaceAll("\\", "/")}/`;
  return path.startsWith(here) ? path.slice(here.length) : path;
}
