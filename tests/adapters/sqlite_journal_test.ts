import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { SqliteJournal } from "../../src/adapters/journal/sqlite_journal.ts";
import { CarillonError } from "../../src/domain/error.ts";
import type { Entry } from "../../src/runtime/ports.ts";
import { journalContract } from "../contracts/journal_contract.ts";
import { numberedEntries, numberedEntry } from "../support/every_event.ts";
import { scratchJournal, tamper } from "../support/scratch_journal.ts";

journalContract({
  name: "SqliteJournal",
  async open() {
    const folder = await Deno.makeTempDir();
    const path = `${folder}/desk.db`;
    let journal = new SqliteJournal(path);
    return {
      journal,
      reopen() {
        journal[Symbol.dispose]();
        journal = new SqliteJournal(path);
        return Promise.resolve(journal);
      },
      async [Symbol.asyncDispose]() {
        journal[Symbol.dispose]();
        await Deno.remove(folder, { recursive: true });
      },
    };
  },
  durable: true,
  skip: [],
});

/** Writes a journal and lets go of it. */
function writeJournal(path: string, entries: readonly Entry[]): void {
  using journal = new SqliteJournal(path);
  journal.append(entries);
}

/** Reads a whole journal and lets go of it. */
function readJournal(path: string): readonly Entry[] {
  using journal = new SqliteJournal(path);
  return [...journal.read()];
}

function pragmaOf(path: string, name: string): unknown {
  const db = new DatabaseSync(path);
  const row = db.prepare(`PRAGMA ${name}`).get() ?? {};
  db.close();
  return Object.values(row)[0];
}

Deno.test("SqliteJournal writes ahead and gives space back piece by piece", async () => {
  await using at = await scratchJournal();
  using journal = new SqliteJournal(at.path);
  journal.append([numberedEntry(1)]);
  assert.equal(pragmaOf(at.path, "journal_mode"), "wal");
  assert.equal(pragmaOf(at.path, "auto_vacuum"), 2);
  assert.equal(pragmaOf(at.path, "user_version"), 2);
  assert.equal(pragmaOf(at.path, "application_id"), 0x43415249);
});

Deno.test("SqliteJournal syncs every commit: the settings are asked back", async () => {
  await using at = await scratchJournal();
  const asked: string[] = [];
  const exec = DatabaseSync.prototype.exec;
  const prepare = DatabaseSync.prototype.prepare;
  try {
    DatabaseSync.prototype.exec = function (sql) {
      // A file system that has no write-ahead log answers so.
      return exec.call(this, sql.replace("journal_mode = WAL", "foreign_keys"));
    };
    assert.throws(() => new SqliteJournal(at.path), {
      code: "journal/unwritable",
      message: /write-ahead log/,
    });
    DatabaseSync.prototype.exec = function (sql) {
      return exec.call(this, sql.replace("= FULL", "= NORMAL"));
    };
    assert.throws(() => new SqliteJournal(at.path), {
      code: "journal/unwritable",
      message: /full synchronisation/,
    });
    DatabaseSync.prototype.exec = exec;
    DatabaseSync.prototype.prepare = function (sql) {
      asked.push(sql);
      return prepare.call(this, sql);
    };
    using journal = new SqliteJournal(at.path);
    journal.append([numberedEntry(1)]);
  } finally {
    DatabaseSync.prototype.exec = exec;
    DatabaseSync.prototype.prepare = prepare;
  }
  assert.ok(asked.includes("PRAGMA synchronous"));
  assert.ok(asked.includes("PRAGMA journal_mode"));
});

Deno.test("SqliteJournal makes files that nobody else can read", async () => {
  await using at = await scratchJournal();
  using journal = new SqliteJournal(at.path);
  journal.append([numberedEntry(1)]);
  const modes = new Map<string, number>();
  for await (const { name } of Deno.readDir(at.folder)) {
    const { mode } = await Deno.stat(`${at.folder}/${name}`);
    modes.set(name, (mode ?? 0) & 0o777);
  }
  assert.deepEqual(
    modes,
    new Map([
      ["desk.db", 0o600],
      ["desk.db-shm", 0o600],
      ["desk.db-wal", 0o600],
      ["desk.db.anchor", 0o600],
      ["desk.db.lock", 0o600],
    ]),
  );
});

