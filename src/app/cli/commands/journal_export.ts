/**
 * `carillon journal export FILE`: the whole record, for other programs.
 *
 * @module
 */

import { openJournalForReading } from "../../../adapters/journal/journal_reader.ts";
import { entryForm } from "../../record/entry_form.ts";
import { EntrySubjects } from "../../record/entry_subjects.ts";
import { tableHead, tableRows } from "../../record/entry_table.ts";
import { CallError } from "../call_error.ts";
import { type Console, EXIT, type ExitCode } from "../console.ts";
import type { JournalExportArgs } from "../grammar.ts";

/** Writes the record entry by entry. */
export function exportJournal(
  path: string,
  { format, out }: JournalExportArgs,
  console: Console,
): ExitCode {
  // Read before the file is made, so that nothing is left behind of a journal that is not there.
  using journal = openJournalForReading(path);
  const pieces = format === "csv" ? csvOf(journal) : jsonLinesOf(journal);
  if (out === null) {
    for (const piece of pieces) console.draw(piece);
    return EXIT.done;
  }
  writeFile(out, pieces);
  console.print(`Wrote ${out}.`);
  return EXIT.done;
}

type Entries = ReturnType<typeof openJournalForReading>;

function* jsonLinesOf(journal: Entries): Generator<string> {
  for (const entry of journal.entries()) {
    yield `${JSON.stringify(entryForm(entry, true))}\n`;
  }
}

function* csvOf(journal: Entries): Generator<string> {
  const subjects = new EntrySubjects();
  yield tableHead();
  for (const entry of journal.entries()) {
    yield tableRows(entry, subjects.take(entry));
  }
}

function writeFile(path: string, pieces: Iterable<string>): void {
  using file = makeFile(path);
  const encoder = new TextEncoder();
  try {
    for (const piece of pieces) {
      let bytes = encoder.encode(piece);
      while (bytes.length > 0) bytes = bytes.subarray(file.writeSync(bytes));
    }
  } catch (error) {
    // Half a record must not be taken for a whole one.
    Deno.removeSync(path);
    throw error;
  }
}

function makeFile(path: string): Deno.FsFile {
  const say = (why: string) => new CallError(`Cannot write "${path}": ${why}`);
  try {
    return Deno.openSync(path, { createNew: true, write: true, mode: 0o600 });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      throw say(`run with --allow-write=${path}`);
    }
    if (error instanceof Deno.errors.AlreadyExists) {
      throw say("it exists already and is not overwritten");
    }
    const why = error instanceof Error ? error.message : String(error);
    throw say(why);
  }
}
