/**
 * Brings a session file in: from a path, from standard input, or from a runtime that has it
 * already.
 *
 * @module
 */

/** A session file's bytes and where its relative paths begin. */
export interface SourceFile {
  /** The path as the user wrote it; `-` for standard input. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The folder of the file; the current one for standard input. */
  readonly folder: string;
}

// What a runtime has read before us, and we may have no permission to read again.
const held = new Map<string, SourceFile>();

/** Keeps a file that is in memory already: whoever reads its name gets these bytes. */
export function holdSourceFile(file: SourceFile): void {
  held.set(file.name, file);
}

/**
 * Reads a session file, `-` from standard input.
 *
 * @throws {Deno.errors.NotFound} and what else the system says
 */
export async function readSourceFile(path: string): Promise<SourceFile> {
  const known = held.get(path);
  if (known !== undefined) return known;
  if (path === "-") {
    const bytes = new Uint8Array(
      await new Response(Deno.stdin.readable).arrayBuffer(),
    );
    return { name: "-", bytes, folder: "." };
  }
  return {
    name: path,
    bytes: await Deno.readFile(path),
    folder: folderOf(path),
  };
}

/** The folder of a path; `.` where the path names none. */
export function folderOf(path: string): string {
  const slash = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  if (slash < 0) return ".";
  return slash === 0 ? path.slice(0, 1) : path.slice(0, slash);
}

/** A path of the file, seen from the current folder. */
export function resolveBeside(folder: string, path: string): string {
  const isAbsolute = path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path);
  return isAbsolute || folder === "." ? path : `${folder}/${path}`;
}
