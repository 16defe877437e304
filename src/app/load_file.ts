/**
 * Path -> definition, or why there is none.
 *
 * @module
 */

import { makeIssue } from "../../dsl/issue.ts";
import { decodeSource, readSessions, SOURCE_BYTES_MAX } from "../../dsl/mod.ts";
import { loadClosures } from "./load_closures.ts";
import { isDefinitionModule, loadModule } from "./load_module.ts";
import { type LoadedFile, type LoadFailure, readFault } from "./loaded_file.ts";
import { readSourceFile, type SourceFile } from "./source_file.ts";

export type { LoadedFile, LoadFailure } from "./loaded_file.ts";

/** Loads a session file: YAML from a path or, as `-`, from standard input; or TypeScript. */
export async function loadFile(
  path: string,
): Promise<LoadedFile | LoadFailure> {
  return await loadClosures(await loadDefinition(path));
}

/** Loads a session file without the files of closures that it names: enough where nothing is placed. */
export async function loadDefinition(
  path: string,
): Promise<LoadedFile | LoadFailure> {
  let file: SourceFile;
  try {
    file = await readSourceFile(path);
  } catch (error) {
    const fault = readFault(path, error);
    return { name: path, source: null, problems: [], fault };
  }
  return isDefinitionModule(path) ? await loadModule(file) : loadYaml(file);
}

function loadYaml(file: SourceFile): LoadedFile | LoadFailure {
  const { name, folder } = file;
  if (file.bytes.length > SOURCE_BYTES_MAX) {
    return { name, source: null, problems: [TOO_LARGE] };
  }
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
    code: null,
    files: name === "-" ? [] : [name],
    remarks: [],
  };
}

/** The rest was not read, so nobody knows how large the file is. */
const TOO_LARGE = makeIssue("source/too-large", {
  expected: `at most ${SOURCE_BYTES_MAX} bytes`,
  received: `more than ${SOURCE_BYTES_MAX} bytes`,
});
