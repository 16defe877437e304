/**
 * Path -> definition, or why there is none.
 *
 * @module
 */

import { decodeSource, readSessions } from "../../dsl/mod.ts";
import { loadClosures } from "./load_closures.ts";
import { isDefinitionModule, loadModule } from "./load_module.ts";
import { type LoadedFile, type LoadFailure, readFault } from "./loaded_file.ts";
import { readSourceFile, type SourceFile } from "./source_file.ts";

export type { LoadedFile, LoadFailure } from "./loaded_file.ts";

/** Loads a session file: YAML from a path or, as `-`, from standard input; or TypeScript. */
export async function loadFile(
  path: string,
): Promise<LoadedFile | LoadFailure> {
  let file: SourceFile;
  try {
    file = await readSourceFile(path);
  } catch (error) {
    const fault = readFault(path, error);
    return { name: path, source: null, problems: [], fault };
  }
  const loaded = isDefinitionModule(path)
    ? await loadModule(file)
    : loadYaml(file);
  return await loadClosures(loaded);
}

function loadYaml(file: SourceFile): LoadedFile | LoadFailure {
  const { name, folder } = file;
  const decoded = decodeSource(name, file.bytes);
  const { source } = decoded;
  if (!decoded.ok) return { name, source, problems: decoded.issues };
  const reading = readSessions(source);
  if (!reading.ok) return { name, source, problems: reading.issues };
  const { definition, warnings, places } = reading;
  return {
    name,
    folder,
    definition,
    warnings,
    source,
    places,
    functions: new Map(),
    remarks: [],
  };
}
