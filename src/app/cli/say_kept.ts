/**
 * What is said of an edited file that is not carried out.
 *
 * @module
 */

import { formatIssues } from "../../../dsl/mod.ts";
import type { KeptFile } from "../reload/kept_file.ts";
import { wireForm } from "../wire_form.ts";
import type { Console } from "./console.ts";
import { problemsToJson, reportText } from "./report.ts";
import type { Voice } from "./voice.ts";

/** Every problem with its place, then that the file before goes on. */
export function sayKept(
  { reason, message, failure }: KeptFile,
  { paint }: Pick<Voice, "paint">,
  look: Pick<Console, "color" | "columns">,
): readonly string[] {
  if (reason === "unchanged") {
    return [paint.dim(`File read again: nothing in it is other than before.`)];
  }
  const problems = failure === null || failure.problems.length === 0
    ? []
    : reportText(formatIssues(failure.problems, failure.source, look))
      .split("\n");
  return [
    ...problems,
    paint.caution(
      `NOT TAKEN: ${message}. The file as it was goes on, unchanged.`,
    ),
  ];
}

/** The same for programs. */
export function keptForm({ failure, ...kept }: KeptFile): unknown {
  return wireForm({
    at: kept.at,
    type: "file.kept",
    file: kept.file,
    reason: kept.reason,
    message: kept.message,
    problems: failure === null ? [] : problemsToJson(failure),
  });
}
