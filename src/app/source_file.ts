/**
 * Brings a session file in: from a path, from standard input, or from a runtime that has it
 * already.
 *
 * @module
 */

import { SOURCE_BYTES_MAX } from "../../dsl/mod.ts";

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

/** Lets go of a file that is in memory: whoever reads its name gets what is on the disk by now. */
export function dropSourceFile(name: string): void {
  held.delete(name);
}

/**
 * Reads a session file, `-` from standard input; of one that is too large only the beginning, one
 * byte longer than a session file may be.
 *
 * @throws {Deno.errors.NotFound} and what else the system says
 */
export async function readSourceFile(path: string): Promise<SourceFile> {
  const known = held.get(path);
  if (known !== undefined) return known;
  if (path === "-") {
    const bytes = await readBeginning(Deno.stdin.readable);
    return { name: "-", bytes, folder: "." };
  }
  return { name: path, bytes: await readBytes(path), folder: folderOf(path) };
}

/**
 * Reads a file that may hold as much as a session file, and of a larger one the beginning.
 *
 * A device has no end, so bytes are counted while they come.
 *
 * @throws {Deno.errors.NotFound} and what else the system says
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  const file = await Deno.open(path);
  return await readBeginning(file.readable);
}

async function readBeginning(
  stream: ReadableStream<Uint8Array>,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early closes the stream.
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > SOURCE_BYTES_MAX) break;
  }
  const bytes = new Uint8Array(Math.min(size, SOURCE_BYTES_MAX + 1));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk.subarray(0, bytes.length - at), at);
    at += chunk.length;
  }
  return bytes;
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
