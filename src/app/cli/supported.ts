/**
 * What a file asks for and this version does not carry out.
 *
 * @module
 */

import { makeIssue } from "../../../dsl/issue.ts";
import { type Issue, unsupported } from "../../../dsl/mod.ts";
import type { LoadedFile, LoadFailure } from "../loaded_file.ts";

/** Everything of a file that is not carried out yet, as errors. */
export function notYet(file: LoadedFile): readonly Issue[] {
  return [
    ...unsupported(file.definition, file.places),
    ...functionHooks(file),
  ];
}

/** The refusal of a file that asks for what is not carried out yet; `null` where it asks for nothing such. */
export function refuseUnsupported(file: LoadedFile): LoadFailure | null {
  const problems = notYet(file);
  if (problems.length === 0) return null;
  return { name: file.name, source: file.source, problems };
}

/** In a definition file a function belongs in the sandbox, which comes with a later version. */
function functionHooks({ definition }: LoadedFile): readonly Issue[] {
  return definition.sessions.flatMap((session, index) => {
    const { customStart, customEnd } = session;
    return Object.entries({ customStart, customEnd }).flatMap(([key, hook]) =>
      hook?.source.kind !== "function" ? [] : [
        makeIssue("support/not-yet", {
          path: `sessions[${index}].${key}`,
          received: "functions of a definition file",
        }),
      ]
    );
  });
}