Deno.test("SqliteJournal lets a reader beside the writer see what is committed", async () => {
  await using at = await scratchJournal();
  using writer = new SqliteJournal(at.path);
  writer.append(numberedEntries(1, 3));
  using reader = new SqliteJournal(at.path);
  assert.deepEqual([...reader.read()], numberedEntries(1, 3));
  const reading = reader.read()[Symbol.iterator]();
  assert.deepEqual(reading.next().value, numberedEntry(1));
  // A reader in the middle of its reading does not hold the writer up.
  writer.append(numberedEntries(4, 6));
  assert.deepEqual([reading.next().value, reading.next().value], [
    numberedEntry(2),
    numberedEntry(3),
  ]);
  assert.equal(reading.next().done, true);
  assert.deepEqual([...reader.read()], numberedEntries(1, 6));
});

Deno.test("SqliteJournal refuses the second of two writers, and nothing is lost or doubled", async () => {
  await using at = await scratchJournal();
  using first = new SqliteJournal(at.path);
  first.append(numberedEntries(1, 3));
  using second = new SqliteJournal(at.path);
  first.append(numberedEntries(4, 5));
  for (let attempt = 0; attempt < 3; attempt++) {
    assert.throws(() => second.append(numberedEntries(4, 8)), {
      code: "journal/in-use",
    });
  }
  first.append([numberedEntry(6)]);
  assert.deepEqual([...second.read()], numberedEntries(1, 6));
});

Deno.test("SqliteJournal says so when somebody else holds the file", async () => {
  await using at = await scratchJournal();
  using journal = new SqliteJournal(at.path);
  journal.append([numberedEntry(1)]);
  const other = new DatabaseSync(at.path);
  try {
    other.exec("PRAGMA busy_timeout = 0; BEGIN IMMEDIATE");
    assert.throws(() => journal.append([numberedEntry(2)]), {
      code: "journal/unwritable",
      message: /locked/,
    });
    other.exec("ROLLBACK");
  } finally {
    other.close();
  }
  journal.append([numberedEntry(2)]);
  assert.deepEqual([...journal.read()], numberedEntries(1, 2));
});

const TAMPERINGS: readonly {
  readonly name: string;
  readonly sql: string;
  readonly message: RegExp;
}[] = [
  {
    name: "an edited event",
    sql:
      `UPDATE entries SET event = replace(event, 't 5', 't 6') WHERE seq = 5`,
    message: /beyond entry 4: its digest does not fit/,
  },
  {
    name: "edited effects",
    sql: `UPDATE entries SET effects = '[]' WHERE seq = 5`,
    message: /beyond entry 4: its digest does not fit/,
  },
  {
    name: "a moved time",
    sql: `UPDATE entries SET at = at + 1 WHERE seq = 5`,
    message: /beyond entry 4: its digest does not fit/,
  },
  {
    name: "a due time taken away",
    sql: `UPDATE entries SET due_at = NULL WHERE seq = 5`,
    message: /beyond entry 4: its digest does not fit/,
  },
  {
    name: "a time too large for a number",
    sql: `UPDATE entries SET recorded_at = 9223372036854775807 WHERE seq = 5`,
    message: /Cannot read journal/,
  },
  {
    name: "another digest",
    sql: `UPDATE entries SET digest = upper(digest) WHERE seq = 5`,
    message: /beyond entry 4: its digest does not fit/,
  },
  {
    name: "a deleted entry",
    sql: `DELETE FROM entries WHERE seq = 5`,
    message: /beyond entry 5: entry 5 is missing/,
  },
  {
    name: "a deleted beginning",
    sql: `DELETE FROM entries WHERE seq < 5`,
    message: /entry 1 is missing/,
  },
  {
    name: "two entries that changed places",
    sql: `UPDATE entries SET seq = -5 WHERE seq = 5;
      UPDATE entries SET seq = 5 WHERE seq = 6;
      UPDATE entries SET seq = 6 WHERE seq = -5`,
    message: /beyond entry 4: its digest does not fit/,
  },
  {
    name: "a deleted entry whose followers moved up",
    sql: `DELETE FROM entries WHERE seq = 5;
      UPDATE entries SET seq = seq - 1 WHERE seq > 5`,
    message: /beyond entry 4: its digest does not fit/,
  },
  {
    name: "an entry before the first",
    sql: `INSERT INTO entries SELECT 0, recorded_at, at, due_at, type, event,
      effects, digest FROM entries WHERE seq = 1`,
    message: /entry 1 is missing|digest does not fit/,
  },
];

for (const { name, sql, message } of TAMPERINGS) {
  Deno.test(`SqliteJournal refuses ${name} and names the entry`, async () => {
    await using at = await scratchJournal();
    writeJournal(at.path, numberedEntries(1, 9));
    using open = new SqliteJournal(at.path);
    tamper(at.path, sql);
    // One that is open already says so when it is read, and gives what came before.
    const seen: Entry[] = [];
    assert.throws(() => {
      for (const entry of open.read()) seen.push(entry);
    }, { code: "journal/unreadable", message });
    assert.deepEqual(seen, numberedEntries(1, seen.length));
    assert.ok(seen.length < 6);
    assert.throws(() => new SqliteJournal(at.path), {
      code: "journal/unreadable",
      message,
    });
  });
}

