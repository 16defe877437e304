import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { SqliteJournal } from "../../src/adapters/journal/sqlite_journal.ts";
import {
  type JournalReport,
  verifyJournal,
} from "../../src/adapters/journal/verify_journal.ts";
import { numberedEntries } from "../support/every_event.ts";
import { scratchJournal, tamper } from "../support/scratch_journal.ts";

function write(path: string, from: number, to: number): void {
  using journal = new SqliteJournal(path);
  journal.append(numberedEntries(from, to));
}

/** The report of a file that could be read. */
function readReport(
  path: string,
): JournalReport & { readonly kind: "read" } {
  const report = verifyJournal(path);
  assert.ok(report.kind === "read", JSON.stringify(report));
  return report;
}

Deno.test("verifyJournal() finds nothing wrong with what was written, also beside its writer", async () => {
  await using at = await scratchJournal();
  using journal = new SqliteJournal(at.path);
  journal.append(numberedEntries(1, 9));
  const report = readReport(at.path);
  assert.equal(report.sound, true);
  assert.equal(report.entries, 9);
  assert.equal(report.first?.seq, 1);
  assert.equal(report.last?.seq, 9);
  assert.deepEqual(report.breaks, []);
  assert.deepEqual(report.tail, { kind: "whole" });
});

Deno.test("verifyJournal() names every break and goes on behind it", async () => {
  await using at = await scratchJournal();
  write(at.path, 1, 20);
  tamper(
    at.path,
    `UPDATE entries SET at = at + 1 WHERE seq = 4;
     DELETE FROM entries WHERE seq BETWEEN 8 AND 10;
     UPDATE entries SET effects = '[]' WHERE seq = 15`,
  );
  const report = readReport(at.path);
  assert.equal(report.sound, false);
  assert.deepEqual(report.breaks, [
    { kind: "changed", seq: 4, throughSeq: 4 },
    { kind: "missing", seq: 8, throughSeq: 10 },
    { kind: "changed", seq: 15, throughSeq: 15 },
  ]);
  assert.equal(report.entries, 17);
});

Deno.test("verifyJournal() says what a file is that is no journal, or none of ours", async () => {
  await using at = await scratchJournal();
  const missing = verifyJournal(at.path);
  assert.ok(missing.kind === "unread");
  assert.equal(missing.code, "journal/missing");
  const other = new DatabaseSync(at.path);
  other.exec("CREATE TABLE entries (seq INTEGER)");
  other.close();
  const foreign = verifyJournal(at.path);
  assert.ok(foreign.kind === "unread");
  assert.equal(foreign.code, "journal/foreign");
});

Deno.test("verifyJournal() tolerates an empty file", async () => {
  await using at = await scratchJournal();
  await Deno.writeTextFile(at.path, "");
  const report = readReport(at.path);
  assert.deepEqual([report.sound, report.format, report.entries], [true, 0, 0]);
});

Deno.test("verifyJournal() finds a torn tail, and every entry before it", async () => {
  await using at = await scratchJournal();
  using journal = new SqliteJournal(at.path);
  journal.append(numberedEntries(1, 3));
  journal.append(numberedEntries(4, 40));
  // What lies on the disk when the power goes in the middle of a write.
  const copy = `${at.folder}/copy.db`;
  await Deno.copyFile(at.path, copy);
  const log = await Deno.readFile(`${at.path}-wal`);
  for (const missing of [1, 17, 300, 4_096, 4_097, 5_000]) {
    await Deno.writeFile(`${copy}-wal`, log.slice(0, log.length - missing));
    await Deno.remove(`${copy}-shm`).catch(() => {});
    const report = readReport(copy);
    assert.equal(report.tail.kind, "torn", `${missing} bytes`);
    assert.equal(report.entries, 3, `${missing} bytes`);
    assert.deepEqual(report.breaks, []);
  }
  await Deno.writeFile(`${copy}-wal`, log);
  await Deno.remove(`${copy}-shm`).catch(() => {});
  const whole = readReport(copy);
  assert.deepEqual([whole.tail.kind, whole.entries], ["whole", 40]);
});
