/**
 * Reads the files of closures that a definition names, and puts them in.
 *
 * @module
 */

import {
  closureFiles,
  type ClosureText,
  importClosures,
  SOURCE_BYTES_MAX,
} from "../../dsl/mod.ts";
import { type LoadedFile, type LoadFailure, readFault } from "./loaded_file.ts";
import { readBytes, resolveBeside } from "./source_file.ts";

/** Completes a loaded file; a file of closures that cannot be used makes it one that cannot be used. */
export async function loadClosures(
  loaded: LoadedFile | LoadFailure,
): Promise<LoadedFile | LoadFailure> {
  if (!("definition" in loaded)) return loaded;
  const { name, source, folder, definition, places } = loaded;
  const paths = closureFiles(definition);
  if (paths.length === 0) return loaded;
  const texts = new Map<string, ClosureText>();
  for (const path of paths) texts.set(path, await readText(folder, path));
  const imported = importClosures(definition, places, texts);
  const warnings = [...loaded.warnings, ...imported.issues];
  return imported.issues.some(({ severity }) => severity === "error")
    ? { name, source, problems: warnings }
    : {
      ...loaded,
      definition: imported.definition,
      warnings,
      files: [
        ...loaded.files,
        ...paths.map((path) => resolveBeside(folder, path)),
      ],
    };
}

async function readText(folder: string, path: string): Promise<ClosureText> {
  const file = resolveBeside(folder, path);
  try {
    const bytes = await readBytes(file);
    if (bytes.length > SOURCE_BYTES_MAX) {
      const why = `it holds more than ${SOURCE_BYTES_MAX} bytes`;
      return { ok: false, why: `"${file}": ${why}` };
    }
    return { ok: true, text: new TextDecoder().decode(bytes) };
  } catch (error) {
    const { message } = readFault(file, error);
    return { ok: false, why: message.replace(/^Cannot read /, "") };
  }
}