Deno.test("SqliteJournal never gives anything else than what was written, whatever byte of the file changes", async () => {
  await using at = await scratchJournal();
  const written = numberedEntries(1, 40);
  writeJournal(at.path, written);
  const bytes = await Deno.readFile(at.path);
  const ends = new Map<string, number>();
  const count = (end: string) => ends.set(end, (ends.get(end) ?? 0) + 1);
  for (let offset = 0; offset < bytes.length; offset += 37) {
    const path = `${at.folder}/${offset}.db`;
    const changed = bytes.slice();
    changed[offset] = (changed[offset] ?? 0) ^ (1 << (offset % 8));
    await Deno.writeFile(path, changed);
    try {
      assert.deepEqual(readJournal(path), written, `byte ${offset}`);
      count("same");
    } catch (error) {
      assert.ok(error instanceof CarillonError, `byte ${offset}: ${error}`);
      assert.match(error.code, /^journal\//, `byte ${offset}: ${error.code}`);
      count(error.code);
    }
    for (const end of ["", "-wal", "-shm"]) {
      await Deno.remove(path + end).catch(() => {});
    }
  }
  assert.ok((ends.get("journal/unreadable") ?? 0) > 100, `${[...ends]}`);
});

Deno.test("SqliteJournal leaves what is not its own alone", async () => {
  await using at = await scratchJournal();
  const foreign = new DatabaseSync(`${at.folder}/other.db`);
  foreign.exec(
    "CREATE TABLE entries (seq INTEGER); INSERT INTO entries VALUES (1)",
  );
  foreign.close();
  await Deno.writeTextFile(`${at.folder}/sessions.yaml`, "version: 1\n");
  await Deno.writeTextFile(`${at.folder}/long.txt`, "x".repeat(10_000));
  for (const name of ["other.db", "sessions.yaml", "long.txt"]) {
    const path = `${at.folder}/${name}`;
    const before = await Deno.readFile(path);
    assert.throws(() => new SqliteJournal(path), { code: "journal/foreign" });
    assert.deepEqual(await Deno.readFile(path), before, name);
  }
});

Deno.test("SqliteJournal refuses a newer format and leaves it alone", async () => {
  await using at = await scratchJournal();
  writeJournal(at.path, [numberedEntry(1)]);
  tamper(at.path, "PRAGMA user_version = 99");
  const before = await Deno.readFile(at.path);
  assert.throws(() => new SqliteJournal(at.path), {
    code: "journal/newer-format",
    message: /its format is 99, this version reads 1 to 2/,
  });
  assert.deepEqual(await Deno.readFile(at.path), before);
});

Deno.test("SqliteJournal says where it cannot be written", async () => {
  await using at = await scratchJournal();
  await Deno.writeTextFile(`${at.folder}/file`, "");
  for (
    const path of [
      `${at.folder}/none/desk.db`,
      at.folder,
      `${at.folder}/file/x`,
    ]
  ) {
    assert.throws(() => new SqliteJournal(path), (error) => {
      assert.ok(error instanceof CarillonError);
      assert.equal(error.code, "journal/unwritable");
      assert.ok(error.message.includes(path), error.message);
      return true;
    });
  }
});

/** Whether this user may write where nobody may. */
function isSuperuser(): boolean {
  const folder = Deno.makeTempDirSync();
  Deno.chmodSync(folder, 0o500);
  try {
    Deno.writeTextFileSync(`${folder}/probe`, "");
    return true;
  } catch {
    // Refused, as it is for everybody else.
    return false;
  } finally {
    Deno.chmodSync(folder, 0o700);
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test({
  name:
    "SqliteJournal cannot be opened in a folder that may not be written to (needs a user who is not root)",
  ignore: isSuperuser(),
  async fn() {
    await using at = await scratchJournal();
    writeJournal(at.path, [numberedEntry(1)]);
    await Deno.chmod(at.folder, 0o500);
    try {
      for (const path of [at.path, `${at.folder}/new.db`]) {
        assert.throws(() => new SqliteJournal(path), {
          code: "journal/unwritable",
        });
      }
    } finally {
      await Deno.chmod(at.folder, 0o700);
    }
    await Deno.chmod(at.path, 0o400);
    assert.throws(() => new SqliteJournal(at.path), {
      code: "journal/unwritable",
    });
  },
});
