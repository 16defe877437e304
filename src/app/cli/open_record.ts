/**
 * Finds the journal that a call is about, and says so where it cannot be read.
 *
 * @module
 */

import { CarillonError } from "../../domain/error.ts";
import { findJournal } from "../record/find_journal.ts";
import { type Console, EXIT, type ExitCode } from "./console.ts";
import { reportFault, type ReportOptions, reportProblems } from "./report.ts";

/**
 * Does something with a journal's path.
 *
 * Of a command that only reads, a journal that cannot be read is what the call was wrong about.
 */
export async function openRecord(
  file: string,
  options: ReportOptions,
  console: Console,
  use: (path: string) => ExitCode,
): Promise<ExitCode> {
  try {
    const found = await findJournal(file);
    if ("problems" in found) return reportProblems(found, options, console);
    return use(found.path);
  } catch (error) {
    const isUnread = error instanceof CarillonError &&
      (error.code.startsWith("journal/") || error.code === "calendar/unknown");
    if (!isUnread) throw error;
    reportFault(error, options, console);
    return EXIT.wrong;
  }
}
