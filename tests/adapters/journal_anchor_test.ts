import assert from "node:assert/strict";
import { anchorPath } from "../../src/adapters/journal/anchor.ts";
import { SqliteJournal } from "../../src/adapters/journal/sqlite_journal.ts";
import { verifyJournal } from "../../src/adapters/journal/verify_journal.ts";
import type { Entry } from "../../src/runtime/ports.ts";
import { numberedEntries } from "../support/every_event.ts";
import { scratchJournal, tamper } from "../support/scratch_journal.ts";

function write(path: string, entries: readonly Entry[]): void {
  using journal = new SqliteJournal(path);
  journal.append(entries);
}

/** What the report says of the journal's end. */
function endOf(path: string) {
  const report = verifyJournal(path);
  assert.ok(report.kind === "read");
  const { sound, anchor, lostThrough } = report;
  return { sound, anchor: anchor.kind, lostThrough };
}

function refuses(path: string, message: RegExp): void {
  assert.throws(() => new SqliteJournal(path), {
    code: "journal/rolled-back",
    message,
  });
}

Deno.test("SqliteJournal refuses an older copy of itself, and goes on once its anchor is gone", async () => {
  await using at = await scratchJournal();
  write(at.path, numberedEntries(1, 5));
  await Deno.copyFile(at.path, `${at.folder}/older.db`);
  write(at.path, numberedEntries(6, 9));
  await Deno.copyFile(`${at.folder}/older.db`, at.path);
  refuses(at.path, /ends at entry 5, and ".*\.anchor" saw entry 9 written/);
  assert.deepEqual(endOf(at.path), {
    sound: false,
    anchor: "ahead",
    lostThrough: null,
  });
  await Deno.remove(anchorPath(at.path));
  write(at.path, numberedEntries(6, 6));
  assert.deepEqual(endOf(at.path), {
    sound: true,
    anchor: "held",
    lostThrough: null,
  });
});

Deno.test("SqliteJournal refuses a journal whose log was thrown away", async () => {
  await using at = await scratchJournal();
  using journal = new SqliteJournal(at.path);
  journal.append(numberedEntries(1, 5));
  // Only the file itself was copied: what was committed lies in the log beside it.
  const copy = `${at.folder}/copy.db`;
  await Deno.copyFile(at.path, copy);
  await Deno.copyFile(anchorPath(at.path), anchorPath(copy));
  refuses(copy, /ends at entry 0/);
});

Deno.test("SqliteJournal refuses another journal, and an older copy that was written on, in its own place", async () => {
  await using at = await scratchJournal();
  write(at.path, numberedEntries(1, 5));
  const older = await Deno.readFile(at.path);
  write(at.path, numberedEntries(6, 7));
  const anchor = await Deno.readFile(anchorPath(at.path));
  const [six, seven] = numberedEntries(6, 7);
  assert.ok(six !== undefined && seven !== undefined);
  const otherwise = { ...six, recordedAt: six.recordedAt + 1 };
  await Deno.remove(anchorPath(at.path));
  await Deno.writeFile(at.path, older);
  write(at.path, [otherwise, seven]);
  await Deno.writeFile(anchorPath(at.path), anchor);
  refuses(at.path, /entry 7 is not the one/);
  assert.equal(endOf(at.path).anchor, "other");
});

Deno.test("SqliteJournal refuses a journal whose last rows were deleted, also without its anchor", async () => {
  await using at = await scratchJournal();
  write(at.path, numberedEntries(1, 9));
  await Deno.remove(anchorPath(at.path));
  tamper(at.path, "DELETE FROM entries WHERE seq > 7");
  refuses(at.path, /ends at entry 7 and entry 9 was its last/);
  assert.deepEqual(endOf(at.path), {
    sound: false,
    anchor: "absent",
    lostThrough: 9,
  });
});

Deno.test("SqliteJournal takes an anchor that lags behind, and one that a power cut has torn", async () => {
  await using at = await scratchJournal();
  write(at.path, numberedEntries(1, 5));
  const lagging = await Deno.readFile(anchorPath(at.path));
  write(at.path, numberedEntries(6, 9));
  for (
    const content of [
      lagging,
      lagging.slice(0, 40),
      new Uint8Array(lagging.length),
      new Uint8Array(),
    ]
  ) {
    await Deno.writeFile(anchorPath(at.path), content);
    using journal = new SqliteJournal(at.path);
    assert.deepEqual([...journal.read()], numberedEntries(1, 9));
    assert.equal(endOf(at.path).sound, true);
  }
});

Deno.test("SqliteJournal writes its record also where no anchor can be written", async () => {
  await using at = await scratchJournal();
  await Deno.mkdir(anchorPath(at.path));
  write(at.path, numberedEntries(1, 5));
  using journal = new SqliteJournal(at.path);
  assert.deepEqual([...journal.read()], numberedEntries(1, 5));
});

Deno.test("SqliteJournal tells of a write that was cut off, and goes on behind what was committed", async () => {
  await using at = await scratchJournal();
  const copy = `${at.folder}/copy.db`;
  {
    using journal = new SqliteJournal(at.path);
    assert.deepEqual(journal.tail, { kind: "whole" });
    journal.append(numberedEntries(1, 3));
    // The anchor as it was then: it is written after the commit that the power cut prevents.
    await Deno.copyFile(anchorPath(at.path), anchorPath(copy));
    journal.append(numberedEntries(4, 40));
    await Deno.copyFile(at.path, copy);
    const log = await Deno.readFile(`${at.path}-wal`);
    await Deno.writeFile(`${copy}-wal`, log.slice(0, log.length - 5_000));
  }
  using journal = new SqliteJournal(copy);
  assert.equal(journal.tail.kind, "torn");
  assert.deepEqual([...journal.read()], numberedEntries(1, 3));
  journal.append(numberedEntries(4, 6));
  assert.deepEqual([...journal.read()], numberedEntries(1, 6));
});
