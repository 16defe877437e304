import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { openJournalForReading } from "../../src/adapters/journal/journal_reader.ts";
import { SqliteJournal } from "../../src/adapters/journal/sqlite_journal.ts";
import { verifyJournal } from "../../src/adapters/journal/verify_journal.ts";
import { numberedEntries } from "../support/every_event.ts";
import { scratchJournal, tamper } from "../support/scratch_journal.ts";

/** Writes a journal as the first format had it, without a line of ours. */
function writeFirstFormat(path: string, count: number): void {
  const db = new DatabaseSync(path);
  db.exec(`
    PRAGMA auto_vacuum = INCREMENTAL;
    PRAGMA application_id = 0x43415249;
    PRAGMA user_version = 1;
    PRAGMA journal_mode = WAL;
    CREATE TABLE entries (
      seq INTEGER PRIMARY KEY, recorded_at INTEGER NOT NULL,
      at INTEGER NOT NULL, due_at INTEGER, type TEXT NOT NULL,
      event TEXT NOT NULL, effects TEXT NOT NULL, digest TEXT NOT NULL
    ) STRICT;
  `);
  const insert = db.prepare(
    "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  let digest = "";
  for (const { seq, recordedAt, event, effects } of numberedEntries(1, count)) {
    const row = [
      seq,
      recordedAt,
      event.at,
      "dueAt" in event ? event.dueAt : null,
      event.type,
      JSON.stringify(event),
      JSON.stringify(effects),
    ] as const;
    digest = createHash("sha256").update(JSON.stringify([digest, ...row]))
      .digest("hex");
    insert.run(...row, digest);
  }
  db.close();
}

function formatOf(path: string): number {
  using reader = openJournalForReading(path);
  return reader.format;
}

function marksOf(path: string): readonly unknown[] {
  const db = new DatabaseSync(path, { readOnly: true });
  const rows = db.prepare("SELECT name, seq FROM marks ORDER BY name").all();
  db.close();
  return rows.map((row) => ({ ...row }));
}

Deno.test("SqliteJournal reads format 1, and brings it up to date with the first entry it writes", async () => {
  await using at = await scratchJournal();
  writeFirstFormat(at.path, 9);
  {
    using journal = new SqliteJournal(at.path);
    assert.deepEqual([...journal.read()], numberedEntries(1, 9));
    assert.deepEqual(journal.checkpoints(), []);
  }
  assert.equal(formatOf(at.path), 1, "whoever only reads changes nothing");
  const before = verifyJournal(at.path);
  assert.ok(before.kind === "read" && before.sound);
  {
    using journal = new SqliteJournal(at.path);
    journal.append(numberedEntries(10, 11));
    assert.deepEqual([...journal.read()], numberedEntries(1, 11));
  }
  assert.equal(formatOf(at.path), 2);
  assert.deepEqual(marksOf(at.path), [
    { name: "first", seq: 1 },
    { name: "head", seq: 11 },
  ]);
  const after = verifyJournal(at.path);
  assert.ok(after.kind === "read" && after.sound);
  assert.equal(after.anchor.kind, "held");
});

Deno.test("SqliteJournal leaves format 1 as it is when it cannot be brought up to date", async () => {
  await using at = await scratchJournal();
  writeFirstFormat(at.path, 3);
  tamper(at.path, "CREATE TABLE checkpoints (other TEXT)");
  {
    using journal = new SqliteJournal(at.path);
    assert.throws(() => journal.append(numberedEntries(4, 4)), {
      code: "journal/unwritable",
    });
  }
  assert.equal(formatOf(at.path), 1);
  tamper(at.path, "DROP TABLE checkpoints");
  using journal = new SqliteJournal(at.path);
  journal.append(numberedEntries(4, 4));
  assert.deepEqual([...journal.read()], numberedEntries(1, 4));
});

Deno.test("SqliteJournal migrates an empty journal of format 1", async () => {
  await using at = await scratchJournal();
  writeFirstFormat(at.path, 0);
  {
    using journal = new SqliteJournal(at.path);
    journal.append(numberedEntries(1, 2));
  }
  assert.deepEqual(marksOf(at.path), [
    { name: "first", seq: 1 },
    { name: "head", seq: 2 },
  ]);
});
