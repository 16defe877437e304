/**
 * `carillon journal show|verify|export FILE`: what was recorded.
 *
 * @module
 */

import type { Console, ExitCode } from "../console.ts";
import type { JournalArgs } from "../grammar.ts";
import { openRecord } from "../open_record.ts";
import { exportJournal } from "./journal_export.ts";
import { showJournal } from "./journal_show.ts";
import { verifyRecord } from "./journal_verify.ts";

/** Reads a journal, beside whoever writes it; nothing is claimed or changed. */
export async function journalCommand(
  args: JournalArgs,
  console: Console,
): Promise<ExitCode> {
  const json = args.action === "export" ? false : args.json;
  return await openRecord(args.file, { json }, console, (path) => {
    switch (args.action) {
      case "show":
        return showJournal(path, args, console);
      case "verify":
        return verifyRecord(path, args, console);
      case "export":
        return exportJournal(path, args, console);
    }
  });
}
