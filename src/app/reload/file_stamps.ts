/**
 * Tells an edited file from an untouched one without reading it.
 *
 * @module
 */

/** What the system says of each file, by path: text that changes when the file does. */
export type Stamps = ReadonlyMap<string, string>;

/** Looks at files; one that is not there has a stamp, too. */
export async function stampFiles(paths: readonly string[]): Promise<Stamps> {
  const stamps = await Promise.all(
    paths.map(async (path) => [path, await stampFile(path)] as const),
  );
  return new Map(stamps);
}

/** Whether a file is not what it was, or was not looked at before. */
export function isChanged(before: Stamps, now: Stamps): boolean {
  return [...now].some(([path, stamp]) => before.get(path) !== stamp);
}

/** A file that was replaced under its name is another one. */
async function stampFile(path: string): Promise<string> {
  try {
    const { dev, ino, mtime, size } = await Deno.stat(path);
    return [dev, ino, mtime?.getTime(), size].join(" ");
  } catch (error) {
    return error instanceof Error ? error.name : "unknown";
  }
}
