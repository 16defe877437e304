import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { holderOf } from "../../src/adapters/journal/lease.ts";
import { SqliteJournal } from "../../src/adapters/journal/sqlite_journal.ts";
import { numberedEntries, numberedEntry } from "../support/every_event.ts";
import { temporaryFolder } from "../support/program.ts";

const SINCE = Date.UTC(2026, 10, 23, 16, 30);

/** A folder with room for a journal. */
async function scratch() {
  const folder = await temporaryFolder();
  return {
    path: `${folder.path}/desk.db`,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

function claim(path: string, file = "desk.yaml"): SqliteJournal {
  const owner = { doing: `carillon run ${file}`, since: SINCE };
  return new SqliteJournal(path, { owner });
}

function epochs(path: string): readonly unknown[] {
  using db = new DatabaseSync(path);
  return db.prepare("SELECT epoch FROM owners ORDER BY epoch").all()
    .map((row) => row.epoch);
}

Deno.test("Lease refuses a second owner at once, and names the first", async () => {
  await using at = await scratch();
  using _first = claim(at.path);
  assert.throws(() => claim(at.path, "other.yaml"), {
    code: "journal/in-use",
    message:
      /process \d+.* \("carillon run desk\.yaml"\) writes it since 2026-11-23T16:30:00Z; stop that one first/,
  });
  assert.equal(holderOf(at.path)?.pid, Deno.pid);
});

Deno.test("Lease says whom it knows, and is not put off by a lock file that says nothing", async () => {
  for (const text of ["", "{", "[]", '{"pid":"x"}', "null", '{"pid":1}']) {
    await using at = await scratch();
    using _first = claim(at.path);
    await Deno.writeTextFile(`${at.path}.lock`, text);
    assert.equal(holderOf(at.path), null);
    assert.throws(() => claim(at.path), { message: /another run writes it/ });
  }
});

Deno.test("Lease is let go with its journal, and then nobody is named", async () => {
  await using at = await scratch();
  claim(at.path)[Symbol.dispose]();
  assert.equal(holderOf(at.path), null);
  using second = claim(at.path);
  second.append([numberedEntry(1)]);
  assert.deepEqual(epochs(at.path), [1, 2]);
});

Deno.test("SqliteJournal that only reads claims nothing and is no owner", async () => {
  await using at = await scratch();
  using writer = claim(at.path);
  using reader = new SqliteJournal(at.path);
  writer.append([numberedEntry(1)]);
  assert.equal([...reader.read()].length, 1);
  assert.deepEqual(epochs(at.path), [1]);
});

Deno.test("SqliteJournal writes nothing more after another took it over and is gone", async () => {
  await using at = await scratch();
  using first = claim(at.path);
  first.append(numberedEntries(1, 3));
  await Deno.remove(`${at.path}.lock`);
  {
    using second = claim(at.path, "other.yaml");
    second.append([numberedEntry(4)]);
  }
  for (const _attempt of [1, 2]) {
    assert.throws(() => first.append([numberedEntry(4)]), {
      code: "journal/fenced",
      message:
        /process \d+.*\("carillon run other\.yaml"\) took it over while this one was suspended/,
    });
  }
  assert.deepEqual([...first.read()].length, 4);
});

Deno.test("SqliteJournal writes nothing more while another that took it over goes on", async () => {
  await using at = await scratch();
  using first = claim(at.path);
  first.append(numberedEntries(1, 3));
  await Deno.remove(`${at.path}.lock`);
  using second = claim(at.path);
  assert.throws(() => first.append([numberedEntry(4)]), {
    code: "journal/fenced",
  });
  second.append([numberedEntry(4)]);
});

Deno.test("SqliteJournal goes on when only its lock file was removed, and is locked again", async () => {
  await using at = await scratch();
  using first = claim(at.path);
  first.append([numberedEntry(1)]);
  await Deno.remove(`${at.path}.lock`);
  first.append([numberedEntry(2)]);
  assert.throws(() => claim(at.path), { code: "journal/in-use" });
  assert.deepEqual(epochs(at.path), [1]);
});

Deno.test("SqliteJournal knows that its file was removed, and whether another may have taken over", async () => {
  for (
    const { lock, code } of [
      { lock: "kept", code: "journal/unwritable" },
      { lock: "removed", code: "journal/fenced" },
    ]
  ) {
    await using at = await scratch();
    using first = claim(at.path);
    first.append([numberedEntry(1)]);
    for (const end of ["", "-wal", "-shm"]) await Deno.remove(at.path + end);
    if (lock === "removed") await Deno.remove(`${at.path}.lock`);
    assert.throws(() => first.append([numberedEntry(2)]), { code });
  }
});

Deno.test("SqliteJournal refuses to write on what another wrote since it was read", async () => {
  await using at = await scratch();
  using late = new SqliteJournal(at.path);
  {
    using first = claim(at.path);
    first.append([numberedEntry(1)]);
  }
  assert.throws(() => late.append([numberedEntry(1)]), {
    code: "journal/fenced",
    message: /another run wrote it after this one read it; start again/,
  });
});

Deno.test("SqliteJournal remembers the last hundred owners, and never gives a number twice", async () => {
  await using at = await scratch();
  for (let time = 0; time < 103; time++) claim(at.path)[Symbol.dispose]();
  const kept = epochs(at.path);
  assert.deepEqual([kept.length, kept[0], kept.at(-1)], [100, 4, 103]);
});
