/**
 * What a file asks for and this version does not carry out.
 *
 * @module
 */

import { type Issue, unsupported } from "../../../dsl/mod.ts";
import type { LoadedFile, LoadFailure } from "../loaded_file.ts";

/** Everything of a file that is not carried out yet, as errors. */
export function notYet(file: LoadedFile): readonly Issue[] {
  return unsupported(file.definition, file.places);
}

/** The refusal of a file that asks for what is not carried out yet; `null` where it asks for nothing such. */
export function refuseUnsupported(file: LoadedFile): LoadFailure | null {
  const problems = notYet(file);
  if (problems.length === 0) return null;
  return { name: file.name, source: file.source, problems };
}
