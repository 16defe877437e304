/**
 * The project's own files, as every check sees them.
 *
 * The tree is walked rather than asked of git, so that the checks also hold for an unpacked archive
 * and for a file that is not committed yet.
 *
 * @module
 */

/** The project's folder, with a slash at its end. */
export const ROOT: URL = new URL("../", import.meta.url);

/** Folders that hold no work of ours. */
const FOREIGN: ReadonlySet<string> = new Set([
  ".carillon",
  ".git",
  "coverage",
  "dist",
  "node_modules",
]);

/** Paths of all files, relative to the project's folder, sorted. */
export function projectFiles(folder = ""): readonly string[] {
  const found: string[] = [];
  for (const entry of Deno.readDirSync(new URL(folder, ROOT))) {
    const path = folder + entry.name;
    if (entry.isFile) found.push(path);
    else if (entry.isDirectory && !FOREIGN.has(entry.name)) {
      found.push(...projectFiles(`${path}/`));
    }
  }
  return found.sort();
}

/** Paths of all TypeScript sources, tests and tools included. */
export function sourceFiles(): readonly string[] {
  return projectFiles().filter((path) => path.endsWith(".ts"));
}

/** Whether the file ships: the library and what it stands on. */
export function ships(path: string): boolean {
  return path === "mod.ts" || path.startsWith("src/") ||
    path.startsWith("dsl/");
}

/** Reads a file by its path in the project. */
export function readText(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

/** Whether something is there. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(new URL(path, ROOT));
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}

/** How a run of Deno ended, and what it said. */
export interface DenoAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the very Deno that runs us, without colours, from the project's folder. */
export async function runDeno(args: readonly string[]): Promise<DenoAnswer> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/**
 * Asks Deno something whose answer is JSON.
 *
 * @throws {Error} if it ends with a code that is not among `codes`, with what it said
 */
export async function askDeno(
  args: readonly string[],
  codes: readonly number[] = [0],
): Promise<unknown> {
  const { code, stdout, stderr } = await runDeno(args);
  if (!codes.includes(code)) {
    throw new Error(`deno ${args[0]} failed: ${stderr}`);
  }
  return JSON.parse(stdout);
}
