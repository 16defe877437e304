import assert from "node:assert/strict";
import { SqliteJournal } from "../../src/adapters/journal/sqlite_journal.ts";
import { createTeller } from "../../src/app/cli/teller.ts";
import type { Console } from "../../src/app/cli/console.ts";
import { foundAt, type JournalPlace } from "../../src/app/journal_place.ts";
import { loadFile } from "../../src/app/load_file.ts";
import { holdSourceFile } from "../../src/app/source_file.ts";
import { numberedEntries } from "../support/every_event.ts";
import { openPaperRun } from "../support/paper_run.ts";
import { scratchJournal } from "../support/scratch_journal.ts";

const NAME = "torn.yaml";

/** What a run says before it starts, of a journal in this place. */
async function firstLine(place: JournalPlace, json: boolean): Promise<string> {
  const text = 'sessions: [{start: 8, end: "16:30", on_end: close_all}]\n';
  const bytes = new TextEncoder().encode(text);
  holdSourceFile({ name: NAME, bytes, folder: "." });
  const file = await loadFile(NAME);
  assert.ok(!("problems" in file));
  const lines: string[] = [];
  const console: Console = {
    print: (line) => void lines.push(line),
    warn: (line) => void lines.push(line),
    draw: () => {},
    isTerminal: false,
    color: false,
    columns: () => 80,
  };
  await using run = await openPaperRun({});
  const { clock, runtime } = run;
  const composition = {
    clock,
    runtime,
    journal: place,
    webhooks: [],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  createTeller({ file, args: { json, file: NAME }, console, composition })
    .open();
  return lines[0] ?? "";
}

Deno.test("a run says that a crash has cut its journal's last write off", async () => {
  await using at = await scratchJournal();
  const path = `${at.folder}/copy.db`;
  {
    using journal = new SqliteJournal(at.path);
    journal.append(numberedEntries(1, 3));
    assert.deepEqual(foundAt({ kind: "disk", path }, journal), {
      kind: "disk",
      path,
    });
    journal.append(numberedEntries(4, 40));
    await Deno.copyFile(at.path, path);
    const log = await Deno.readFile(`${at.path}-wal`);
    await Deno.writeFile(`${path}-wal`, log.slice(0, log.length - 100));
  }
  using journal = new SqliteJournal(path);
  const place = foundAt({ kind: "disk", path: "torn.db" }, journal);
  assert.ok(place.kind === "disk" && (place.cutOffBytes ?? 0) > 0);
  assert.match(
    await firstLine(place, false),
    /^Journal torn\.db\. A crash cut its last write off; nothing of that had been acted on\.$/,
  );
  const line = JSON.parse(await firstLine(place, true));
  assert.deepEqual(line.journal, {
    kind: "disk",
    path: "torn.db",
    cut_off_bytes: place.cutOffBytes,
  });
});
