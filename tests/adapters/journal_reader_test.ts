import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { openJournalForReading } from "../../src/adapters/journal/journal_reader.ts";
import { SqliteJournal } from "../../src/adapters/journal/sqlite_journal.ts";
import { numberedEntries, numberedEntry } from "../support/every_event.ts";
import { scratchJournal, tamper } from "../support/scratch_journal.ts";

Deno.test("openJournalForReading() sees what is committed beside a writer, and holds nobody up", async () => {
  await using at = await scratchJournal();
  using writer = new SqliteJournal(at.path);
  writer.append(numberedEntries(1, 3));
  using reader = openJournalForReading(at.path);
  const reading = reader.entries()[Symbol.iterator]();
  assert.equal(reading.next().value?.seq, 1);
  writer.append(numberedEntries(4, 5));
  assert.deepEqual([...reading].map(({ seq }) => seq), [2, 3]);
  assert.deepEqual([...reader.entries()].map(({ seq }) => seq), [
    1,
    2,
    3,
    4,
    5,
  ]);
});

Deno.test("openJournalForReading() gives an entry with its times, and begins where it is told to", async () => {
  await using at = await scratchJournal();
  {
    using writer = new SqliteJournal(at.path);
    writer.append(numberedEntries(1, 9));
  }
  using reader = openJournalForReading(at.path);
  const entries = [...reader.entries(6)];
  assert.deepEqual(
    entries.map(({ at: _at, dueAt: _dueAt, digest: _digest, ...entry }) =>
      entry
    ),
    numberedEntries(7, 9),
  );
  for (const { at, dueAt, event, digest } of entries) {
    assert.equal(at, event.at);
    assert.equal(dueAt, "dueAt" in event ? event.dueAt : null);
    assert.match(digest, /^[0-9a-f]{64}$/);
  }
  assert.deepEqual([...reader.entries(9)], []);
  assert.deepEqual([...reader.entries(12)], []);
});

Deno.test("openJournalForReading() needs no right to write, and changes nothing", async () => {
  await using at = await scratchJournal();
  {
    using writer = new SqliteJournal(at.path);
    writer.append([numberedEntry(1)]);
  }
  const before = await Deno.readFile(at.path);
  const module =
    new URL("../../src/adapters/journal/journal_reader.ts", import.meta.url)
      .href;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--no-check",
      `import { openJournalForReading } from ${JSON.stringify(module)};
      Deno.permissions.revokeSync({ name: "write" });
      Deno.permissions.revokeSync({ name: "run" });
      using reader = openJournalForReading(${JSON.stringify(at.path)});
      console.log([...reader.entries()].length);`,
    ],
  }).output();
  const text = new TextDecoder();
  assert.equal(code, 0, text.decode(stderr));
  assert.equal(text.decode(stdout), "1\n");
  assert.deepEqual(await Deno.readFile(at.path), before);
});

Deno.test("openJournalForReading() stops at the first entry that was changed, and gives those before", async () => {
  await using at = await scratchJournal();
  {
    using writer = new SqliteJournal(at.path);
    writer.append(numberedEntries(1, 9));
  }
  tamper(at.path, "UPDATE entries SET at = at + 1 WHERE seq = 5");
  using reader = openJournalForReading(at.path);
  const seen: number[] = [];
  assert.throws(() => {
    for (const { seq } of reader.entries()) seen.push(seq);
  }, { code: "journal/unreadable", message: /beyond entry 4/ });
  assert.deepEqual(seen, [1, 2, 3, 4]);
  assert.deepEqual([...reader.entries(5)].length, 4);
});

Deno.test("openJournalForReading() makes nothing where there is no journal", async () => {
  await using at = await scratchJournal();
  assert.throws(() => openJournalForReading(at.path), {
    code: "journal/missing",
    message: /there is no such file/,
  });
  assert.deepEqual([...Deno.readDirSync(at.folder)], []);
  await Deno.writeTextFile(at.path, "");
  using reader = openJournalForReading(at.path);
  assert.equal(reader.format, 0);
  assert.deepEqual([...reader.entries()], []);
});

Deno.test("openJournalForReading() refuses what is not a journal, or a newer one", async () => {
  await using at = await scratchJournal();
  await Deno.writeTextFile(at.path, "version: 1\n".repeat(900));
  assert.throws(() => openJournalForReading(at.path), {
    code: "journal/foreign",
  });
  await Deno.remove(at.path);
  const other = new DatabaseSync(at.path);
  other.exec("CREATE TABLE entries (seq INTEGER)");
  other.close();
  assert.throws(() => openJournalForReading(at.path), {
    code: "journal/foreign",
  });
  await Deno.remove(at.path);
  new SqliteJournal(at.path)[Symbol.dispose]();
  tamper(at.path, "PRAGMA user_version = 99");
  assert.throws(() => openJournalForReading(at.path), {
    code: "journal/newer-format",
    message: /its format is 99/,
  });
});
