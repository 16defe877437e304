/**
 * A process of its own that writes a journal until it is killed.
 *
 * It says the number of the last entry after every batch; whatever it has said must be there
 * afterwards. Batches grow and shrink, so that a kill meets long and short writes.
 *
 * @module
 */

import { SqliteJournal } from "../../src/adapters/journal/sqlite_journal.ts";
import { numberedEntries } from "./every_event.ts";

const path = Deno.args[0];
if (path === undefined) throw new Error("Name the journal");

const journal = new SqliteJournal(path);
let last = [...journal.read()].length;
const encoder = new TextEncoder();
for (let round = 0;; round++) {
  const size = 1 + (round * 7) % 23;
  journal.append(numberedEntries(last + 1, last + size));
  last += size;
  Deno.stdout.writeSync(encoder.encode(`${last}\n`));
}
